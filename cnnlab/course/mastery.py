"""What a learner's attempts at a question add up to: solved, mastered, stuck, and when to ask again.

It does not store or grade attempts. Times are UTC; the ladder of reviews and the threshold for turning
wheels are those of `docs/decisions.md`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cnnlab.course.questions import Question

REVIEW_DAYS = (1, 3, 7, 21)
SPINNING_AFTER = 10


@dataclass(frozen=True, slots=True)
class Try:
    """One graded answer: which numbers it was about, whether it was right, and when."""

    variant: int
    is_right: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a learner stands with one question.

    `in_a_row` counts right first answers to different numbers since the last wrong one; `is_spinning` asks
    for a worked example instead of new numbers; `review_at` is when to ask again, None for not (any more).
    `reviews` counts those that were begun; `before_review` counts the tries before the last of them.
    """

    tries: int = 0
    is_solved: bool = False
    in_a_row: int = 0
    is_mastered: bool = False
    is_spinning: bool = False
    review_at: datetime | None = None
    reviews: int = 0
    before_review: int = 0

    def is_due(self, now: datetime) -> bool:
        """Return whether a review is due."""
        return self.review_at is not None and now >= self.review_at

    def round_at(self, now: datetime) -> tuple[int, int]:
        """Return the number of the present round of asking, and how many tries were made before it.

        Each review is a round of its own, from the moment when it is due.

        >>> now = datetime(2026, 3, 1)
        >>> Standing(tries=3).round_at(now), Standing(tries=3, review_at=now).round_at(now)
        ((0, 0), (1, 3))
        """
        if self.is_due(now):
            return self.reviews + 1, self.tries
        return self.reviews, self.before_review


def needed_in_a_row(question: Question) -> int:
    """Return how many right answers master a question: one, where its numbers never change."""
    return max(1, question.mastery) if question.params else 1


def standing(tries: Iterable[Try], needed: int = 2, is_reviewed: bool = True) -> Standing:
    """Return the standing after these tries, given in the order in which they were made.

    A right answer counts for mastery only if it is the first one to its numbers. After mastery a review is
    due after 1, 3, 7 and 21 days; a right answer when it is due climbs the ladder, a wrong one restarts it.
    """
    so_far, fresh, tried, rung = Standing(), set[int](), set[int](), 0
    for one in tries:
        was_due, was_mastered = is_reviewed and so_far.is_due(one.at), so_far.is_mastered
        if not one.is_right:
            fresh.clear()
        elif one.variant not in tried or needed == 1:
            fresh.add(one.variant)
        tried.add(one.variant)
        rung = _rung(rung, one.is_right, was_due)
        mastered = was_mastered or len(fresh) >= needed
        so_far = Standing(
            tries=so_far.tries + 1,
            is_solved=so_far.is_solved or one.is_right,
            in_a_row=len(fresh),
            is_mastered=mastered,
            is_spinning=not mastered and so_far.tries + 1 >= SPINNING_AFTER,
            review_at=so_far.review_at,
            reviews=so_far.reviews + was_due,
            before_review=so_far.tries if was_due else so_far.before_review,
        )
        if mastered and (was_due or not was_mastered or not one.is_right):
            so_far = replace(so_far, review_at=_review(one.at, rung))
    return so_far if is_reviewed else replace(so_far, review_at=None)


def _rung(rung: int, is_right: bool, was_due: bool) -> int:
    if not is_right:
        return 0
    return rung + 1 if was_due else rung


def _review(since: datetime, rung: int) -> datetime | None:
    return since + timedelta(days=REVIEW_DAYS[rung]) if rung < len(REVIEW_DAYS) else None


def next_variant(tries: Sequence[Try]) -> int:
    """Return the count of "new numbers" that nobody has tried yet: one after the highest.

    >>> next_variant([])
    0
    """
    return max((one.variant for one in tries), default=-1) + 1
