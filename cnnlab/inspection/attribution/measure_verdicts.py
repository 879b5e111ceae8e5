"""The command: `python -m cnnlab.inspection.attribution.measure_verdicts [MODEL …]`.

It makes every method's maps on every network to look into, judges them (see `gates`), and writes the verdicts
into the package. Named networks are measured anew, the others keep what was found before. Networks whose
weights are not on this machine are measured with random ones (see `weights_random`).
"""

import argparse
import json
import time
from importlib.metadata import version
from typing import Any

import torch

from cnnlab import zoo
from cnnlab.inspection.attribution.gates import judge
from cnnlab.inspection.attribution.layers import usual_layer
from cnnlab.inspection.attribution.methods import METHODS
from cnnlab.inspection.attribution.verdicts import FILE
from cnnlab.inspection.flow_input import cut
from cnnlab.inspection.models import entries
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import Loaded, load
from cnnlab.tracing import replay_as_far_as_possible, trace_of

PICTURES = ("cat", "coffee")
SIDES = (96, 160)  # pixels; verdicts hardly depend on it, and small ones are quicker


def measure(name: str, loaded: Loaded | None = None) -> dict[str, Any]:
    """Return the verdicts on all methods for one network, as they are kept in the file."""
    loaded = loaded or load(name)
    layer = usual_layer(name)
    shape = _shape(name, layer)
    pictures = [cut(sample_picture(one), shape, loaded.preparing) for one in PICTURES]
    found = {one: judge(one, loaded, pictures, layer).as_json() for one in METHODS}
    return {"weights": loaded.kind, "input": list(shape), "layer": layer, "methods": found}


def _shape(name: str, layer: str) -> tuple[int, ...]:
    """Return a small input that the network still takes, and on which the layer still gives maps."""
    channels, height, width = zoo.input_shape(name)
    for side in SIDES:
        small = (channels, min(height, side), min(width, side))
        replayed = replay_as_far_as_possible(trace_of(name), small)
        sizes = [step.output_shape[1:] for step in replayed.steps if step.path == layer]
        if replayed.problem is None and min(sizes[-1]) > 1:
            return small
    return channels, height, width


def main(arguments: list[str] | None = None) -> None:
    """Measure the named networks, or all, and write the file after each."""
    reader = argparse.ArgumentParser(description="Measure on which networks methods of attribution hold.")
    known = [one.name for one in entries() if one.status != "own"]
    reader.add_argument(
        "models", nargs="*", metavar="MODEL", help="which to measure; all where none is named"
    )
    names = reader.parse_args(arguments).models or known
    torch.set_num_threads(1)
    kept = json.loads(FILE.read_text(encoding="utf-8"))["models"] if FILE.is_file() else {}
    for name in names:
        began = time.monotonic()
        kept[name] = measure(name)
        _write({one: kept[one] for one in [*known, *kept] if one in kept})
        methods = kept[name]["methods"]
        worse = [f"{one} {methods[one]['verdict']}" for one in methods if methods[one]["verdict"] != "holds"]
        print(f"{name} ({time.monotonic() - began:.1f} s): {', '.join(worse) or 'all hold'}", flush=True)


def _write(models: dict[str, Any]) -> None:
    """Write a method a line, so that a change is seen."""
    versions = {name: version(name) for name in ("captum", "torch", "torchvision")}
    head = json.dumps({"measured_with": versions, "pictures": PICTURES})[1:-1]
    blocks = [
        f"{json.dumps(name)}: {{{json.dumps({key: one[key] for key in one if key != 'methods'})[1:-1]}, "
        + '"methods": {\n  '
        + ",\n  ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in one["methods"].items())
        + "\n }}"
        for name, one in models.items()
    ]
    FILE.write_text(f'{{{head}, "models": {{\n ' + ",\n ".join(blocks) + "\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
