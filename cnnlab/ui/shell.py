"""The main script: the menu around every page.

It runs at every full rerun, so it stays cheap. It does not know what the pages show.
"""

from pathlib import Path

import streamlit as st

from cnnlab.ui.menu import repair_menu
from cnnlab.ui.pages import PAGES

st.set_page_config(page_title="CNN Lab", page_icon=Path(__file__).parent / "icon.svg", layout="wide")

menu: dict[str, list[st.Page]] = {}
for entry in PAGES:
    page = st.Page(
        entry.file, title=entry.title, icon=entry.icon, url_path=entry.url_path, default=not entry.url_path
    )
    menu.setdefault(entry.group, []).append(page)

st.navigation(menu, position="top").run()
repair_menu()
