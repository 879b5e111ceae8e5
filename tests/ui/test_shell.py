"""Every page runs inside the shell, whatever its address says, and opening them imports nothing heavy."""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.ui.pages import PAGES, PageEntry, page_entry
from tests.running_app import ROOT

SHELL = ROOT / "cnnlab" / "ui" / "shell.py"
HEAVY = ("torch", "torchvision", "timm", "captum", "skimage", "sklearn", "matplotlib", "pandas")
EXTREME: list[dict[str, str]] = [
    {},
    {"k": "64", "s": "64", "d": "64", "p": "256", "in": "512", "cin": "4096", "cout": "4096", "g": "4096"},
    {"k": "0", "s": "-1", "in": "1e9", "cin": "", "src": "../../etc/passwd", "tab": "<b>", "op": "NaN"},
    {"k" * 500: "1", "ws": "9" * 100_000, "\u202e": "\ud7ff", "key": "value"},
    {f"unknown-{n}": "x" for n in range(500)},
]


def run(entry: PageEntry, **parameters: str) -> AppTest:
    app = AppTest.from_file(SHELL, default_timeout=30)
    app.query_params.update(parameters)
    if entry.url_path:
        if entry.file.stem != entry.url_path:
            app.run()  # before it has seen the pages, AppTest takes a file's name for its address
        app.switch_page(str(entry.file))
    return app.run()


def names(entry: PageEntry) -> str:
    return entry.path


@pytest.mark.parametrize("parameters", EXTREME, ids=["default", "largest", "wrong", "long", "many"])
@pytest.mark.parametrize("entry", PAGES, ids=names)
def test_a_page_runs_whatever_its_address_says(entry: PageEntry, parameters: dict[str, str]):
    app = run(entry, **parameters)
    assert [title.value for title in app.title] == [entry.heading or entry.title]
    assert [text.value for text in app.markdown][:1] == [entry.purpose]
    assert not app.exception
    assert not app.error


# Pages that are not one component.
STREAMLIT_ALONE = {"author.py", "compare.py", "finetune.py", "look_inside.py", "why.py"}


@pytest.mark.parametrize("entry", [one for one in PAGES if one.path not in STREAMLIT_ALONE], ids=names)
def test_a_page_draws_its_own_part_and_the_menu_s(entry: PageEntry):
    drawn = [element.proto.component_name for element in run(entry).get("bidi_component")]
    assert drawn == ["cnnlab.language", f"cnnlab.{entry.url_path or 'home'}", "cnnlab.menu"]


def test_an_address_finds_its_page():
    assert page_entry("convolution").title == "Convolution"
    with pytest.raises(KeyError, match="nonsense"):
        page_entry("nonsense")


def test_no_page_imports_anything_heavy():
    """Whatever Streamlit's own test harness imports is not counted."""
    program = f"""
import sys
from streamlit.testing.v1 import AppTest
AppTest.from_string("import streamlit as st; st.title('x')").run()
before = set(sys.modules)
for page in {[str(entry.file) for entry in PAGES]}:
    app = AppTest.from_file({str(SHELL)!r}, default_timeout=60).switch_page(page).run()
    assert app.title and not app.exception, page
print(*sorted({{name.partition(".")[0] for name in set(sys.modules) - before}}))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    imported = done.stdout.split()
    assert "cnnlab" in imported
    assert set(imported) & set(HEAVY) == set()


def test_the_icon_is_a_small_drawing_without_script_or_outside_reference():
    file = ROOT / "cnnlab" / "ui" / "icon.svg"
    assert file.stat().st_size <= 4096
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.parse(file).iter()}
    assert tags <= {"svg", "rect", "path"}
    assert "href" not in file.read_text()
