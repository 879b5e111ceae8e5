"""Tests of attribution maps, drawn: what is left of a map, and what pixels are worth.

The figures are handed all numbers and compute none.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import plotly.graph_objects as go

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x")
CHANCE = "#e08214"  # seen over bars and beside them, in the light and in the dark
MARGINS = {"l": 10, "r": 10, "t": 96, "b": 10}


class PixelCurves(Protocol):
    """The probability of a category after each share of the pixels was taken away, or put back."""

    @property
    def shares(self) -> np.ndarray:
        """Return the shares, from 0 to 1."""
        ...

    @property
    def deletion(self) -> np.ndarray:
        """Return the probabilities while pixels are taken away."""
        ...

    @property
    def insertion(self) -> np.ndarray:
        """Return the probabilities while pixels are put back."""
        ...


def pixel_curves(curves: Mapping[str, PixelCurves], which: str, title: str) -> go.Figure:
    """Draw the curve `which`, "deletion" or "insertion", of each map, by its name."""
    figure = go.Figure()
    for place, (name, one) in enumerate(curves.items()):
        figure.add_scatter(
            x=100 * one.shares,
            y=getattr(one, which),
            name=name,
            mode="lines",
            line={"dash": DASHES[place % len(DASHES)], "width": 2.5},
            hovertemplate="%{x:.0f} % of the pixels: %{y:.3f}<extra>" + name + "</extra>",
        )
    figure.update_xaxes(title="Pixels, %", range=[0, 100])
    figure.update_yaxes(title="Probability", rangemode="tozero")
    return _laid_out(figure, title)


def survival(ranks: Mapping[str, Sequence[float | None]], layers: Sequence[int]) -> go.Figure:
    """Draw how alike each method's map is to the trained network's once so many `layers` have forgotten.

    What is None is not drawn.
    """
    figure = go.Figure()
    for place, (name, values) in enumerate(ranks.items()):
        figure.add_scatter(
            x=[str(count) for count in (0, *layers)],
            y=[1.0, *values],
            name=name,
            mode="lines+markers",
            marker={"symbol": SYMBOLS[place % len(SYMBOLS)], "size": 9},
            line={"dash": DASHES[place % len(DASHES)], "width": 2.5},
            hovertemplate="%{x} layers: %{y:.2f}<extra>" + name + "</extra>",
        )
    figure.update_xaxes(title="Layers that have forgotten, counted from the last", type="category")
    figure.update_yaxes(title="Likeness to the map before", range=[-0.5, 1.05])
    return _laid_out(figure, "What is left of the map")


def pointing_hits(shares: Mapping[str, float], chance: float) -> go.Figure:
    """Draw the share of hits, 0 to 1, of each map by its name, the best one on top, and what chance hits."""
    names = sorted(shares, key=shares.__getitem__)
    figure = go.Figure()
    figure.add_bar(
        x=[100 * shares[name] for name in names],
        y=names,
        orientation="h",
        text=[f"{100 * shares[name]:.0f} %" for name in names],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:.0f} %<extra></extra>",
    )
    figure.add_vline(
        x=100 * chance,
        line={"dash": "dot", "width": 3, "color": CHANCE},
        annotation={"text": "by chance", "yref": "paper", "y": 1, "yanchor": "bottom", "xanchor": "center"},
    )
    figure.update_xaxes(title="Pictures in which it points at the shape, %", range=[0, 112])
    figure.update_yaxes(automargin=True)
    _laid_out(figure, "Who points at the shape?")
    return figure.update_layout(height=140 + 34 * len(names), margin=MARGINS | {"t": 60})


def _laid_out(figure: go.Figure, title: str) -> go.Figure:
    figure.update_layout(
        height=380,
        margin=MARGINS,
        title={"text": title, "font": {"size": 15}, "y": 0.98, "yanchor": "top"},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        dragmode=False,
    )
    return figure
