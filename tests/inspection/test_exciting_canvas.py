"""Pictures as waves, and their small movements: spectra by numpy, places by their centres of mass."""

import math

import numpy as np
import pytest
import torch

from cnnlab.inspection.exciting_canvas import Canvas, moved, wave_weights
from cnnlab.inspection.samples import sample_picture


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_first_waves_fall_with_their_frequency():
    """Noise with weights 1/f has a power of 1/f²: fitted over all waves of many pictures, by numpy."""
    power = np.zeros((64, 64))
    for seed in range(40):
        canvas = Canvas((1, 64, 64), True, chance(seed))
        plain = torch.logit(canvas.picture()[0, 0].detach().double()).numpy()
        power += np.abs(np.fft.fft2(plain)) ** 2
    down, across = np.meshgrid(np.fft.fftfreq(64), np.fft.fftfreq(64), indexing="ij")
    frequency = np.hypot(down, across)
    middle = (frequency > 2 / 64) & (frequency < 0.45)
    slope, _ = np.polyfit(np.log(frequency[middle]), np.log(power[middle]), 1)
    assert slope == pytest.approx(-2, abs=0.05)  # 40 pictures leave a scatter of about 0.02


def test_a_single_wave_is_a_cosine_of_its_weight():
    canvas = Canvas((1, 16, 16), True, chance())
    with torch.no_grad():
        canvas.numbers.zero_()
        canvas.numbers[0, 0, 3, 0] = 5.0
    plain = torch.logit(canvas.picture()[0, 0].detach())
    x = torch.arange(16) * 2 * math.pi * 3 / 16
    height = plain[0, 0].item()
    assert torch.allclose(plain, (height * x.cos()).expand(16, 16), atol=1e-5)
    with torch.no_grad():
        canvas.numbers.zero_()
        canvas.numbers[0, 0, 6, 0] = 5.0
    assert torch.logit(canvas.picture())[0, 0, 0, 0].item() == pytest.approx(height / 2, rel=1e-4)
    assert wave_weights(16, 16)[0, 3] == pytest.approx(16 / (3 / 16))


def test_colours_go_together_as_in_photographs():
    names = ("astronaut", "cat", "coffee", "rocket", "galaxies")
    pixels = np.concatenate([sample_picture(name).pixels.reshape(-1, 3) for name in names])
    wanted = np.corrcoef(pixels.T)
    plain = [torch.logit(Canvas((3, 16, 16), False, chance(seed)).picture()) for seed in range(20)]
    found = np.corrcoef(torch.stack(plain).detach().permute(2, 0, 1, 3, 4).reshape(3, -1).numpy())
    assert wanted.min() > 0.5
    assert found == pytest.approx(wanted, abs=0.35)  # other photographs than those of ImageNet
    assert found[0, 2] == pytest.approx(found.min())  # red and blue least, in both
    assert wanted[0, 2] == pytest.approx(wanted.min())


def test_moves_keep_a_picture_in_place_on_average_and_never_far():
    spot = torch.zeros(1, 1, 64, 64)
    spot[..., 30:34, 30:34] = 1
    views = moved(spot, 400, chance())
    rows = torch.arange(64.0)
    mass = views.sum((1, 2, 3))
    down = (views.sum((1, 3)) @ rows) / mass - 31.5
    across = (views.sum((1, 2)) @ rows) / mass - 31.5
    for off in (down, across):
        assert abs(off.mean().item()) < 0.4
        assert (
            3.5 < off.abs().max().item() < 4.6
        )  # a sixteenth of 64 pixels, and 1.1 times as far when scaled
    assert 0.9**2 * 16 * 0.95 < mass.min().item() < mass.max().item() < 16 / 0.9**2 * 1.05


def test_a_moved_picture_is_turned_without_being_sheared():
    """A disc stays a disc in a picture that is wider than high: its second moments stay alike."""
    y, x = torch.meshgrid(torch.arange(48.0) - 23.5, torch.arange(96.0) - 47.5, indexing="ij")
    disc = ((x**2 + y**2) < 15**2).float()[None, None]
    for view in moved(disc, 20, chance(3))[:, 0]:
        mass = view.sum()
        mean_y, mean_x = (view * y).sum() / mass, (view * x).sum() / mass
        spread_y = (view * (y - mean_y) ** 2).sum() / mass
        spread_x = (view * (x - mean_x) ** 2).sum() / mass
        assert (spread_y / spread_x).item() == pytest.approx(1, abs=0.02)
        assert abs(((view * (y - mean_y) * (x - mean_x)).sum() / mass).item()) < 1
