"""Confusion and mistakes, against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.metrics import confusion_matrix, log_loss, precision_recall_fscore_support

from cnnlab.training.mistakes import (
    Answers,
    confusion,
    pictures_of_cell,
    precision,
    recall,
    worst_mistakes,
)


def answers_of(scores: np.ndarray, labels: np.ndarray) -> Answers:
    probabilities = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    return Answers(labels, probabilities.argmax(1).astype(np.int16), probabilities)


@pytest.fixture
def answers() -> Answers:
    random = np.random.default_rng(0)
    return answers_of(random.normal(size=(60, 4)) * 2, random.integers(0, 3, 60))


@given(st.data())
def test_confusion_is_scikit_learns(data: st.DataObject):
    classes = data.draw(st.integers(2, 6))
    count = data.draw(st.integers(1, 30))
    numbers = arrays.arrays(np.int64, count, elements=st.integers(0, classes - 1))
    labels, predicted = data.draw(numbers), data.draw(numbers).astype(np.int16)
    found = confusion(Answers(labels, predicted, np.zeros((count, classes))))
    assert (found == confusion_matrix(labels, predicted, labels=list(range(classes)))).all()


def test_precision_recall_and_accuracy_are_scikit_learns(answers: Answers):
    cells = confusion(answers)
    expected = precision_recall_fscore_support(
        answers.labels,
        answers.predicted,
        labels=range(4),
        zero_division=np.nan,  # pyright: ignore[reportArgumentType]
    )
    assert np.allclose(precision(cells), expected[0], equal_nan=True)
    assert np.allclose(recall(cells), expected[1], equal_nan=True)
    assert np.isnan(recall(cells)[3])  # no picture of this class
    assert answers.accuracy == pytest.approx((answers.labels == answers.predicted).mean())


def test_a_cell_holds_the_pictures_that_are_counted_in_it(answers: Answers):
    cells = confusion(answers)
    for label in range(4):
        for predicted in range(4):
            rows = pictures_of_cell(answers, label, predicted, most=60)
            assert len(rows) == cells[label, predicted]
            assert set(answers.labels[rows]) <= {label}
            sure = answers.probabilities[rows, predicted]
            assert (np.diff(sure) <= 0).all()
    assert len(pictures_of_cell(answers, 0, 0, most=1)) == 1


def test_the_worst_mistakes_are_those_with_the_largest_loss(answers: Answers):
    found = worst_mistakes(answers, most=5)
    losses = [
        log_loss([label], [row], labels=range(4))
        for label, row in zip(answers.labels, answers.probabilities, strict=True)
    ]
    wrong = [row for row in np.argsort(losses)[::-1] if answers.predicted[row] != answers.labels[row]]
    assert [one.picture for one in found] == wrong[:5]
    assert all(one.sure > one.right for one in found)
    assert all(one.predicted == answers.predicted[one.picture] for one in found)


def test_a_network_that_makes_no_mistake_has_none():
    right = answers_of(np.eye(3) * 9, np.arange(3))
    assert worst_mistakes(right) == ()
    assert right.accuracy == 1


def test_without_pictures_nothing_is_counted():
    empty = Answers(np.zeros(0, np.int64), np.zeros(0, np.int16), np.zeros((0, 2)))
    assert confusion(empty).tolist() == [[0, 0], [0, 0]]
    assert empty.accuracy == 0


def test_answers_of_a_diverged_network_are_counted_too():
    lost = Answers(np.array([0, 1]), np.array([0, 0]), np.full((2, 2), np.nan))
    assert [one.picture for one in worst_mistakes(lost)] == [1]
    assert pictures_of_cell(lost, 1, 0).tolist() == [1]
