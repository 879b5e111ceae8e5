"""The panels of the Layers page's tabs on pooling, dropout and activations, each on an empty page.

Not a test itself. It knows how they are put on a page and how their code is run, not what they show.
"""

import contextlib
import io
from typing import Any

import torch
from playwright.sync_api import Page

from tests.ui.module_page import FOLDER, theme

PANELS = {
    "pooling": ("pooling-shift-panel.js", "createPoolingShiftPanel", "poolingCode"),
    "dropout": ("dropout-panel.js", "createDropoutPanel", "dropoutCode"),
    "activations": ("activations-panel.js", "createActivationsPanel", "activationCode"),
}
MOUNT = """async ([module, create, settings, css, colours]) => {
  const { OTHER_FIELDS } = await import("/layers-others.js");
  const { defaultsOf } = await import("/fields.js");
  const { createSettingsStore } = await import("/settings-store.js");
  const host = document.querySelector("#host");
  for (const [name, value] of Object.entries(colours)) host.style.setProperty(`--st-${name}`, value);
  document.body.style.background = colours["background-color"];
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML = "<style></style><div class='lab'><div></div></div>";
  root.querySelector("style").textContent = css;
  window.store = createSettingsStore({ ...defaultsOf(OTHER_FIELDS), ...settings });
  window.panel = (await import(module))[create](root.querySelector(".lab > div"), window.store);
  window.store.subscribe((changed) => window.panel.update(changed));
}"""
CODE = """async ([module, code, settings]) => {
  const { OTHER_FIELDS } = await import("/layers-others.js");
  const { defaultsOf } = await import("/fields.js");
  return (await import(module))[code]({ ...defaultsOf(OTHER_FIELDS), ...settings });
}"""
DARK = {"orange-text-color": "#ffb266"}


def show(page: Page, tab: str, settings: dict[str, Any] | None = None, mode: str = "light") -> None:
    """Put a tab's panel on the page; `store` and `panel` become global."""
    css = "\n".join(file.read_text() for file in sorted(FOLDER.glob("*.css")))
    colours = theme(mode) | (DARK if mode == "dark" else {})
    page.evaluate(MOUNT, [f"/{PANELS[tab][0]}", PANELS[tab][1], settings or {}, css, colours])


def call(page: Page, module: str, expression: str, *arguments: Any) -> Any:
    """Evaluate an expression over a module `m` and the arguments `a`."""
    return page.evaluate(
        f"async ([name, a]) => {{ const m = await import(name); return {expression}; }}",
        [f"/{module}", list(arguments)],
    )


def setting(page: Page, *names: str) -> list[Any]:
    return page.evaluate("(names) => names.map((name) => window.store.settings[name])", list(names))


def run_code(page: Page, tab: str, settings: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Run the code that a tab offers → its variables, and what it prints."""
    given = page.evaluate(CODE, [f"/{PANELS[tab][0]}", PANELS[tab][2], settings])
    assert given["ok"]
    variables: dict[str, Any] = {}
    printed = io.StringIO()
    torch.manual_seed(0)
    with contextlib.redirect_stdout(printed):
        exec(given["text"], variables)
    return variables, printed.getvalue()
