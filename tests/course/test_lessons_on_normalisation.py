"""What the lessons on normalisation and on dropout quote and draw, against PyTorch and real models."""

import tomllib
import warnings
from collections.abc import Callable, Iterator

import pytest
import torch
import torchvision
from PIL import Image, ImageChops, ImageColor
from torch import nn
from torchvision.ops import StochasticDepth

from tests.course.lesson_figures import LAYERS, cell_box, draw_who_shares, file_of, sets_of
from tests.course.lesson_oracles import count
from tests.course.oracles_of_normalisation import survivals
from tests.running_app import ROOT

NORMALISATION = (ROOT / "lessons/70-normalisation.md").read_text(encoding="utf-8")
DROPOUT = (ROOT / "lessons/80-dropout-and-stochastic-depth.md").read_text(encoding="utf-8")
NORMS = (nn.BatchNorm2d, nn.LayerNorm, nn.InstanceNorm2d, nn.GroupNorm)
Build = Callable[..., nn.Module]


def built(build: Build, **settings: object) -> nn.Module:
    """Return a real model without numbers in it."""
    with torch.device("meta"), warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return build(**settings)


def parts(model: nn.Module, *kinds: type[nn.Module]) -> list[nn.Module]:
    return [one for one in model.modules() if isinstance(one, kinds)]


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def dark(request: pytest.FixtureRequest) -> bool:
    return request.param


def test_the_picture_gives_one_colour_to_the_maps_that_pytorch_normalises_together(dark: bool):
    with Image.open(file_of(dark=dark)) as file:
        picture = file.convert("RGB")
    for panel, (name, layer) in enumerate(LAYERS.items()):
        drawn: dict[object, set[tuple[int, int]]] = {}
        for n in range(3):
            for c in range(4):
                left, top, _, _ = cell_box(panel, (n, c))
                drawn.setdefault(picture.getpixel((left + 24, top + 24)), set()).add((n, c))
        assert set(map(frozenset, drawn.values())) == set(sets_of(layer)), name


def test_the_ground_of_the_pictures_is_that_of_the_themes(dark: bool):
    themes = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
    with Image.open(file_of(dark=dark)) as file:
        ground = file.convert("RGB").getpixel((1, 1))
    assert ground == ImageColor.getrgb(themes["dark" if dark else "light"]["backgroundColor"])


def test_the_pictures_are_the_ones_that_the_program_draws(dark: bool):
    with Image.open(file_of(dark=dark)) as file:
        difference = ImageChops.difference(file.convert("RGB"), draw_who_shares(dark=dark))
    changed = sum(difference.convert("L").histogram()[9:])
    # another version of Pillow may draw letters a little differently
    assert changed < 0.01 * difference.width * difference.height


def test_the_lesson_says_how_many_letters_the_picture_has():
    assert [len(sets_of(layer)) for layer in LAYERS.values()] == [4, 3, 12, 6]
    assert "A to D. Layer: one a column, A to C. Instance: twelve letters." in NORMALISATION
    assert "one for each half of a column, A to F" in NORMALISATION


def test_the_quoted_numbers_of_resnet_50_are_those_of_the_real_model():
    model = built(torchvision.models.resnet50)
    norms, convolutions = parts(model, nn.BatchNorm2d), parts(model, nn.Conv2d)
    assert (len(norms), len(convolutions)) == (53, 53)
    assert all(one.bias is None for one in convolutions)
    assert f"{count(*norms):,} of its {count(model):,} parameters" in NORMALISATION
    assert not parts(model, nn.Dropout)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("resnet50", nn.BatchNorm2d),
        ("densenet121", nn.BatchNorm2d),
        ("mobilenet_v2", nn.BatchNorm2d),
        ("efficientnet_b0", nn.BatchNorm2d),
        ("convnext_tiny", nn.LayerNorm),
        ("vit_b_16", nn.LayerNorm),
        ("alexnet", None),
        ("vgg16", None),
    ],
)
def test_real_models_have_the_normalisation_that_the_lesson_says(name: str, kind: type[nn.Module] | None):
    found = parts(built(getattr(torchvision.models, name)), *NORMS)
    assert all(kind and isinstance(one, kind) for one in found)
    assert bool(found) == (kind is not None)
    if kind is nn.LayerNorm:
        assert all(len(getattr(one, "normalized_shape", ())) == 1 for one in found)


