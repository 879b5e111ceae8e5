"""The command `python -m cnnlab weights list|fetch NAME…`: trained weights for a machine without a network.

It prints what `cnnlab.inspection.models` and `cnnlab.inspection.downloads` know, which are loaded when one of
the two is called. Listing loads no PyTorch.
"""

import json
from typing import TYPE_CHECKING, Any

import click

from cnnlab.errors import CnnLabError

if TYPE_CHECKING:
    from cnnlab.inspection.downloads import Source
    from cnnlab.inspection.models import Entry

_FAILED = 2
_WORDS = {
    "bundled": "comes with CNN Lab",
    "here": "here",
    "download": "to be downloaded",
    "own": "your own",
    "random": "none",
}


@click.group()
def weights() -> None:
    """List and fetch the trained weights of networks.

    They are torchvision's, and are kept where torchvision looks for them: below the folder that TORCH_HOME
    names, or below ~/.cache/torch.
    """


@weights.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_weights(as_json: bool) -> None:
    """List the networks that have trained weights, and whether these are on this machine."""
    from cnnlab.inspection.models import entries
    from cnnlab.inspection.weight_files import folder

    found = entries()
    if as_json:
        listed = {"folder": str(folder()), "networks": [_object(one) for one in found]}
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    widths = [max(len(cell) for cell in column) for column in zip(*map(_row, found), strict=True)]
    for name, size, words in map(_row, found):
        click.echo(f"{name:<{widths[0]}}  {size:>{widths[1]}}  {words}")
    click.echo(f"\nThe folder is {folder()}.")


def _object(one: "Entry") -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "status": one.status,
        "mebibytes": None if one.megabytes is None else round(one.megabytes, 3),
    }


def _row(one: "Entry") -> tuple[str, str, str]:
    size = "–" if one.megabytes is None else f"{one.megabytes:,.1f} MiB"
    return one.name, size, _WORDS[one.status]


@weights.command("fetch")
@click.argument("names", metavar="NAME…", nargs=-1, required=True)
@click.pass_context
def fetch_weights(context: click.Context, names: tuple[str, ...]) -> None:
    """Download the weights of networks; those that are here already are left as they are.

    It ends with exit code 2 where one of them could not be had, after it has tried them all.
    """
    failed = [name for name in dict.fromkeys(names) if not _fetched(name)]
    if failed:
        context.exit(_FAILED)


def _fetched(name: str) -> bool:
    from cnnlab.inspection.downloads import source

    try:
        wanted = source(name)
        if wanted.file.is_file():
            click.echo(f"{name}: {wanted.file} is here already.")
        else:
            _fetch_with_bar(wanted)
            click.echo(f"{name}: {wanted.file}")
    except CnnLabError as problem:
        click.echo(f"Error: {name}: {problem}", err=True)
        return False
    return True


def _fetch_with_bar(wanted: "Source") -> None:
    from cnnlab.inspection.downloads import fetch

    with click.progressbar(length=wanted.size, label=wanted.name, show_eta=True) as bar:

        def progress(_doing: str, done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        fetch(wanted, progress)
