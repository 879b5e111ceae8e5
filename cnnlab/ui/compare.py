"""The comparison page: two networks beside each other by the size of their maps, and all of them at once.

It lays out what `cnnlab.ui.architectures.comparing` counts; choices are in the address.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from cnnlab.arithmetic.units import grouped, written_bytes
from cnnlab.figures.comparison import AXES, landscape, where_costs_sit
from cnnlab.ui.addresses import address
from cnnlab.ui.architectures.comparing import Row, SizeGroup, all_rows, by_size

COUNTS = {"macs": "Multiply-adds", "parameters": "Parameters", "memory": "Memory"}
SORTINGS: dict[str, Callable[[Row], float]] = {
    "History": lambda row: row.year or 0,
    "Multiply-adds": lambda row: row.macs,
    "Parameters": lambda row: row.parameters,
    "Memory": lambda row: row.memory,
    "Top-1 accuracy": lambda row: -(row.top1 or 0),
    "Receptive field": lambda row: -(row.field or 0),
}
COUNTS_AND_YEAR = COUNTS | {"year": "Year"}
UNKNOWN = "–"


def compare() -> None:
    """Draw the page below its title."""
    rows = {row.name: row for row in all_rows()}
    chosen = _choose(rows)
    st.header("Side by side", anchor="side-by-side")
    _two(chosen)
    st.header("Where parameters and operations sit", anchor="where")
    _shares(chosen)
    st.header("Accuracy and cost", anchor="accuracy")
    _landscape(list(rows.values()), [row.name for row in chosen])
    st.header("All networks", anchor="all")
    _table(list(rows.values()))


def _choose(rows: dict[str, Row]) -> list[Row]:
    """Ask for two networks; a mark that was chosen in the picture below takes the second place."""
    names = list(rows)
    picked = st.session_state.pop("compare.picked", None)
    if picked in rows:
        st.session_state["compare.b.begin"] = names.index(picked)
        st.session_state["compare.picks"] = st.session_state.get("compare.picks", 0) + 1
    columns = st.columns(2)
    chosen = []
    for column, key, label, start in zip(
        columns, "ab", ("First network", "Second network"), ("vgg16", "mobilenet_v2"), strict=True
    ):
        asked = st.query_params.get(key, "")
        begin = st.session_state.setdefault(
            f"compare.{key}.begin", names.index(asked if asked in rows else start)
        )
        picks = st.session_state.get("compare.picks", 0) if key == "b" else 0
        with column:
            name = st.selectbox(
                label, names, begin, format_func=lambda one: rows[one].title, key=f"compare.{key}.{picks}"
            )
        st.query_params[key] = name or start  # by name: a binding would write the title
        chosen.append(rows[name or start])
    return chosen


def _two(chosen: Sequence[Row]) -> None:
    first, second = chosen
    lines = [
        ("Year", *(row.year or UNKNOWN for row in chosen)),
        ("Input", *("×".join(map(str, row.input_shape)) for row in chosen)),
        ("Parameters", *(grouped(row.parameters) for row in chosen)),
        ("Multiply-adds", *(grouped(row.macs) for row in chosen)),
        ("Memory of all outputs", *(written_bytes(row.memory) for row in chosen)),
        (
            "Receptive field before the end",
            *(f"{grouped(row.field)} px" if row.field else UNKNOWN for row in chosen),
        ),
        ("Top-1 on ImageNet", *(_accuracy(row) for row in chosen)),
    ]
    head = ["", *(f"[{row.title}]({address('architectures')}?net={row.name})" for row in chosen)]
    st.markdown(_markdown_table(head, lines))
    st.markdown(_ratio(first, second))
    st.markdown("**By the size of the maps**, so that the same row is the same resolution:")
    groups = [{group.size: group for group in by_size(row.name)} for row in chosen]
    sizes = sorted(
        {*groups[0], *groups[1]}, key=lambda size: (size is not None, size or (0, 0)), reverse=True
    )
    body = [
        [_size_text(size), *(cell for group in groups for cell in _cells(group.get(size)))] for size in sizes
    ]
    short = [row.title for row in chosen]
    head = [
        "Height × width",
        *(f"{name}: {what}" for name in short for what in ("layers", "channels", "multiply-adds")),
    ]
    st.markdown(_markdown_table(head, body))


def _ratio(first: Row, second: Row) -> str:
    less, more = sorted((first, second), key=lambda row: row.macs)
    return (
        f"{more.title} takes {more.macs / less.macs:.1f} times the multiply-adds of {less.title}, "
        f"and {more.parameters / less.parameters:.1f} times its parameters."
    )


def _cells(group: SizeGroup | None) -> tuple[str, str, str]:
    if group is None:
        return UNKNOWN, UNKNOWN, UNKNOWN
    counted = dict(group.operations)
    layers = ", ".join(
        f"{counted[operation]} {word}"
        for operation, word in (("conv2d", "conv"), ("linear", "dense"), ("max_pool2d", "max pool"))
        if operation in counted
    )
    return (
        layers or UNKNOWN,
        f"up to {grouped(group.most_channels)}",
        grouped(group.macs) if group.macs else UNKNOWN,
    )


def _shares(chosen: Sequence[Row]) -> None:
    for count, title in COUNTS.items():
        shares = {row.title: _percent(row.name, count) for row in chosen}
        words = "; ".join(
            f"{name}: most at {max(parts, key=lambda part: part[1])[0]}" for name, parts in shares.items()
        )
        figure = where_costs_sit(shares, title)
        st.plotly_chart(figure, key=f"where.{count}", alt=f"{title} by the size of the maps. {words}.")


def _percent(name: str, count: str) -> list[tuple[str, float]]:
    groups = by_size(name)
    total = sum(getattr(group, count) for group in groups)
    return [(_size_text(group.size), 100 * getattr(group, count) / total) for group in groups if total]


@st.fragment
def _landscape(rows: list[Row], chosen: list[str]) -> None:
    across = st.segmented_control(
        "Across",
        list(AXES),
        format_func=COUNTS_AND_YEAR.__getitem__,
        default="macs",
        required=True,
        key="across",
        bind="query-params",
    )
    st.markdown(
        "Each mark is a network with weights that torchvision or timm publish; its area is the number of "
        "parameters. Accuracies are those of each library's first weights, at their own resolution: training "
        "differs as much as architecture does. Choose a mark to put it beside the first network."
    )
    figure = landscape(rows, across or "macs", chosen)
    drawn = sum(row.top1 is not None for row in rows)
    event = st.plotly_chart(
        figure,
        key="landscape",
        on_select="rerun",
        selection_mode="points",
        alt=f"{drawn} networks: top-1 accuracy over {AXES[across or 'macs'].lower()}; numbers are below.",
    )
    points = event["selection"]["points"] if event else []
    if points and points[0]["customdata"][0] != st.session_state.get("compare.last"):
        st.session_state["compare.picked"] = st.session_state["compare.last"] = points[0]["customdata"][0]
        st.rerun()


@st.fragment
def _table(rows: list[Row]) -> None:
    sorting = st.selectbox("Sorted by", list(SORTINGS), key="sorted", bind="query-params")
    lines = [
        (
            f"[{row.title}]({address('architectures')}?net={row.name})",
            row.year or UNKNOWN,
            grouped(row.parameters),
            grouped(row.macs),
            written_bytes(row.memory),
            grouped(row.field) if row.field else UNKNOWN,
            _accuracy(row),
        )
        for row in sorted(rows, key=SORTINGS[sorting or "History"])
    ]
    head = ["Network", "Year", "Parameters", "Multiply-adds", "Memory", "Field, px", "Top-1"]
    st.markdown(_markdown_table(head, lines))


def _accuracy(row: Row) -> str:
    return f"{row.top1:.1f} % at {row.resolution} ({row.weights})" if row.top1 else UNKNOWN


def _size_text(size: tuple[int, int] | None) -> str:
    return f"{size[0]} × {size[1]}" if size else "vectors"


def _markdown_table(head: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    rule = "|".join([":--", *["--:"] * (len(head) - 1)])
    rows = ["|".join(str(cell).replace("|", "\\|") for cell in line) for line in lines]
    return "\n".join(f"|{row}|" for row in ["|".join(head), rule, *rows])
