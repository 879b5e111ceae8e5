"""A link in a lesson opens the page that looks into networks, where the author wants, in a tab of its own."""

from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Page, expect

from tests.running_app import open_page

SLOW = 60_000


def test_a_lesson_opens_the_filters_of_a_layer_beside_itself(app_server: str, page: Page):
    open_page(page, f"{app_server}/lesson-look-inside")
    link = page.get_by_role(
        "link", name="Open Look inside: Filters, Shapes, plain, layer conv1, picture “Star”"
    )
    link.focus()
    with page.context.expect_page() as opened:
        link.press("Enter")
    other = opened.value
    expect(other.get_by_role("heading", name="Look inside", exact=True)).to_be_visible(timeout=SLOW)
    other.locator(".inside-filters").wait_for(timeout=SLOW)
    address = urlparse(other.url)
    said = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert address.path == "/look-inside"
    assert said == {"lens": "filters", "model": "shapes_plain", "layer": "conv1", "pic": "shape-star"}
    assert page.url == f"{app_server}/lesson-look-inside"
    expect(link).to_be_visible()
