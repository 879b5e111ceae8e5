"""Attribution maps in the browser: the colours, numbers, lines and files are those of the values."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.ui.axe_findings import grave_findings
from tests.ui.inspection.made_up_maps import drawn, show, told
from tests.ui.module_page import module_page, theme

SIDE = 20
RANDOM = np.random.default_rng(5)
SIGNED = RANDOM.normal(size=(SIDE, SIDE)) * 3e-4
STRONG = RANDOM.random((SIDE, SIDE)) * 50


def scale_end(values: np.ndarray) -> float:
    """Return where the scale of a map ends: where 99.5 per cent of the pixels do."""
    return float(np.sort(np.abs(values).ravel())[int(0.995 * values.size)])


def coloured(values: np.ndarray, low: float, high: float, kind: str) -> np.ndarray:
    """Colour values evenly through the theme's colours from `low` to `high`."""
    stops = [
        [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        for colour in theme()[f"chart-{kind}-colors"].split(",")
    ]
    place = np.clip((values - low) / (high - low), 0, 1) * (len(stops) - 1)
    return np.stack([np.interp(place, range(len(stops)), [stop[i] for stop in stops]) for i in range(3)], -1)


def number(text: str) -> float:
    return float(text.rpartition(": ")[2].replace("−", "-"))


def test_every_pixel_of_a_map_alone_has_the_colour_of_its_value(browser: Browser):
    with module_page(browser) as page:
        show(page, [told(SIGNED, "Signed"), told(STRONG, "Strong", signed=False)], view="alone")
        signed, strong = (drawn(page, place, (SIDE, SIDE)) for place in (0, 1))
        end = scale_end(SIGNED)
        assert np.abs(signed - coloured(SIGNED, -end, end, "diverging")).max() <= 3
        assert np.abs(strong - coloured(STRONG, 0, scale_end(STRONG), "sequential")).max() <= 3
        page.get_by_role("button", name="All on one scale").click()
        both = scale_end(STRONG)
        assert np.abs(drawn(page, 0, (SIDE, SIDE)) - coloured(SIGNED, -both, both, "diverging")).max() <= 3
        expect(page.locator(".why-told")).to_contain_text("the same colour is the same number")
        ends = page.locator(".why-ends").first.locator("span").all_inner_texts()
        assert [float(text.strip("≤≥ ").replace("−", "-")) for text in ends] == pytest.approx(
            [-both, 0, both], rel=0.05
        )


def test_over_the_picture_a_weak_map_lets_it_through_and_opacity_decides_the_rest(browser: Browser):
    values = np.zeros((SIDE, SIDE))
    values[:, SIDE // 2 :] = 1.0
    with module_page(browser) as page:
        show(page, [told(values, "Half")], view="overlay", opacity="60")
        colours = drawn(page, 0, (SIDE, SIDE))
        assert np.unique(colours[:, : SIDE // 2]).tolist() == [128]
        strongest = coloured(np.array([1.0]), -1, 1, "diverging")[0]
        assert np.abs(colours[0, -1] - (0.6 * strongest + 0.4 * 128)).max() <= 3
        page.get_by_label("Opacity of the maps, per cent").fill("0")
        assert np.unique(drawn(page, 0, (SIDE, SIDE))).tolist() == [128]


def test_one_pixel_is_chosen_in_all_maps_by_pointer_and_keys_and_its_numbers_are_told(browser: Browser):
    with module_page(browser) as page:
        show(page, [told(SIGNED, "Signed"), told(STRONG, "Strong", signed=False)], at="3.4")
        values = page.locator(".why-value")
        assert [number(text) for text in values.all_inner_texts()] == pytest.approx(
            [SIGNED[3, 4], STRONG[3, 4]], rel=2e-3
        )
        page.get_by_role("application", name="Strong").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Shift+ArrowRight")
        assert number(values.first.inner_text()) == pytest.approx(SIGNED[4, 14], rel=2e-3)
        expect(page.locator("[role=status]").nth(1)).to_contain_text("row 4, column 14")
        box = page.locator(".why-map").first.bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] * 7.5 / SIDE, box["y"] + box["height"] * 2.5 / SIDE)
        expect(values.nth(1)).to_contain_text("Under the pointer: row 2, column 7")
        assert number(values.nth(1).inner_text()) == pytest.approx(STRONG[2, 7], rel=2e-3)
        page.wait_for_function("window.sent.some((one) => one.at === '4.14')")


def test_a_map_of_nothing_says_so_and_a_light_has_words(browser: Browser):
    light = {"kind": "red", "words": "It does not add up: 30 % off."}
    with module_page(browser) as page:
        show(page, [told(np.zeros((SIDE, SIDE)), "Nothing"), told(SIGNED, "Signed", light=light)])
        expect(page.locator(".why-empty")).to_have_text("All 0.")
        expect(page.locator(".why-light.red")).to_contain_text("It does not add up: 30 % off.")
        assert grave_findings(page) == []


def test_contours_enclose_the_strongest_pixels(browser: Browser):
    y, x = np.mgrid[:SIDE, :SIDE]
    hill = np.exp(-((y - 8) ** 2 + (x - 12) ** 2) / 20)
    enclosed = """async (values) => {
      const m = await import("/why-numbers.js");
      const level = m.levelOf(Float32Array.from(values), 0.15);
      return m.contour(values, [20, 20], level);
    }"""
    with module_page(browser) as page:
        lines = np.array(page.evaluate(enclosed, hill.ravel().tolist())).reshape(-1, 2, 2)
    ends = lines.reshape(-1, 2)
    assert len(lines) > 20
    # Every end of a piece is the end of another one: the line is closed.
    _, counts = np.unique(ends.round(6), axis=0, return_counts=True)
    assert (counts % 2 == 0).all()
    radius = np.hypot(ends[:, 0] - 12.5, ends[:, 1] - 8.5)
    wanted = np.sqrt(0.15 * SIDE**2 / np.pi)  # of a circle that has 15 % of the area
    assert radius.mean() == pytest.approx(wanted, rel=0.06)
    assert np.ptp(radius) < 0.6


def test_half_precision_is_read_as_numpy_writes_it(browser: Browser):
    bits = np.arange(65536, dtype=np.uint16)
    with module_page(browser) as page:
        found = page.evaluate(
            "async (all) => all.map((await import('/why-numbers.js')).half).map(String)",
            bits.tolist(),
        )
    wanted = bits.view(np.float16).astype(float)
    assert np.array_equal(np.array(found, dtype=float), wanted, equal_nan=True)


def test_a_saved_map_is_a_picture_with_its_title_and_legend(browser: Browser):
    with module_page(browser) as page:
        show(page, [told(SIGNED, "Signed", file="signed")], view="alone")
        with page.expect_download() as download:
            page.get_by_role("button", name="Save the map Signed as PNG").click()
        assert download.value.suggested_filename == "signed.png"
        image = Image.open(io.BytesIO(Path(download.value.path()).read_bytes())).convert("RGB")
        colours = drawn(page, 0, (SIDE, SIDE))
    factor = (image.width - 32) // SIDE
    inside = np.asarray(image)[16 + 44 :, 16:-16][: factor * SIDE]
    assert np.array_equal(inside[factor // 2 :: factor, factor // 2 :: factor], colours)
