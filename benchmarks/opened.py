"""What twenty networks that are looked at one after the other leave in memory, in a process of its own.

It prints one JSON object; `memory` runs it. Each network is loaded as by the app, and asked for two maps, one
of which leaves a quicker copy behind. Weights are trained ones where they are on the machine, else random.
"""

import json
import sys
from importlib import import_module

import psutil

from cnnlab.inspection.attribution.running import Question, attribute
from cnnlab.inspection.models import USUAL
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import Models

NETWORKS = (*USUAL, "resnet101", "densenet169", "resnet152", "efficientnet_b3", "vgg19")
SQUARES = (("window", 50),)


def main() -> None:
    """Look at all networks in turn; print the bytes after each, and what all weights together take."""
    import_module("torch").set_num_threads(1)
    models, picture = Models(), sample_picture("cat")
    look("lenet5", models, picture)  # PyTorch and Captum are loaded
    before, after, weights = held(), [], 0
    for name in NETWORKS:
        weights += look(name, models, picture)
        after.append(held() - before)
        print(f"{name}: {after[-1] / 1e6:,.0f} MB", file=sys.stderr, flush=True)
    json.dump({"after": after, "weights": weights}, sys.stdout)


def look(name: str, models: Models, picture: object) -> int:
    """Make two maps; return the bytes of the network's weights."""
    for method, settings in (("grad_cam", ()), ("occlusion", SQUARES)):
        attribute(Question(name, "cat", method, 0, settings), picture, models)  # type: ignore[arg-type]
    return models.get(name).size


def held() -> int:
    """Return the bytes that this process has in memory."""
    return psutil.Process().memory_info().rss


if __name__ == "__main__":
    main()
