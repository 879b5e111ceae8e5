"""Pictures with their classes: splits and choices by seed, the same share of each class."""

import numpy as np
import pytest

from cnnlab.training.picture_set import PictureSet, SplitSet, UnsuitablePictures


def numbered(*counts: int, masks: bool = False) -> PictureSet:
    """Return pictures each of which holds its own number, in mixed order."""
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(len(counts)), counts))
    numbers = np.arange(len(labels), dtype=np.uint8)
    pixels = np.broadcast_to(numbers[:, None, None, None], (len(labels), 2, 2, 3))
    return PictureSet(pixels, labels, tuple("abcdef"[: len(counts)]), pixels[..., 0] if masks else None)


def numbers(one: PictureSet) -> list[int]:
    return one.pixels[:, 0, 0, 0].tolist()


def test_a_split_leaves_no_picture_out_and_takes_none_twice():
    training, validation = numbered(20, 8, 2).split(3)
    assert sorted(numbers(training) + numbers(validation)) == list(range(30))
    assert training.counts == (15, 6, 1)
    assert validation.counts == (5, 2, 1)


def test_labels_and_masks_stay_with_their_pictures():
    whole = numbered(9, 5, masks=True)
    for part in whole.split(1):
        assert part.masks is not None
        assert part.masks[:, 0, 0].tolist() == numbers(part)
        assert part.labels.tolist() == [whole.labels[number] for number in numbers(part)]


def test_a_seed_decides_the_split():
    whole = numbered(20, 20)
    assert numbers(whole.split(1)[0]) == numbers(whole.split(1)[0])
    assert numbers(whole.split(1)[0]) != numbers(whole.split(2)[0])


def test_fewer_of_a_class_are_among_more_of_it():
    whole = numbered(20, 6)
    few, many = whole.a_class(3, 5), whole.a_class(10, 5)
    assert few.counts == (3, 3)
    assert many.counts == (10, 6)
    assert set(numbers(few)) < set(numbers(many))
    assert whole.a_class(0, 5) is whole


def test_a_class_of_one_picture_cannot_be_split():
    with pytest.raises(UnsuitablePictures, match="The class “b” has 1 of the 2 pictures that it needs"):
        numbered(5, 1).split(0)


def test_what_are_no_pictures():
    with pytest.raises(UnsuitablePictures, match="Pictures are uint8, count × height × width × 3; float32"):
        PictureSet(np.zeros((1, 2, 2, 3), np.float32), np.zeros(1, np.int64), ("a",))
    with pytest.raises(UnsuitablePictures, match=r"with the shape \(1, 2, 2\)"):
        PictureSet(np.zeros((1, 2, 2), np.uint8), np.zeros(1, np.int64), ("a",))
    with pytest.raises(UnsuitablePictures, match="2 pictures have 1 classes"):
        PictureSet(np.zeros((2, 2, 2, 3), np.uint8), np.zeros(1, np.int64), ("a",))


def test_a_split_set_has_the_classes_of_its_pictures():
    assert SplitSet(*numbered(4, 4).split(0)).classes == ("a", "b")
