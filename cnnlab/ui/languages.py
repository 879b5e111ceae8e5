"""Which language a reader has, how they choose another, and how the page is told.

The address says it (`?lang=ar`), else the reader's choice, which their browser keeps until it is closed, else
what the browser asks for, else it is English. It does not know any text: `cnnlab.language` does.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.components import v2
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cnnlab.course.isolating import isolated
from cnnlab.language import ENGLISH, LANGUAGES, ask_readers_by, direction, language, translate
from cnnlab.ui.assets import FOLDER

PARAMETER = "lang"
CHOSEN = "language"
COOKIE = "cnnlab-language"
RIGHT_TO_LEFT = " ".join(one.code for one in LANGUAGES.values() if one.direction == "rtl")

component = v2.component(
    "cnnlab.language",
    html="<span></span>",
    css=(FOLDER.parent / "directions.css").read_text(encoding="utf-8"),
    js=(FOLDER / "languages.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def language_of_reader() -> str:
    """Return the language of the session that runs in this thread; "" where none does."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ""
    return str(st.session_state.get(CHOSEN, ""))


ask_readers_by(language_of_reader)


def settle_language() -> None:
    """Find out the reader's language, and let the page know it; call it before anything is drawn."""
    asked = known(st.query_params.get(PARAMETER))
    if asked or CHOSEN not in st.session_state:
        kept, wanted = known(st.context.cookies.get(COOKIE)), known(st.context.locale)
        st.session_state[CHOSEN] = asked or kept or wanted or ENGLISH
    component(
        key="page-language",
        data={"code": language(), "rightToLeft": RIGHT_TO_LEFT, "cookie": COOKIE},
    )


def offer_languages() -> None:
    """Draw a button for each other language, named as its readers name it."""
    with st.container(key="languages", horizontal=True, horizontal_alignment="right"):
        for one in LANGUAGES.values():
            if one.code != language():
                key = f"in-{one.code}-choose"
                st.button(one.name, key=key, type="tertiary", on_click=choose, args=(one.code,))


def choose(code: str) -> None:
    """Let the reader have another language from now on."""
    st.session_state[CHOSEN] = code
    st.query_params.pop(PARAMETER, None)


def known(code: str | None) -> str:
    """Return the language that a code such as `ar-EG` names, "" where the interface does not speak it."""
    base = (code or "").replace("_", "-").partition("-")[0].lower()
    return base if base in LANGUAGES else ""


def readable(text: str) -> str:
    """Return an author's Markdown so that sizes and sums in it keep their order on a page from the right."""
    return isolated(text) if direction() == "rtl" else text


def embedded(name: str) -> str:
    """Return a name, such as a lesson's title, so that it is read from its own side in another language."""
    return f"\u2068{name}\u2069" if direction() == "rtl" else name


@contextmanager
def written_in(code: str, name: str) -> Iterator[None]:
    """Tell the page, and through it screen readers, that what is drawn inside is in another language.

    `name` is one that no other part of the page has.
    """
    with st.container(key=f"in-{code}-{name}"):
        yield


def say_that_labs_are_in_english() -> None:
    """Say it to readers of another language, in theirs."""
    if language() != ENGLISH:
        st.markdown(translate("The labs are in English for now."))
