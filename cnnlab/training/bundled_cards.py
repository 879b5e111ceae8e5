"""The cards of the bundled networks: what each learned from, how, how well, and what it cannot do.

Numbers come from whoever measured them; everything else is written here once.
"""

from dataclasses import dataclass

from cnnlab import zoo
from cnnlab.inspection.bundled.models import bundled
from cnnlab.training.bundled_data import Shapes, data_of


@dataclass(frozen=True, slots=True)
class Told:
    """What a card says that is no number of the training."""

    data: str
    held_out: str
    licence: str
    limits: str


_SHAPES = Told(
    data="“Shapes in clutter”: 64 × 64 pixels, made by `cnnlab/inspection/bundled/shapes.py`. One of 21 "
    "shapes in two colours, with one of eight textures that say nothing of the class, sized, turned by up to "
    "26°, sheared and wobbled, before a textured background, with up to three small shapes, perhaps a bar "
    "across, light from a side and noise (difficulty 0.5). Every picture is drawn anew; none is seen twice.",
    held_out="pictures drawn from another seed, 100 of each class",
    licence="Pictures and weights are made by this project, under its licence, Apache-2.0. No picture was "
    "collected.",
    limits="It knows these 21 shapes, in such pictures, and nothing else. Shown a photograph, a digit or a "
    "shape that it has not learned, it still answers one of the 21, often surely. It learned no empty "
    "pictures, no two large shapes beside each other, and no shapes turned further than 26°.",
)
_DIGITS = Told(
    data="The 1,797 handwritten digits of 8 × 8 pixels that scikit-learn brings (E. Alpaydin and C. Kaynak, "
    "Optical Recognition of Handwritten Digits, UCI, 1998), bright on black, enlarged to 32 × 32 as the app "
    "enlarges pictures. For training, the first 1,437 rows of the table, each moved, turned and sized a "
    "little at every use; no noise is added.",
    held_out="the last rows of the table, as they are",
    licence="The digits are under CC BY 4.0. The weights are under this project's licence, Apache-2.0.",
    limits="It knows single digits, bright on dark, that fill the picture. Dark digits on white, thin "
    "strokes, several digits, letters and photographs are answered with a digit all the same.",
)


def card(name: str, facts: dict[str, str]) -> str:
    """Return the card of a bundled network as Markdown, given what `bundled_models.write` measured."""
    told = _SHAPES if name.startswith("shapes") else _DIGITS
    right, asked = int(facts["right"]), int(facts["asked"])
    one, shape = bundled(name), " × ".join(map(str, zoo.input_shape(name)))
    mean, deviation = one.preparing.mean[0], one.preparing.deviation[0]
    parts = {
        "What it is": f"A network for {shape} values, `{name}` in the zoo of CNN Lab, made to be looked "
        f"into. Its outputs are: {', '.join(one.categories)}. From values from 0 to 1, {mean} is subtracted, "
        f"and they are divided by {deviation}.",
        "Data": told.data + _noise(name),
        "Training": f"`python -m cnnlab.training.bundled_models {name}` from seed {facts['seed']}, "
        f"{facts['steps']} steps of AdamW on one core, with PyTorch {facts['torch']}. Kept as float16 and "
        "used as float32. The weights before training are drawn again from the seed.",
        "Accuracy": f"{right} of {asked} held-out pictures are right, {right / asked:.1%}: {told.held_out}. "
        "Measured by the script that trained it, with the weights as they are kept.",
        "Limits": told.limits,
        "Licence": told.licence,
    }
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in parts.items())
    return f"# {zoo.facts(name).title}\n\n{body}\n"


def _noise(name: str) -> str:
    """Say what noise is added to the pictures that a network of shapes is trained on."""
    data = data_of(name)
    if not isinstance(data, Shapes):
        return ""
    most, deviation = data.most_noise, data.preparing.deviation[0]
    return (
        " While training, normal noise is added to every picture, of a strength that is drawn anew for each, "
        f"up to a standard deviation of {most:g} of the network's numbers ({most * deviation:g} on a scale "
        "from 0 to 1). With it, kernels that look at single pixels are of no use, and smooth ones are "
        "learned. Held-out pictures get no such noise."
    )
