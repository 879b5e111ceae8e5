"""What a network takes a picture for: alone, on ten crops, together with others; and how it is prepared.

Networks are asked on the hands of `cnnlab.inspection.work`; the browser draws what they say.
"""

from base64 import b64encode
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import streamlit as st

from cnnlab.inspection.models import Entry, entries, entry, shared_models
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.predicting import (
    Ensemble,
    Prediction,
    TenCrop,
    predict,
    predict_ten_crops,
    predict_together,
)
from cnnlab.inspection.preparation import Preparation, prepared
from cnnlab.inspection.results import Results
from cnnlab.inspection.weight_files import FILES
from cnnlab.inspection.work import Progress
from cnnlab.ui.assets import browser_component
from cnnlab.ui.inspection.predict_choice import MOST_NETWORKS, WAYS, choice, choose, settled, tell
from cnnlab.ui.inspection.weights_panel import tell_untrained
from cnnlab.ui.inspection.working import with_progress

component = browser_component(
    "cnnlab.inside-guesses", "inside-guesses.js", "layers.css", "inside-guesses.css"
)
kept = Results(most_bytes=32_000_000)
IDEAS = {
    "one": "The network gives every category a score; the softmax makes probabilities of them.",
    "crops": "The network looks at four corners and the centre of the picture, and at their mirror images. "
    "The ten probabilities of each category are averaged. It costs ten times as much. "
    "Where left and right make a difference, as in digits, mirror images do harm.",
    "several": "Networks make different mistakes. Each says alone what it takes the picture for, and their "
    "probabilities are averaged.",
}


def predict_panel(key: str, model: str, picture: tuple[str, Picture]) -> None:
    """Draw what a network takes a picture, `(name, picture)`, for."""
    network = entry(model)
    if network.status in ("download", "random"):
        tell_untrained(key, network)
        return
    way = _choose_way(key)
    st.markdown(f":small[{IDEAS[way]}]")
    names = _choose_networks(key, network) if way == "several" else (network.name,)
    if way == "several" and len(names) < 2:
        st.info("Choose at least one more network.")
        return
    found = ask(way, names, *picture)
    if found is not None:
        component(key=f"{key}.guesses", data=_told(found, picture[0]), on_settled_change=lambda: _settle(key))
        _show_preparation(key, network, picture[1], found)


def _choose_way(key: str) -> str:
    field = f"{key}.way"
    st.session_state[field] = choice().way
    st.segmented_control(
        "How it looks",
        list(WAYS),
        format_func=WAYS.__getitem__,
        key=field,
        required=True,
        on_change=lambda: choose(way=st.session_state[field], voice=-1),
    )
    tell()
    return choice().way


def _choose_networks(key: str, network: Entry) -> tuple[str, ...]:
    """Let the learner choose networks that join; those that know the same categories come first."""
    trained = {one.name: one for one in entries() if one.trained and one.name != network.name}
    alike = [name for name in trained if _kin(name) == _kin(network.name)]
    others = choice().others
    chosen = [name for name in (alike if others is None else others) if name in trained][: MOST_NETWORKS - 1]
    field = f"{key}.with"
    st.session_state[field] = chosen
    st.pills(
        f"Networks that join {network.title} ({MOST_NETWORKS - 1} at most)",
        [*alike, *(name for name in trained if name not in alike)],
        format_func=lambda name: trained[name].title,
        selection_mode="multi",
        key=field,
        on_change=lambda: choose(others=tuple(st.session_state[field])[: MOST_NETWORKS - 1], voice=-1),
    )
    return (network.name, *chosen)


def _kin(name: str) -> str:
    """Return what networks have in common that were probably trained on the same categories."""
    return "torchvision" if name in FILES else name.partition("_")[0]


