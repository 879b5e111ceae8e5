"""What was chosen for Predict, from an address or from the browser, however wrong these are."""

import json

import pytest
from streamlit.testing.v1 import AppTest


def show() -> None:
    import json

    import streamlit as st

    from cnnlab.ui.inspection.predict_choice import choice, choose, settled, tell

    reported = st.session_state.get("reported", "nothing")
    if reported != "nothing":
        settled(reported)
    if "others" in st.session_state:
        choose(others=st.session_state["others"])
    tell()
    now = choice()
    st.text(json.dumps([now.way, now.temperature, now.voice, now.others]))
    st.text(json.dumps(st.query_params.to_dict()))


def chosen(query: dict[str, str], **state: object) -> tuple[list, dict]:
    app = AppTest.from_function(show)
    for name, text in query.items():
        app.query_params[name] = text
    for name, value in state.items():
        app.session_state[name] = value
    app.run()
    assert not app.exception
    return json.loads(app.text[0].value), json.loads(app.text[1].value)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, ["one", 1.0, -1, None]),
        ({"look": "crops", "t": "2.5", "voice": "9"}, ["crops", 2.5, 9, None]),
        ({"look": "several", "with": "a.b"}, ["several", 1.0, -1, ["a", "b"]]),
        ({"look": "<b>", "t": "nan", "voice": "99"}, ["one", 1.0, -1, None]),
        ({"t": "1e300", "voice": "-1"}, ["one", 10.0, -1, None]),
        ({"t": "-3", "voice": "²"}, ["one", 0.1, -1, None]),
        ({"with": ".".join("abcdefgh")}, ["one", 1.0, -1, list("abcde")]),
    ],
)
def test_an_address_is_taken_as_far_as_it_makes_sense_and_kept(query: dict[str, str], wanted: list):
    found, address = chosen(query)
    assert found == wanted
    assert chosen(address)[0] == wanted


@pytest.mark.parametrize(
    ("reported", "temperature", "voice"),
    [
        ({"temperature": 2.0, "voice": 3}, 2.0, 3),
        ({"temperature": "hot", "voice": 1000}, 1.0, -1),
        ({"temperature": None, "voice": None}, 1.0, -1),
        ([1], 1.0, -1),
        (None, 1.0, -1),
    ],
)
def test_what_the_browser_reports_is_bounded(reported: object, temperature: float, voice: int):
    found, address = chosen({}, reported=reported)
    assert found[1:3] == [temperature, voice]
    assert address.get("t") == (f"{temperature:g}" if temperature != 1 else None)


def test_no_other_network_is_a_choice_too():
    found, address = chosen({}, others=())
    assert found[3] == []
    assert address == {"with": "none"}
