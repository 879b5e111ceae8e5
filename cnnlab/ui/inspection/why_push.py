"""A push on every pixel that nobody sees, and what the network and the maps say then.

What is computed is in `why_tests`.
"""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from cnnlab.inspection.attribution.running import Attribution, Question
from cnnlab.ui.inspection.why_asking import Scene, cost_of, stamp
from cnnlab.ui.inspection.why_choice import choose, text, view
from cnnlab.ui.inspection.why_maps import show_maps
from cnnlab.ui.inspection.why_pressing import started
from cnnlab.ui.inspection.why_target import written
from cnnlab.ui.inspection.why_telling import map_told, picture_told
from cnnlab.ui.inspection.why_tests import PushedMaps, pushed_maps
from cnnlab.ui.inspection.why_words import remark

QUESTION = (
    "Push every pixel by at most **ε** of 255 in the direction that hurts the category most: along the "
    "sign of the gradient of the loss. Will you see the difference? Will the network?"
)
WAYS = {"fgsm": "One step (FGSM)", "pgd": "Several steps (PGD)"}
IDEAS = {
    "fgsm": "The gradient is computed once, and every pixel goes the whole ε at once (Goodfellow, Shlens and "
    "Szegedy 2014). It is quick, but only as good as the gradient's promise that far away.",
    "pgd": "From a random start within ε, every step follows the gradient of where the picture is by then, "
    "and what went further than ε is taken back, at each pixel (Madry and others 2017). It costs as many "
    "gradients as steps, and mostly hurts more than one large step of the same ε.",
}
FORMULAS = {
    "fgsm": r"x_{\text{pushed}} = x + \varepsilon\,\operatorname{sign}\big(\nabla_x\,\text{loss}(x)\big)",
    "pgd": r"\begin{gathered} x_{t+1} = \operatorname{clip}_{x \pm \varepsilon}\Big(x_t + \alpha\,"
    r"\operatorname{sign}\big(\nabla_x\,\text{loss}(x_t)\big)\Big) \\"
    r"\alpha = 2.5\,\varepsilon / \text{steps} \end{gathered}",
}
STEPS = ("2", "5", "10", "20", "40")
USUAL_STEPS = "10"
EPSILONS = ("0.5", "1", "2", "4", "8", "16")
USUAL = "2"
NO_MAPS = "Make maps above first: they are made again for the pushed picture."


@st.fragment
def push_panel(key: str, scene: Scene, maps: Sequence[tuple[Question, Attribution]]) -> None:
    """Let the learner push, and show what changes: the picture, the network's answer, the maps."""
    st.subheader("A small push", anchor="push")
    st.markdown(QUESTION)
    way, steps = _choose_way(key)
    st.markdown(IDEAS[way])
    st.latex(FORMULAS[way])
    if not maps:
        st.info(NO_MAPS)
        return
    epsilon = _choose_epsilon(key)
    asked = tuple(one for one, _ in maps)
    own = 3 if steps == 1 else 6 + 2 * steps
    passes = own + 3 * sum(cost_of(one).forward + cost_of(one).backward for one in asked)
    wanted = "push", asked, epsilon, steps
    if not started(f"{key}.push", "Push", wanted, f"About {passes} passes, the maps included."):
        return
    found = pushed_maps(asked, scene.picture, float(epsilon), steps)
    if found is None:
        return
    _pictures(found, float(epsilon))
    _said(scene, found)
    _maps(key, scene, found, (asked, epsilon, steps))


def _choose_way(key: str) -> tuple[str, int]:
    """Return FGSM with its one step, or PGD with the number of its steps."""
    field, number = f"{key}.way", f"{key}.steps"
    several = text("pgd") in STEPS
    st.session_state[field] = "pgd" if several else "fgsm"
    left, right = st.columns([2, 3])
    left.segmented_control(
        "How",
        list(WAYS),
        format_func=WAYS.__getitem__,
        key=field,
        required=True,
        on_change=lambda: choose(pgd=USUAL_STEPS if st.session_state[field] == "pgd" else ""),
    )
    if not several:
        return "fgsm", 1
    st.session_state[number] = text("pgd")
    right.select_slider(
        "Steps", STEPS, key=number, on_change=lambda: choose(pgd=str(st.session_state[number]))
    )
    return "pgd", int(text("pgd"))


def _choose_epsilon(key: str) -> str:
    field = f"{key}.epsilon"
    st.session_state[field] = text("eps") if text("eps") in EPSILONS else USUAL
    return st.select_slider(
        "ε, steps of 255",
        EPSILONS,
        key=field,
        on_change=lambda: choose(eps=str(st.session_state[field])),
    )


def _pictures(found: PushedMaps, epsilon: float) -> None:
    """Show the picture, the push made visible, and the pushed picture."""
    push = found.after - found.before
    times = 100 / epsilon
    shown = (
        (found.before, "The picture"),
        (128 + times * push, f"The push, {times:.0f} times as strong, on grey"),
        (found.after, f"The pushed picture: no pixel differs by more than {epsilon:g} of 255"),
    )
    for column, (pixels, caption) in zip(st.columns(3), shown, strict=True):
        whole = np.broadcast_to(np.rint(pixels).clip(0, 255).astype(np.uint8), (*pixels.shape[:2], 3))
        column.image(whole, alt=caption, width="stretch")
        remark(caption, column)


def _said(scene: Scene, found: PushedMaps) -> None:
    """Say what the network takes both pictures for."""
    before, after = int(found.said_before.argmax()), int(found.said_after.argmax())
    rows = dict.fromkeys((*found.said_before.argsort()[::-1][:3], *found.said_after.argsort()[::-1][:3]))
    columns = {"Before": found.said_before}
    if found.said_once is not None:
        columns["After one step"] = found.said_once
    columns["After"] = found.said_after
    lines = [
        " | ".join((f"| {_name(scene, int(one))}", *(written(float(said[one])) for said in columns.values())))
        + " |"
        for one in rows
    ]
    head = [f"| Category | {' | '.join(columns)} |", "|:--|" + "--:|" * len(columns)]
    st.markdown("\n".join([*head, *lines]))
    if after == before:
        st.markdown(
            f"The network still says **{_name(scene, before)}**. Push harder to see when it gives in."
        )
    else:
        st.markdown(
            f"**{_name(scene, before)}** has become **{_name(scene, after)}**. The maps below explain "
            "either answer equally readily: a map explains what the network does, not whether it is right."
        )


def _maps(key: str, scene: Scene, found: PushedMaps, asked: object) -> None:
    after = int(found.said_after.argmax())
    told = []
    for name, (first, pushed, other) in found.maps.items():
        told.append(map_told(name, first, scene.category, badge="before", light=None))
        told.append(map_told(name, pushed, scene.category, badge="pushed", light=None, picture=1))
        if after != scene.target:
            why = [f"Why {_name(scene, after)}?"]
            told.append(
                map_told(name, other, _name(scene, after), badge="new", light=None, picture=1, remarks=why)
            )
    pictures = [picture_told(_pixels(found.before)), picture_told(_pixels(found.after))]
    show_maps(
        f"{key}.pushed",
        {
            "maps": told,
            "group": 3 if after != scene.target else 2,
            "pictures": pictures,
            "stamp": stamp(asked),
        },
        view(),
        kept=False,
    )


def _pixels(values: np.ndarray) -> np.ndarray:
    return np.broadcast_to(np.rint(values).clip(0, 255).astype(np.uint8), (*values.shape[:2], 3))


def _name(scene: Scene, number: int) -> str:
    return scene.categories[number] if number < len(scene.categories) else f"output {number}"
