"""The command `python -m cnnlab data list|fetch NAME…`: published data sets for a machine without a network.

It prints what `cnnlab.training.data_sets` and `public_sets` know, which are loaded when one of the two is
called.
"""

import json

import click

from cnnlab.fetch_commands import Progress, fetch_each, print_list


@click.group()
def data() -> None:
    """List the data sets to train on, and fetch published ones.

    They are kept below the folder that CNNLAB_DATA names. Files that are already on this machine are found
    where CNNLAB_DATASETS names the folder that torchvision uses (`root`).
    """


@data.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_sets(as_json: bool) -> None:
    """List the data sets, and whether they are on this machine."""
    from cnnlab.training.data_sets import DATA_SETS

    found = list(DATA_SETS.values())
    if as_json:
        listed = [
            {"name": one.name, "title": one.title, "megabytes": one.megabytes, "status": _status(one.name)}
            for one in found
        ]
        click.echo(json.dumps({"sets": listed}, ensure_ascii=False))
        return
    sizes = [f"{one.megabytes:,.1f} MB" if one.megabytes else "–" for one in found]
    print_list([(one.name, size, _status(one.name)) for one, size in zip(found, sizes, strict=True)])


def _status(name: str) -> str:
    from cnnlab.training.public_sets import PUBLIC, lies_here, ready

    if name not in PUBLIC:
        return "comes with CNN Lab"
    if ready(name):
        return "here"
    return "its files are here" if lies_here(name) else "to be downloaded"


@data.command("fetch")
@click.argument("names", metavar="NAME…", nargs=-1, required=True)
@click.pass_context
def fetch_sets(context: click.Context, names: tuple[str, ...]) -> None:
    """Download published data sets; those that are here already are left as they are.

    It ends with exit code 2 where one of them could not be had, after it has tried them all.
    """
    fetch_each(context, names, _fetch)


def _fetch(name: str, progress: Progress) -> str:
    from cnnlab.training.data_sets import NoSuchDataSet
    from cnnlab.training.public_sets import PUBLIC, obtain, ready

    if name not in PUBLIC:
        raise NoSuchDataSet(f"there is nothing of that name to fetch; there are: {', '.join(PUBLIC)}.")
    if not ready(name):
        obtain(name, progress)
    return "here."
