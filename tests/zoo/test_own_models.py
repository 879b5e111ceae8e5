"""An instructor's own models are found and built; where one is broken it is said how, and the others work."""

import re
import textwrap
from pathlib import Path

import pytest
import torch

from cnnlab import zoo
from cnnlab.zoo.own_models import FOLDER_VARIABLE, MOST_BYTES, MOST_FILES
from tests.source_files import text_of

GOOD = '''
"""A net of mine."""
import torch

NAME = "my_net"
INPUT = (1, 8, 8)
TITLE = "My net"
IDEA = "As small as can be."


def build(units=4):
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, units))
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CNNLAB_MODELS", str(tmp_path))
    return tmp_path


def test_an_instructors_model_is_one_of_the_names(folder: Path):
    (folder / "mine.py").write_text(GOOD)
    assert zoo.names()[-1] == "my_net"
    assert zoo.own_names() == ("my_net",)
    assert zoo.resolve("my_net") == "my_net"
    assert zoo.input_shape("my_net") == (1, 8, 8)
    facts = zoo.facts("my_net")
    assert (facts.title, facts.introduced, facts.family) == ("My net", "As small as can be.", "own")
    model = zoo.build("my_net", units=3)
    assert not model.training
    assert model(torch.zeros(2, 1, 8, 8)).shape == (2, 3)
    assert {one.device.type for one in zoo.build_on_meta("my_net").parameters()} == {"meta"}
    assert zoo.own_problems() == ()


def test_the_example_of_the_guide_works(folder: Path):
    (example,) = re.findall(r"```python\n(.*?)```", text_of(Path("docs/own-models.md")), re.DOTALL)
    (folder / "two_kernels.py").write_text(textwrap.dedent(example))
    assert zoo.own_problems() == ()
    facts = zoo.facts("two_kernels")
    assert facts.introduced.startswith("How far")
    assert zoo.build("two_kernels", classes=3)(torch.zeros(1, *facts.input_shape)).shape == (1, 3)


def test_the_guide_names_the_limits():
    guide = text_of(Path("docs/own-models.md"))
    assert FOLDER_VARIABLE in guide
    assert f"At most {MOST_FILES} files of at most {MOST_BYTES:,} bytes" in guide


def test_a_changed_file_is_read_again(folder: Path):
    (folder / "mine.py").write_text(GOOD)
    assert "my_net" in zoo.names()
    (folder / "mine.py").write_text(GOOD.replace("my_net", "my_other_net"))
    assert "my_other_net" in zoo.names()
    assert "my_net" not in zoo.names()


def test_a_file_does_not_run_before_its_model_is_built(folder: Path):
    (folder / "mine.py").write_text(GOOD + "\nraise RuntimeError('I ran')\n")
    assert "my_net" in zoo.names()
    with pytest.raises(
        zoo.BrokenModelFile, match=r"mine\.py, line 14: running it failed: RuntimeError: I ran"
    ):
        zoo.build("my_net")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("NAME = ", r"bad\.py, line 1: reading it failed: SyntaxError"),
        ("x = 1\x00", r"bad\.py.*: reading it failed"),
        ("INPUT = (1, 2, 3)", r"bad\.py has no NAME at its top; it must be a short text"),
        ('NAME = "a b"', r"bad\.py says NAME = 'a b'; it must be a short text"),
        ('NAME = "timm:x"', r"bad\.py says NAME = 'timm:x'; it must be"),
        ('NAME = "x".upper()', r"bad\.py computes NAME; it must be written out"),
        ('NAME = "x"', r"bad\.py has no INPUT at its top; it must be channels, height and width"),
        ('NAME = "x"; INPUT = (3, 224)', r"bad\.py says INPUT = \(3, 224\); it must be channels"),
        ('NAME = "x"; INPUT = (3, 0, 9)', r"says INPUT = \(3, 0, 9\)"),
        ('NAME = "x"; INPUT = (3, True, 9)', r"says INPUT = \(3, True, 9\)"),
        ('NAME = "x"; INPUT = (3, 9, 9)', r"bad\.py has no function `build\(\)`"),
        (
            'NAME = "resnet50"; INPUT = (3, 9, 9)\ndef build(): pass',
            r"NAME = 'resnet50', which CNN Lab has already",
        ),
        (
            'NAME = "my_net"; INPUT = (3, 9, 9)\ndef build(): pass',
            r"bad\.py and mine\.py|mine\.py and bad\.py",
        ),
        ('NAME = "x"; INPUT = (3, 9, 9); TITLE = 3\ndef build(): pass', r"says TITLE = 3; it must be a text"),
        ("#" * 200_001, r"bad\.py has 200,001 bytes; at most 200,000 are read"),
    ],
)
def test_a_broken_file_is_named_and_the_others_work(folder: Path, source: str, message: str):
    (folder / "bad.py").write_text(source)
    (folder / "mine.py").write_text(GOOD)
    assert "my_net" in zoo.names()
    (problem,) = zoo.own_problems()
    with pytest.raises(ValueError, match=message):
        raise ValueError(problem)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return 3", r"mine\.py: `build\(\)` returned a int; it must return a torch\.nn\.Module"),
        ("raise SystemExit(2)", r"mine\.py, line 4: its `build\(\)` failed: SystemExit: 2"),
        ("return 1 / 0", r"line 4: its `build\(\)` failed: ZeroDivisionError: division by zero"),
        (
            "import nothing_of_the_kind",
            r"line 4: its `build\(\)` failed: ModuleNotFoundError: No module named",
        ),
    ],
)
def test_a_build_that_fails_is_an_expected_error(folder: Path, body: str, message: str):
    (folder / "mine.py").write_text(f'NAME = "x"\nINPUT = (3, 9, 9)\ndef build():\n    {body}\n')
    with pytest.raises(zoo.BrokenModelFile, match=message):
        zoo.build("x")


def test_build_may_vanish_while_the_file_runs(folder: Path):
    (folder / "mine.py").write_text('NAME = "x"\nINPUT = (3, 9, 9)\ndef build(): pass\ndel build\n')
    with pytest.raises(zoo.BrokenModelFile, match=r"mine\.py has no function `build\(\)`"):
        zoo.build("x")


def test_an_unknown_option_of_an_own_model_is_refused(folder: Path):
    (folder / "mine.py").write_text(GOOD)
    with pytest.raises(zoo.BrokenModelFile, match="unexpected keyword argument 'colour'"):
        zoo.build("my_net", colour=1)


def test_a_folder_that_is_none_is_said_and_disturbs_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CNNLAB_MODELS", "no/such/folder")
    assert zoo.own_problems() == ("CNNLAB_MODELS is `no/such/folder`, which is not a folder.",)
    assert "resnet50" in zoo.names()


def test_only_the_first_hundred_files_are_read(folder: Path):
    for number in range(101):
        (folder / f"net{number:03}.py").write_text(GOOD.replace("my_net", f"net{number}"))
    (problem,) = zoo.own_problems()
    assert "has 101 files; only the first 100 are read" in problem
    assert len([name for name in zoo.names() if name.startswith("net")]) == 100


def test_files_that_begin_with_an_underscore_are_left_alone(folder: Path):
    (folder / "_common.py").write_text("syntax error here")
    assert zoo.own_problems() == ()
