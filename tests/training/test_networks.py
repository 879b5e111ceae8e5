"""Networks of the zoo get new heads, blocks and ways into their middle, whatever they end with."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional

from cnnlab.inspection.flow_input import IMAGENET, PLAIN
from cnnlab.training.blocks import after, before, blocks_of, rest_behind
from cnnlab.training.features import folded
from cnnlab.training.heads import Head, NoHead, last_layer, replace_head
from cnnlab.training.networks import NoTrainedWeights, network_for, preparing_of
from cnnlab.training.recipe import Recipe, UnsuitableRecipe
from cnnlab.training.stages import pooled

CLASSES = ("a", "b", "c")
# A network, a side that it can read, where its head is, what the head reads, and some of its blocks.
MODELS = [
    ("shapes_plain", 32, "fc", 128, ["conv1", "block1", "block2", "last"]),
    ("shapes_residual", 32, "fc", 96, ["conv1", "block1", "block2", "block3", "block4"]),
    ("digits_lenet", 32, "output", 84, ["c1", "c3", "f5", "f6"]),
    ("squeezenet1_1", 64, "classifier", 512, ["features.0", "features.3", "features.12"]),
    ("mobilenet_v2", 32, "classifier.1", 1280, ["features.0", "features.1", "features.18"]),
    ("mobilenet_v3_small", 32, "classifier.3", 1024, ["features.0", "features.12", "classifier.0"]),
    ("shufflenet_v2_x0_5", 32, "fc", 1024, ["conv1", "stage2", "stage3", "stage4", "conv5"]),
    ("resnet18", 32, "fc", 512, ["conv1", "layer1", "layer2", "layer3", "layer4"]),
    (
        "densenet121",
        32,
        "classifier",
        1024,
        ["features.conv0", "features.denseblock1", "features.denseblock4"],
    ),
    ("googlenet", 32, "fc", 1024, ["conv1", "conv2", "inception3a", "inception5b"]),
    ("inception_v3", 80, "fc", 2048, ["Conv2d_1a_3x3", "Mixed_5b", "Mixed_7c"]),
    ("resnetv2_18", 32, "head.fc", 512, ["stem.conv", "stages.0", "stages.3"]),
    ("dpn68", 32, "classifier", 832, ["features.conv1_1", "features.conv5_3"]),
    ("efficientnet_b0", 32, "classifier.1", 1280, ["features.0", "features.8"]),
]


@pytest.mark.parametrize(("name", "side", "head", "features", "blocks"), MODELS, ids=lambda one: str(one))
def test_networks_get_a_head_and_blocks(name: str, side: int, head: str, features: int, blocks: list[str]):
    net = network_for(Recipe(model=name, size=side, regime="scratch", dropout=0.25), CLASSES)
    assert net.head == head
    pictures = torch.rand(2, net.channels, side, side)
    with torch.no_grad():
        scores, reached = net.model(pictures), before(net.model, head, pictures)
        assert scores.shape == (2, 3)
        assert pooled(reached).shape == (2, features)
        torch.testing.assert_close(net.head_module(pooled(reached)), scores)
    titles = [block.title for block in net.blocks]
    assert [one for one in titles if one in blocks] == blocks
    parts = [net.model.get_submodule(one) for block in net.blocks for one in block.names]
    counted = sum(one.numel() for part in [*parts, net.head_module] for one in part.parameters())
    assert counted == sum(one.numel() for one in net.model.parameters())  # each parameter is in one block
    middle = net.blocks[: len(net.blocks) // 2]
    assert rest_behind(net.model, middle, pictures) is not None
    net.model.train()
    assert net.model(pictures).shape == (2, 3)  # no auxiliary classifier answers as well


def test_a_middle_is_entered_with_the_networks_own_modules():
    net = network_for(Recipe(regime="full", size=32), CLASSES)
    pictures = torch.rand(3, 3, 32, 32)
    rest = rest_behind(net.model, net.blocks[:3], pictures)
    assert rest is not None
    with torch.no_grad():
        middle = after(net.model, net.blocks[2].names[-1], pictures)
        net.head_module.get_submodule("1").get_parameter("bias").fill_(7)  # the rest sees it, too
        torch.testing.assert_close(rest(middle), net.model(pictures))
        assert float(rest(middle).mean()) > 4


class Winding(nn.Module):
    """Its second part reads the picture again, so nothing can be kept in its middle."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(3, 3, 1), nn.Conv2d(3, 4, 1)
        self.fc = nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.second(self.first(x) + x).mean((2, 3)))


def test_a_middle_that_is_not_all_that_is_read_is_not_entered():
    model, pictures = Winding().eval(), torch.rand(2, 3, 4, 4)
    blocks = blocks_of(model, "fc", pictures)
    assert [block.title for block in blocks] == ["first", "second"]
    assert rest_behind(model, blocks[:1], pictures) is None
    assert rest_behind(model, blocks[:0], pictures) is None


