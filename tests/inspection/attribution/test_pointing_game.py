"""The pointing game over pictures of shapes: against plain PyTorch, SciPy, and a loop written out."""

import re

import numpy as np
import pytest
import torch
from scipy.ndimage import distance_transform_edt

from cnnlab.inspection.attribution.pointing_game import (
    PICTURES,
    CannotPlay,
    board,
    play,
    play_blindly,
)
from cnnlab.inspection.attribution.running import Question
from cnnlab.inspection.attribution.truth_pointing import Played, near, pointing
from cnnlab.inspection.bundled.shape_names import TRAINED
from cnnlab.inspection.weights import Models
from cnnlab.inspection.work import Stopped

pytestmark = pytest.mark.usefixtures("one_core")
NAME = "shapes_plain"


@pytest.fixture(scope="module")
def models() -> Models:
    return Models()


def test_two_pictures_of_each_shape_that_the_network_mostly_knows(models: Models):
    game = board()
    assert len(game.shapes) == PICTURES == 2 * len(TRAINED)
    assert sorted(game.shapes) == sorted([*range(len(TRAINED))] * 2)
    assert game.masks.any((1, 2)).all()
    x = torch.from_numpy(game.pixels).permute(0, 3, 1, 2).float() / 255
    said = models.get(NAME).model((x - 0.5) / 0.25).argmax(1)
    assert (said == torch.tensor(game.shapes)).double().mean() > 0.9


def test_a_gradient_points_where_plain_pytorch_says(models: Models):
    found, game, model = (
        play(Question(NAME, "", "saliency"), models, pictures=6),
        board(6),
        models.get(NAME).model,
    )
    for at in range(6):
        x = ((torch.from_numpy(game.pixels[at]).permute(2, 0, 1)[None].float() / 255) - 0.5) / 0.25
        x.requires_grad_()
        model(x)[0, game.shapes[at]].backward()
        assert x.grad is not None
        strength = x.grad[0].abs().sum(0)
        one = found.pointed[at]
        assert float(strength[one.row, one.column]) == pytest.approx(float(strength.max()), rel=1e-5)
        assert one.hit == bool(game.masks[at][one.row, one.column])
        inside = float(strength[torch.from_numpy(game.masks[at])].sum() / strength.sum())
        assert one.mass == pytest.approx(inside, rel=1e-4)
    assert found.tally().hits == sum(one.hit for one in found.pointed)


def test_a_margin_counts_what_is_at_most_so_far_away():
    game, blind = board(), play_blindly()
    away = np.stack([np.asarray(distance_transform_edt(~mask)) for mask in game.masks])
    centre = blind["Centre"]
    for margin in (0, 1, 3, 4):
        wanted = sum(away[at, one.row, one.column] <= margin for at, one in enumerate(centre.pointed))
        told = centre.tally(margin)
        assert (told.hits, told.pictures) == (wanted, PICTURES)
        assert told.area == pytest.approx((away <= margin).mean())
    assert centre.tally(4).hits > centre.tally(0).hits


def test_chance_hits_as_often_as_the_shape_has_area():
    masks = near(board().masks, 2)
    rows, columns = np.random.default_rng(3).integers(0, 64, (2, 300, PICTURES))
    share = masks[np.arange(PICTURES), rows, columns].mean()
    assert share == pytest.approx(play_blindly()["Random"].tally(2).area, abs=0.02)


def test_a_map_of_zeros_points_nowhere_however_wide_the_margin():
    mask = np.zeros((1, 4, 4), bool)
    mask[0, 0, 0] = True
    nothing = Played((pointing(np.zeros((1, 4, 4)), mask[0]),), np.zeros((1, 4, 4, 3), np.uint8), mask)
    assert nothing.tally(3).hits == 0
    assert nothing.tally(3).mass is None


def test_it_can_be_stopped_within_a_picture(models: Models):
    heard = []

    def stop(doing: str, done: int, total: int) -> None:
        heard.append((doing, done, total))
        if doing == "Picture 2 of 4" and heard.count(heard[-1]) == 2:
            raise Stopped("This was stopped.")

    with pytest.raises(Stopped, match="This was stopped"):
        play(Question(NAME, "", "integrated_gradients"), models, stop, pictures=4)
    assert heard[-1] == ("Picture 2 of 4", 1, 4)


def test_a_network_that_knows_no_shapes_cannot_play(models: Models):
    words = (
        "digits_lenet does not know the 21 shapes of which it is known where they are. Choose “Shapes, plain”"
    )
    with pytest.raises(CannotPlay, match=re.escape(words)):
        play(Question("digits_lenet", "", "saliency"), models)
