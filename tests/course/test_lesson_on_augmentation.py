"""What the lesson on augmentation quotes, against the real network of digits and against real runs."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from torch import Tensor
from torchvision.transforms.v2 import InterpolationMode
from torchvision.transforms.v2 import functional as transforms

from cnnlab.finetune_command import finetune
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import Models
from cnnlab.training.bundled_data import data_of
from tests.running_app import ROOT

LESSON = (ROOT / "lessons/340-augmentation.md").read_text(encoding="utf-8")
NAME = "digits_lenet"
pytestmark = pytest.mark.usefixtures("one_core")


@pytest.fixture(scope="module")
def digits() -> tuple[Tensor, Tensor]:
    return data_of(NAME).held_out(360)


@torch.no_grad()
def answers(pictures: Tensor) -> Tensor:
    return Models().get(NAME).model(pictures).argmax(1)


def turned(pictures: Tensor, angle: float) -> Tensor:
    dark = pictures.amin()
    return transforms.rotate(pictures - dark, angle, InterpolationMode.BILINEAR) + dark


def test_the_network_of_digits_minds_mirrors_and_half_turns_but_hardly_small_ones(
    digits: tuple[Tensor, Tensor],
):
    pictures, labels = digits
    upside, mirrored = answers(pictures.rot90(2, (2, 3))), answers(pictures.flip(3))
    right = [(made == labels).sum().item() for made in (answers(pictures), answers(turned(pictures, -15)))]
    right += [(made == labels).sum().item() for made in (upside, mirrored)]
    said = r"finds (\d+) of 360.*by 15°, (\d+)\. Turned upside down, (\d+): .* In a mirror, (\d+): "
    assert right == pytest.approx([int(number) for number in re.findall(said, LESSON)[0]], abs=2)
    sixes, nines, twos = (labels == digit for digit in (6, 9, 2))
    counted = [
        *((upside[sixes] == 9).sum().item(), sixes.sum().item()),
        *((upside[nines] == 6).sum().item(), nines.sum().item()),
        *(twos.sum().item(), (mirrored[twos] == 5).sum().item()),
    ]
    said = r"calls (\d+) of (\d+) sixes a nine, and (\d+) of (\d+) nines.* of (\d+) twos .* and (\d+) become"
    assert counted == pytest.approx([int(number) for number in re.findall(said, LESSON)[0]], abs=1)
    assert (mirrored[twos] == 2).sum() == 0


def test_the_six_of_the_lab_is_a_nine_for_the_network_too():
    six = torch.from_numpy(np.array(sample_picture("digit-6").pixels[..., 0])).float() / 127.5 - 1
    enlarged = torch.nn.functional.interpolate(
        six[None, None], (32, 32), mode="bilinear", align_corners=False
    )
    assert answers(torch.cat([enlarged, enlarged.rot90(2, (2, 3))])).tolist() == [6, 9]


def test_alexnets_crops_are_counted():
    windows = torch.nn.functional.unfold(torch.empty(1, 1, 256, 256, device="meta"), 224).shape[-1]
    assert f"For 256 and 224 that is {2 * windows:,}." in LESSON


def run(folder: Path, epochs: int, *transforms: str) -> tuple[float, float]:
    """Return how many of the pictures learned from and of new ones are right, in percent."""
    told = [part for one in transforms for part in ("--augment", one)]
    what = f"--data digits --model {NAME} --regime scratch --per-class 10 --seed 0 --epochs {epochs}".split()
    result = CliRunner().invoke(finetune, [*what, *told, "--out", str(folder), "--json"])
    assert result.exit_code == 0, result.output
    last = json.loads(result.stdout.splitlines()[-1])["epochs"][-1]
    return 100 * last["train_accuracy"], 100 * last["accuracy"]


@pytest.mark.every_run
def test_a_policy_that_fits_helps_with_time_and_one_that_breaks_labels_harms(tmp_path: Path):
    fits = ("rotate:10", "shear:10", "scale:0.1", "translate:0.08")
    plain, fitting = run(tmp_path / "plain", 60), run(tmp_path / "fits", 60, *fits)
    turning = run(tmp_path / "turned", 60, "rotate:180")
    assert plain[0] == 100 > fitting[0]
    assert fitting[1] > plain[1] + 1
    assert turning[1] < plain[1] - 8
    rows = re.findall(r"^\| (?!policy|mirrored|-)[^|]*\|[^|]*\| (\S+) % \|$", LESSON, re.MULTILINE)
    quoted = [float(one) for one in rows]
    assert [plain[1], fitting[1], turning[1]] == pytest.approx(quoted, abs=7)  # they are means of three runs
    short = run(tmp_path / "short", 30), run(tmp_path / "short-fits", 30, *fits)
    said = re.findall(r"30 epochs in place of 60.*?\((\S+) % against (\S+) %\)", LESSON)[0]
    assert [short[1][1], short[0][1]] == pytest.approx([float(one) for one in said], abs=3)
