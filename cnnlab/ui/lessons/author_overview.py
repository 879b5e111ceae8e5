"""The Author page: all lessons with their state and mistakes, a new lesson to begin with, and the guide.

On a server that does not run for authors it says how to start one that does, and shows no lesson. It does
not look for mistakes: `cnnlab.course.checking` does.
"""

import re
from functools import lru_cache
from pathlib import Path

import streamlit as st

from cnnlab.course.checking import Check, CheckedLesson, NothingToCheck, check_lessons
from cnnlab.course.normalising import Addresses, normalised
from cnnlab.language import LANGUAGES, language, translate
from cnnlab.ui.addresses import address
from cnnlab.ui.languages import embedded
from cnnlab.ui.lessons.author_mistakes import counted, list_mistakes
from cnnlab.ui.lessons.author_mode import SWITCH, is_author_mode
from cnnlab.ui.lessons.manners import mind_manners
from cnnlab.ui.lessons.saves import Fingerprint, fingerprint, follow_saves
from cnnlab.ui.lessons.shelf import FOLDER, OWN_FOLDER, page_for_author

STARTER = Path(__file__).parent / "starter.md"
GUIDE = OWN_FOLDER.parent / "docs" / "authors-guide.md"
GUIDE_PX = 820


def author_overview(folder: Path = FOLDER) -> None:
    """Draw the page below its title."""
    mind_manners()
    names = [translate("Lessons"), translate("A new lesson"), translate("The guide")]
    lessons, starter, guide = st.tabs(names)
    with lessons:
        if is_author_mode():
            follow_saves(folder)
            _lessons(folder)
        else:
            _how_to_switch_on()
    with starter:
        _starter(folder)
    with guide, st.container(width=GUIDE_PX):
        st.markdown(_guide())


def _guide() -> str:
    """Return the guide without its title; its examples without colours, which are too pale to read."""
    text = GUIDE.read_text(encoding="utf-8").partition("\n")[2]
    plain = re.sub(r"^```\w+$", "```text", text, flags=re.MULTILINE)
    return normalised(plain, Addresses(picture=str))


def _how_to_switch_on() -> None:
    st.markdown(
        translate(
            "This server runs for learners: it shows no drafts, no answer keys and no mistakes. "
            "To see them, start it for authors:"
        )
    )
    st.code("python -m cnnlab serve --author", language=None)
    st.markdown(translate("Where something else starts the server, set this in its environment:"))
    st.code(f"{SWITCH}=1", language=None)
    st.markdown(translate("Whoever can open such a server sees the answers: keep it to yourself."))


def _lessons(folder: Path) -> None:
    try:
        found = _checked_all(folder, fingerprint(folder))
    except NothingToCheck:
        st.markdown(translate("There is no lesson yet in `{folder}`.").format(folder=folder))
        return
    head = (translate("Lesson"), translate("State"))
    rows = [_row(one, folder) for one in found.lessons]
    st.markdown("\n".join(f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *rows)))
    for one in found.lessons:
        if one.findings.mistakes and not _link(one, folder):
            with st.expander(_name(one, folder), icon=":material/error:"):
                list_mistakes(sorted(one.findings.mistakes))
    st.markdown(translate("The same from the command line:"))
    st.code(f"python -m cnnlab check {_said(folder)}", language=None)


@lru_cache(maxsize=4)
def _checked_all(folder: Path, _files: Fingerprint) -> Check:
    """Return what the check says about all lessons; done again when a file has changed."""
    return check_lessons(folder)


def _row(one: CheckedLesson, folder: Path) -> tuple[str, ...]:
    title = one.lesson.front.title if one.lesson else translate("Unread")
    shown = embedded(title.replace("|", r"\|").replace("$", r"\$"))
    link = _link(one, folder)
    name = f"[{shown}]({address(link)})" if link else shown
    return f"{name} `{_name(one, folder)}`", _state(one)


def _state(one: CheckedLesson) -> str:
    """Return in words who sees a lesson, and how many mistakes there are."""
    is_draft = one.lesson is not None and one.lesson.front.status == "draft"
    states = [translate("draft")] if is_draft else []
    if not one.reading.sound:
        states.append(translate("broken"))
    mistakes = counted(one.findings.mistakes)
    return ", ".join(filter(None, (*(states or [translate("published")]), mistakes)))


def _link(one: CheckedLesson, folder: Path) -> str:
    """Return where a lesson is shown to its author; "" for one without a page: its id is taken, say."""
    is_translation = one.path.parent != folder
    if any(found.code == "duplicate-id" for found in one.findings.mistakes):
        return ""
    if is_translation and one.path.parent.name not in LANGUAGES:
        return ""
    said = f"lang={one.language}&" if one.language in LANGUAGES and one.language != language() else ""
    page = page_for_author(one.path)
    return f"{page}?{said}preview=1" if page else ""


def _name(one: CheckedLesson, folder: Path) -> str:
    return one.path.relative_to(folder).as_posix()


def _said(folder: Path) -> str:
    return OWN_FOLDER.name if folder == OWN_FOLDER else f'"{folder}"'


def _starter(folder: Path) -> None:
    file = f"{_said(folder)}/90-my-lesson.md".replace('"', "")
    st.markdown(
        translate(
            "Copy this into a file of the lessons folder, such as `{file}`, and change it. It is a draft: "
            "learners see it once its status is `published`."
        ).format(file=file)
    )
    st.code(STARTER.read_text(encoding="utf-8"), language=None, wrap_lines=True)
