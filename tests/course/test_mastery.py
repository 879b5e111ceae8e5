"""Two in a row on new numbers, reviews after 1, 3, 7 and 21 days, and help for those who turn wheels."""

from datetime import UTC, datetime, timedelta

import pytest

from cnnlab.course.mastery import Standing, Try, needed_in_a_row, next_variant, standing
from cnnlab.course.questions import Parameter, Question

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def tries(pattern: str, variants: list[int] | None = None) -> list[Try]:
    """Return one try a minute: + is right, - wrong; each on numbers of its own unless variants are given."""
    numbers = variants or list(range(len(pattern)))
    return [
        Try(variant, sign == "+", START + timedelta(minutes=minute))
        for minute, (sign, variant) in enumerate(zip(pattern, numbers, strict=True))
    ]


def days_after(days: float, is_right: bool, variant: int = 99) -> Try:
    return Try(variant, is_right, START + timedelta(minutes=1) + days * DAY)


def test_nobody_has_answered_yet():
    assert standing([]) == Standing()


@pytest.mark.parametrize(
    ("pattern", "in_a_row", "mastered"),
    [
        ("+", 1, False),
        ("++", 2, True),
        ("+-", 0, False),
        ("+-+", 1, False),
        ("+-++", 2, True),
        ("--", 0, False),
    ],
)
def test_mastery_is_two_in_a_row(pattern: str, in_a_row: int, mastered: bool):
    result = standing(tries(pattern))
    assert (result.in_a_row, result.is_mastered, result.tries) == (in_a_row, mastered, len(pattern))
    assert result.is_solved == ("+" in pattern)


def test_the_same_numbers_count_once():
    assert not standing(tries("++", [0, 0])).is_mastered
    assert standing(tries("+++", [0, 0, 1])).is_mastered


def test_a_second_try_at_the_same_numbers_does_not_count():
    assert standing(tries("-+", [0, 0])).in_a_row == 0
    assert standing(tries("-+", [0, 0])).is_solved
    assert standing(tries("-++", [0, 0, 1])).in_a_row == 1
    assert standing(tries("-+++", [0, 0, 1, 2])).is_mastered


def test_mastery_is_not_lost_by_a_later_mistake():
    assert standing(tries("++-")).is_mastered


def test_one_right_answer_is_enough_where_the_numbers_never_change():
    fixed = Question(id="q", stem="?")
    drawn = Question(id="q", stem="?", params=(Parameter("n", (1, 2)),), mastery=3)
    assert (needed_in_a_row(fixed), needed_in_a_row(drawn)) == (1, 3)
    assert standing(tries("-+", [0, 0]), needed=1).is_mastered


def test_ten_tries_without_mastery_ask_for_a_worked_example():
    assert not standing(tries("+-" * 4 + "+")).is_spinning
    assert standing(tries("+-" * 5)).is_spinning
    assert not standing(tries("+-" * 5 + "++")).is_spinning
    assert not standing(tries("++" + "-" * 20)).is_spinning


def test_the_ladder_of_reviews_is_climbed_rung_by_rung():
    done = tries("++")
    when = done[-1].at
    for days in (1, 3, 7, 21):
        result = standing(done)
        assert result.review_at == when + days * DAY
        assert result.is_due(when + days * DAY)
        assert not result.is_due(when + days * DAY - timedelta(seconds=1))
        when = when + days * DAY
        done.append(Try(len(done), True, when))
    assert standing(done).review_at is None
    assert not standing(done).is_due(when + 1000 * DAY)


def test_a_failed_review_starts_the_ladder_again():
    climbed = [*tries("++"), days_after(1, True), days_after(4, False)]
    assert standing(climbed).review_at == climbed[-1].at + DAY
    again = [*climbed, days_after(5, True)]
    assert standing(again).review_at == again[-1].at + 3 * DAY


def test_an_answer_before_it_is_due_does_not_move_the_review():
    early = [*tries("++"), days_after(0.5, True)]
    assert standing(early).review_at == tries("++")[-1].at + DAY


def test_each_review_is_a_round_of_its_own():
    done = tries("-++")
    mastered = done[-1].at
    assert standing(done).round_at(mastered) == (0, 0)
    assert standing(done).round_at(mastered + DAY) == (1, 3)
    done += [Try(7, False, mastered + DAY), Try(7, True, mastered + DAY + timedelta(minutes=1))]
    assert standing(done).round_at(done[-1].at) == (1, 3)
    assert standing(done).round_at(mastered + 2 * DAY) == (2, 5)
    done.append(Try(8, True, mastered + 2 * DAY))
    assert standing(done).round_at(mastered + 2 * DAY) == (2, 5)
    assert standing(done, is_reviewed=False).round_at(mastered + 50 * DAY) == (0, 0)


def test_a_late_answer_counts_from_when_it_was_given():
    late = [*tries("++"), days_after(10, True)]
    assert standing(late).review_at == late[-1].at + 3 * DAY


def test_nothing_is_reviewed_before_mastery_or_where_the_author_wants_none():
    assert standing(tries("+")).review_at is None
    assert standing(tries("++"), is_reviewed=False).review_at is None


def test_new_numbers_are_those_after_the_highest():
    assert next_variant(tries("+-+", [0, 4, 2])) == 5