def test_networks_without_a_head_are_refused():
    with pytest.raises(NoHead, match="nothing that could learn"):
        last_layer(nn.Sequential(nn.ReLU()))
    with pytest.raises(NoHead, match="ends with a convolution"):
        last_layer(nn.Sequential(nn.Conv2d(3, 2, 3)))
    with pytest.raises(NoHead, match="its last layer alone"):
        replace_head(nn.Linear(2, 2), 3, 0.0)
    with pytest.raises(NoHead, match="ends with a convolution"):
        network_for(Recipe(model="unet", regime="scratch", size=64), CLASSES)


def test_several_results_at_once_are_no_scores():
    class Twice(nn.Module):
        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            return x, x

    from cnnlab.training.heads import count_of_scores

    with pytest.raises(NoHead, match="several results at once"):
        count_of_scores(Twice(), torch.zeros(1, 3))


def test_a_head_is_plain_pytorch():
    head, maps = Head(4, 2, 0.0, averaged=True).eval(), torch.rand(3, 4, 5, 5)
    linear = head[-1]
    assert isinstance(linear, nn.Linear)
    wanted = functional.linear(maps.mean((2, 3)), linear.weight, linear.bias)
    torch.testing.assert_close(head(maps), wanted)
    torch.testing.assert_close(head(pooled(maps)), wanted)
    torch.testing.assert_close(nn.Sequential(*head)(maps), wanted)


def test_the_networks_own_dropout_before_the_head_gives_way():
    net = network_for(Recipe(model="mobilenet_v2", regime="scratch", size=32, dropout=0.4), CLASSES)
    assert [one.p for one in net.model.modules() if isinstance(one, nn.Dropout)] == [0.0, 0.4]


def test_weights_that_are_not_here_are_not_made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr("torch.hub._hub_dir", None)
    with pytest.raises(
        NoTrainedWeights, match=r"shufflenet_v2_x0_5 has no trained weights on this machine.*fetch"
    ):
        network_for(Recipe(model="shufflenet_v2_x0_5", regime="frozen"), CLASSES)


def test_sizes_that_do_not_fit_are_said_so():
    with pytest.raises(
        UnsuitableRecipe, match="digits_lenet cannot tell 3 classes apart in pictures of 64 × 64 pixels"
    ):
        network_for(Recipe(model="digits_lenet", size=64), CLASSES)


def test_networks_with_other_ends_are_refused(monkeypatch: pytest.MonkeyPatch):
    class Doubling(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(1, 2)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.fc(x.mean((2, 3))).repeat(1, 2)

    with pytest.raises(UnsuitableRecipe, match="lenet5_1998 cannot tell 3 classes apart"):
        network_for(Recipe(model="lenet5_1998", regime="scratch"), CLASSES)  # ends with distances to codes
    monkeypatch.setattr("cnnlab.training.networks.zoo.build", lambda _name: Doubling())
    with pytest.raises(UnsuitableRecipe, match="gives 6 scores, not one for each of 3 classes"):
        network_for(Recipe(model="digits_lenet", regime="scratch"), CLASSES)


def test_what_is_done_to_pixels_is_what_the_network_was_made_for():
    assert preparing_of("resnet18") == IMAGENET
    assert preparing_of("lenet5") == PLAIN
    for regime in ("scratch", "full"):
        assert network_for(Recipe(regime=regime), CLASSES).preparing.deviation == (0.25,) * 3


@pytest.mark.parametrize("name", ["shapes_plain", "resnet18", "mobilenet_v2", "densenet121"])
def test_folding_changes_the_time_not_the_answers(name: str):
    torch.manual_seed(0)
    model = network_for(Recipe(model=name, regime="scratch", size=32), CLASSES).model
    for one in model.modules():
        if isinstance(one, nn.BatchNorm2d):
            nn.init.uniform_(one.running_mean, -0.2, 0.2)  # pyright: ignore[reportArgumentType]
            nn.init.uniform_(one.running_var, 0.5, 1.5)  # pyright: ignore[reportArgumentType]
    pictures = torch.rand(2, 3, 32, 32)
    quick = folded(model, pictures)
    norms = [sum(isinstance(one, nn.BatchNorm2d) for one in net.modules()) for net in (model, quick)]
    assert norms[1] < norms[0]
    with torch.no_grad():
        torch.testing.assert_close(quick(pictures), model(pictures), rtol=1e-3, atol=1e-3)
    assert isinstance(quick.get_submodule(last_layer(model).place), nn.Linear)  # names stay


def test_a_network_that_cannot_be_followed_is_asked_itself():
    class Choosing(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(3, 2)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.fc(x if x.sum() > 0 else -x)

    model = Choosing()
    assert folded(model, torch.rand(2, 3)) is model


def test_random_numbers_for_a_new_head_are_the_seeds():
    heads = [
        network_for(replace(Recipe(), seed=seed), CLASSES).model.state_dict()["fc.1.weight"]
        for seed in (3, 3, 4)
    ]
    assert torch.equal(heads[0], heads[1])
    assert not torch.equal(heads[0], heads[2])
