"""What the tests of training share: PyTorch on one core, as the script that trains uses it."""

import pytest


@pytest.fixture(autouse=True, scope="module")
def _one_core(one_core: None) -> None:
    """Also what other fixtures of a module make is made on one core."""
