"""What the tests of drawn pictures share: PyTorch on one core, as the script that writes them uses it."""

import pytest


@pytest.fixture(autouse=True, scope="module")
def _one_core(one_core: None) -> None:
    """Every test here computes on one core."""
