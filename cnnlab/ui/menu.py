"""What Streamlit's menu lacks for screen readers, added in the browser by `browser/menu.js`.

It does not know which pages there are.
"""

from streamlit.components import v2

from cnnlab.ui.assets import FOLDER

component = v2.component("cnnlab.menu", js=(FOLDER / "menu.js").read_text(encoding="utf-8"))


def repair_menu() -> None:
    """Draw nothing; from then on the menu is right, whatever Streamlit changes in it."""
    component(key="menu")
