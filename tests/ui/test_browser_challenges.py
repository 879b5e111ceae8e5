"""Are the lab's challenges fair: does every solution pass, every start fail, every named alternative work?

Shapes and parameters of solutions are checked again with PyTorch's own modules.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page
from torch import nn

from tests.ui.module_page import module_page, mount

JUDGE = """async ([id, changes]) => {
  const { challengeNamed, judge } = await import("/challenges.js");
  const { createStore } = await import("/store.js");
  const { DEFAULTS } = await import("/settings.js");
  const challenge = challengeNamed(id);
  const chosen = changes ?? challenge.solution;
  const { settings, derived } = createStore({ ...DEFAULTS, ...challenge.start, ...chosen });
  return judge(challenge, settings, derived);
}"""
PANEL = ("challenge-panel.js", "createChallengePanel")
BANNER = ("challenge-panel.js", "createChallengeBanner")
GOALS = (
    "reach-14",
    "keep-kernel-5",
    "keep-dilation-2",
    "keep-kernel-4",
    "field-31",
    "halve-without-convolution",
    "double-transposed",
    "thousand-parameters",
    "sixth-of-the-work",
    "one-value",
    "depthwise-16",
    "samples-25",
    "height-only",
)


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    with module_page(browser) as page:
        yield page


def judged(page: Page, goal: str, changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """Judge a goal at its start with some changes; with None, at its own solution."""
    return page.evaluate(JUDGE, [goal, changes])


def test_the_goals_of_the_list_are_those_tested_here(modules: Page) -> None:
    script = "async () => (await import('/challenges.js')).CHALLENGES.map((challenge) => challenge.id)"
    assert modules.evaluate(script) == list(GOALS)


@pytest.mark.parametrize("goal", GOALS)
def test_the_solution_of_a_challenge_passes_and_its_start_does_not(modules: Page, goal: str) -> None:
    assert judged(modules, goal)["done"]
    start = judged(modules, goal, {})
    assert not start["done"]
    assert "undefined" not in start["sentence"]
    assert "NaN" not in start["sentence"]


@pytest.mark.parametrize(
    ("goal", "changes"),
    [
        ("reach-14", {"op": "maxpool", "kernel": [2, 2], "stride": [2, 2]}),
        ("reach-14", {"kernel": [15, 15]}),
        ("keep-kernel-5", {"padding": "same"}),
        ("keep-kernel-5", {"dilation": [2, 2], "padding": [4, 4]}),
        ("keep-dilation-2", {"padding": "same"}),
        ("keep-kernel-4", {"dilation": [2, 2], "padding": [3, 3]}),
        ("field-31", {"stack": ";".join(["c.3.2.1.1.8.1"] * 4)}),
        ("halve-without-convolution", {"op": "avgpool", "kernel": [2, 2], "stride": [2, 2]}),
        ("double-transposed", {"kernel": [4, 4], "stride": [2, 2], "padding": [1, 1]}),
        ("double-transposed", {"stride": [2, 2], "padding": [1, 1], "outputPadding": [1, 1]}),
        ("one-value", {"op": "avgpool", "kernel": [7, 7]}),
        ("samples-25", {"kernel": [5, 5], "stride": [4, 4], "padding": [2, 2]}),
        ("samples-25", {"op": "maxpool", "kernel": [4, 4], "stride": [4, 4]}),
        ("height-only", {"kernel": [3, 5], "padding": [1, 1]}),
    ],
)
def test_every_alternative_that_an_explanation_names_passes_too(
    modules: Page, goal: str, changes: dict[str, Any]
) -> None:
    assert judged(modules, goal, changes)["done"]


@pytest.mark.parametrize(
    ("goal", "changes", "sentence"),
    [
        ("reach-14", {"kernel": [2, 2]}, "28 × 28 becomes 27 × 27: 13 rows and 13 columns too many."),
        ("reach-14", {"input": [16, 16]}, "The goal starts from 28 × 28; the input is 16 × 16 now."),
        ("reach-14", {"kernel": [30, 30]}, "The setting is impossible: A window of 30 rows does not fit"),
        ("samples-25", {"dims": 2}, "The goal starts from a sequence of 100; the input is 100 × 100 now."),
        ("keep-kernel-5", {"kernel": [3, 5]}, "The goal asks for kernel 5; it is 3 × 5 now."),
        ("keep-kernel-5", {"op": "maxpool"}, "The goal is a convolution."),
        ("keep-dilation-2", {"kernel": [1, 1]}, "A kernel of 1 has no gaps to widen"),
        ("field-31", {"stack": ";".join(["c.3.1.1.1.8.1"] * 5)}, "The stack has 5 layers"),
        ("field-31", {"stack": "c.3.2.1.1.8.1;c.3.2.1.1.8.1"}, "sees 7 × 7; 24 more are needed"),
        ("field-31", {"stack": "c.3.1.1.1.8.3"}, "Layer 1 of the stack is impossible"),
        ("thousand-parameters", {"groups": 16}, "1,216 parameters: 216 too many."),
        ("thousand-parameters", {"pair": "depthwise"}, "2,432 parameters: 1,432 too many."),
        ("thousand-parameters", {"cin": 16}, "The goal is 32 → 64 channels; there are 16 → 64 now."),
        ("thousand-parameters", {"kernel": [1, 1]}, "An output sees only 1 × 1 of the input"),
        ("sixth-of-the-work", {"groups": 64}, "with 64 groups it sees 1 of 64"),
        ("sixth-of-the-work", {"pair": "spatial"}, "25,165,824 MACs: 18,865,824 too many."),
        ("one-value", {"kernel": [5, 5], "stride": [3, 3]}, "it reads only 25 of the 49 inputs"),
        ("one-value", {"kernel": [7, 7], "cout": 2}, "2 channels come out; one value is the goal."),
        ("one-value", {"op": "transposed", "kernel": [1, 1], "padding": [3, 3]}, "spreads values"),
        ("depthwise-16", {"groups": 4}, "With 4 groups an output channel reads 4 of the 16"),
        ("depthwise-16", {"pair": "depthwise"}, "one depthwise layer, not a pair"),
        ("double-transposed", {"op": "conv"}, "The goal is a transposed convolution."),
        ("height-only", {"kernel": [3, 1]}, "The height goes from 28 to 26; it should stay."),
        ("height-only", {"kernel": [1, 3], "padding": [0, 1]}, "The width stays 28 too"),
        ("height-only", {"unlinked": []}, "Press “height = width” beside Kernel"),
    ],
)
def test_what_is_missing_is_said_with_its_numbers(
    modules: Page, goal: str, changes: dict[str, Any], sentence: str
) -> None:
    verdict = judged(modules, goal, changes)
    assert not verdict["done"]
    assert sentence in verdict["sentence"]


def count(*modules: nn.Module) -> int:
    return sum(parameter.numel() for module in modules for parameter in module.parameters())


def test_the_numbers_that_explanations_quote_are_those_of_pytorch(modules: Page) -> None:
    thousand = judged(modules, "thousand-parameters")["sentence"]
    assert f"{count(nn.Conv2d(32, 64, 3, groups=32)):,} parameters" in thousand
    pair = count(nn.Conv2d(32, 32, 3, groups=32), nn.Conv2d(32, 64, 1))
    assert f"for {pair:,}; the standard layer takes {count(nn.Conv2d(32, 64, 3)):,}." in thousand
    assert (
        f"{count(nn.Conv2d(16, 16, 3, groups=16))} parameters" in judged(modules, "depthwise-16")["sentence"]
    )
    sixth = judged(modules, "sixth-of-the-work")["sentence"]
    assert f"{32 * 32 * 64 * 9 + 32 * 32 * 64 * 64:,} MACs instead of {32 * 32 * 64 * 64 * 9:,}" in sixth
    assert nn.Conv2d(1, 1, 3, 2, 1)(torch.zeros(1, 1, 28, 28)).shape[2:] == (14, 14)
    assert "⌊(28 + 2 − 1·(3 − 1) − 1) / 2⌋ + 1 = 14" in judged(modules, "reach-14")["sentence"]


def test_a_goal_is_judged_while_the_learner_works_and_remembered_as_solved(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, PANEL, {"tab": "challenge"})
        page.get_by_role("button", name="Reach 14 × 14").click()
        assert page.evaluate("store.settings.challenge") == "reach-14"
        page.get_by_role("button", name="Start").click()
        assert "Not yet. 28 × 28 becomes 26 × 26" in page.locator("#goal-reach-14").inner_text()
        page.evaluate("store.set({ stride: [2, 2], padding: [1, 1] })")
        assert "Reached. ⌊(28" in page.locator("#goal-reach-14").inner_text()
        page.evaluate("store.set({ stride: [1, 1] })")
        assert "Not yet." in page.locator("#goal-reach-14").inner_text()
        assert page.locator("[data-goal=reach-14] .challenge-state").inner_text() == "solved"
        assert "Solved this visit: 1 of 13." in page.locator(".challenge-panel").inner_text()


def test_a_shown_solution_does_not_count_as_solved_until_a_new_start(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, PANEL, {"challenge": "samples-25"})
        state = page.locator("[data-goal=samples-25] .challenge-state")
        assert page.get_by_text("Hint: A quarter").is_hidden()
        page.get_by_role("button", name="Hint").click()
        assert page.get_by_text("Hint: A quarter").is_visible()
        page.get_by_role("button", name="Show a solution").click()
        assert "Reached." in page.locator("#goal-samples-25").inner_text()
        assert state.inner_text() == "solution shown"
        page.get_by_role("button", name="Start").click()
        assert state.inner_text() == "open"
        page.evaluate("store.set({ kernel: [4, 4], stride: [4, 4] })")
        assert state.inner_text() == "solved"


def test_the_banner_keeps_the_chosen_goal_in_sight_and_can_be_stopped(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, BANNER, {"input": [28, 28]})
        banner = page.locator(".challenge-banner")
        assert banner.is_hidden()
        page.evaluate("store.set({ challenge: 'reach-14' })")
        assert "Reach 14 × 14. Turn 28 × 28 into 14 × 14." in banner.inner_text()
        assert "12 rows and 12 columns too many" in banner.inner_text()
        page.get_by_role("button", name="All challenges").click()
        assert page.evaluate("store.settings.tab") == "challenge"
        assert banner.is_hidden()
        page.evaluate("store.set({ tab: 'costs' })")
        page.get_by_role("button", name="Stop").click()
        assert banner.is_hidden()
        assert page.evaluate("store.settings.challenge") == ""


def test_an_unknown_goal_in_the_address_shows_no_banner(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, BANNER, {"challenge": "no-such-goal"})
        assert page.locator(".challenge-banner").is_hidden()
