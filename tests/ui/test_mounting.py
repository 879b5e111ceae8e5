"""A lab's settings between the browser, the address and the session."""

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.ui.labs.mounting import LONGEST_NAME, LONGEST_VALUE, MOST_PARAMETERS, clean


def page() -> None:
    import streamlit as st

    from cnnlab.ui.labs.mounting import current_settings

    st.json(current_settings("lab"))


def shown(app: AppTest) -> str:
    return app.json[0].value.replace(" ", "").replace("\n", "")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"k": 5, "s": "2"}, {"k": "5", "s": "2"}),
        ({"n" * (LONGEST_NAME + 1): "1", "k": "3"}, {"k": "3"}),
        ({"k": "1" * (LONGEST_VALUE + 1)}, {}),
        ({}, {}),
    ],
)
def test_only_short_texts_under_short_names_are_settings(given: dict[str, object], kept: dict[str, str]):
    assert clean(given) == kept


def test_no_more_settings_than_a_lab_has_are_kept():
    assert len(clean({str(i): i for i in range(10 * MOST_PARAMETERS)})) == MOST_PARAMETERS


def test_the_address_sets_a_lab_until_its_browser_part_reports():
    app = AppTest.from_function(page)
    app.query_params["k"] = "7"
    app.run()
    assert shown(app) == '{"k":"7"}'
    app.session_state["lab"] = {"settings": {"k": 5, "s": 2}}
    app.run()
    assert shown(app) == '{"k":"5","s":"2"}'
    assert app.query_params["k"] == "5"
    assert app.query_params["s"] == "2"


def test_a_lab_without_an_address_comes_back_as_this_session_left_it():
    app = AppTest.from_function(page)
    app.query_params["k"] = "7"
    app.run()
    app.query_params.clear()
    app.run()
    assert shown(app) == '{"k":"7"}'
    assert app.query_params["k"] == "7"


@pytest.mark.parametrize("report", [None, "k=5", 7, ["k"]])
def test_a_report_that_is_no_settings_is_left_aside(report: object):
    app = AppTest.from_function(page)
    app.query_params["k"] = "7"
    app.session_state["lab"] = {"settings": report}
    app.run()
    assert not app.exception
    assert shown(app) == '{"k":"7"}'
