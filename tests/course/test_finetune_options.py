"""What a lesson says of the page Fine-tune, and what this page understands."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cnnlab.course.finetune_options import PRESETS, TRANSFORMS, Finetune
from cnnlab.course.reading import read_file
from cnnlab.training import policy
from cnnlab.training.data_sets import DATA_SETS
from cnnlab.training.policy import policy_from_text
from cnnlab.training.recipe import REGIMES, SETTINGS, Recipe, recipe_from
from cnnlab.training.transforms import TRANSFORMS as KNOWN
from cnnlab.ui.lessons.doors import recipe_in_words
from cnnlab.ui.training.choice import PARAMETERS, SECTIONS
from tests.running_app import ROOT

LESSONS = sorted((ROOT / "lessons").glob("*.md"))
SAID = {
    "section": "recipe",
    "pictures": "shapes-new",
    "network": "shapes_plain",
    "regime": "scratch",
    "of-each-class": "20",
    "epochs": "60",
    "learning-rate": "0.003",
    "slower": "0.5",
    "schedule": "constant",
    "weight-decay": "0.5",
    "dropout": "0.25",
    "early-stopping": "8",
    "augmentation": "flip:0.5, rotate:15",
    "seed": "3",
}


def test_a_recipe_that_a_lesson_names_is_the_recipe_of_the_page():
    settings = Finetune.model_validate(SAID).settings()
    assert settings.pop("section") in SECTIONS
    fields: dict[str, Any] = {PARAMETERS[name]: text for name, text in settings.items()}
    fields["augmentation"] = policy_from_text(str(fields["augmentation"]))
    assert recipe_from(fields) == Recipe(
        regime="scratch", per_class=20, epochs=60, learning_rate=0.003, schedule="constant", slower=0.5,
        weight_decay=0.5, dropout=0.25, patience=8, seed=3, augmentation=(("flip", 0.5), ("rotate", 15.0)),
    )  # fmt: skip
    assert Finetune().settings() == {}


def test_names_are_those_that_there_are():
    assert set(TRANSFORMS) == set(KNOWN)
    assert set(PRESETS) == set(policy.PRESETS) - {"none"}
    (regimes,) = [set(one.__args__) for one in Finetune.model_fields["regime"].annotation.__args__[:1]]  # pyright: ignore
    (sections,) = [set(one.__args__) for one in Finetune.model_fields["section"].annotation.__args__[:1]]  # pyright: ignore
    (schedules,) = [set(one.__args__) for one in Finetune.model_fields["schedule"].annotation.__args__[:1]]  # pyright: ignore
    assert schedules == set(SETTINGS["schedule"].choices)
    assert regimes == set(REGIMES)
    assert sections < set(SECTIONS)


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("of-each-class", "per_class"),
        ("epochs", "epochs"),
        ("learning-rate", "learning_rate"),
        ("slower", "slower"),
        ("weight-decay", "weight_decay"),
        ("dropout", "dropout"),
        ("early-stopping", "patience"),
        ("seed", "seed"),
    ],
)
def test_limits_are_those_of_the_page(name: str, setting: str):
    known = SETTINGS[setting]
    for edge in (known.least, known.most):
        assert Finetune.model_validate({name: edge}).settings()
    with pytest.raises(ValidationError, match="less than or equal"):
        Finetune.model_validate({name: known.most + 1})


def test_a_transform_that_there_is_not_is_refused():
    with pytest.raises(ValidationError, match="`mirror` is no transform; write light or strong, or such as"):
        Finetune.model_validate({"augmentation": "mirror:0.5"})


def test_a_link_says_what_will_be_trained():
    assert recipe_in_words(Finetune.model_validate(SAID).settings()) == (
        "New shapes, 20 of each class, from scratch, augmentation flip:0.5,rotate:15, weight decay 0.5, "
        "dropout 0.25, early stopping 8"
    )
    assert recipe_in_words({"section": "compare"}) == ""


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_what_lessons_send_learners_to_is_there(path: Path):
    lesson = read_file(path, path.name).lesson
    assert lesson
    for widget in lesson.widgets:
        if widget.name == "finetune":
            assert widget.settings["data"] in DATA_SETS
            policy_from_text(widget.settings.get("policy", ""))
