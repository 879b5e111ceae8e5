"""Are policies read, written and refused as they are told?"""

import re

import pytest

from cnnlab.training.policy import (
    PRESETS,
    UnsuitablePolicy,
    checked_policy,
    policy_from_text,
    policy_text,
    strength_of,
)
from cnnlab.training.recipe import Recipe, recipe_from_json
from cnnlab.training.transforms import TRANSFORMS

EVERY = tuple((name, one.default) for name, one in TRANSFORMS.items())
ISSUE = (
    "flip elastic lens stretch shear rotate scale translate crop brightness contrast colour pca cutout mixup"
)


def test_every_transform_of_the_lab_is_there():
    assert " ".join(TRANSFORMS) == ISSUE


def test_every_transform_says_what_it_does_teaches_and_breaks_and_has_a_usual_strength():
    for name, one in TRANSFORMS.items():
        assert one.name == name
        assert 0 < one.step <= one.default < one.most, name
        texts = (one.explanation, one.teaches, one.breaks)
        assert all(text.endswith(".") and len(text) > 30 for text in texts), name


def test_a_policy_is_kept_in_one_order_without_what_does_nothing():
    assert checked_policy(tuple(reversed(EVERY))) == EVERY
    assert checked_policy((("shear", 0), ("flip", 1))) == (("flip", 1.0),)
    assert strength_of(EVERY, "rotate") == 15
    assert strength_of((), "rotate") == 0


@pytest.mark.parametrize("policy", [(), EVERY, (("pca", 0.05),), *PRESETS.values()])
def test_a_policy_survives_its_text_and_a_recipe(policy: tuple):
    assert policy_from_text(policy_text(policy)) == policy
    assert recipe_from_json(Recipe(augmentation=policy).to_json()).augmentation == policy


def test_a_preset_can_be_named():
    assert policy_from_text("strong") == PRESETS["strong"] == checked_policy(PRESETS["strong"])
    assert policy_from_text("none") == policy_from_text("  ") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("spin:1", "There is no transform “spin”; choose of: flip, elastic, "),
        ("flip", "“flip” is no transform with its strength; write it as name:strength, such as flip:0.5."),
        ("flip=0.5", "“flip=0.5” is no transform with its strength; write it with a colon: flip:0.5."),
        (
            "spin=1",
            "“spin=1” is no transform with its strength; write it as name:strength, such as flip:0.5.",
        ),
        ("light,flip:1", "“light” is no transform with its strength; it is a whole policy, so nothing can "),
        ("flip:much", "“flip:much” is no transform with its strength"),
        ("rotate:181", "Rotate goes from 0 to 180; 181.0 was given."),
        ("rotate:-1", "Rotate goes from 0 to 180; -1.0 was given."),
        ("rotate:nan", "Rotate goes from 0 to 180; nan was given."),
        ("flip:0.5,flip:1", "The transform “flip” is named twice; name each once."),
        ("flip:0.5," * 100, "A policy has at most 400 signs; 900 were given."),
    ],
)
def test_what_is_no_policy_is_refused_with_what_is(text: str, said: str):
    with pytest.raises(UnsuitablePolicy, match=re.escape(said)):
        policy_from_text(text)


def test_a_strength_that_is_no_number_is_refused():
    with pytest.raises(UnsuitablePolicy, match=r"Flip goes from 0 to 1; None was given\."):
        checked_policy((("flip", None),))  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("name", "strength", "shown"),
    [("flip", 0.5, "50 %"), ("translate", 0.07, "7 %"), ("rotate", 90, "90°"), ("mixup", 0.2, "0.2")],
)
def test_a_strength_is_shown_in_its_unit(name: str, strength: float, shown: str):
    assert TRANSFORMS[name].shown(strength) == shown
