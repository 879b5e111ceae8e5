"""The labs that lessons can hold: their names, limits and states are the labs' own."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from cnnlab.course.widgets import (
    LARGEST,
    WIDGETS,
    ArchitectureLab,
    ConvolutionLab,
    Idea,
    LayersLab,
    Scaled,
    sizes,
)
from cnnlab.inspection.samples import SAMPLES
from cnnlab.tracing.variants import KNOBS
from cnnlab.ui.labs.state_of_convolution import convolution_state
from cnnlab.ui.lessons.widgets import WIDGETS as DRAWN
from tests.source_files import text_of

SETTINGS = text_of(Path("cnnlab/ui/browser/settings.js"))
EVERYTHING: dict[str, Any] = {
    "view": "costs", "operation": "average-pool", "dims": "2", "input": "28 x 30", "in-channels": "3",
    "out-channels": "8", "kernel": "3×1", "stride": "2", "padding": "SAME", "padding-mode": "reflect",
    "dilation": "2", "groups": "1", "bias": "false", "ceil-mode": "true", "output-padding": "1",
    "pair": "depthwise", "picture": "digit-3", "weights": "sobel-x", "show": "0x2",
}  # fmt: skip


def names(file: str) -> set[str]:
    return set(
        re.findall(r"""(?:name: |pattern\()"([a-z0-9-]+)\"""", text_of(Path("cnnlab/ui/browser") / file))
    )


def offered(option: str) -> set[str]:
    literal = next(one for one in get_args(ConvolutionLab.model_fields[option].annotation) if get_args(one))
    return set(get_args(literal))


def test_every_option_is_a_parameter_of_the_labs_address():
    assert {field.alias for field in ConvolutionLab.model_fields.values()} == set(EVERYTHING)
    written = ConvolutionLab.model_validate(EVERYTHING).settings()
    fields = dict(re.findall(r'^  (\w+): \["(\w+)", ', SETTINGS, re.MULTILINE))
    assert set(written) <= set(fields.values())
    assert len(written) == len(EVERYTHING)
    assert written["op"] == "avgpool"
    assert (written["in"], written["k"], written["p"]) == ("28x30", "3x1", "same")
    assert (written["bias"], written["ceil"]) == ("0", "1")


@pytest.mark.parametrize(
    ("option", "name", "table"),
    [
        ("view", "tab", "layers-settings.js layers-others.js"),
        ("normalisation", "norm", "normalisation.js normalisation-settings.js"),
        ("part", "nv", "normalisation-settings.js"),
        ("dropped", "drop_kind", "layers-others.js"),
    ],
)
def test_the_options_of_the_layers_lab_are_its_own(option: str, name: str, table: str):
    literal = next(one for one in get_args(LayersLab.model_fields[option].annotation) if get_args(one))
    source = "".join(text_of(Path("cnnlab/ui/browser") / file) for file in table.split())
    for value in get_args(literal):
        assert LayersLab.model_validate({option: value}).settings() == {name: value}
        assert re.search(rf"\b{value}: ", source), value


def test_the_options_of_the_architectures_lab_are_parameters_of_its_address():
    said = {"network": "googlenet", "input": "3x160x160", "step": "conv1.conv", "open": "inception3a"}
    written = ArchitectureLab.model_validate(said | {"scale": "vgg"}).settings()
    source = text_of(Path("cnnlab/ui/browser/architectures-settings.js"))
    assert set(written) <= set(re.findall(r'^  \w+: \["(\w+)", ', source, re.MULTILINE))
    assert written.keys() - {"tab"} == {"net", "input", "go", "open", "family"}
    assert len(ArchitectureLab.model_fields) == len(said | {"scale": "vgg", "idea": "fire"})
    assert f"\n  {written['tab']}: " in source


def test_the_families_that_a_lesson_can_scale_are_those_of_the_lab():
    assert get_args(Scaled) == tuple(one.name for one in KNOBS)


def test_the_experiments_are_those_of_the_lab():
    registered = text_of(Path("cnnlab/ui/browser/ideas.js"))
    assert get_args(Idea) == tuple(re.findall(r"^  (\w+): \{ title", registered, re.MULTILINE))
    shown = ArchitectureLab(network="resnet50", idea="residual").settings()
    assert shown == {"net": "resnet50", "tab": "idea", "idea": "residual"}


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("network", "googlnet", "did you mean `googlenet`"),
        ("network", "zzzz", "there are lenet5"),
        ("input", "224", "not written as 3x224x224"),
        ("step", "<b>", "not written as layer1.0.conv1"),
        ("open", "a" * 2001, "not written as layer1,layer1.0"),
        ("scale", "lenet5", "'vgg', 'resnet'"),
    ],
)
def test_what_no_architectures_lab_understands_is_named(option: str, value: str, says: str):
    with pytest.raises(ValueError, match=says):
        ArchitectureLab.model_validate({option: value})


def test_the_limits_are_the_labs():
    line = re.search(r"^export const LARGEST = \{ (.*) \};$", SETTINGS, re.MULTILINE)
    assert line is not None
    assert {name: int(value) for name, value in re.findall(r"(\w+): (\d+)", line[1])} == LARGEST


def test_the_pictures_and_kernels_are_the_labs():
    assert offered("picture") == set(SAMPLES) | names("sources.js") - {"drawing", "upload"}
    assert offered("weights") == names("kernels.js")


def test_every_widget_is_drawn_and_every_drawn_widget_is_known():
    assert set(WIDGETS) == set(DRAWN)


def test_the_state_that_conditions_speak_of_is_the_state_that_the_lab_tells():
    state = convolution_state({})
    assert state == WIDGETS["conv-lab"].state


@pytest.mark.parametrize("text", ["", "x", "3x", "3x3x3", "0", "65", "-1", "1.5", "٣"])
def test_what_is_no_size_is_refused(text: str):
    check: Any = sizes(1, 64, "same").func
    with pytest.raises(ValueError, match="is not a size from 1 to 64, such as 3 or 3x1, or same"):
        check(text)


def test_an_option_that_no_lab_has_is_refused():
    with pytest.raises(ValidationError, match="kernal"):
        ConvolutionLab.model_validate({"kernal": "3"})
