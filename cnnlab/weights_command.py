"""The command `python -m cnnlab weights list|fetch NAME…`: trained weights for a machine without a network.

It prints what `cnnlab.inspection.models` and `cnnlab.inspection.downloads` know, which are loaded when one of
the two is called. Listing loads no PyTorch.
"""

import json
from typing import TYPE_CHECKING, Any

import click

from cnnlab.fetch_commands import Progress, fetch_each, print_list

if TYPE_CHECKING:
    from cnnlab.inspection.models import Entry

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
    print_list([_row(one) for one in found])
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
    fetch_each(context, names, _fetch)


def _fetch(name: str, progress: Progress) -> str:
    from cnnlab.inspection.downloads import fetch, source

    wanted = source(name)
    if wanted.file.is_file():
        return f"{wanted.file} is here already."
    fetch(wanted, progress)
    return str(wanted.file)
