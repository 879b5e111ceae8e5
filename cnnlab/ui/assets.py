"""Where the browser finds the plain ES modules of the labs.

They are served under a hash of their content, so that a browser keeps them for ever and a new version is never
mixed with an old one; relative imports between modules work as they are written. No build step.
"""

import hashlib
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

FOLDER = Path(__file__).parent / "browser"


@cache
def content_hash() -> str:
    """Return a short hash of all browser modules, fixed while the server runs."""
    digest = hashlib.sha256()
    for file in sorted(FOLDER.iterdir()):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def module_address(name: str) -> str:
    """Return the address of a browser module on this server, such as `/browser/3f2a…/lab.js`."""
    root = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{'/' + root if root else ''}/browser/{content_hash()}/{name}"


def style_sheet() -> str:
    """Return all style sheets of the labs as one, the shared one first."""
    files = sorted(FOLDER.glob("*.css"), key=lambda file: (file.name != "base.css", file.name))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


class BrowserModules:
    """Serves `/<hash>/<file>` from the folder of browser modules and lets browsers keep it for ever."""

    def __init__(self) -> None:
        self._files = StaticFiles(directory=FOLDER)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; an old or invented hash is not found."""
        scope = dict(scope)
        root = scope.get("root_path", "")
        _, _, rest = scope["path"].removeprefix(root).lstrip("/").partition("/")

        async def send_cached(message: dict) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                message["headers"].append((b"cache-control", b"public, max-age=31536000, immutable"))
            await send(message)

        scope["path"] = f"{root}/{rest}"
        await self._files(scope, receive, send_cached)
