"""Driving the convolution lab in a browser as a person does: sliders, fields, maps, keys.

It knows the lab's labels and marks, not what the right answers are.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from tests.running_app import open_page

LAB_MS = 15_000


@dataclass(frozen=True, slots=True)
class Lab:
    """The lab on an open page."""

    page: Page

    def slider(self, field: str, row: int = 0) -> Locator:
        """Return the slider of a setting; `row` 1 is the width of one whose axes are apart."""
        return self.page.locator(f'.control[data-field="{field}"] input[type=range]').nth(row)

    def number(self, field: str, row: int = 0) -> Locator:
        """Return the number field of a setting."""
        return self.page.locator(f'.control[data-field="{field}"] input[type=number]').nth(row)

    def metric(self, name: str) -> str:
        """Return a number of the results as it stands there."""
        return self.page.locator(f'[data-metric="{name}"]').inner_text()

    def expect_metric(self, name: str, text: str) -> None:
        """Wait until a number of the results reads as given."""
        expect(self.page.locator(f'[data-metric="{name}"]')).to_have_text(text)

    def map(self, name: str) -> Locator:
        """Return the canvas that hears the pointer on a map: input, kernel or output."""
        return self.page.locator(f'canvas.marks[data-map="{name}"]')

    def point(self, name: str, share_x: float, share_y: float) -> None:
        """Move the pointer to a place of a map, in shares of its width and height."""
        place = self.map(name)
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + share_x * box["width"], box["y"] + share_y * box["height"])

    @property
    def focus(self) -> str:
        """Return which cell the maps explain, such as `output:1,2`."""
        return self.page.locator(".grid-panel").get_attribute("data-focus") or ""

    @property
    def linked(self) -> list[int]:
        """Return how many cells are marked on input, kernel and output."""
        return [
            int(n) for n in (self.page.locator(".grid-panel").get_attribute("data-linked") or "").split(",")
        ]


def open_lab(page: Page, server: str, **parameters: object) -> Lab:
    """Open the lab with settings in its address and wait until it can be used."""
    open_page(page, f"{server}/convolution?{urlencode(parameters)}")
    page.locator(".lab[data-ready=true]").wait_for(timeout=LAB_MS)
    return Lab(page)
