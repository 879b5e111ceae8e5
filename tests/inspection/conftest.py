"""What the tests of networks share: PyTorch on one core, as the server uses it for flows."""

from collections.abc import Iterator

import pytest


@pytest.fixture
def one_core() -> Iterator[None]:
    """Let PyTorch compute on one core: with more, small steps mostly wait where other tests run beside."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
