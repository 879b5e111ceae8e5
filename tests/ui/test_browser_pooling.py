"""Are the pooling tab's maps PyTorch's, for an input that PyTorch shifted, and can everybody move it?

What stays the same is counted again from torch's own maps.
"""

import math
import random
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page, expect
from torch.nn import functional

from tests.ui.layers_page import call, run_code, setting, show
from tests.ui.values_page import values_page

SHIFTS = """async (cases) => {
  const { fieldOf, shiftReport } = await import("/pooling-shift.js");
  const { loadPicture } = await import("/sources.js");
  const reports = [];
  for (const { source, shift, kernel, stride } of cases) {
    const shelf = { settings: { source }, picture: null, notify() {} };
    await loadPicture(shelf);
    const field = fieldOf(source, shelf.picture);
    const { input, max, avg, ...rest } = shiftReport(field, shift, { kernel, stride });
    const lists = (map) => ({ ...map, before: [...map.before], after: [...map.after] });
    reports.push({ ...rest, input: lists(input), max: lists(max), avg: lists(avg) });
  }
  return reports;
}"""
SOURCES = ["bar", "dot", "cross", "blob", "digit-3", "digit-8", "camera", "cat"]


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    with values_page(browser) as page:
        yield page


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with values_page(browser) as page:
        yield page


def shift_cases() -> list[dict[str, Any]]:
    random_ = random.Random(5)
    cases = []
    for number in range(60):
        kernel, stride = random_.randint(1, 8), random_.randint(1, 8)
        shift = [random_.randint(-7, 7), random_.randint(-7, 7)]
        if number % 3 == 0:
            shift = [stride * random_.randint(-2, 2), stride * random_.randint(-2, 2)]
        cases.append(
            {"source": SOURCES[number % len(SOURCES)], "shift": shift, "kernel": kernel, "stride": stride}
        )
    return cases


def test_the_shifted_field_and_its_pools_are_torchs(modules: Page) -> None:
    cases = shift_cases()
    for case, report in zip(cases, modules.evaluate(SHIFTS, cases), strict=True):
        (down, right), pool = case["shift"], (case["kernel"], case["stride"])
        x = torch.tensor(report["input"]["before"], dtype=torch.float64).reshape(1, 1, 16, 16)
        shifted = functional.pad(x, (right, -right, down, -down))
        assert x.count_nonzero() > 0
        assert report["lost"] == int(x.count_nonzero() - shifted.count_nonzero())
        expected = {
            "input": (x, shifted),
            "max": (functional.max_pool2d(x, *pool), functional.max_pool2d(shifted, *pool)),
            "avg": (functional.avg_pool2d(x, *pool), functional.avg_pool2d(shifted, *pool)),
        }
        for name, (before, after) in expected.items():
            shown = report[name]
            for time, tensor in (("before", before), ("after", after)):
                found = torch.tensor(shown[time], dtype=torch.float64).reshape(tensor.shape)
                torch.testing.assert_close(found, tensor, rtol=1e-15, atol=0)
            same, busy = before == after, (before != 0) | (after != 0)
            assert shown["same"] == same.flatten().tolist(), case
            counts = [shown[key] for key in ("equal", "total", "busy", "busyEqual")]
            assert counts == [int(same.sum()), same.numel(), int(busy.sum()), int((same & busy).sum())], case
        for when, tensor in (("before", x), ("after", shifted)):
            assert report["global"][when]["max"] == tensor.amax().item()
            assert report["global"][when]["mean"] == pytest.approx(tensor.mean().item(), rel=1e-15)


def test_a_shift_by_the_stride_moves_a_pooled_map_by_one_and_changes_no_number(modules: Page) -> None:
    cases = shift_cases()
    compared = 0
    for case, report in zip(cases, modules.evaluate(SHIFTS, cases), strict=True):
        steps = [cells / case["stride"] for cells in case["shift"]]
        if not all(step.is_integer() for step in steps) or steps == [0, 0]:
            assert report["steps"] is None
            assert report["max"]["moved"] is None
            continue
        assert report["steps"] == steps
        for name in ("max", "avg"):
            size = report["size"]
            reach = [max(0, size - abs(int(step))) for step in steps]
            assert report[name]["moved"] == {"compared": math.prod(reach), "equal": math.prod(reach)}, case
            compared += math.prod(reach)
    assert compared > 500


def test_a_map_that_is_not_just_moved_is_found_out(modules: Page) -> None:
    moved = call(
        modules, "pooling-shift.js", "m.movedAlong(a[0], a[1], a[2])", [1, 2, 3, 4], [9, 1, 9, 5], [0, 1]
    )
    assert moved == {"compared": 2, "equal": 1}


