"""Pictures by name: bundled, uploaded, forgotten; nobody guesses the name of another's."""

import numpy as np
import pytest

from cnnlab.inspection.flow_pictures import ForgottenPicture, Pictures
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.samples import MissingPicture, sample_picture


def of_grey(level: int, shape: tuple[int, int] = (2, 3)) -> Picture:
    return Picture(np.full((*shape, 3), level, np.uint8), "grey")


def test_the_same_picture_has_the_same_name_here_and_another_on_another_server():
    here, there = Pictures(), Pictures()
    name = here.keep(of_grey(7))
    assert here.keep(of_grey(7)) == name
    assert here.get(name).pixels[0, 0, 0] == 7
    assert len({name, here.keep(of_grey(8)), here.keep(of_grey(7, (3, 2))), there.keep(of_grey(7))}) == 4
    with pytest.raises(ForgottenPicture, match="not kept any more"):
        there.get(name)


def test_bundled_pictures_have_their_own_names():
    assert Pictures().get("cat") is sample_picture("cat")
    with pytest.raises(MissingPicture, match="choose one of"):
        Pictures().get("dog")


def test_the_picture_that_was_used_least_lately_is_forgotten_first():
    pictures = Pictures(most=2)
    first, second = pictures.keep(of_grey(1)), pictures.keep(of_grey(2))
    pictures.get(first)
    pictures.keep(of_grey(3))
    assert pictures.get(first)
    with pytest.raises(ForgottenPicture, match="Choose it again"):
        pictures.get(second)
