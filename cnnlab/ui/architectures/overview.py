"""What the home page says of networks: a few real ones in numbers. It draws nothing."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from cnnlab import zoo
from cnnlab.arithmetic.units import written_count
from cnnlab.inspection.attribution.methods import METHODS
from cnnlab.tracing import Replay, replay, trace_of
from cnnlab.training.recipe import Recipe, suggested
from cnnlab.training.transforms import TRANSFORMS
from cnnlab.ui.addresses import address
from cnnlab.ui.training.choice import query_of

SHOWN = "resnet18"
# The step that ends each part, as the paper draws them.
ENDS = ("conv1", "maxpool", "layer1", "layer2", "layer3", "layer4", "avgpool")
LINES = ("input 3x32x32", "conv 32 k3 p1", "relu", "maxpool 2", "globalpool", "dense 10")
COMPARED = ("vgg16", "mobilenet_v2")
TRAINED, PICTURE = "shapes_plain", "shape-star"  # they come with the app
LEARNED, UNSEEN = Recipe(model=TRAINED, per_class=10, **suggested("frozen")), "shape-heart"


def networks_overview() -> list[dict[str, Any]]:
    """Return the cards on networks: a title, a sentence, where it leads, and what its drawing is made of."""
    shown, compared = _replay(SHOWN), [_replay(name) for name in COMPARED]
    titles = [zoo.facts(name).title for name in COMPARED]
    times = compared[0].macs / compared[1].macs
    return [
        {
            "title": "Walk through a network",
            "says": f"{zoo.facts(SHOWN).title} in {len(shown.steps)} steps, and {len(zoo.names())} networks "
            "in all, each number with its reason.",
            "address": f"{address('architectures')}?net={SHOWN}",
            "shapes": [shown.input_shape, *_ends(shown)],
        },
        {
            "title": "What does accuracy cost?",
            "says": f"{titles[0]} takes {times:.0f} times the multiply-adds of {titles[1]}.",
            "address": f"{address('compare')}?a={COMPARED[0]}&b={COMPARED[1]}",
            "bars": [
                {"name": title, "share": one.macs / compared[0].macs, "text": written_count(one.macs)}
                for title, one in zip(titles, compared, strict=True)
            ],
        },
        {
            "title": "Build your own",
            "says": "A line a layer: drawing, shapes and costs follow as you type; PyTorch code comes out.",
            "address": address("build"),
            "lines": LINES,
        },
        {
            "title": "Look inside",
            "says": "What a trained network takes a picture for, its filters, its feature maps, and what "
            "excites a channel.",
            "address": f"{address('look-inside')}?model={TRAINED}&pic={PICTURE}",
            "picture": address(f"pictures/{PICTURE}.png"),
        },
        {
            "title": "Why did it say that?",
            "says": f"{len(METHODS)} methods point at what counted, and tests say whether to believe them.",
            "address": f"{address('why')}?model={TRAINED}&pic={PICTURE}",
            "picture": address(f"pictures/{PICTURE}.png"),
            "asked": True,
        },
        {
            "title": "Distort pictures",
            "says": f"{len(TRANSFORMS)} transforms that make one picture many, what each teaches a network, "
            "and when the label is no longer true.",
            "address": f"{address('augmentation')}?pic=cat",
            "distorted": address("pictures/cat.png"),
        },
        {
            "title": "Fine-tune a network",
            "says": "Ten pictures of each of ten shapes that it has never seen: trained in seconds, "
            "while you watch it learn, and with the pictures that it gets wrong.",
            "address": f"{address('finetune')}?{urlencode(query_of(LEARNED, section='recipe'))}",
            "picture": address(f"pictures/{UNSEEN}.png"),
        },
    ]


@lru_cache(maxsize=8)
def _replay(name: str) -> Replay:
    trace = trace_of(name)
    return replay(trace, trace.input_shape)


def _ends(replayed: Replay) -> list[tuple[int, ...]]:
    """Return what comes out at the end of each part."""
    return [[step.output_shape for step in replayed.steps if _within(step.path, end)][-1] for end in ENDS]


def _within(path: str, module: str) -> bool:
    return path == module or path.startswith(f"{module}.")
