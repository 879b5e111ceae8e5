"""Every page can be used by everybody: axe finds nothing serious, and colours are apart enough."""

import tomllib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from cnnlab.ui.pages import PAGES, page_entry
from tests.running_app import ROOT, open_page
from tests.ui.axe_findings import grave_findings

READY = ".lab[data-ready=true]"
DRAWN = f"{READY}, .js-plotly-plot .main-svg, .st-key-why-go"  # a lab, charts, or what starts them
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
TEXT, LARGE_OR_GRAPHICAL = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11


# Colours depend on the theme and places on the width, so each theme and each width is looked at once.
@pytest.fixture(params=[("light", 1280), ("dark", 390)], ids=lambda value: f"{value[0]}-{value[1]}")
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page in one of the two themes, on a desk or on a telephone; nothing is in motion while axe looks."""
    scheme, width = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    "address", [entry.url_path for entry in PAGES], ids=lambda address: address or "home"
)
def test_axe_finds_nothing_serious_on_a_page(app_server: str, visitor: Page, address: str):
    open_page(visitor, f"{app_server}/{address}")
    if page_entry(address).group != "Class":  # those pages have no lab
        visitor.locator(DRAWN).first.wait_for(timeout=20_000)
    assert grave_findings(visitor) == []
    for tab in visitor.get_by_role("tab").all()[1:]:
        tab.click()
        visitor.wait_for_timeout(300)
        assert grave_findings(visitor) == [], tab.inner_text()


def test_axe_finds_nothing_serious_where_a_setting_is_impossible(app_server: str, visitor: Page):
    open_page(visitor, f"{app_server}/convolution?in=5&k=7")
    visitor.locator(".results .problem").wait_for(timeout=20_000)
    assert grave_findings(visitor) == []


def test_axe_would_notice(page: Page):
    page.set_content("<html><body><img src='x'><button></button></body></html>")
    assert {finding.partition(":")[0] for finding in grave_findings(page)} >= {"image-alt", "button-name"}


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb": WCAG 2.2, definition of that name."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#0000ff", "#ffffff", 8.59)],
)
def test_contrast_is_computed_as_known_tools_do(one: str, other: str, expected: float):
    assert contrast(one, other) == pytest.approx(expected, abs=0.005)


PAIRS = [
    ("textColor", "backgroundColor", TEXT),
    ("textColor", "secondaryBackgroundColor", TEXT),
    ("linkColor", "backgroundColor", TEXT),
    ("linkColor", "secondaryBackgroundColor", TEXT),
    ("primaryColor", "backgroundColor", TEXT),  # the writing on a button of the main colour
    ("primaryColor", "secondaryBackgroundColor", LARGE_OR_GRAPHICAL),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("one", "other", "least"), PAIRS)
def test_the_colours_of_the_theme_are_apart_enough(theme: str, one: str, other: str, least: float):
    colours = CONFIG["theme"][theme]
    assert contrast(colours[one], colours[other]) >= least


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_line_of_a_chart_stands_out_from_the_page(theme: str):
    colours = CONFIG["theme"][theme]
    paper = colours["backgroundColor"]
    assert {c: contrast(c, paper) for c in colours["chartCategoricalColors"] if contrast(c, paper) < 3} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_signed_scale_grows_away_from_the_page_on_both_sides_of_zero(theme: str):
    colours = CONFIG["theme"][theme]
    steps = [contrast(colour, colours["backgroundColor"]) for colour in colours["chartDivergingColors"]]
    assert steps[:5] == sorted(steps[:5], reverse=True)
    assert steps[5:] == sorted(steps[5:])
    assert max(steps[4], steps[5]) < 1.7


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_scale_of_activations_only_grows_lighter(theme: str):
    steps = [luminance(colour) for colour in CONFIG["theme"][theme]["chartSequentialColors"]]
    assert steps == sorted(set(steps))
