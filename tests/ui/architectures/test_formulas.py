"""The formulas beside a network's steps: with numbers put in they give the result, and it is the step's."""

import re
from math import ceil, floor

import pytest

from cnnlab.tracing import replay, trace_of
from cnnlab.ui.architectures.formulas import formulas

NETWORKS = ("lenet5", "googlenet", "resnet18", "mobilenet_v2", "densenet121")


def value_of(text: str) -> float:
    """Compute the text of a formula with its numbers put in, as a reader would."""
    first = text.split(" = ")[0].replace(",", "").replace("·", "*").replace("−", "-")
    first = first.replace("⌊", "floor(").replace("⌋", ")").replace("⌈", "ceil(").replace("⌉", ")")
    assert re.fullmatch(r"[0-9floceir()*/+\-. ]+", first), text
    return eval(first, {"__builtins__": {}, "floor": floor, "ceil": ceil})


@pytest.mark.parametrize("name", NETWORKS)
def test_every_formula_with_numbers_gives_its_result_and_the_numbers_of_the_step(name: str):
    trace = trace_of(name)
    steps = replay(trace, trace.input_shape).steps
    told = formulas(name)
    assert len(told) == len(steps)
    compared = 0
    for step, rows in zip(steps, told, strict=True):
        by_quantity = {row[0]: row for row in rows}
        known = {"MACs": step.macs, "FLOPs": 2 * step.macs}
        if step.recorded.layer is not None:
            known["parameters"] = step.parameters
        if step.receptive_field:
            known["receptive field, height"] = step.receptive_field.size[0]
        if len(step.output_shape) == 3:
            known["output height"], known["output width"] = step.output_shape[1:]
        for quantity, number in known.items():
            if quantity in by_quantity:
                _, _, substituted, result, _ = by_quantity[quantity]
                assert value_of(substituted) == number, (step.name, quantity)
                assert int(result.replace(",", "")) == number, (step.name, quantity)
                compared += 1
    assert compared > 2 * len(steps)
