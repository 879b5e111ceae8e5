"""Numbers for each learner: declared, drawn, never clashing, and the same in every process."""

import subprocess
import sys
from collections import Counter

import pytest

from cnnlab.course.clashes import clash
from cnnlab.course.expressions import ExpressionError
from cnnlab.course.parameters import (
    Draw,
    NoNumbers,
    UnreadableParameters,
    count_combinations,
    draw,
    is_allowed,
    read_parameters,
    shuffled,
)
from cnnlab.course.questions import (
    Choice,
    NumericQuestion,
    Parameter,
    PredictQuestion,
    Question,
    ShapeQuestion,
    SingleQuestion,
    WrongAnswer,
)
from tests.source_files import ROOT

KEY = Draw(b"secret", "ann", "shapes", "q1")


def asked(declared: str, answer: str = "1", wrong: tuple[str, ...] = (), where: str = "") -> NumericQuestion:
    return NumericQuestion(
        id="q1",
        stem="?",
        answer=answer,
        wrong=tuple(WrongAnswer(one, line=line) for line, one in enumerate(wrong, 10)),
        params=read_parameters(declared),
        where=where,
        line=5,
    )


def variants(question: Question, count: int, key: Draw = KEY) -> list[dict]:
    return [
        draw(question, Draw(key.secret, key.learner, key.lesson, key.question, one)) for one in range(count)
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("n = 28..64 step 4", [28, 32, 36, 40, 44, 48, 52, 56, 60, 64]),
        ("n = 1..3", [1, 2, 3]),
        ("n=7", [7]),
        ("n = 3|5|7", [3, 5, 7]),
        ("n = 3 | 3 | 5", [3, 5]),
        ("n = -2..2 step 2", [-2, 0, 2]),
        ("n = −1|1", [-1, 1]),
        ("n = 0.1..0.5 step 0.2", [0.1, 0.3, 0.5]),
        ("n = 0.5|1", [0.5, 1]),
        ("n = 1..10 step 4", [1, 5, 9]),
    ],
)
def test_values_are_declared_as_a_range_or_a_list(text: str, values: list):
    (parameter,) = read_parameters(text)
    assert (parameter.name, list(parameter.values)) == ("n", values)


def test_several_parameters_stand_behind_semicolons():
    assert [one.name for one in read_parameters(" n = 1..2 ; k_1 = 3|5;")] == ["n", "k_1"]


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("", "declares nothing", 0),
        ("n = 1; k: 3", "`k: 3` declares nothing", 7),
        ("n = 1;  n = 2", "`n` is declared twice", 8),
        ("n = a|b", "no set of values for `n`", 0),
        ("n = 1..", "no set of values", 0),
        ("n = 1,2", "no set of values", 0),
        ("n = 9..1", "holds no value", 0),
        ("n = 1..9 step 0", "holds no value", 0),
        ("n = 1..100000", "has 100000 values; 10000 are allowed", 0),
        ("n = 0..1 step 0.00001", "has 100001 values", 0),
    ],
)
def test_a_declaration_that_is_not_clear_is_refused_at_its_column(text: str, message: str, column: int):
    with pytest.raises(UnreadableParameters, match=message) as caught:
        read_parameters(text)
    assert caught.value.column == column


def test_without_parameters_there_is_nothing_to_draw():
    assert draw(Question(id="q1", stem="?"), KEY) == {}


@pytest.mark.parametrize("declared", ["n = 1..20; k = 1..5", "n = 1..2000; k = 1..2000"])
def test_a_draw_is_the_same_whenever_it_is_made(declared: str):
    assert variants(asked(declared), 30) == variants(asked(declared), 30)


