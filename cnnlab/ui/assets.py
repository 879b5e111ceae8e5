"""How the plain ES modules of the labs reach the browser, and what is said where they do not.

They are served under a hash of their content, so that a browser keeps them for ever and a new version is
never mixed with an old one; relative imports between modules work as they are written. No build step.
It does not know what a module shows.
"""

import hashlib
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send
from streamlit.components import v2

from cnnlab.ui.addresses import address

FOLDER = Path(__file__).parent / "browser"
# It fetches the real module and hands everything over to it; where that fails, it says what to do.
LOADER = (FOLDER / "loader.js").read_text(encoding="utf-8")
# What the labs on single layers share; those on networks bring more.
STYLES_OF_LAYERS = (
    *("lab.css", "grid.css", "values.css", "channels.css", "costs.css", "stack.css", "challenge.css"),
    *("layers.css", "layers-others.css", "normalisation.css"),
)
_IMPORT = re.compile(r'^(?:import|export) [^;]*?"\./([\w-]+\.js)";', re.MULTILINE)


@cache
def content_hash() -> str:
    """Return a short hash of all browser modules, fixed while the server runs."""
    digest = hashlib.sha256()
    for file in sorted(FOLDER.iterdir()):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


@cache
def loader(module: str) -> str:
    """Return the loader; it knows which modules a lab's own module needs, and asks for all at once."""
    needed = json.dumps({module: sorted(_needed_by(module))})
    return LOADER.replace("const NEEDED = {};", f"const NEEDED = {needed};")


def _needed_by(module: str) -> set[str]:
    """Return all modules that one imports when it starts, and those that these import."""
    found, open_ends = {module}, [module]
    while open_ends:
        text = (FOLDER / open_ends.pop()).read_text(encoding="utf-8")
        new = set(_IMPORT.findall(text)) - found
        found |= new
        open_ends += new
    return found - {module}


def module_address(name: str) -> str:
    """Return the address of a browser module on this server, such as `/browser/3f2a…/lab.js`."""
    return address(f"browser/{content_hash()}/{name}")


def style_sheet(*names: str) -> str:
    """Return the named style sheets as one, or all that there are; the one that all share comes first."""
    files = sorted(FOLDER.glob("*.css"), key=lambda file: (file.name != "base.css", file.name))
    chosen = [file for file in files if not names or file.name in ("base.css", *names)]
    return "\n".join(file.read_text(encoding="utf-8") for file in chosen)


def browser_component(name: str, module: str, *styles: str) -> Callable[..., Any]:
    """Register a browser component under a name that no other has; call it once, when a module is imported.

    Returns a function that draws it with data: `component(key=…, data={…})`; `module` runs in the browser.
    """
    place = '<div class="lab"><p class="muted">Loading…</p></div>'
    component = v2.component(name, html=place, css=style_sheet(*styles), js=loader(module))

    def draw(*, key: str, data: dict[str, Any], **options: Any) -> Any:
        # In a list, where Streamlit does not look for tables: to look, it would import pandas (0.3 s).
        return component(key=key, data=[{"module": module_address(module), **data}], **options)

    return draw


class BrowserModules:
    """Serves `/<hash>/<file>` from the folder of browser modules and lets browsers keep it for ever."""

    def __init__(self) -> None:
        self._files = StaticFiles(directory=FOLDER)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; an old or invented hash is not found."""
        scope = dict(scope)
        base = scope.get("root_path", "")
        wanted, _, rest = scope["path"].removeprefix(base).lstrip("/").partition("/")
        if wanted != content_hash():
            await PlainTextResponse("There is a newer version: reload the page.", 404)(scope, receive, send)
            return

        async def send_cached(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                message["headers"].append((b"cache-control", b"public, max-age=31536000, immutable"))
            await send(message)

        scope["path"] = f"{base}/{rest}"
        await self._files(scope, receive, send_cached)
