"""What the benchmarks do in a browser: probes, steps of the mouse, and which samples count. No timings."""

from itertools import pairwise

import pytest

from benchmarks.drag import check
from benchmarks.pages import PROBES, box_of, chromium, enough, there_and_back
from benchmarks.round_trip import lab_move, slider_move
from benchmarks.traffic import Traffic
from tests.running_app import ROOT


def sample(kernel: int, output: str, parameters: str, picture: bool = True) -> dict:
    """Return what the probe of a drag finds."""
    return {"shown": kernel, "metrics": {"output": output, "parameters": parameters}, "picture": picture}


@pytest.mark.parametrize("name", ["sampling", "drag", "hover", "appearing", "address", "usable"])
def test_the_probes_that_pages_ask_for_exist(name):
    assert (PROBES / f"{name}.js").is_file()


def test_the_wait_that_is_taken_off_is_the_one_in_the_lab():
    from benchmarks.address import SETTLED_MS

    source = (ROOT / "cnnlab" / "ui" / "browser" / "settling.js").read_text(encoding="utf-8")
    assert f"const SETTLED_MS = {SETTLED_MS};" in source


def test_a_drag_counts_only_where_the_right_numbers_and_a_new_picture_were_shown():
    check(sample(5, "64 × 28 × 28", "4,864"))
    check(sample(1, "64 × 32 × 32", "256"))
    with pytest.raises(RuntimeError, match=r"kernel 5: shown .*27.*the output map changed"):
        check(sample(5, "64 × 27 × 27", "4,864"))
    with pytest.raises(RuntimeError, match="the output map did not change"):
        check(sample(5, "64 × 28 × 28", "4,864", picture=False))


def test_a_tenth_of_the_steps_may_bring_nothing_but_no_more():
    assert len(enough([{}] * 19, 20, "cells")) == 19
    with pytest.raises(RuntimeError, match="20 steps brought only 18 cells"):
        enough([{}] * 18, 20, "cells")


def test_an_element_that_is_not_shown_is_named():
    class Hidden:
        def scroll_into_view_if_needed(self) -> None: ...

        def bounding_box(self) -> None:
            return None

    with pytest.raises(RuntimeError, match="the slider is not on the page"):
        box_of(Hidden(), "slider")  # type: ignore[arg-type]


def test_a_missing_browser_is_said_with_what_to_do(monkeypatch):
    monkeypatch.setattr("benchmarks.pages.browser_path", lambda _: None)
    with pytest.raises(RuntimeError, match="install it, or name it in CNNLAB_CHROMIUM"), chromium():
        pass


def test_a_drag_goes_to_neighbours_only_and_stays_on_the_slider():
    places = [5, *there_and_back(5, 1, 11, 60)]
    assert {abs(a - b) for a, b in pairwise(places)} == {1}
    assert (min(places), max(places)) == (1, 11)


def test_moves_of_the_clients_differ_from_turn_to_turn():
    assert all(lab_move(turn) != lab_move(turn + 1) for turn in range(100))
    assert all(slider_move(turn) != slider_move(turn + 1) for turn in range(100))
    assert all(0 <= slider_move(turn) <= 100 for turn in range(100))


def test_traffic_is_counted_from_one_look_to_the_next():
    traffic = Traffic()
    traffic.add(10, 0)
    traffic.add(0, 32)
    assert traffic.clear() == (10, 32, 2)
    assert traffic.clear() == (0, 0, 0)