def test_googlenet_of_torchvision_has_a_batch_norm_behind_each_convolution():
    model = built(torchvision.models.googlenet, aux_logits=False, init_weights=False)
    assert len(parts(model, nn.BatchNorm2d)) == len(parts(model, nn.Conv2d)) == 57
    assert "each of its 57 convolutions" in NORMALISATION


def test_the_examples_of_normalisation_come_out_as_written():
    norm = nn.BatchNorm2d(1, eps=1e-30).double()
    x = torch.tensor([3, 9, 11, 17], dtype=torch.float64).reshape(2, 1, 1, 2)
    assert norm(x).flatten().tolist() == pytest.approx([-1.4, -0.2, 0.2, 1.4])
    nn.init.constant_(norm.weight, 2)
    nn.init.constant_(norm.bias, 1)
    assert norm(x).flatten().tolist() == pytest.approx([-1.8, 0.6, 1.4, 3.8])
    running = nn.BatchNorm1d(1)
    running(torch.tensor([0.0, 2, 4, 6, 8])[:, None])
    assert running.running_mean is not None
    assert running.running_var is not None
    assert (running.running_mean.item(), running.running_var.item()) == pytest.approx((0.4, 1.9))


def test_what_the_lesson_on_normalisation_predicts_comes_true():
    norm, x = nn.BatchNorm2d(4), torch.randn(3, 4, 2, 2, generator=torch.Generator().manual_seed(1))
    brighter = x + torch.tensor([0, 50, 50])[:, None, None, None]
    assert not torch.allclose(norm(x)[0], norm(brighter)[0])
    assert torch.allclose(norm(x + 5), norm(x), atol=1e-4)
    norm.eval()
    assert torch.equal(norm(x)[0], norm(brighter)[0])
    assert torch.allclose(nn.InstanceNorm2d(4)(x + 10), nn.InstanceNorm2d(4)(x), atol=1e-4)
    assert torch.allclose(nn.GroupNorm(1, 4)(x), nn.LayerNorm([4, 2, 2])(x), atol=1e-6)
    assert norm.train()(x * 100).abs().max() > 1
    with pytest.raises(ValueError, match="more than 1 value per channel when training"):
        nn.BatchNorm1d(10)(torch.ones(1, 10))


def dropped(name: str) -> Iterator[float]:
    for one in parts(built(getattr(torchvision.models, name)), nn.Dropout):
        yield float(getattr(one, "p", -1))


def test_real_models_drop_what_the_lesson_says():
    found = [list(dropped(name)) for name in ("alexnet", "vgg16", "resnet50", "efficientnet_b0")]
    assert found == [[0.5, 0.5], [0.5, 0.5], [], [0.2]]
    depths = parts(built(torchvision.models.efficientnet_b0), StochasticDepth)
    skipped = [getattr(one, "p", -1) for one in depths]
    assert (len(skipped), skipped[0], skipped[-1]) == (16, 0, 0.1875)
    assert "the first of 16 blocks is never skipped, and the last one with 0.1875" in DROPOUT


def test_what_the_lesson_on_dropout_predicts_comes_true():
    torch.manual_seed(0)
    signs = torch.randn(100_000).sign()
    in_training = nn.Dropout(0.5)(signs)
    assert in_training.var() == pytest.approx(2, rel=0.02)
    assert torch.equal(nn.Dropout(0.3).eval()(signs), signs)
    assert nn.Dropout(0.3)(torch.full((50,), 10.0)).max() == pytest.approx(14.29, abs=0.01)
    assert survivals(54, 0.5).sum().item() == pytest.approx(40.25)
    assert survivals(4, 0.6).tolist() == pytest.approx([0.9, 0.8, 0.7, 0.6])
    maps = nn.Dropout2d(0.5)(torch.ones(2, 8, 3, 3)).flatten(2)
    assert (maps.amax(2) == maps.amin(2)).all()
