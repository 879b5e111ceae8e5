"""The project keeps its own promises: sizes, names, the menu, the make targets, and tests that can fail."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from streamlit import config

from cnnlab.inspection.uploads import MAX_BYTES
from cnnlab.training.archives import MAX_ARCHIVE_BYTES
from cnnlab.ui.pages import LESSON_PAGE, PAGES
from tests.source_files import imports, project_files, python_files, text_of

MOST_ROOT_ENTRIES = 15
MOST_LINES = [
    ("app.py", 40),
    ("pages/*.py", 120),
    ("cnnlab/**/*.py", 300),
    ("cnnlab/**/*.js", 300),
    ("cnnlab/**/*.css", 300),
    ("tests/**/*.py", 300),
    ("benchmarks/**/*.py", 300),
]
# File → why it is longer than the rest may be. Empty is how it should be.
LONGER: dict[str, str] = {}
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "misc"}
# The home of Ann stands in examples; she is nobody.
PLACE_ON_ONE_MACHINE = re.compile(r"(?<![\w.:/-])/(?:work|tmp|home(?!/ann/)|root|opt|Users)/")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, so that a failure says where to look."""

    file: Path
    line: int

    def __str__(self) -> str:
        """Show the place as editors do."""
        return f"{self.file}:{self.line}"


def matches(file: Path, pattern: str) -> bool:
    folder, _, name = pattern.rpartition("/")
    deep = folder.endswith("/**")
    inside = (
        file.parent.is_relative_to(folder.removesuffix("/**"))
        if deep
        else str(file.parent) == (folder or ".")
    )
    return inside and file.match(name)


def test_the_root_is_easy_to_survey():
    visible = {file.parts[0] for file in project_files() if not file.parts[0].startswith(".")}
    assert len(visible) <= MOST_ROOT_ENTRIES, sorted(visible)


@pytest.mark.parametrize(("pattern", "most"), MOST_LINES)
def test_no_file_is_too_long_to_read(pattern: str, most: int):
    lengths = {
        str(file): len(text_of(file).splitlines()) for file in project_files() if matches(file, pattern)
    }
    assert {name: lines for name, lines in lengths.items() if lines > most and name not in LONGER} == {}


def test_every_exception_from_the_sizes_is_needed_and_has_a_reason():
    limits = {
        str(file): most for pattern, most in MOST_LINES for file in project_files() if matches(file, pattern)
    }
    assert {name for name in LONGER if len(text_of(Path(name)).splitlines()) <= limits[name]} == set()
    assert all(LONGER.values())


def test_every_file_is_named_by_what_it_is_about():
    assert [file for file in project_files() if file.stem in NAMES_THAT_SAY_NOTHING] == []


def test_no_file_names_a_place_that_only_one_machine_has():
    found = [
        str(Place(file, number))
        for file in project_files()
        for number, line in enumerate(text_of(file).splitlines(), start=1)
        if PLACE_ON_ONE_MACHINE.search(line)
    ]
    assert found == []


def calls(file: Path, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(text_of(file))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
            yield node


def test_every_expected_error_is_compared_with_its_message():
    found = [
        str(Place(file, call.lineno))
        for file in python_files("tests")
        for call in calls(file, "pytest.raises")
        if not any(keyword.arg == "match" for keyword in call.keywords)
    ]
    assert found == []


def test_pytest_raises_is_always_written_in_full():
    names = {found.module for file in python_files("tests") for found in imports(file)}
    assert "pytest.raises" not in names


def test_no_page_writes_html_past_the_sanitiser():
    allowing = [file for file in python_files("cnnlab", "pages", "app.py") if "unsafe_allow" in text_of(file)]
    assert allowing == []


def test_no_doctest_hides_where_none_is_run():
    assert [file for file in python_files("cnnlab") if file.parts[1] == "ui" and ">>>" in text_of(file)] == []


def test_every_page_is_in_the_menu_and_every_entry_of_the_menu_is_a_page():
    scripts = [file.name for file in python_files("pages")]
    assert sorted([*(entry.path for entry in PAGES), LESSON_PAGE.name]) == sorted(scripts)


@pytest.mark.parametrize("field", ["title", "url_path"])
def test_no_two_entries_of_the_menu_share_a(field: str):
    values = [getattr(entry, field) for entry in PAGES]
    assert len(set(values)) == len(values)


def test_the_menu_has_exactly_one_home():
    assert [entry.title for entry in PAGES if not entry.url_path] == ["Home"]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.* ## \S", text_of(Path("Makefile")), re.MULTILINE))


def test_make_explains_every_target():
    phony = re.search(r"^\.PHONY: (.*)$", text_of(Path("Makefile")), re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == make_targets()


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", ".ci/run"])
def test_every_make_target_that_a_document_names_exists(document: str):
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", text_of(Path(document)), re.MULTILINE))
    assert named
    assert named <= make_targets()


def test_the_supported_versions_of_python_are_the_same_everywhere():
    bounds = re.search(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', text_of(Path("pyproject.toml")))
    assert bounds is not None
    first, after = map(int, bounds.groups())
    assert f"(3, {first}) <= sys.version_info < (3, {after})" in text_of(Path("Makefile"))
    assert f"Python 3.{first} to 3.{after - 1}" in text_of(Path("README.md"))


def test_the_server_takes_uploads_as_large_as_the_fields_that_ask_for_them():
    settings = tomllib.loads(text_of(Path(".streamlit/config.toml")))
    assert settings["server"]["maxUploadSize"] * 1_000_000 == MAX_ARCHIVE_BYTES > MAX_BYTES
    fields = [
        call
        for file in python_files("cnnlab")
        for call in ast.walk(ast.parse(text_of(file)))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "file_uploader"
    ]
    assert len(fields) >= 3
    assert all("max_upload_size" in {one.arg for one in call.keywords} for call in fields)


def test_streamlit_still_has_the_hidden_option_that_stops_a_collection_after_every_run():
    settings = tomllib.loads(text_of(Path(".streamlit/config.toml")))
    assert settings["runner"]["postScriptGC"] is False
    assert "runner.postScriptGC" in config.get_config_options()
