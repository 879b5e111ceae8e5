"""The pure parts of the browser's view of a run: new lines, smoothed losses, axes, large tables."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.ui.module_page import module_page


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    with module_page(browser) as page:
        yield page


def called(page: Page, module: str, function: str, *given: Any) -> Any:
    return page.evaluate(
        "async ([module, name, given]) => (await import(`/${module}`))[name](...given)",
        [module, function, list(given)],
    )


def test_a_run_that_goes_on_from_a_checkpoint_tells_some_epochs_again(modules: Page):
    merged = """async ([before, added]) => {
      const { merged } = await import("/finetune-run.js");
      return merged(before, added, (one) => one.epoch);
    }"""
    before = [{"epoch": 1, "loss": 3}, {"epoch": 2, "loss": 2}, {"epoch": 3, "loss": 1}]
    added = [{"epoch": 2, "loss": 2.5}, {"epoch": 3, "loss": 1.5}]
    assert modules.evaluate(merged, [before, added]) == [before[0], *added]
    assert modules.evaluate(merged, [before, []]) == before


def test_losses_are_smoothed_as_the_search_for_a_rate_smooths_them(modules: Page):
    from cnnlab.training.finder import smoothed

    losses = [3.0, 2.0, 4.0, 1.0, 0.5]
    steps = [[number, loss, 0.1] for number, loss in enumerate(losses, 1)]
    steps.insert(2, [9, None, 0.1])  # no number: left out
    found = called(modules, "finetune-curves.js", "smoothed", steps)
    assert [loss for _, loss in found] == pytest.approx(smoothed(losses))


@pytest.mark.parametrize(("value", "end"), [(1.0, 1.0), (1.01, 1.2), (2.5, 3.2), (0.0011, 0.0012), (85, 100)])
def test_an_axis_ends_at_a_number_with_short_quarters(modules: Page, value: float, end: float):
    assert called(modules, "finetune-curves.js", "niceAbove", value) == pytest.approx(end)


def test_epochs_are_marked_along_the_whole_run_however_far_it_came(modules: Page):
    told = [{"epoch": 1, "step": 7}, {"epoch": 2, "step": 14}]
    marks = called(modules, "finetune-curves.js", "marks", told, {"epochs": 100, "steps": 700})
    assert marks == [{"epoch": epoch, "step": 7 * epoch} for epoch in (20, 40, 60, 80, 100)]
    assert called(modules, "finetune-curves.js", "marks", told, {}) == told
    few = called(modules, "finetune-curves.js", "marks", told, {"epochs": 3, "steps": 21})
    assert [one["epoch"] for one in few] == [1, 2, 3]


def test_the_line_of_a_run_tells_the_epoch_whose_weights_it_has(modules: Page):
    epochs = [{"epoch": 1, "accuracy": 0.9}, {"epoch": 2, "accuracy": 0.8}]
    told = {"state": {"state": "done", "epochs": 5}, "epochs": epochs, "kept": 1}
    early = called(modules, "finetune-facts.js", "heardOf", told)
    assert early.startswith("The weights are those of epoch 1: 90.0")
    last = called(modules, "finetune-facts.js", "heardOf", {**told, "kept": 2})
    assert last.startswith("Epoch 2 of 5: 80.0")


@pytest.mark.parametrize(("wanted", "shown"), [(5, 4), (4, 4), (0.5, 1), (99, 8)])
def test_the_epoch_that_is_looked_at_is_the_last_kept_one_before(modules: Page, wanted: float, shown: int):
    assert called(modules, "finetune-views.js", "nearest", [1, 2, 4, 8], wanted) == shown


def test_of_very_many_classes_those_with_most_mistakes_are_shown(modules: Page):
    cells = [[10 * (i == j) for j in range(30)] for i in range(30)]
    cells[3][27] = cells[27][3] = 5
    shown = called(modules, "finetune-mistakes.js", "shownClasses", {"cells": cells})
    assert len(shown) == 16
    assert shown == sorted(shown)
    assert {3, 27} <= set(shown)
    few = [row[:4] for row in cells[:4]]
    assert called(modules, "finetune-mistakes.js", "shownClasses", {"cells": few}) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("value", "said"), [(3.14, "3.1 s"), (59.6, "60 s"), (89.9, "90 s"), (119.7, "2 min 0 s"), (0, "0.0 s")]
)
def test_times_are_told_in_words(modules: Page, value: float, said: str):
    assert called(modules, "finetune-facts.js", "seconds", value) == said


STAGES = [
    {"part": "head", "first": 1, "last": 60, "end": 90},
    {"part": "all", "first": 91, "last": 92, "end": 92},
]


@pytest.mark.parametrize(
    ("number", "by", "other"), [(1, -1, 0), (1, 1, 2), (60, 1, 91), (91, -1, 60), (92, 1, 0)]
)
def test_the_step_after_the_last_one_of_a_stage_is_the_first_of_the_next(
    modules: Page, number: int, by: int, other: int
):
    assert called(modules, "finetune-step.js", "neighbour", STAGES, number, by) == other


def test_it_is_said_which_steps_can_be_looked_at(modules: Page):
    def said(stages: list[dict[str, Any]]) -> str:
        return called(modules, "finetune-step.js", "canBeLookedAt", stages)

    assert said(STAGES) == (
        "The run has two stages. Up to 60 steps of each can be looked at: steps 1 to 60, in which the head "
        "learns, and steps 91 to 92, in which everything learns."
    )
    assert said(STAGES[:1]) == "Its first 60 steps of 90 can be looked at."
    assert said([{"part": "all", "first": 1, "last": 9, "end": 9}]) == "All its steps can be looked at: 9."
