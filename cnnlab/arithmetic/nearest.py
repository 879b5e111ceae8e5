"""Which settings near an impossible one work: one field changed if that is enough, else two, or more.

Every suggestion has been tried against the rules. It does not know PyTorch or the rules' reasons. The
browser's `nearest.js` searches in the same order, so both name the same settings.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from cnnlab.arithmetic.axes import LARGEST
from cnnlab.arithmetic.candidates import scalar_values, word_values
from cnnlab.arithmetic.fields import INPUT, Field, fields
from cnnlab.arithmetic.layers import Layer, Normalisation
from cnnlab.arithmetic.refusal import Problem, Suggestion
from cnnlab.arithmetic.rules import is_possible, problems
from cnnlab.arithmetic.units import grouped

Shape = tuple[int, ...]
Changes = dict[str, Any]

MOST = 4
_FIELDS_AT_ONCE = 5
_KEPT = 12
_STEP_BY_STEP = 32
_HIDING = 1000
_UNUSABLE = {"not-positive", "negative", "too-large", "padding-word", "padding-mode"}
_BEYOND_REPAIR = {"dims", "axis-count", "input-axes", "input-count", "not-whole", "mode", "kind"}


def nearest(layer: Layer, shapes: tuple[Shape, ...]) -> tuple[Suggestion, ...]:
    """Suggest up to four changes that make the layer work on its input, the smallest first.

    >>> from cnnlab.arithmetic.layers import Convolution
    >>> [one.sentence for one in nearest(Convolution(3, 8, kernel=7), ((3, 5, 5),))]
    ['padding 1×1 instead of 0×0', 'kernel 5×5 instead of 7×7', 'input 3×7×7 instead of 3×5×5']
    """
    if len(shapes) != 1 or any(one.rule in _BEYOND_REPAIR for one in problems(layer, shapes)):
        return ()
    level: list[Changes] = [{}]
    for _ in range(_FIELDS_AT_ONCE):
        further = list(_further(layer, shapes[0], level))
        working = [changes for changes in further if is_possible(*_apply(layer, shapes[0], changes))]
        if working:
            working.sort(key=lambda changes: _distance(layer, shapes[0], changes))
            return tuple(
                Suggestion(changes, _sentence(layer, shapes[0], changes))
                for changes in _distinct(working)[:MOST]
            )
        level = sorted(further, key=lambda changes: _distance(layer, shapes[0], changes))[:_KEPT]
    return ()


def _further(layer: Layer, shape: Shape, level: list[Changes]) -> Iterator[Changes]:
    """Change one more field of each, and keep what breaks fewer rules than before."""
    for changes in level:
        changed, size = _apply(layer, shape, changes)
        broken = _weigh(problems(changed, (size,)))
        for move in _moves(changed, size):
            if not move.keys() & changes.keys() and _weigh(_problems(changed, size, move)) < broken:
                yield changes | move


def _moves(layer: Layer, shape: Shape) -> Iterator[Changes]:
    for field in fields(layer):
        if not field.spread:
            yield from scalar_values(layer, shape, field)
        elif not isinstance(getattr(layer, field.name), str):
            yield from _spread_values(layer, shape, field)
    yield from word_values(layer)
    if not isinstance(layer, Normalisation):
        yield from _spread_values(layer, shape, INPUT)


def _spread_values(layer: Layer, shape: Shape, field: Field) -> Iterator[Changes]:
    """Move the field on every axis that has a problem to the nearest value without one, or with fewer."""
    values = list(shape[1:] if field is INPUT else getattr(layer, field.name))
    before = tuple(values)
    broken = {one.axis for one in problems(layer, (shape,)) if one.axis is not None}
    for axis in sorted(one for one in broken if one < len(values)):
        values[axis] = _mended(layer, shape, field, values, axis)
    if tuple(values) != before:
        yield {field.name: (shape[0], *values) if field is INPUT else tuple(values)}


def _mended(layer: Layer, shape: Shape, field: Field, values: list[int], axis: int) -> int:
    def weighed(value: int) -> int:
        trial = (*values[:axis], value, *values[axis + 1 :])
        changes = {field.name: (shape[0], *trial) if field is INPUT else trial}
        return _weigh(one for one in _problems(layer, shape, changes) if one.axis == axis)

    now = weighed(values[axis])
    found = scan(values[axis], field.least, lambda value: weighed(value) == 0)
    if found is None:
        found = scan(values[axis], field.least, lambda value: weighed(value) < now)
    return values[axis] if found is None else found


def scan(start: int, least: int, works: Callable[[int], bool]) -> int | None:
    """Find the value nearest to `start` that works, the smaller of two; None if there is none.

    Far away it looks at doubling distances and halves the last gap, so it may miss a narrow island.

    >>> scan(7, 1, lambda value: value <= 5), scan(7, 1, lambda value: value >= 1000)
    (5, 1000)
    """
    for distance in range(1, _STEP_BY_STEP + 1):
        for value in (start - distance, start + distance):
            if least <= value <= LARGEST and works(value):
                return value
    found = [_far(start, sign, least, works) for sign in (-1, 1)]
    return min((one for one in found if one is not None), key=lambda one: abs(one - start), default=None)


def _far(start: int, sign: int, least: int, works: Callable[[int], bool]) -> int | None:
    room = start - least if sign < 0 else LARGEST - start
    near, far = _STEP_BY_STEP, 2 * _STEP_BY_STEP
    while near < room and not works(start + sign * min(far, room)):
        near, far = far, 2 * far
    far = min(far, room)
    if near >= room:
        return None
    while far - near > 1:
        middle = (near + far) // 2
        near, far = (near, middle) if works(start + sign * middle) else (middle, far)
    return start + sign * far


def _problems(layer: Layer, shape: Shape, changes: Changes) -> Iterator[Problem]:
    changed, size = _apply(layer, shape, changes)
    return problems(changed, (size,))


def _apply(layer: Layer, shape: Shape, changes: Changes) -> tuple[Layer, Shape]:
    settings = {name: value for name, value in changes.items() if name != INPUT.name}
    return replace(layer, **settings), changes.get(INPUT.name, shape)


def _weigh(broken: Iterable[Problem]) -> int:
    """Count the broken rules; a number that is none at all hides the others, so it weighs more."""
    return sum(_HIDING if one.rule in _UNUSABLE else 1 for one in broken)


def _distance(layer: Layer, shape: Shape, changes: Changes) -> int:
    """Add up how far each number moves; a word counts as one."""
    total = 0
    for name, new in changes.items():
        old = shape if name == INPUT.name else getattr(layer, name)
        if isinstance(new, tuple) and isinstance(old, tuple):
            total += sum(abs(one - other) for one, other in zip(new, old, strict=True))
        elif isinstance(new, int) and isinstance(old, int):
            total += abs(new - old)
        else:
            total += 1
    return total


def _distinct(found: list[Changes]) -> list[Changes]:
    return [changes for place, changes in enumerate(found) if changes not in found[:place]]


def _sentence(layer: Layer, shape: Shape, changes: Changes) -> str:
    labels = {field.name: field.label for field in (*fields(layer), INPUT)}
    labels |= {"padding_mode": "padding mode"}
    parts = []
    for name, new in changes.items():
        old = shape if name == INPUT.name else getattr(layer, name)
        if name == INPUT.name and "in_channels" in changes and new[1:] == old[1:]:
            continue
        parts.append(f"{labels[name]} {_text(new)} instead of {_text(old)}")
    return " and ".join(parts)


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return "×".join(grouped(one) for one in value)
    return grouped(value) if isinstance(value, int) else str(value)