def ask(way: str, names: Sequence[str], title: str, picture: Picture) -> Any:
    """Return a prediction, ten crops or an ensemble; None, and how far it is, as long as there is none."""
    key: Hashable = ("predict", way, tuple(map(entry, names)), title)

    def work(progress: Progress) -> Any:
        if way == "several":
            found: Any = predict_together(names, picture, shared_models(), progress)
        else:
            run = predict_ten_crops if way == "crops" else predict
            found = run(names[0], picture, shared_models(), progress)
        return kept.keep(key, found, _bytes(found))

    return with_progress(key, work, lambda: kept.find(key))


def _bytes(found: Prediction | TenCrop | Ensemble) -> int:
    each = [found] if isinstance(found, Prediction) else found.predictions
    return sum(one.scores.nbytes + one.pixels.nbytes for one in each) + 500_000


def _told(found: Prediction | TenCrop | Ensemble, title: str) -> dict[str, Any]:
    """Return what the browser is told: each voice's scores, and for crops where they lie."""
    each = [found] if isinstance(found, Prediction) else list(found.predictions)
    titles = {one.name: entry(one.name).title for one in each}
    told: dict[str, Any] = {
        "asked": f"{type(found).__name__} {' '.join(titles)} {title}",
        "categories": list(each[0].categories),
        "voices": [{"title": titles[one.name], "scores": np.round(one.scores, 4).tolist()} for one in each],
        "average": f"averaged over {len(each)} networks",
        "heading": "What each says alone",
        "temperature": choice().temperature,
        "voice": choice().voice,
    }
    if isinstance(found, TenCrop):
        return told | _crops_told(found)
    if isinstance(found, Prediction):
        return told | _picture_told(found.pixels, found.pixels)
    return told


def _crops_told(found: TenCrop) -> dict[str, Any]:
    places = [{"left": one.left, "top": one.top, "mirrored": one.mirrored} for one in found.crops]
    titles = [one.place.capitalize() + (", mirrored" if one.mirrored else "") for one in found.crops]
    scores = [np.round(one.scores, 4).tolist() for one in found.predictions]
    return {
        "voices": [{"title": one, "scores": each} for one, each in zip(titles, scores, strict=True)],
        "average": "averaged over ten crops",
        "crops": places,
        **_picture_told(found.pixels, found.crops[0].pixels),
    }


def _picture_told(pixels: np.ndarray, read: np.ndarray) -> dict[str, Any]:
    """Return a picture, of colour or grey, and the size of what the network reads of it."""
    height, width = pixels.shape[:2]
    rgb = np.broadcast_to(pixels.reshape(height, width, -1), (height, width, 3))
    png = b64encode(Picture(np.ascontiguousarray(rgb), "picture").png()).decode()
    source = f"data:image/png;base64,{png}"
    return {"picture": {"src": source, "height": height, "width": width}, "input": list(read.shape[:2])}


def _settle(key: str) -> None:
    settled(st.session_state[f"{key}.guesses"].get("settled"))


def _show_preparation(
    key: str, network: Entry, picture: Picture, found: Prediction | TenCrop | Ensemble
) -> None:
    first = found if isinstance(found, Prediction) else found.predictions[0]
    with st.expander(f"How the picture is prepared for {network.title}", key=f"{key}.preparation"):
        steps = prepared(picture, network.input_shape, first.preparing)
        with st.container(horizontal=True):
            for number, stage in enumerate(steps.stages, start=1):
                with st.container(width=210):
                    pixels = stage.pixels[..., 0] if stage.pixels.shape[2] == 1 else stage.pixels
                    st.image(pixels, width=200, alt=f"{stage.title}. {stage.sentence}")
                    st.markdown(f"**{number}. {stage.title}**")
                    st.markdown(f":small[{stage.sentence}]")
        st.markdown("The pixel in the middle, on its way to the network:")
        st.markdown(_pixel(steps))


def _pixel(steps: Preparation) -> str:
    lines = [
        f"{one.channel}: {one.value} / 255 = {one.share:.4f}, "
        f"({one.share:.4f} − {one.mean:g}) / {one.deviation:g} = **{one.number:.4f}**".replace("-", "−")
        for one in steps.pixel
    ]
    return "\n".join(f"- {line}" for line in lines)
