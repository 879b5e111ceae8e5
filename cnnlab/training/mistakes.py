"""Which classes a network takes for which, which pictures, and which of its mistakes it was surest of.

Counted from answers that were kept (`snapshots`); numpy only. It knows no networks, nor where pictures are.
"""

from dataclasses import dataclass

import numpy as np

MOST = 24


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What a network said about pictures.

    Attributes:
        labels: The number of each picture's class.
        predicted: The number of the class that it was taken for.
        probabilities: Of each class, pictures × classes; not numbers where the network had diverged.
    """

    labels: np.ndarray
    predicted: np.ndarray
    probabilities: np.ndarray

    @property
    def accuracy(self) -> float:
        """Return the share of right answers, from 0 to 1; 0 without pictures."""
        return float((self.labels == self.predicted).mean()) if len(self.labels) else 0.0


@dataclass(frozen=True, slots=True)
class Mistake:
    """A picture taken for another class: `sure` is that class's probability, `right` the right one's."""

    picture: int
    label: int
    predicted: int
    sure: float
    right: float


def confusion(answers: Answers) -> np.ndarray:
    """Return how many pictures of each class (rows) were taken for each class (columns)."""
    classes = answers.probabilities.shape[1]
    cells = np.bincount(answers.labels * classes + answers.predicted, minlength=classes * classes)
    return cells.reshape(classes, classes)


def pictures_of_cell(answers: Answers, label: int, predicted: int, most: int = MOST) -> np.ndarray:
    """Return the pictures of a class that were taken for a class, those it was surest of first."""
    found = np.flatnonzero((answers.labels == label) & (answers.predicted == predicted))
    return found[_surest_first(answers.probabilities[found, predicted])][:most]


def worst_mistakes(answers: Answers, most: int = MOST) -> tuple[Mistake, ...]:
    """Return the pictures whose right class had the least probability, the worst first.

    These are those that add most to the loss, which is minus the logarithm of that probability.
    """
    wrong = np.flatnonzero(answers.labels != answers.predicted)
    right = answers.probabilities[wrong, answers.labels[wrong]]
    worst = wrong[_surest_first(-right)][:most]
    return tuple(
        Mistake(
            int(row),
            int(answers.labels[row]),
            int(answers.predicted[row]),
            float(answers.probabilities[row, answers.predicted[row]]),
            float(answers.probabilities[row, answers.labels[row]]),
        )
        for row in worst
    )


def recall(cells: np.ndarray) -> np.ndarray:
    """Return the share of each class's pictures that were recognised; not a number where there are none."""
    return _shares(np.diag(cells), cells.sum(1))


def precision(cells: np.ndarray) -> np.ndarray:
    """Return the share of the pictures taken for a class that were of it; not a number where none were."""
    return _shares(np.diag(cells), cells.sum(0))


def _shares(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)


def _surest_first(sure: np.ndarray) -> np.ndarray:
    return np.argsort(-np.nan_to_num(sure.astype(np.float64)), kind="stable")
