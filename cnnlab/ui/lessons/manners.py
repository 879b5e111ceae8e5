"""How a lesson looks and where its keys go, beyond what Streamlit does: `lessons.css`, `browser/lesson.js`.

It does not know the lesson.
"""

from pathlib import Path

from streamlit.components import v2

from cnnlab.ui.assets import FOLDER

component = v2.component(
    "cnnlab.lesson",
    html="<span></span>",
    css=(Path(__file__).parent / "lessons.css").read_text(encoding="utf-8"),
    js=(FOLDER / "lesson.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def mind_manners() -> None:
    """Draw nothing that is seen; call it before the lesson is drawn."""
    component(key="manners-of-lessons")