def test_a_draw_is_the_same_in_another_process_and_version_of_the_hash():
    program = (
        "from cnnlab.course.parameters import *; from cnnlab.course.questions import *;"
        "q = Question(id='q1', stem='?', params=read_parameters('n = 1..9; k = 1..9000'));"
        "print(draw(q, Draw(b'secret', 'ann', 'shapes', 'q1', 3)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    question = Question(id="q1", stem="?", params=read_parameters("n = 1..9; k = 1..9000"))
    assert told.stdout.strip() == str(draw(question, Draw(b"secret", "ann", "shapes", "q1", 3)))


@pytest.mark.parametrize("declared", ["n = 1..900", "n = 1..9000"])
@pytest.mark.parametrize(
    "other",
    [
        Draw(b"other", "ann", "shapes", "q1"),
        Draw(b"secret", "bob", "shapes", "q1"),
        Draw(b"secret", "ann", "sizes", "q1"),
        Draw(b"secret", "ann", "shapes", "q2"),
        Draw(b"secret", "anns", "hapes", "q1"),
    ],
)
def test_everything_that_names_a_draw_changes_it(declared: str, other: Draw):
    question = asked(declared)
    assert variants(question, 5) != variants(question, 5, other)


def test_new_numbers_repeat_none_until_all_were_seen():
    question = asked("n = 1..6; k = 1..6", where="n != k")
    drawn = variants(question, 60)
    assert len({tuple(one.items()) for one in drawn[:30]}) == 30
    assert drawn[30:] == drawn[:30]


@pytest.mark.parametrize("declared", ["n = 1..40; k = 3|5|7", "n = 1..40; k = 3|5|7; z = 1..1000"])
def test_learners_get_all_values_about_equally_often(declared: str):
    question = asked(declared)
    counts = Counter(draw(question, Draw(b"secret", str(one), "shapes", "q1"))["k"] for one in range(900))
    # 300 each is expected, with a standard deviation of 14.
    assert all(230 < counts[value] < 370 for value in (3, 5, 7)), counts


@pytest.mark.parametrize("many", ["", "; z = 1..9000"])
def test_a_condition_holds_in_every_variant(many: str):
    question = asked("n = 1..9; k = 1..9" + many, where="n > k and (n - k) % 2 == 0")
    for values in variants(question, 200):
        assert values["n"] > values["k"]
        assert (values["n"] - values["k"]) % 2 == 0
        assert is_allowed(question, values)


@pytest.mark.parametrize("many", ["", "; z = 1..9000"])
def test_a_condition_that_rejects_everything_is_said(many: str):
    with pytest.raises(NoNumbers, match="No numbers of q1 fit `n > 9` and tell right from wrong"):
        draw(asked("n = 1..9" + many, where="n > 9"), KEY)


def test_numbers_that_all_clash_are_said():
    with pytest.raises(NoNumbers, match="No numbers of q1 tell right from wrong"):
        draw(asked("n = 1..9", "n + n", ("2 * n",)), KEY)


def test_a_condition_that_is_a_number_is_the_authors_mistake():
    with pytest.raises(ExpressionError, match="`n - 1` is neither true nor false"):
        draw(asked("n = 1..9", where="n - 1"), KEY)


@pytest.mark.parametrize("many", ["", "; z = 1..9000"])
def test_a_wrong_answer_never_equals_the_right_one(many: str):
    # n + k and n · k are the same for 2 and 2; n · k and n · k · p for p = 1: 9 · 9 · 3 minus these remain.
    question = asked("n = 1..9; k = 1..9; p = 1..3" + many, "n * k", ("n + k", "n * k * p"))
    drawn = variants(question, 200)
    assert all(values["p"] > 1 for values in drawn)
    assert all(values["n"] + values["k"] != values["n"] * values["k"] for values in drawn)
    assert len({tuple(values.items()) for values in drawn}) > 100


def test_choices_that_read_the_same_are_never_drawn():
    choices = (Choice("a", "{{n - p}} rows", True), Choice("b", "{{n}} rows", False))
    question = SingleQuestion(
        id="q1", stem="?", choices=choices, params=read_parameters("n = 5..9; p = 0..2")
    )
    assert all(values["p"] > 0 for values in variants(question, 200))
    assert len({tuple(values.items()) for values in variants(question, 200)}) == 10


def test_a_clash_is_told_with_its_line():
    question = asked("n = 1..9", "n * n", ("n + 2", "2 + n", "n * 4"))
    found = clash(question, {"n": 2})
    assert found is not None
    assert (found.line, found.answer, found.other, found.with_right) == (10, "n + 2", "n * n", True)
    second = clash(question, {"n": 7})
    assert second is not None
    assert (second.line, second.answer, second.other, second.with_right) == (11, "2 + n", "n + 2", False)
    assert clash(asked("n = 1..9", "n * n", ("n + 2", "n / 0")), {"n": 7}) is None


def test_shapes_and_predictions_clash_too():
    shape = ShapeQuestion(id="q", stem="?", answer="(3, n)", wrong=(WrongAnswer("(n, 3)", line=4),))
    assert clash(shape, {"n": 3}) is not None
    assert clash(shape, {"n": 4}) is None
    predict = PredictQuestion(id="q", stem="?", choices=(Choice("a", "up", False), Choice("b", "up", False)))
    assert clash(predict, {}) is not None


def test_a_shuffle_is_each_learners_own_and_stays():
    things = list("abcdef")
    orders = {tuple(shuffled(things, Draw(b"secret", str(one), "l", "q"))) for one in range(60)}
    assert len(orders) > 50
    assert all(sorted(order) == things for order in orders)
    assert shuffled(things, KEY) == shuffled(things, KEY)
    assert shuffled(things, KEY) != shuffled(things, Draw(b"secret", "ann", "shapes", "q1", 1))


def test_combinations_are_counted_before_any_condition():
    assert count_combinations(asked("n = 1..6; k = 1..6", where="n != k")) == 36
    assert count_combinations(Question(id="q", stem="?", params=(Parameter("n", (1, 2)),))) == 2
