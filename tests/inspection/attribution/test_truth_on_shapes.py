"""Where the truth is known, a map of a trained network finds the shape; what knows nothing does not."""

from functools import cache

import numpy as np
import pytest
import torch

from cnnlab.inspection.attribution.baselines import baseline
from cnnlab.inspection.attribution.running import Question, attribute_tensor
from cnnlab.inspection.attribution.truth import Subject
from cnnlab.inspection.attribution.truth_curves import curves
from cnnlab.inspection.attribution.truth_maps import controls
from cnnlab.inspection.attribution.truth_pointing import pointing
from cnnlab.inspection.bundled.shapes import render
from cnnlab.inspection.flow_input import numbers
from cnnlab.inspection.weights import Models

pytestmark = pytest.mark.usefixtures("one_core")
EDGES, CENTRE, RANDOM = controls(np.zeros((4, 4, 3), np.uint8))


@cache
def measured() -> dict[str, np.ndarray]:
    """Return hit, mass, deletion and insertion, in the mean over pictures, of Grad-CAM and the controls."""
    loaded = Models().get("shapes_plain")
    made = render(torch.arange(10), torch.Generator().manual_seed(11))
    found: dict[str, list[list[float]]] = {}
    for at, target in enumerate(made.shapes.tolist()):
        pixels = made.pixels[at].permute(1, 2, 0).numpy()
        x = torch.from_numpy(numbers(pixels, loaded.preparing))
        asked = Question("shapes_plain", "", "grad_cam", target, layer="last.1")
        maps = {"grad_cam": attribute_tensor(loaded, x, asked).values, **controls(pixels, seed=at)}
        one = Subject(loaded.model, x, target, loaded.preparing)
        for name, curve in curves(one, maps, baseline("blur", pixels, loaded.preparing), 5).items():
            found.setdefault(name, []).append([curve.deletion_area, curve.insertion_area])
            pointed = pointing(maps[name], made.masks[at].numpy() > 0.5)
            found[name][-1] += [pointed.hit, pointed.mass or 0, pointed.area]
    return {name: np.mean(rows, axis=0) for name, rows in found.items()}


def test_grad_cam_points_at_the_shape_more_often_than_what_knows_nothing():
    hits = {name: row[2] for name, row in measured().items()}
    assert hits["grad_cam"] >= 0.7
    assert hits["grad_cam"] > max(hits[EDGES], hits[CENTRE], hits[RANDOM]) + 0.1


def test_chance_has_as_much_inside_as_the_shape_has_area():
    mass, area = measured()[RANDOM][3:]
    assert mass == pytest.approx(area, abs=0.01)
    assert measured()["grad_cam"][3] > 2 * area


def test_the_pixels_that_grad_cam_names_matter_more_than_those_that_chance_names():
    """In deletion; insertion hardly tells them apart here, since a blurred shape is known from few pixels."""
    assert measured()["grad_cam"][0] < measured()[RANDOM][0] - 0.2
