"""What commands that prepare a machine share: a list in columns, and things fetched one by one with a bar.

It does not know what is fetched, nor where from.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from typing import Any

import click

from cnnlab.errors import CnnLabError

Progress = Callable[[str, int, int], None]  # what is done, how far, of how much
_FAILED = 2


def print_list(rows: Sequence[tuple[str, str, str]]) -> None:
    """Print a line for each thing: its name, its size, and whether it is here."""
    names, sizes = (max(len(cell) for cell in column) for column in list(zip(*rows, strict=True))[:2])
    for name, size, words in rows:
        click.echo(f"{name:<{names}}  {size:>{sizes}}  {words}")


def fetch_each(context: click.Context, names: Iterable[str], fetch: Callable[[str, Progress], str]) -> None:
    """Fetch things one after the other, each once; end with exit code 2 where one could not be had.

    `fetch` gets a name and whom to tell how far it is, and returns what is said in the end. Where it raises
    `CnnLabError`, that is told, and the others are fetched all the same.
    """
    failed = False
    for name in dict.fromkeys(names):
        try:
            with ExitStack() as bars:
                said = fetch(name, _bar(name, bars))
            click.echo(f"{name}: {said}")
        except CnnLabError as problem:
            click.echo(f"Error: {name}: {problem}", err=True)
            failed = True
    if failed:
        context.exit(_FAILED)


def _bar(name: str, bars: ExitStack) -> Progress:
    """Return what moves a bar that is there from the first time on that something is told."""
    shown: list[Any] = []

    def progress(_doing: str, done: int, total: int) -> None:
        if not shown:
            shown.append(bars.enter_context(click.progressbar(length=total, label=name)))
        bar = shown[0]
        bar.length, bar.pos = max(1, total), min(bar.pos, done)  # it goes back where something else begins
        bar.update(done - bar.pos)

    return progress
