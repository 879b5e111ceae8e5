"""The strongest patches of a channel: against a loop over all activations; what they see, by probing."""

import numpy as np
import pytest
import torch

from cnnlab.inspection.exciting_patches import OUTSIDE, NoPatches, Patches
from cnnlab.inspection.flow_input import cut, numbers
from cnnlab.inspection.samples import SAMPLES, sample_picture
from cnnlab.inspection.weights import Models
from tests.inspection.watched import hooked

pytestmark = pytest.mark.usefixtures("one_core")
LAYERS = ("relu1", "block2.1.relu", "last.1.conv")
SIZE = (3, 64, 64)


@pytest.fixture(scope="module")
def store() -> Patches:
    return Patches(Models())


@pytest.fixture(scope="module")
def everything(store: Patches) -> dict[str, np.ndarray]:
    """Return all activations of some layers on all pictures: pictures × channels × height × width."""
    loaded = store._models.get("shapes_plain")
    found: dict[str, list[np.ndarray]] = {layer: [] for layer in LAYERS}
    for name in SAMPLES:
        pixels = cut(sample_picture(name), SIZE, loaded.preparing)
        calls = hooked(loaded.model, torch.from_numpy(numbers(pixels, loaded.preparing)))
        for layer in LAYERS:
            found[layer].append(calls[layer][0][0].numpy())
    return {layer: np.stack(maps) for layer, maps in found.items()}


@pytest.mark.parametrize("layer", LAYERS)
def test_patches_are_those_that_a_loop_finds(store: Patches, everything: dict[str, np.ndarray], layer: str):
    index = store.find("shapes_plain", layer)
    for channel in (0, 5, 23):
        maps = everything[layer][:, channel]
        best = sorted(
            ((float(one.max()), name) for one, name in zip(maps, SAMPLES, strict=True)), reverse=True
        )
        found = store.strongest(index, channel, 6)
        assert [one.value for one in found] == pytest.approx([value for value, _ in best[:6]], rel=1e-5)
        for one in found:
            assert maps[list(SAMPLES).index(one.picture)][one.place] == pytest.approx(one.value, rel=1e-5)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_patch_is_what_reaches_its_unit(store: Patches, layer: str):
    """Cells of the input whose gradient is not 0 lie in the patch, and with weights of 1 they fill it."""
    from cnnlab import zoo
    from cnnlab.inspection.exciting_network import Prefix
    from cnnlab.tracing import trace_of

    model = zoo.build("shapes_plain").eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.fill_(
                0.01 if "weight" in name else 0.1
            )  # all positive: no ReLU blocks, nothing cancels
    number = [step.name for step in trace_of("shapes_plain").steps].index(layer)
    index = store.find("shapes_plain", layer)
    for one in store.strongest(index, 5, 4):
        reached = np.zeros(SIZE[1:], bool)
        for seed in range(4):  # a max pool lets one cell of each window through
            values = torch.rand((1, *SIZE), generator=torch.Generator().manual_seed(seed)).requires_grad_()
            Prefix(model, number, values.detach())(values)[0, 5][one.place].backward()
            assert values.grad is not None
            reached |= (values.grad[0] != 0).any(0).numpy()
        rows, columns = np.nonzero(reached)
        inside = [(max(0, low), min(64, high)) for low, high in (one.rows, one.columns)]
        found = [(rows.min(), rows.max() + 1), (columns.min(), columns.max() + 1)]
        for (low, high), (first, last) in zip(inside, found, strict=True):
            assert low <= first
            assert last <= high
            pools = 2 * (layer != "relu1")  # up to so many cells at an edge may lose in each window of a pool
            assert first - low <= pools * 2
            assert high - last <= pools * 2


def test_the_pixels_of_a_patch_are_the_pictures_own(store: Patches):
    preparing = store._models.get("shapes_plain").preparing
    index = store.find("shapes_plain", "relu1")
    beyond = 0
    for channel in range(24):
        for one in store.strongest(index, channel, 4):
            picture = cut(sample_picture(one.picture), SIZE, preparing)
            height, width = one.rows[1] - one.rows[0], one.columns[1] - one.columns[0]
            assert one.pixels.shape == (height, width, 3) == (7, 7, 3)
            for row in range(height):
                for column in range(width):
                    y, x = one.rows[0] + row, one.columns[0] + column
                    within = 0 <= y < 64 and 0 <= x < 64
                    beyond += not within
                    wanted = picture[y, x] if within else [OUTSIDE] * 3
                    assert one.pixels[row, column].tolist() == list(wanted)
    assert beyond  # some strongest units are at an edge


def test_scores_see_the_whole_picture_and_indices_are_made_once(store: Patches):
    index = store.find("shapes_plain", "fc")
    assert store.find("shapes_plain", "fc") is index is store.known("shapes_plain", "fc")
    (one,) = store.strongest(index, 3, 1)
    assert (one.rows, one.columns, one.pixels.shape) == ((0, 64), (0, 64), (64, 64, 3))


def test_what_is_not_there_is_refused(store: Patches):
    with pytest.raises(NoPatches, match="shapes_plain has no layer of maps or scores called conv9"):
        store.find("shapes_plain", "conv9")
    with pytest.raises(NoPatches, match="has the channels 0 to 20, not 21"):
        store.strongest(store.find("shapes_plain", "fc"), 21, 3)
