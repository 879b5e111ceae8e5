"""What goes wrong ends as a sentence: in Python, at an unknown address, and where a module does not load."""

import logging
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from streamlit.testing.v1 import AppTest

from cnnlab.errors import CnnLabError
from tests.running_app import ROOT, RunningApp, open_page, running_app, wait_until_idle

# A server with the app's way of handling errors, whose page fails on demand. It has no config.toml, so that
# Streamlit would show everything it knows about an error.
APP = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import streamlit as st
from cnnlab.ui.problems import apologise
app = st.App("script.py", on_script_error=apologise)
"""
SCRIPT = """
import streamlit as st
from cnnlab.errors import CnnLabError

def fail():
    raise RuntimeError("a secret detail")

@st.fragment
def piece():
    if st.button("In a fragment"):
        fail()

def page():
    st.title("Still here")
    piece()
    st.button("In a callback", on_click=fail)
    if st.query_params.get("fail") == "page":
        fail()
    if st.query_params.get("fail") == "expected":
        raise CnnLabError("A kernel of 7 does not fit in 5 rows; lower the kernel.")
    st.write("The end")

other = st.Page(lambda: st.title("Other"), title="Other", url_path="other")
st.navigation([st.Page(page, title="Page"), other]).run()
"""


@pytest.fixture(scope="module")
def failing_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    folder = tmp_path_factory.mktemp("failing_app")
    (folder / "app.py").write_text(APP)
    (folder / "script.py").write_text(SCRIPT)
    with running_app(folder / "server.log", folder / "app.py") as app:
        yield app


def apology(page: Page) -> Locator:
    return page.get_by_role("alert")


def expect_apology_only(page: Page, app: RunningApp) -> None:
    """The page shows one apology, with the number under which the log has the rest, and no detail."""
    expect(apology(page)).to_have_count(1)
    expect(apology(page)).to_contain_text("Sorry, something went wrong on our side.")
    wait_until_idle(page)
    found = re.search(r"the number ([0-9a-f]{8})", apology(page).inner_text())
    assert found is not None
    whole = page.locator("body").inner_text()
    for detail in ("Traceback", "RuntimeError", "a secret detail", "script.py"):
        assert detail not in whole
    log = app.log.read_text()
    entry = log[log.index(f"incident {found[1]}") :]
    assert "RuntimeError: a secret detail" in entry


def test_an_error_in_a_page_becomes_an_apology_below_what_was_there(failing_app: RunningApp, page: Page):
    open_page(page, f"{failing_app.url}/?fail=page")
    expect_apology_only(page, failing_app)
    expect(page.get_by_role("heading", name="Still here")).to_be_visible()


def test_an_error_in_a_fragment_leaves_the_rest_of_the_page(failing_app: RunningApp, page: Page):
    open_page(page, failing_app.url)
    page.get_by_role("button", name="In a fragment").click()
    expect_apology_only(page, failing_app)
    expect(page.get_by_text("The end")).to_be_visible()


def test_after_an_error_in_a_callback_the_menu_and_a_reload_go_on(failing_app: RunningApp, page: Page):
    open_page(page, failing_app.url)
    page.get_by_role("button", name="In a callback").click()
    expect_apology_only(page, failing_app)
    page.get_by_role("link", name="Other").click()
    expect(page.get_by_role("heading", name="Other")).to_be_visible()
    expect(apology(page)).to_have_count(0)
    open_page(page, failing_app.url)
    expect(page.get_by_text("The end")).to_be_visible()


def test_an_expected_problem_is_shown_as_its_sentence(failing_app: RunningApp, page: Page):
    open_page(page, f"{failing_app.url}/?fail=expected")
    expect(apology(page)).to_contain_text("A kernel of 7 does not fit in 5 rows; lower the kernel.")
    assert "Sorry" not in page.locator("body").inner_text()


def test_an_unknown_address_says_so_and_shows_the_home_page(app_server: str, page: Page):
    page.goto(f"{app_server}/nonsense")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Page not found")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("heading", name="CNN Lab")).to_be_visible()
    expect(page.get_by_role("link", name="Open the convolution lab")).to_be_visible()


@pytest.mark.parametrize(
    ("way", "address", "module"),
    [
        ("missing", "/", "home.js"),
        ("broken", "/", "home.js"),
        ("unreachable", "/convolution", "lab.js"),
    ],
)
def test_where_a_module_cannot_be_loaded_a_sentence_says_what_to_do(
    app_server: str, page: Page, way: str, address: str, module: str
):
    broken = 'export function render() { throw new Error("oops"); }'
    ways = {
        "missing": lambda route: route.fulfill(status=404, body=""),
        "broken": lambda route: route.fulfill(content_type="text/javascript", body=broken),
        "unreachable": lambda route: route.abort(),
    }
    page.route(re.compile(rf"/browser/\w+/{re.escape(module)}$"), ways[way])
    page.goto(app_server + address)
    expect(apology(page)).to_contain_text("This part of the page could not be loaded. Reload the page")
    page.unroute_all()
    page.get_by_role("button", name="Reload the page").click()
    page.locator(".lab[data-ready=true]").wait_for(timeout=20_000)
    expect(apology(page)).to_have_count(0)


def shown_by(problem: Exception) -> AppTest:
    def script(problem: Exception) -> None:
        from cnnlab.ui.problems import apologise

        apologise(problem)

    return AppTest.from_function(script, kwargs={"problem": problem}).run()


def test_each_incident_has_a_number_of_its_own(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.ERROR, logger="cnnlab"):
        texts = [shown_by(RuntimeError("a secret detail")).error[0].value for _ in range(2)]
    numbers = [re.findall(r"\*\*([0-9a-f]{8})\*\*", text)[0] for text in texts]
    assert numbers[0] != numbers[1]
    assert [record.getMessage() for record in caplog.records] == [f"incident {number}" for number in numbers]
    assert all("secret" not in text for text in texts)


def test_an_expected_problem_is_not_an_incident(caplog: pytest.LogCaptureFixture):
    assert shown_by(CnnLabError("Lower the kernel.")).error[0].value == "Lower the kernel."
    assert [record for record in caplog.records if record.name == "cnnlab"] == []
