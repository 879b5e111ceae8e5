"""What learners wrote is shown letter by letter, by the Markdown reader that lessons use, too."""

import pytest
from markdown_it import MarkdownIt

from cnnlab.ui.training.plain_text import plain


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://a) $5",
        "[a](b) *bold* _i_ `code` # head",
        "<b>1</b> & | ~~no~~ :smile: :red[x]",
        "1. one - two + three",
        "a\\b",
    ],
)
def test_no_sign_becomes_markup(text: str):
    (paragraph,) = [
        one for one in MarkdownIt().enable("strikethrough").parse(plain(text)) if one.type == "inline"
    ]
    kinds = {child.type for child in paragraph.children or []}
    assert kinds <= {"text", "text_special"}
    assert "".join(child.content for child in paragraph.children or []) == text


def test_streamlit_s_own_signs_are_escaped():
    assert plain(":red[x] $5$") == "\\:red\\[x\\] \\$5\\$"
