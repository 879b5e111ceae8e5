"""Runs of fine-tuning laid over each other: their curves, and accuracy over the number of pictures.

The figures are handed all numbers and compute none.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import plotly.graph_objects as go

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "cross")
# Two lines of one run have one colour, so they are named; each stands out from light paper and from dark.
COLOURS = ("#2f8f83", "#cf6a13", "#3f7fc0", "#a05aa0", "#84842a", "#7a8088")
# What is drawn → the fields of an epoch with it, of validation and of training pictures; the axis's title.
MEASURES = {
    "accuracy": ("accuracy", "train_accuracy", "Accuracy, %"),
    "loss": ("loss", "train_loss", "Loss"),
}
MARGINS = {"l": 10, "r": 10, "t": 10, "b": 10}


class CountedPoint(Protocol):
    """What runs with so many pictures of each class came to, accuracies from 0 to 1."""

    @property
    def per_class(self) -> int:
        """Return how many pictures of each class were learned from."""
        ...

    @property
    def mean(self) -> float:
        """Return the mean accuracy."""
        ...

    @property
    def least(self) -> float:
        """Return the least accuracy."""
        ...

    @property
    def most(self) -> float:
        """Return the largest accuracy."""
        ...


def curves(runs: Mapping[str, Sequence[Mapping[str, Any]]], measure: str, training: bool) -> go.Figure:
    """Draw one of `MEASURES` over the epochs of runs by their names; `training` pictures thin beside them."""
    validation, learned, title = MEASURES[measure]
    figure = go.Figure()
    for place, (name, epochs) in enumerate(runs.items()):
        fields = [(validation, 2.5, 1.0), *([(learned, 1.2, 0.7)] if training else [])]
        for field, width, opacity in fields:
            kind = "validation" if field == validation else "training"
            figure.add_scatter(
                x=[one["epoch"] for one in epochs],
                y=[_value(one.get(field), measure) for one in epochs],
                name=_letters(name),
                legendgroup=str(place),
                showlegend=field == validation,
                mode="lines+markers" if field == validation and len(epochs) < 30 else "lines",
                marker={"symbol": SYMBOLS[place % len(SYMBOLS)], "size": 7},
                line={
                    "dash": DASHES[place % len(DASHES)],
                    "width": width,
                    "color": COLOURS[place % len(COLOURS)],
                },
                opacity=opacity,
                hovertemplate=f"Epoch %{{x}}: %{{y:.3g}}<extra>{kind}, %{{fullData.name}}</extra>",
            )
    figure.update_xaxes(title="Epoch", rangemode="tozero")
    figure.update_yaxes(title=title, rangemode="tozero")
    return _laid_out(figure)


def _letters(name: str) -> str:
    """Return a name that Plotly shows letter by letter: learners write them."""
    return name.replace("&", "&amp;").replace("<", "&lt;")


def _value(value: float | None, measure: str) -> float | None:
    return 100 * value if value is not None and measure == "accuracy" else value


def accuracy_over_pictures(curves: Mapping[str, Sequence[CountedPoint]]) -> go.Figure:
    """Draw mean accuracies over the pictures of each class by the curves' names; bars reach to extremes."""
    figure = go.Figure()
    for place, (name, points) in enumerate(curves.items()):
        figure.add_scatter(
            x=[one.per_class for one in points],
            y=[100 * one.mean for one in points],
            error_y={
                "array": [100 * (one.most - one.mean) for one in points],
                "arrayminus": [100 * (one.mean - one.least) for one in points],
                "thickness": 1.5,
            },
            name=_letters(name),
            mode="lines+markers",
            marker={"symbol": SYMBOLS[place % len(SYMBOLS)], "size": 9},
            line={
                "dash": DASHES[place % len(DASHES)],
                "width": 2.5,
                "color": COLOURS[place % len(COLOURS)],
            },
            hovertemplate="%{x} of each class: %{y:.1f} %<extra>%{fullData.name}</extra>",
        )
    counts = sorted({one.per_class for points in curves.values() for one in points})
    figure.update_xaxes(
        title="Pictures of each class", type="log", tickvals=counts, ticktext=[str(one) for one in counts]
    )
    figure.update_yaxes(title="Accuracy, %", range=[0, 103])
    return _laid_out(figure)


def _laid_out(figure: go.Figure) -> go.Figure:
    figure.update_layout(
        height=360,
        margin=MARGINS,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        dragmode=False,
        showlegend=True,
    )
    return figure
