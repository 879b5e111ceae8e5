"""Directions, frequencies and Gabor fits of filters, against scikit-image's and PyTorch's own answers."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from skimage.filters import gabor_kernel

from cnnlab.inspection.filter_measures import alike, in_a_row, measure, ordered
from cnnlab.inspection.gabor import can_be_fitted, fit_gabors


def gabor(
    degrees: float, frequency: float = 0.2, side: int = 9, width: float = 2.0, height: float = 2.0
) -> np.ndarray:
    """Return the middle of scikit-image's Gabor filter."""
    angle: Any = {"theta": math.radians(degrees)}  # scikit-image's hint says int
    whole = np.real(gabor_kernel(frequency, **angle, sigma_x=width, sigma_y=height, n_stds=6))
    top, left = ((size - side) // 2 for size in whole.shape)
    return whole[top : top + side, left : left + side]


def bank_of(*patterns: np.ndarray) -> np.ndarray:
    return np.stack(patterns)[:, None].astype(np.float32)


ANGLES = (0, 20, 45, 90, 110, 160)


def test_a_filter_changes_most_across_the_grating_that_it_answers_most():
    bank = bank_of(*(gabor(angle) for angle in ANGLES))
    places = torch.arange(41.0)
    answers = []
    for degrees in range(180):
        along = places[None] * math.cos(math.radians(degrees)) + places[:, None] * math.sin(
            math.radians(degrees)
        )
        grating = torch.cos(2 * math.pi * 0.2 * along)[None, None]
        answers.append(torch.conv2d(grating, torch.from_numpy(bank)).abs().amax((0, 2, 3)))
    best = torch.stack(answers).argmax(0).numpy()
    measured = measure(bank)
    apart = np.abs((measured.direction - best + 90) % 180 - 90)
    assert apart.max() < 6
    assert measured.sure.min() > 0.5
    assert np.abs(measured.frequency - 0.2).max() < 0.03


def test_what_has_no_direction_says_so():
    round_bell = np.exp(-(np.arange(-4, 5)[:, None] ** 2 + np.arange(-4, 5)[None] ** 2) / 4)
    noise = np.random.default_rng(0).standard_normal((40, 16, 3, 3)).astype(np.float32)
    assert measure(bank_of(round_bell)).sure[0] < 1e-9
    assert measure(noise).sure.max() < 0.5
    assert measure(noise[..., :1, :1]).sure.tolist() == [0] * 40


def test_the_power_is_that_of_the_response():
    """Parseval: a filter's response to white noise has the filter's own power, frequency by frequency."""
    bank = np.random.default_rng(1).standard_normal((3, 2, 5, 5)).astype(np.float32)
    spectrum = torch.fft.fft2(torch.from_numpy(bank).double(), (64, 64)).abs().square().sum(1)
    f = torch.fft.fftfreq(64).double()
    inside = torch.hypot(f[:, None], f[None]) <= 0.5
    mean = (spectrum * torch.hypot(f[:, None], f[None]) * inside).sum((1, 2)) / (spectrum * inside).sum(
        (1, 2)
    )
    assert measure(bank).frequency == pytest.approx(mean.numpy(), rel=0.02)


def test_norms_zeros_and_colour():
    grey = np.repeat(np.arange(1, 10, dtype=np.float32).reshape(1, 1, 3, 3), 3, axis=1)
    red_against_green = grey * np.array([1, -1, 0], np.float32)[None, :, None, None]
    dead = np.zeros_like(grey)
    measured = measure(np.concatenate([grey, red_against_green, dead, grey * 1e-3]))
    assert measured.norms[0] == pytest.approx(torch.from_numpy(grey).double().norm().item())
    assert measured.colour.round(6).tolist() == [0, 1, 0, 0]
    assert measured.zeros.round(6).tolist() == [0, round(1 / 3, 6), 1, 0]
    assert measured.nearly_dead.tolist() == [False, False, True, True]


def test_similar_filters_stand_beside_each_other():
    patterns = [gabor(angle) for angle in (0, 90, 3, 93)] + [-gabor(1)]
    bank = bank_of(*patterns)
    likeness = alike(bank)
    expected = torch.nn.functional.cosine_similarity(
        torch.from_numpy(bank).flatten(1)[:, None], torch.from_numpy(bank).flatten(1)[None], dim=2
    )
    assert likeness == pytest.approx(expected.numpy(), abs=1e-6)
    order = in_a_row(likeness, 0).tolist()
    assert set(order[:3]) == {0, 2, 4}
    assert set(order[3:]) == {1, 3}
    assert alike(np.zeros((2, 1, 3, 3))).tolist() == [[0, 0], [0, 0]]


def test_orders_hold_every_filter_once():
    bank = np.random.default_rng(2).standard_normal((30, 3, 5, 5)).astype(np.float32)
    measured = measure(bank)
    for sort in ("number", "norm", "similarity", "direction"):
        assert sorted(ordered(bank, measured, sort).tolist()) == list(range(30))
    norms = measured.norms[ordered(bank, measured, "norm")]
    assert (np.diff(norms) <= 0).all()


def test_gabor_functions_are_found_in_filters_that_are_some():
    patterns = [gabor(angle, 0.16, width=1.8, height=2.4) for angle in ANGLES]
    coloured = np.stack([pattern * np.array([1, 0.4, -0.5])[:, None, None] for pattern in patterns])
    fit = fit_gabors(coloured)
    assert fit.explained.min() > 0.97
    assert fit.gabor_like.all()
    assert np.abs((fit.angle - np.array(ANGLES) + 90) % 180 - 90).max() < 5
    assert np.abs(fit.wavelength - 1 / 0.16).max() < 0.8


@pytest.mark.parametrize(("side", "planes"), [(5, 1), (5, 3), (7, 3), (11, 3)])
def test_noise_is_not_taken_for_gabor_functions(side: int, planes: int):
    noise = np.random.default_rng(3).standard_normal((24, planes, side, side))
    assert not fit_gabors(noise).gabor_like.any()


def test_a_bell_is_no_wave():
    bell = np.exp(-(np.arange(-4, 5)[:, None] ** 2 + np.arange(-4, 5)[None] ** 2) / 8)
    fit = fit_gabors(bank_of(bell, bell * 0))
    assert fit.explained[0] > 0.9
    assert not fit.gabor_like.any()


def test_small_filters_are_not_fitted():
    assert not can_be_fitted((64, 3, 3, 3))
    assert can_be_fitted((64, 3, 5, 5))
