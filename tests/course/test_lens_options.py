"""What a lesson says of the pages that look into networks, and what these pages understand."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from cnnlab.course.lens_options import METHODS as KNOWN
from cnnlab.course.lens_options import MOST_METHODS, LookInside, Why
from cnnlab.course.reading import read_file
from cnnlab.inspection.attribution.methods import METHODS
from cnnlab.inspection.samples import SAMPLES
from cnnlab.tracing import trace_of
from cnnlab.ui.inspection import why_choice
from cnnlab.ui.inspection.lenses import LENSES
from cnnlab.ui.inspection.place import NAMES
from cnnlab.ui.lessons.doors import sight
from tests.running_app import ROOT

LESSONS = sorted((ROOT / "lessons").glob("*.md"))


def test_everything_said_stands_in_the_address_as_the_page_reads_it():
    inside = LookInside.model_validate(
        {"lens": "maps", "network": "shapes_plain", "layer": "conv1", "channel": "3", "picture": "cat"}
    ).settings()
    assert inside == {
        NAMES["lens"]: "maps",
        NAMES["model"]: "shapes_plain",
        NAMES["layer"]: "conv1",
        NAMES["channel"]: "3",
        NAMES["picture"]: "cat",
    }
    why = Why.model_validate({"network": "shapes_plain", "methods": "saliency, grad_cam"}).settings()
    assert why == {NAMES["model"]: "shapes_plain", "by": "saliency.grad_cam"}
    assert "by" in why_choice.NAMES
    assert LookInside().settings() == Why().settings() == {}


def test_methods_and_lenses_are_those_that_there_are():
    assert set(KNOWN) == set(METHODS)
    assert MOST_METHODS == why_choice.MOST_METHODS
    (lenses,) = [set(one.__args__) for one in LookInside.model_fields["lens"].annotation.__args__[:1]]  # pyright: ignore
    assert lenses == {one.name for one in LENSES}


@pytest.mark.parametrize(
    ("methods", "said"),
    [
        ("saliency,gradcam", "`gradcam` is no method; name at most 8 of saliency, "),
        (",".join(KNOWN[:9]), "9 methods are too many; name at most 8"),
    ],
)
def test_methods_that_there_are_not_or_too_many_are_refused(methods: str, said: str):
    with pytest.raises(ValidationError, match=said):
        Why.model_validate({"methods": methods})


def test_a_link_says_what_will_be_seen():
    settings = {"lens": "filters", "model": "shapes_plain", "layer": "conv1", "ch": "3", "pic": "shape-star"}
    assert sight(settings) == "Filters, Shapes, plain, layer conv1, channel 3, picture “Star”"
    assert sight({"by": "saliency.grad_cam"}) == "Saliency, Grad-CAM"
    assert sight({}) == ""


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_what_lessons_send_learners_to_is_there(path: Path):
    lesson = read_file(path, path.name).lesson
    assert lesson
    for widget in lesson.widgets:
        if widget.name in ("look-inside", "why"):
            assert widget.settings["pic"] in SAMPLES
            steps = {one.name for one in trace_of(widget.settings["model"]).steps}
            assert widget.settings.get("layer", "conv1") in steps
