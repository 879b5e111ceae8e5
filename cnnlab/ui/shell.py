"""The main script: the menu around every page.

It runs at every full rerun, so it stays cheap. It does not know what the pages show.
"""

from pathlib import Path

import streamlit as st

from cnnlab.language import translate_marked
from cnnlab.training.own_models import welcome_runs
from cnnlab.ui.languages import embedded, offer_languages, settle_language
from cnnlab.ui.lessons.shelf import menu_lines
from cnnlab.ui.menu import repair_menu, with_progress
from cnnlab.ui.pages import GROUPS, LESSON_PAGE, PAGES
from cnnlab.ui.state import open_lesson_named

st.set_page_config(page_title="CNN Lab", page_icon=Path(__file__).parent / "icon.svg", layout="wide")

settle_language()
welcome_runs()

menu: dict[str, list[st.Page]] = {}
for entry in PAGES:
    page = st.Page(
        entry.file,
        title=translate_marked(entry.title),
        icon=entry.icon,
        url_path=entry.url_path,
        default=not entry.url_path,
    )
    menu.setdefault(entry.group, []).append(page)
menu["Course"] = [
    st.Page(
        LESSON_PAGE,
        title=with_progress(embedded(line.title), line.url_path),
        icon=":material/menu_book:",
        url_path=line.url_path,
    )
    for line in menu_lines()
]

groups = {translate_marked(group): menu[group] for group in GROUPS if menu.get(group)}
chosen = st.navigation(groups, position="top")
offer_languages()
open_lesson_named(chosen.url_path)
chosen.run()
repair_menu()
