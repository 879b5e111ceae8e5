"""What networks take a picture for: one alone, one on ten crops of the picture, several together.

What they do is what a plain loop over torchvision's models does. Nothing here is kept between calls, and no
network is changed. PyTorch is imported by the first prediction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageOps

from cnnlab import zoo
from cnnlab.errors import CnnLabError
from cnnlab.inspection.flow_input import Preparing, Shape, centre, cut, cut_at, numbers, resized
from cnnlab.inspection.models import entry
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.weights import Loaded, Models
from cnnlab.inspection.work import Progress

TEN_CROP_MARGIN = 256 / 224  # of AlexNet (2012), which introduced the ten crops; where a network has less
PLACES = ("top left", "top right", "bottom left", "bottom right", "centre")


class NoPrediction(CnnLabError):
    """A network that takes pictures for nothing: its weights are random, or it does not classify."""


class DifferentCategories(CnnLabError):
    """Networks that tell different things apart, so that their outputs cannot be averaged."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One category with its probability, from 0 to 1."""

    category: int
    title: str
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What a network says of one input.

    `scores` are its outputs before the softmax, one per category, float64; `pixels` what it read, uint8,
    height × width × channels; `preparing` how these became numbers; `categories` the titles of its outputs.
    """

    name: str
    source: str
    categories: tuple[str, ...]
    scores: np.ndarray
    pixels: np.ndarray
    preparing: Preparing

    def probabilities(self, temperature: float = 1.0) -> np.ndarray:
        """Return the softmax of the scores divided by a temperature."""
        return softmax(self.scores, temperature)

    def likely(self, count: int = 5, temperature: float = 1.0) -> tuple[Guess, ...]:
        """Return the most probable categories, the most probable first."""
        return likely(self.probabilities(temperature), self.categories, count)


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A part of the resized picture: where it lies there, in pixels, and whether it is mirrored."""

    place: str
    left: int
    top: int
    mirrored: bool
    pixels: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class TenCrop:
    """What a network says of ten crops of one picture; `pixels` are the resized picture, uint8."""

    pixels: np.ndarray
    crops: tuple[Crop, ...]
    predictions: tuple[Prediction, ...]

    def probabilities(self, temperature: float = 1.0) -> np.ndarray:
        """Return the mean of the crops' probabilities."""
        return np.mean([one.probabilities(temperature) for one in self.predictions], axis=0)

    def likely(self, count: int = 5, temperature: float = 1.0) -> tuple[Guess, ...]:
        """Return the categories that are most probable on average."""
        return likely(self.probabilities(temperature), self.predictions[0].categories, count)


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """What several networks say of one picture."""

    predictions: tuple[Prediction, ...]

    def probabilities(self, temperature: float = 1.0) -> np.ndarray:
        """Return the mean of the networks' probabilities."""
        return np.mean([one.probabilities(temperature) for one in self.predictions], axis=0)

    def likely(self, count: int = 5, temperature: float = 1.0) -> tuple[Guess, ...]:
        """Return the categories that are most probable on average."""
        return likely(self.probabilities(temperature), self.predictions[0].categories, count)


