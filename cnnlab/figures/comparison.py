"""Networks against each other: accuracy over cost, and where in a network its costs sit.

The figures are handed all numbers and compute none.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import plotly.graph_objects as go
from plotly.colors import sample_colorscale

LARGEST_BUBBLE_PX = 46
AXES = {
    "macs": "Multiply-adds for one picture",
    "parameters": "Parameters",
    "memory": "Memory of all outputs, bytes (float32)",
    "year": "Year",
}
# Shapes besides colours, so that families can be told apart without colour.
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "pentagon", "hexagon", "star", "cross", "x")


class Compared(Protocol):
    """What is needed of a network to draw it among others."""

    @property
    def name(self) -> str:
        """Return its name, which a selection gives back."""
        ...

    @property
    def title(self) -> str:
        """Return what it is called."""
        ...

    @property
    def family(self) -> str:
        """Return the family that gives it its colour and shape."""
        ...

    @property
    def parameters(self) -> int:
        """Return how many parameters it has, which is the area of its mark."""
        ...

    @property
    def top1(self) -> float | None:
        """Return its accuracy in per cent; without one it is not drawn."""
        ...


def landscape(networks: Sequence[Compared], across: str, chosen: Iterable[str] = ()) -> go.Figure:
    """Draw accuracy over one of `AXES`; areas are parameters, costs are on a logarithmic axis.

    Networks without a published accuracy are left out. `chosen` are named in the drawing.
    """
    figure = go.Figure()
    drawn = [one for one in networks if one.top1 is not None and getattr(one, across) is not None]
    most = max((one.parameters for one in drawn), default=1)
    families = list(dict.fromkeys(one.family for one in drawn))
    named = set(chosen)
    for place, family in enumerate(families):
        members = [one for one in drawn if one.family == family]
        figure.add_scatter(
            x=[getattr(one, across) for one in members],
            y=[one.top1 for one in members],
            customdata=[[one.name, one.title, f"{one.parameters:,}"] for one in members],
            text=[one.title if one.name in named else "" for one in members],
            textposition="top center",
            mode="markers+text",
            name=family,
            marker={
                "size": [one.parameters for one in members],
                "sizemode": "area",
                "sizeref": 2 * most / LARGEST_BUBBLE_PX**2,
                "sizemin": 5,
                "symbol": SYMBOLS[place % len(SYMBOLS)],
                "line": {"width": 1},
                "opacity": 0.8,
            },
            hovertemplate=(
                f"<b>%{{customdata[1]}}</b><br>{AXES[across]}: %{{x:,}}<br>top-1: %{{y}} %"
                "<br>parameters: %{customdata[2]}<extra></extra>"
            ),
        )
    figure.update_xaxes(title=AXES[across], type="linear" if across == "year" else "log", dtick=1)
    figure.update_yaxes(title="Top-1 accuracy on ImageNet, %")
    figure.update_layout(
        height=520,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        legend={"orientation": "h", "y": -0.2},
        dragmode="pan",
        clickmode="event+select",
    )
    return figure


def where_costs_sit(shares: Mapping[str, Sequence[tuple[str, float]]], title: str) -> go.Figure:
    """Draw a bar for each network, cut into the per cent that fall on each size of its maps.

    `shares` has for each network (size, per cent) from the first size to the last.
    """
    figure = go.Figure()
    sizes = list(dict.fromkeys(size for parts in shares.values() for size, _ in parts))
    colours = sample_colorscale("Cividis", [place / max(1, len(sizes) - 1) for place in range(len(sizes))])
    for size, colour in zip(sizes, colours, strict=True):
        values = [dict(parts).get(size, 0.0) for parts in shares.values()]
        figure.add_bar(
            y=list(shares),
            x=values,
            name=size,
            orientation="h",
            marker={"color": colour, "line": {"width": 1, "color": "rgba(128, 128, 128, 0.6)"}},
            text=[f"{size}: {value:.0f} %" if value >= 6 else "" for value in values],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            hovertemplate=f"{size}: %{{x:.1f}} %<extra>%{{y}}</extra>",
        )
    figure.update_layout(
        barmode="stack",
        height=90 + 60 * len(shares),
        margin={"l": 10, "r": 10, "t": 34, "b": 10},
        showlegend=False,
        uniformtext={"minsize": 9, "mode": "hide"},
        title={"text": title, "font": {"size": 15}},
    )
    figure.update_xaxes(range=[0, 100], ticksuffix=" %")
    figure.update_yaxes(autorange="reversed")
    return figure
