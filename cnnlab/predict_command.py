"""The command `python -m cnnlab predict IMAGE --model NAME`: what a trained network takes a picture for.

It prints what `cnnlab.inspection.predicting` finds, for people and for machines; PyTorch is loaded by it.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cnnlab.errors import CnnLabError

if TYPE_CHECKING:
    from cnnlab.inspection.pictures import Picture
    from cnnlab.inspection.predicting import Ensemble, Guess, Prediction, TenCrop

_REFUSED = 2


@click.command()
@click.argument("image", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--model",
    "models",
    multiple=True,
    required=True,
    metavar="NAME",
    help="A network of `weights list`; given several times, their probabilities are averaged.",
)
@click.option(
    "--ten-crop", is_flag=True, help="Average over four corners, the centre, and their mirror images."
)
@click.option("--top", type=click.IntRange(1, 100), default=5, show_default=True, help="How many categories.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def predict(image: Path, models: tuple[str, ...], ten_crop: bool, top: int, as_json: bool) -> None:
    """Print the categories that a trained network takes a picture for, with their probabilities.

    IMAGE is a file. A network without trained weights on this machine is refused with exit code 2: what it
    would say means nothing.
    """
    try:
        if ten_crop and len(models) > 1:
            raise CnnLabError("Ten crops are of one network. Give --model once, or leave --ten-crop out.")
        picture = _read(image)
        found = _predicted(picture, models, ten_crop)
    except CnnLabError as problem:
        click.echo(f"Error: {problem}", err=True)
        raise click.exceptions.Exit(_REFUSED) from problem
    told = {"picture": picture.name, "notes": list(picture.notes), **_object(found, top)}
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _text(told))


def _read(image: Path) -> "Picture":
    from cnnlab.inspection.pictures import NETWORK_SIDE_PX
    from cnnlab.inspection.uploads import MAX_BYTES, read_upload

    try:
        with image.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise CnnLabError(f"{image} cannot be read: {problem.strerror}.") from problem
    return read_upload(data, image.name, NETWORK_SIDE_PX)


def _predicted(
    picture: "Picture", models: tuple[str, ...], ten_crop: bool
) -> "Prediction | TenCrop | Ensemble":
    from cnnlab.inspection import predicting
    from cnnlab.inspection.models import entry, shared_models

    names = list(dict.fromkeys(entry(name).name for name in models))
    if len(names) > 1:
        return predicting.predict_together(names, picture, shared_models())
    ask = predicting.predict_ten_crops if ten_crop else predicting.predict
    return ask(names[0], picture, shared_models())


def _object(found: "Prediction | TenCrop | Ensemble", top: int) -> dict[str, Any]:
    from cnnlab.inspection.predicting import Prediction, TenCrop

    if isinstance(found, Prediction):
        return _of_one(found, top)
    told: dict[str, Any] = {"likely": [_guess(one) for one in found.likely(top)]}
    if isinstance(found, TenCrop):
        first = found.predictions[0]
        crops = [
            {
                "place": crop.place,
                "mirrored": crop.mirrored,
                "left": crop.left,
                "top": crop.top,
                "likely": _guess(one.likely(1)[0]),
            }
            for crop, one in zip(found.crops, found.predictions, strict=True)
        ]
        return {
            "model": first.name,
            "weights": first.source,
            **told,
            "resized": list(found.pixels.shape[:2]),
            "crops": crops,
        }
    return {**told, "models": [_of_one(one, top) for one in found.predictions]}


def _of_one(found: "Prediction", top: int) -> dict[str, Any]:
    return {
        "model": found.name,
        "weights": found.source,
        "likely": [_guess(one) for one in found.likely(top)],
    }


def _guess(one: "Guess") -> dict[str, Any]:
    return {"category": one.category, "title": one.title, "probability": one.probability}


def _text(told: dict[str, Any]) -> str:
    lines = [f"{told['picture']}: {' '.join(told['notes'])}".removesuffix(": ")]
    if "model" in told:
        lines.append(f"{told['model']}, {told['weights'] or 'weights of its own'}")
    lines += ["", *map(_line, told["likely"])]
    if "crops" in told:
        lines.append("\neach crop alone")
        for one in told["crops"]:
            place = one["place"] + (", mirrored" if one["mirrored"] else "")
            lines.append(f"{place:<23} {_line(one['likely'])}")
    for one in told.get("models", ()):
        lines += ["", f"{one['model']} alone", *map(_line, one["likely"])]
    return "\n".join(lines)


def _line(guess: dict[str, Any]) -> str:
    return f"{100 * guess['probability']:5.1f} %  {guess['title']}"