def softmax(scores: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Return exp(score / T) of each score, divided by their sum; T > 0.

    >>> softmax(np.array([0.0, 0.0])).tolist()
    [0.5, 0.5]
    """
    if not temperature > 0:
        raise CnnLabError(f"A temperature of {temperature:g} cannot be: choose one above 0.")
    scaled = np.exp((scores - scores.max()) / temperature)
    return scaled / scaled.sum()


def likely(probabilities: np.ndarray, categories: tuple[str, ...], count: int) -> tuple[Guess, ...]:
    """Return the most probable categories, the most probable first; of equal ones the first."""
    order = np.argsort(-probabilities, kind="stable")[:count]
    return tuple(Guess(int(one), categories[one], float(probabilities[one])) for one in order)


def predict(name: str, picture: Picture, models: Models, progress: Progress = lambda *_: None) -> Prediction:
    """Let a network say what it takes a picture for.

    Raises `NoPrediction` where that would mean nothing, and `UnsuitableInput` where it reads no pictures.
    """
    loaded = loaded_classifier(name, models, progress)
    progress("Computing", 0, 1)
    return _predicted(name, loaded, cut(picture, zoo.input_shape(name), loaded.preparing))


def predict_ten_crops(
    name: str, picture: Picture, models: Models, progress: Progress = lambda *_: None
) -> TenCrop:
    """Let a network look at the four corners and the centre of a picture, and at their mirror images.

    The crops are those of torchvision's `TenCrop`. Where the network's own preparation leaves no margin to
    move in, the picture is enlarged first, as for AlexNet: the shorter side is 256/224 of the input.
    """
    loaded = loaded_classifier(name, models, progress)
    shape = zoo.input_shape(name)
    image = resized(picture, shape, with_margin(loaded.preparing))
    crops = ten_crops(image, shape)
    predictions: list[Prediction] = []
    for done, crop in enumerate(crops):
        progress("Computing", done, len(crops))
        predictions.append(_predicted(name, loaded, crop.pixels))
    return TenCrop(np.asarray(image), crops, tuple(predictions))


def predict_together(
    names: Sequence[str], picture: Picture, models: Models, progress: Progress = lambda *_: None
) -> Ensemble:
    """Let several networks say what they take a picture for; each sees it as it was trained to.

    Raises `DifferentCategories` where they do not tell the same things apart.
    """
    predictions: list[Prediction] = []
    for done, name in enumerate(names):
        progress(f"Asking {name}", done, len(names))
        predictions.append(predict(name, picture, models))
        first = predictions[0]
        if predictions[-1].categories != first.categories:
            raise DifferentCategories(
                f"{first.name} tells {len(first.categories):,} categories apart, {name} "
                f"{len(predictions[-1].categories):,} others, so their outputs cannot be averaged. Choose "
                "networks that were trained on the same categories."
            )
    if not predictions:
        raise CnnLabError("No network was chosen. Choose one or more.")
    return Ensemble(tuple(predictions))


def with_margin(preparing: Preparing) -> Preparing:
    """Return how a picture is prepared for ten crops: so that there is a margin to move in."""
    return preparing if preparing.margin > 1 else replace(preparing, margin=TEN_CROP_MARGIN)


def ten_crops(image: Image.Image, shape: Shape) -> tuple[Crop, ...]:
    """Return four corners and the centre of a resized picture, then the same of its mirror image."""
    found: list[Crop] = []
    for mirrored, one in ((False, image), (True, ImageOps.mirror(image))):
        for place, (left, top) in zip(PLACES, _corners(one, shape), strict=True):
            pixels = cut_at(one, left, top, shape)
            seen_left = one.width - shape[2] - left if mirrored else left
            found.append(Crop(_seen_place(place, mirrored), seen_left, top, mirrored, pixels))
    return tuple(found)


def _seen_place(place: str, mirrored: bool) -> str:
    """Name where a crop lies in the picture as it is, not in its mirror image."""
    if not mirrored:
        return place
    sides = {"left": "right", "right": "left"}
    return " ".join(sides.get(word, word) for word in place.split())


def _corners(image: Image.Image, shape: Shape) -> tuple[tuple[int, int], ...]:
    _, height, width = shape
    right, bottom = image.width - width, image.height - height
    return (0, 0), (right, 0), (0, bottom), (right, bottom), centre(image, shape)


def loaded_classifier(name: str, models: Models, progress: Progress = lambda *_: None) -> Loaded:
    """Return a network whose outputs mean something; an instructor's outputs are called by their numbers."""
    progress("Loading the network", 0, 1)
    loaded = models.get(name)
    if loaded.kind == "random":
        size = entry(name).megabytes
        way = (
            f"get its trained ones ({size:.1f} MiB) with `python -m cnnlab weights fetch {name}`, or "
            if size
            else ""
        )
        raise NoPrediction(
            f"{name} has random weights here, so its predictions would mean nothing: {way}choose a network "
            "that is trained."
        )
    return loaded


def _predicted(name: str, loaded: Loaded, pixels: np.ndarray) -> Prediction:
    import torch

    try:
        with torch.inference_mode():
            found = loaded.model(torch.from_numpy(numbers(pixels, loaded.preparing)))
    except Exception as problem:  # whatever an instructor's own model raises
        raise NoPrediction(
            f"{name} stopped while it looked at the picture: {type(problem).__name__}: "
            f"{str(problem).partition(chr(10))[0][:200]}. Choose another network."
        ) from problem
    outputs = len(loaded.categories)
    if not isinstance(found, torch.Tensor) or found.ndim != 2 or outputs not in (0, found.shape[1]):
        raise NoPrediction(f"{name} does not sort pictures into categories. Choose a network that does.")
    scores = found[0].double().numpy()
    if not np.isfinite(scores).all():
        raise NoPrediction(
            f"{name} gave outputs that are infinite or not a number. Choose another network or picture."
        )
    categories = loaded.categories or tuple(f"output {number}" for number in range(1, len(scores) + 1))
    return Prediction(name, loaded.source, categories, scores, pixels, loaded.preparing)
