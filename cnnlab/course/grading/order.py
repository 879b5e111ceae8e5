"""How far an order is right: all of it, from the start up to a step, or in the steps that are in sequence.

It does not show the items; each is known by its id.
"""

from collections.abc import Sequence

from cnnlab.course.filling import fill
from cnnlab.course.grading.grade import Explanation, Grade, Setting, Unreadable, right, wrong
from cnnlab.course.questions import OrderQuestion, Partial
from cnnlab.language import translate


def grade_order(question: OrderQuestion, answer: Sequence[str], setting: Setting) -> Grade:
    """Grade the ids of the items in the learner's order."""
    target = [one.id for one in question.items]
    given = list(answer)
    if sorted(given) != sorted(target):
        raise Unreadable(translate("Give every item a place of its own: each position once."))
    if given == target:
        return right()
    steps = next(i for i, (one, other) in enumerate(zip(given, target, strict=True)) if one != other)
    start = translate("The order is right up to step {n}.").format(n=steps)
    start = start if steps else translate("The first step is another one.")
    score = 0.0
    if question.partial is Partial.LCS:
        score = (longest_common(given, target) - 1) / (len(target) - 1)
    return wrong(Explanation(fill(question.feedback, setting.values)), start, score)


def longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the longest common subsequence: how many items are in sequence already.

    >>> longest_common("abcd", "bcad")
    3
    """
    row = [0] * (len(other) + 1)
    for item in one:
        previous = row
        row = [0]
        for index, partner in enumerate(other):
            same = previous[index] + 1 if item == partner else 0
            row.append(max(same, previous[index + 1], row[index]))
    return row[-1]