def test_global_pools_forget_the_place_as_long_as_nothing_leaves(modules: Page) -> None:
    cases = [
        {"source": source, "shift": [down, right], "kernel": 2, "stride": 2}
        for source in SOURCES[:6]
        for down, right in ((1, 0), (-3, 2), (4, 4), (-4, -4))
    ]
    for case, report in zip(cases, modules.evaluate(SHIFTS, cases), strict=True):
        assert report["lost"] == 0, case
        assert report["global"]["before"] == report["global"]["after"], case
    (gone,) = modules.evaluate(SHIFTS, [{"source": "cat", "shift": [0, 3], "kernel": 2, "stride": 2}])
    assert gone["lost"] > 40
    assert gone["global"]["after"]["mean"] < gone["global"]["before"]["mean"]


def test_one_cell_inside_a_window_keeps_all_and_across_its_border_none(modules: Page) -> None:
    # The bar of 6 × 1 cells stands in column 8, where a 2 × 2 window begins: column 9 is in it too, 7 is not.
    cases = [{"source": "bar", "shift": [0, right], "kernel": 2, "stride": 2} for right in (1, -1, 2)]
    inside, across, beyond = modules.evaluate(SHIFTS, cases)
    assert (inside["input"]["busyEqual"], inside["input"]["busy"]) == (0, 12)
    assert (inside["max"]["busyEqual"], inside["max"]["busy"]) == (3, 3)
    assert (inside["avg"]["busyEqual"], inside["avg"]["busy"]) == (3, 3)
    assert (across["max"]["busyEqual"], across["max"]["busy"]) == (0, 6)
    assert beyond["steps"] == [0, 1]


@pytest.mark.parametrize("shift", [(0, 1), (-2, 3), (0, 0)])
def test_the_pooling_code_runs_and_shifts_as_the_tab_does(modules: Page, shift: tuple[int, int]) -> None:
    settings = {"poolKernel": 3, "poolStride": 2, "poolDown": shift[0], "poolRight": shift[1]}
    variables, printed = run_code(modules, "pooling", settings)
    assert variables["max_pool"].kernel_size == 3
    assert variables["avg_pool"].stride == 2
    rolled = torch.roll(variables["x"], shift, (2, 3))  # nothing leaves, so rolling is shifting
    assert torch.equal(variables["shifted"], rolled)
    assert printed.count("1 of 1 numbers are the same") == 2


def test_arrow_keys_shift_what_is_on_the_field_and_a_sentence_says_what_stays(page: Page) -> None:
    show(page, "pooling")
    story = page.locator(".shift-story")
    expect(story).to_contain_text(
        "the input keeps 0 of 12 (0\u00a0%) of its numbers, max pooling 3 of 3 (100\u00a0%)"
    )
    expect(story).to_contain_text("stays inside its pooling windows: both pooled maps are exactly as before")
    page.get_by_role("group", name="The shifted input").focus()
    page.keyboard.press("ArrowRight")
    assert setting(page, "poolDown", "poolRight") == [0, 2]
    expect(story).to_contain_text(
        "both pooled maps move by 1 place to the right and are otherwise the same (56 of 56"
    )
    for key in ("ArrowDown", "ArrowLeft", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    assert setting(page, "poolDown", "poolRight") == [1, -1]
    expect(story).to_contain_text("Shifted by 1 cell down and 1 cell to the left")
    expect(story).to_contain_text("not a multiple of the stride 2")
    expect(story).to_contain_text("global pooling does not change at all: largest value 9")
    page.get_by_role("button", name="Back to the start").press("Enter")
    expect(story).to_contain_text("Nothing is shifted yet")


def test_the_field_is_dragged_by_whole_cells(page: Page) -> None:
    show(page, "pooling", {"poolRight": 0})
    canvas = page.locator("[data-map=input-after]")
    box = canvas.bounding_box()
    assert box is not None
    cell = box["width"] / 16
    x, y = box["x"] + 8.5 * cell, box["y"] + 8.5 * cell
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 2.4 * cell, y + 3.2 * cell, steps=7)
    page.mouse.up()
    page.mouse.move(x, y)
    assert setting(page, "poolDown", "poolRight") == [3, -2]


def test_a_pooled_number_can_be_walked_to_and_says_its_window(page: Page) -> None:
    show(page, "pooling")
    page.get_by_role("group", name="Max pooling, shifted").focus()
    for key in ["ArrowDown"] * 4 + ["ArrowRight"] * 4:
        page.keyboard.press(key)
    said = "row 3, column 4: 9 at the start, 9 shifted: the same. It reads rows 6 to 7 and columns 8 to 9"
    expect(page.locator(".shift-readout")).to_contain_text(said)


def test_a_digit_arrives_and_a_photograph_loses_what_leaves_the_field(page: Page) -> None:
    show(page, "pooling", {"poolSource": "digit-3"})
    expect(page.locator(".shift-globals").first).to_contain_text("255")
    page.get_by_label("What is on the field").select_option("cat")
    expect(page.locator(".shift-story")).to_contain_text("16 cells that are not 0 left the field")


def test_a_picture_that_cannot_be_loaded_is_said(page: Page) -> None:
    page.route("**/pictures/*.png", lambda route: route.fulfill(status=404))
    show(page, "pooling", {"poolSource": "digit-3"})
    expect(page.get_by_text("This picture could not be loaded.")).to_be_visible()
