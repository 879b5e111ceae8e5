"""What axe finds on a page that keeps people out.

It knows no page; minor findings are left to people who look.
"""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
MENU = '[data-testid="stSidebarNavItems"]'  # the app makes it right as soon as it can
GRAVE = {"serious", "critical"}


def grave_findings(page: Page) -> list[str]:
    """Return the serious and critical findings of axe, a line for each place."""
    page.wait_for_function(f"!document.querySelector({MENU!r}) || document.documentElement.dataset.menu")
    found = AXE.run(page).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]
