"""Panels of the page that have modules of their own; one whose module is not there is not offered."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

PACKAGE = "cnnlab.ui.training"


def panel(module: str, function: str) -> Callable[..., Any] | None:
    """Return the function that draws a panel, or None."""
    name = f"{PACKAGE}.{module}"
    return getattr(import_module(name), function) if find_spec(name) else None
