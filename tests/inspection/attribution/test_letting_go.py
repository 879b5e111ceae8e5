"""Networks that nobody keeps give their memory back at once: nothing waits for garbage to be collected."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from torch import nn

from cnnlab.inspection.attribution.methods import METHODS
from cnnlab.inspection.attribution.quick import quick
from cnnlab.inspection.attribution.running import Question, attribute_pixels
from tests.inspection.attribution.nets import ask, awkward, loaded, picture, plain

pytestmark = pytest.mark.usefixtures("one_core")
SMALL = {
    "occlusion": (("window", 50),),
    "shapley": (("segments", 4), ("orders", 1)),
    "lime": (("segments", 4), ("samples", 50)),
}


@pytest.fixture
def no_collection() -> Iterator[None]:
    """Let circles stay where they are; those that come with the first map of a process, from imports, too."""
    ask(awkward(), "saliency")
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def kernels() -> int:
    """Return how many kernels like those of the first layer there are in the process."""
    return sum(type(one) is nn.Parameter and one.shape == (8, 3, 3, 3) for one in gc.get_objects())


@pytest.mark.usefixtures("no_collection")
def test_after_a_map_nothing_holds_the_network_or_a_copy_of_it():
    before, there, networks = kernels(), [], {}
    for name, make in ((name, make) for name in METHODS for make in (awkward, plain)):
        found = loaded(make())
        networks[name, make] = weakref.ref(found.model)
        attribute_pixels(found, picture(), Question("", "", name, 1, SMALL.get(name, ()), "3"))
        there.append(networks[name, make]() is not None)
        del found
    assert all(there)
    assert [which for which, network in networks.items() if network() is not None] == []
    assert kernels() == before


@pytest.mark.usefixtures("no_collection")
def test_a_quicker_copy_that_another_one_replaced_is_gone():
    networks = [awkward(seed) for seed in range(4)]
    copies = [weakref.ref(quick(one)) for one in networks]
    assert [one() is not None for one in copies] == [False, False, True, True]
