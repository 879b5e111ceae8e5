"""How a channel's value grew while a picture was made for it.

The figure is handed all numbers and computes none.
"""

from typing import Protocol

import plotly.graph_objects as go

PLAIN = "the picture itself"
UNDER = "shifted, turned and scaled"


class Climb(Protocol):
    """The values of a channel after some steps."""

    @property
    def steps(self) -> tuple[int, ...]:
        """Return after how many steps."""
        ...

    @property
    def plain(self) -> tuple[float, ...]:
        """Return the values for the picture itself."""
        ...

    @property
    def under(self) -> tuple[float, ...]:
        """Return the mean values for views of it."""
        ...


def climbing(climb: Climb, last: int) -> go.Figure:
    """Draw both values over the steps, up to the `last` one that will be taken."""
    figure = go.Figure()
    for name, values, dash in ((PLAIN, climb.plain, "solid"), (UNDER, climb.under, "dot")):
        figure.add_scatter(
            x=climb.steps,
            y=values,
            name=name,
            mode="lines+markers" if len(values) == 1 else "lines",
            line={"dash": dash, "width": 2.5},
            hovertemplate=f"{name}, step %{{x}}: %{{y:.3g}}<extra></extra>",
        )
    figure.update_xaxes(title="Steps", range=[0, last])
    figure.update_yaxes(title="Value of the channel")
    figure.update_layout(
        height=300,
        margin={"l": 10, "r": 10, "t": 40, "b": 10},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        dragmode=False,
        uirevision="climb",
    )
    return figure
