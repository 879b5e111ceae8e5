"""What a lesson can tell the augmentation lab is what the lab knows: transforms, limits, parameters."""

import re
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from cnnlab.course.augment_options import AUGMENT_STATE, STRENGTHS, AugmentLab, Transform
from cnnlab.inspection.samples import sample_picture
from cnnlab.training.policy import policy_from_text
from cnnlab.training.transforms import TRANSFORMS
from cnnlab.ui.labs.augmentation import augmentation_facts
from cnnlab.ui.labs.state_of_augmentation import FIRST, augmentation_state
from tests.source_files import text_of


def test_transforms_and_limits_are_those_of_training():
    assert {name: one.most for name, one in TRANSFORMS.items()} == STRENGTHS
    assert get_args(Transform) == tuple(TRANSFORMS)


def test_options_are_written_as_the_labs_address():
    told = {
        "picture": "digit-6",
        "policy": "flip:0.5, rotate:180",
        "transform": "rotate",
        "alone": "true",
        "draw": "3",
    }
    assert set(told) == {field.alias for field in AugmentLab.model_fields.values()}
    written = AugmentLab.model_validate(told).settings()
    assert written == {
        "pic": "digit-6",
        "policy": "flip:0.5,rotate:180",
        "at": "rotate",
        "draw": "3",
        "show": "one",
    }
    source = text_of(Path("cnnlab/ui/browser/augment-settings.js"))
    assert set(written) == set(re.findall(r'^    \w+: \["(\w+)", ', source, re.MULTILINE))
    assert AugmentLab(policy="none").settings() == {"policy": "none"}
    assert AugmentLab().settings() == {}


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("spin:1", "`spin:1` is no transform with its strength, such as rotate:15; there are flip, "),
        ("flip", "`flip` is no transform with its strength"),
        ("rotate:200", "`rotate:200` is too strong: rotate goes to 180"),
    ],
)
def test_what_is_no_policy_is_named(policy: str, says: str):
    with pytest.raises(ValueError, match=re.escape(says)):
        AugmentLab(policy=policy)


def test_the_state_speaks_of_every_transform():
    state = augmentation_state({"policy": "rotate:30,flip:1", "pic": "text", "at": "flip"})
    assert set(state) == set(AUGMENT_STATE)
    assert (state["picture"], state["transform"], state["rotate"], state["flip"], state["shear"]) == (
        "text", "flip", 30, 1, 0,
    )  # fmt: skip
    assert augmentation_state({})["rotate"] == dict(policy_from_text(FIRST))["rotate"]
    assert augmentation_state({"policy": "none"})["flip"] == 0
    assert augmentation_state({"policy": "spin:3"}) == {}


def test_the_lab_is_told_every_transform_with_its_words():
    facts = augmentation_facts()
    assert [one["name"] for one in facts["transforms"]] == list(TRANSFORMS)
    assert facts["first"] == FIRST
    assert set(facts["axes"]) == {"photograph", "shape", "digit"}


def test_the_colour_axes_of_a_kind_are_those_of_its_pictures():
    axes = augmentation_facts()["axes"]
    pixels = np.concatenate([sample_picture(f"digit-{n}").pixels.reshape(-1, 3) for n in range(10)]) / 255
    grey = axes["digit"]  # all three colours are alike: one axis, red = green = blue
    np.testing.assert_allclose([row[0] for row in grey["vectors"]], 3**-0.5, rtol=1e-6)
    np.testing.assert_allclose(grey["variances"], [3 * pixels[:, 0].var(), 0, 0], atol=1e-9)
    assert "Horse" not in axes["photograph"]["of"]
    assert axes["shape"]["of"].startswith("these bundled pictures: Star, Gear")
