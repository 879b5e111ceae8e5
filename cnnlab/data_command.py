"""The command `python -m cnnlab data list|fetch NAME…`: published data sets for a machine without a network.

It prints what `cnnlab.training.data_sets` and `public_sets` know, which are loaded when one of the two is
called.
"""

import json

import click

from cnnlab.errors import CnnLabError

_FAILED = 2


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
    from cnnlab.training.public_sets import PUBLIC, lies_here, ready

    rows = []
    for one in DATA_SETS.values():
        if one.name not in PUBLIC:
            status = "comes with CNN Lab"
        elif ready(one.name):
            status = "here"
        else:
            status = "its files are here" if lies_here(one.name) else "to be downloaded"
        rows.append({"name": one.name, "title": one.title, "megabytes": one.megabytes, "status": status})
    if as_json:
        click.echo(json.dumps({"sets": rows}, ensure_ascii=False))
        return
    for row in rows:
        size = f"{row['megabytes']:,.1f} MB" if row["megabytes"] else "–"
        click.echo(f"{row['name']:<14}  {size:>9}  {row['status']}")


@data.command("fetch")
@click.argument("names", metavar="NAME…", nargs=-1, required=True)
@click.pass_context
def fetch_sets(context: click.Context, names: tuple[str, ...]) -> None:
    """Download published data sets; those that are here already are left as they are.

    It ends with exit code 2 where one of them could not be had, after it has tried them all.
    """
    failed = [name for name in dict.fromkeys(names) if not _fetched(name)]
    if failed:
        context.exit(_FAILED)


def _fetched(name: str) -> bool:
    from cnnlab.training.public_sets import PUBLIC, ready

    if name not in PUBLIC:
        click.echo(f"Error: there is no “{name}” to fetch; there are: {', '.join(PUBLIC)}.", err=True)
        return False
    try:
        if not ready(name):
            _fetch_with_bar(name)
    except CnnLabError as problem:
        click.echo(f"Error: {name}: {problem}", err=True)
        return False
    click.echo(f"{name}: here.")
    return True


def _fetch_with_bar(name: str) -> None:
    from cnnlab.training.public_sets import obtain

    with click.progressbar(length=1000, label=name, show_eta=False) as bar:

        def progress(_doing: str, done: int, total: int) -> None:
            bar.update(1000 * done // max(1, total) - bar.pos)

        obtain(name, progress)
