"""What a wrong number or shape looks like: the mistakes that everybody makes, recognised without an author.

It does not grade: it is asked only about answers that are wrong, and says nothing when it knows nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from cnnlab.language import mark, translate, translate_count, translate_marked

Shape = tuple[int, ...]
MOST_TENS = 6
_OFF_BY_ONE = mark("Off by one. Does the division round down, and is the first position counted?")


class Slip(StrEnum):
    """A mistake by its name, as it is stored with an attempt."""

    FORGOT_BIAS = "forgot-bias"
    SIGN = "sign"
    PERCENT = "percent"
    FACTOR_OF_TEN = "factor-of-ten"
    INVERSE = "inverse"
    OFF_BY_ONE = "off-by-one"
    FACTOR_OF_TWO = "factor-of-two"
    CHANNELS_LAST = "channels-last"
    BATCH_COUNTED = "batch-counted"
    AXES_SWAPPED = "axes-swapped"
    CHANNELS_FORGOTTEN = "channels-forgotten"
    WRONG_RANK = "wrong-rank"
    WRONG_CHANNELS = "wrong-channels"
    WRONG_SIZES = "wrong-sizes"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A recognised slip and a sentence about it that does not tell the answer."""

    slip: Slip
    sentence: str


@dataclass(frozen=True, slots=True)
class RightNumber:
    """The right number, how many of it are biases, its unit, and which numbers count as equal."""

    value: Fraction
    bias: Fraction = Fraction(0)
    unit: str = ""
    accepts: Callable[[Fraction, Fraction], bool] = lambda given, right: given == right


def diagnose_number(given: Fraction, right: RightNumber) -> Diagnosis | None:
    """Return the slip that turns the right number into the given one, the most telling first.

    >>> diagnose_number(Fraction(1728), RightNumber(Fraction(1792), bias=Fraction(64))).slip.value
    'forgot-bias'
    """
    return next(_slips_of_number(given, right), None)


def _slips_of_number(given: Fraction, right: RightNumber) -> Iterator[Diagnosis]:
    value, near = right.value, right.accepts
    if right.bias and near(given, value - right.bias):
        yield Diagnosis(Slip.FORGOT_BIAS, translate("The biases are missing: one for each output channel."))
    if value and near(given, -value):
        yield Diagnosis(Slip.SIGN, translate("The size is right, the sign is not."))
    if value:
        yield from _scaled(given, right)
    if value and given and abs(value) != 1 and near(given, 1 / value) and near(1 / given, value):
        said = translate("That is one divided by the answer: numerator and denominator changed places.")
        yield Diagnosis(Slip.INVERSE, said)
    if value.denominator == 1 and abs(given - value) == 1:
        yield Diagnosis(Slip.OFF_BY_ONE, translate_marked(_OFF_BY_ONE))


def _scaled(given: Fraction, right: RightNumber) -> Iterator[Diagnosis]:
    value = right.value

    def is_times(factor: int) -> bool:
        return any(_is_scaled(given, one, right) for one in (Fraction(factor), Fraction(1, factor)))

    small = right.unit == "%" or min(abs(given), abs(value)) <= 1
    if small and is_times(100):
        yield Diagnosis(Slip.PERCENT, translate("Percent and fraction are mixed up: 25 % is 0.25."))
    for tens in range(1, MOST_TENS + 1):
        if is_times(10**tens):
            large = translate("The digits are right, but the number is {factor} times too large.")
            small_one = translate("The digits are right, but the number is {factor} times too small.")
            said = large if abs(given) > abs(value) else small_one
            yield Diagnosis(Slip.FACTOR_OF_TEN, said.format(factor=f"{10**tens:,}"))
    if is_times(2):
        double = translate("That is exactly double the answer. Is something counted twice, or left out?")
        half = translate("That is exactly half the answer. Is something counted twice, or left out?")
        yield Diagnosis(Slip.FACTOR_OF_TWO, double if abs(given) > abs(value) else half)


def _is_scaled(given: Fraction, factor: Fraction, right: RightNumber) -> bool:
    """Return whether a number is the right one times a factor; a tolerance of 0.01 makes no 0 of 4/10,000."""
    return right.accepts(given, right.value * factor) and right.accepts(given / factor, right.value)


def diagnose_shape(given: Shape, right: Shape) -> Diagnosis | None:
    """Return the slip that turns the right shape, channels first and without a batch, into the given one.

    >>> diagnose_shape((28, 28, 64), (64, 28, 28)).slip.value
    'channels-last'
    """
    if len(given) != len(right):
        return _other_rank(given, right)
    if len(right) == 2 and given == right[::-1]:
        return Diagnosis(Slip.AXES_SWAPPED, translate("The two sizes are right, but in the other order."))
    if len(right) > 2 and given == (*right[1:], right[0]):
        said = translate("The channels come first: channels × height × width.")
        return Diagnosis(Slip.CHANNELS_LAST, said)
    if len(right) > 2 and given == (*right[:-2], right[-1], right[-2]):
        said = translate("Height comes before width: channels × height × width.")
        return Diagnosis(Slip.AXES_SWAPPED, said)
    return _same_rank(given, right)


def _other_rank(given: Shape, right: Shape) -> Diagnosis:
    if given[1:] == right:
        said = translate("Leave out the batch: only the shape of one sample is asked.")
        return Diagnosis(Slip.BATCH_COUNTED, said)
    if len(right) > 1 and given == right[1:]:
        said = translate("The channels are missing: they come first.")
        return Diagnosis(Slip.CHANNELS_FORGOTTEN, said)
    given_count = translate_count("Your shape has {n} number", "Your shape has {n} numbers", len(given))
    said = translate("{given}; this one has {right}.").format(given=given_count, right=len(right))
    return Diagnosis(Slip.WRONG_RANK, said)


def _same_rank(given: Shape, right: Shape) -> Diagnosis | None:
    distances = [abs(one - other) for one, other in zip(given, right, strict=True)]
    if max(distances) == 1 and (len(right) == 1 or distances[0] == 0):
        return Diagnosis(Slip.OFF_BY_ONE, translate_marked(_OFF_BY_ONE))
    if len(right) < 3:
        return None
    if given[1:] == right[1:]:
        said = translate("Height and width are right; the number of channels is not.")
        return Diagnosis(Slip.WRONG_CHANNELS, said)
    if given[0] == right[0]:
        said = translate("The number of channels is right; height and width are not both.")
        return Diagnosis(Slip.WRONG_SIZES, said)
    return None
