"""The browser's modules on an empty page, without the app: for tests of pure modules and of single panels.

A made-up address is answered from the folder of modules, so no server runs. It knows no module's purpose.
"""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, Route

from tests.running_app import ROOT

FOLDER = ROOT / "cnnlab" / "ui" / "browser"
ADDRESS = "http://127.0.0.1:9"
TYPES = {".js": "text/javascript", ".css": "text/css"}
MOUNT = """async ([module, create, settings, css]) => {
  const { createStore } = await import("/store.js");
  const { DEFAULTS } = await import("/settings.js");
  const root = document.querySelector("#host").attachShadow({ mode: "open" });
  root.innerHTML = "<style></style><div class='lab'><div></div></div>";
  root.querySelector("style").textContent = css;
  window.store = createStore({ ...DEFAULTS, ...settings });
  window.panel = (await import(module))[create](root.querySelector(".lab > div"), window.store);
  window.store.subscribe((changed) => window.panel.update(changed));
}"""


def _answer(route: Route) -> None:
    name = route.request.url.removeprefix(f"{ADDRESS}/")
    file = FOLDER / name
    if name == "page":
        head = "<head><title>Panel</title><meta name='viewport' content='width=device-width'></head>"
        style = ";".join(f"--st-{name}:{value}" for name, value in theme().items())
        body = f"<body><main id='host' style=\"{style}\"></main></body>"
        route.fulfill(content_type="text/html", body=f"<!doctype html><html lang='en'>{head}{body}</html>")
    elif file.is_file():
        route.fulfill(content_type=TYPES[file.suffix], body=file.read_text())
    else:
        route.fulfill(status=404)


def theme(mode: str = "light") -> dict[str, str]:
    """Return the style variables that Streamlit makes of the project's theme, as far as panels use them."""
    given = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"][mode]
    names = {
        "text-color": "textColor",
        "background-color": "backgroundColor",
        "secondary-background-color": "secondaryBackgroundColor",
        "border-color": "borderColor",
        "primary-color": "primaryColor",
        "link-color": "linkColor",
    }
    values = {name: given[key] for name, key in names.items()}
    for kind in ("Sequential", "Diverging", "Categorical"):
        values[f"chart-{kind.lower()}-colors"] = ",".join(given[f"chart{kind}Colors"])
    fixed = {
        "orange-text-color": "#8a4504",
        "base-radius": "8px",
        "font": "sans-serif",
        "code-font": "monospace",
    }
    return values | fixed


@contextmanager
def module_page(browser: Browser, width: int = 1000) -> Iterator[Page]:
    """Open a page where each module can be imported as "/name.js"; an error on the page fails the test."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route(f"{ADDRESS}/**", _answer)
    page.goto(f"{ADDRESS}/page")
    yield page
    context.close()
    assert errors == []


def mount(page: Page, panel: tuple[str, str], settings: dict[str, Any]) -> None:
    """Put a panel (its module and its creating function) on the page; `store` and `panel` become global."""
    css = "\n".join(file.read_text() for file in sorted(FOLDER.glob("*.css")))
    page.evaluate(MOUNT, [f"/{panel[0]}", panel[1], settings, css])
