"""Which servers are measured: this app, and peers that run with Streamlit's own defaults.

A peer is copied into an empty folder, so that no configuration of ours reaches it: it keeps Streamlit's
garbage collection after every run. It does not know what is asked of the servers. What serves is loaded when
a server is asked for: some benchmarks need none, and run where there is no Streamlit.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

from benchmarks.conditions import ROOT

if TYPE_CHECKING:
    from tests.running_app import RunningApp

PEERS = Path(__file__).parent / "peers"
# The lab as the issue asks for it: 32 × 32, from 3 to 64 channels, kernel 5, on the grid.
LAB_SETTINGS = {"in": "32", "cin": "3", "cout": "64", "k": "5"}
LAB_PATH = "/convolution?" + "&".join(f"{name}={value}" for name, value in LAB_SETTINGS.items())
STOCK = "stock Streamlit app with one st.slider and one st.write, default configuration"


@contextmanager
def lab_server() -> "Iterator[RunningApp]":
    """Serve this app until the block ends."""
    from tests.running_app import running_app

    with TemporaryDirectory() as folder, running_app(Path(folder) / "lab.log", ROOT / "app.py") as app:
        yield app


@contextmanager
def peer_server(name: str = "slider") -> "Iterator[RunningApp]":
    """Serve a peer from a folder of its own until the block ends."""
    from tests.running_app import running_app

    refuse_settings_from_outside()
    with TemporaryDirectory() as folder:
        script = Path(folder) / "app.py"
        shutil.copyfile(PEERS / f"{name}.py", script)
        with running_app(Path(folder) / "peer.log", script) as app:
            yield app


class Servers:
    """The lab and its peers, each started when it is first asked for and kept until the run ends."""

    def __init__(self) -> None:
        self._running: dict[str, RunningApp] = {}
        self._open = ExitStack()

    def lab(self) -> str:
        """Return the address of the lab, with its settings."""
        return self._serve("lab").url + LAB_PATH

    def peer(self, name: str = "slider") -> str:
        """Return the address of a peer."""
        return self._serve(name).url + "/"

    def _serve(self, name: str) -> "RunningApp":
        if name not in self._running:
            server = lab_server() if name == "lab" else peer_server(name)
            self._running[name] = self._open.enter_context(server)
        return self._running[name]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()


def refuse_settings_from_outside() -> None:
    """Raise where the peer would not run with Streamlit's defaults."""
    named = sorted(name for name in os.environ if name.startswith("STREAMLIT_"))
    file = Path.home() / ".streamlit" / "config.toml"
    found = [*named, *([str(file)] if file.exists() else [])]
    if found:
        raise RuntimeError(
            f"the peer needs Streamlit's defaults, but there is {', '.join(found)}; take it away"
        )


@dataclass(frozen=True, slots=True)
class Usage:
    """What a server's process has used so far: seconds of processor time, and bytes of memory now."""

    cpu_seconds: float
    memory: int


def usage(app: "RunningApp") -> Usage:
    """Read what a server has used."""
    import psutil

    process = psutil.Process(app.process.pid)
    times = process.cpu_times()
    return Usage(times.user + times.system, process.memory_info().rss)
