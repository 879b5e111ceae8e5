"""A learner without a mouse: everything on a lesson's page is reached by Tab and done by keys.

It knows fields and buttons, and no lesson.
"""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

FURTHEST = 200
HAS_FOCUS = "element => element.getRootNode().activeElement === element"
ONE_HAS_FOCUS = f"elements => elements.some({HAS_FOCUS})"
HOLDS_FOCUS = "element => element.contains(document.activeElement)"
IS_AHEAD = """element => {
    const [root, here] = [element.getRootNode().host ?? element, document.activeElement];
    return here === document.body || here.contains(root)
        || Boolean(root.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_PRECEDING);
}"""


@dataclass(frozen=True, slots=True)
class Keyboard:
    """The keys of one page."""

    page: Page

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def go_to(self, *targets: Locator) -> None:
        """Press Tab, or Shift and Tab, until one of the targets has the focus; one has to be reached."""
        key = "Tab" if targets[0].evaluate(IS_AHEAD) else "Shift+Tab"
        elements = [target.element_handle() for target in targets]
        for _ in range(FURTHEST):
            if self.page.evaluate(ONE_HAS_FOCUS, elements):
                return
            self.press(key)
        raise AssertionError(f"{key} does not reach {targets[0]}")

    def activate(self, button: Locator) -> None:
        """Go to a button and press Enter."""
        self.go_to(button)
        self.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        """Go to a field and write something in place of what it holds."""
        self.go_to(field)
        self.press("Control+a", "Delete")
        self.page.keyboard.insert_text(text)

    def choose(self, group: Locator, label: str) -> None:
        """Choose one of a group of radio buttons with the arrow keys."""
        radios = group.get_by_role("radio").all()
        wanted = group.get_by_role("radio", name=label, exact=True)
        self.go_to(*radios)
        for _ in radios:
            if wanted.evaluate(HAS_FOCUS):
                break
            self.press("ArrowDown")
        self.press("Space")
        expect(wanted).to_be_checked()

    def pick(self, box: Locator, text: str) -> None:
        """Pick an entry of a list by typing it."""
        self.go_to(box)
        if box.input_value() == text:
            return
        self.press("Control+a")
        self.page.keyboard.type(text)
        expect(self.page.get_by_role("option")).to_have_count(1)
        self.press("Enter")
        expect(box).to_have_value(text)
