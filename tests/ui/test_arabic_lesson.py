"""A lesson in Arabic in a real browser: from the right, by keys alone, and with one progress for all."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.running_app import ROOT, open_page, running_app, wait_until_idle
from tests.ui.axe_findings import grave_findings

PLAIN = '---\nid: plain\ntitle: "Not translated"\nminutes: 5\norder: 90\n---\n\nText.\n'
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("arabic")
    shutil.copytree(ROOT / "lessons", folder / "lessons")
    (folder / "lessons" / "90-plain.md").write_text(PLAIN, encoding="utf-8")
    store = {
        "CNNLAB_DATABASE_URL": f"sqlite:///{folder / 'progress.db'}",
        "CNNLAB_LESSONS": str(folder / "lessons"),
    }
    with running_app(folder / "app.log", environment=store) as app:
        yield app.url


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 375, "height": 812}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def question(page: Page, name: str):
    return page.locator(f".st-key-lesson-dense-and-1d-{name}")


def expect_language(element: Locator, code: str, direction: str) -> None:
    expect(element).to_have_attribute("lang", code)
    expect(element).to_have_attribute("dir", direction)


def test_an_arabic_lesson_is_answered_by_keys_and_continued_in_english(server: str, phone: Page):
    open_page(phone, f"{server}/lesson-dense-and-1d?lang=ar")
    expect(phone.get_by_role("heading", level=1)).to_have_text("من الطبقة الكثيفة إلى نواة تنزلق")
    expect_language(phone.locator("html"), "ar", "rtl")

    guess = question(phone, "how-few-weights")
    guess.get_by_role("radio").nth(2).focus()
    phone.keyboard.press("Space")
    guess.get_by_role("radio", name="تخمين").focus()
    phone.keyboard.press("Space")
    guess.get_by_role("button", name="ثبّت توقّعي").focus()
    phone.keyboard.press("Enter")
    expect(guess).to_contain_text("حُفظ توقّعك.")

    dense = question(phone, "dense-parameters")
    stem = dense.get_by_text("طبقة كثيفة عدد مُدخَلاتها").inner_text()
    n, m = map(int, re.findall(r"\d+", stem))
    dense.get_by_role("textbox", name="جوابك").focus()
    phone.keyboard.type(str(n * m).translate(ARABIC_DIGITS))
    phone.keyboard.press("Enter")
    expect(dense).to_contain_text("ليس بعد.")
    expect(dense).to_contain_text("والانحيازات معاملات أيضًا")
    dense.get_by_role("textbox", name="جوابك").focus()
    phone.keyboard.press("Control+A")
    phone.keyboard.type(str(n * m + m).translate(ARABIC_DIGITS))
    phone.keyboard.press("Enter")
    expect(dense).to_contain_text("صحيح.")

    phone.get_by_role("button", name="English").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text("From a dense layer to a sliding kernel")
    expect(question(phone, "dense-parameters")).to_contain_text("Right.")
    expect(question(phone, "how-few-weights")).to_contain_text("Your prediction is kept.")
    expect_language(phone.locator("html"), "en", "ltr")
    phone.goto(f"{server}/lesson-dense-and-1d")
    expect(question(phone, "dense-parameters")).to_contain_text("Right.", timeout=20_000)


def test_a_page_from_the_right_fits_a_phone_and_axe_finds_nothing_serious(server: str, phone: Page):
    open_page(phone, f"{server}/lesson-stride-and-padding?lang=ar")
    phone.locator(".lab[data-ready=true]").first.wait_for(timeout=20_000)
    main = phone.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
    lab = phone.locator(".lab").first
    assert lab.evaluate("lab => [lab.lang, getComputedStyle(lab).direction]") == ["en", "ltr"]
    directions = "all => [...new Set(all.map((one) => getComputedStyle(one).direction))]"
    assert phone.locator(".stMarkdown .katex").evaluate_all(directions) == ["ltr"]
    assert phone.locator(".stMarkdown p").evaluate_all(directions) == ["rtl"]
    weights = phone.locator(".st-key-lesson-stride-and-padding-find-upright-edges").get_by_role("textbox")
    first, second = (weights.nth(place).bounding_box() for place in (0, 1))
    assert first is not None
    assert second is not None
    assert first["x"] < second["x"]  # a kernel is a picture: it is not turned round
    menu = phone.get_by_test_id("stSidebar")
    assert menu.evaluate("element => element.getBoundingClientRect().left >= innerWidth")
    phone.get_by_test_id("stExpandSidebarButton").click()
    expect(menu.get_by_role("link", name="بُعدان وخطوة وحشو")).to_be_in_viewport()
    menu.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    wait_until_idle(phone)
    assert grave_findings(phone) == []


def test_a_choice_outlives_a_reload_and_a_lesson_that_is_not_translated_says_so(server: str, page: Page):
    open_page(page, f"{server}/lesson-plain")
    expect_language(page.locator("html"), "en", "ltr")
    page.get_by_role("button", name="العربية").click()
    notice = page.get_by_text("لم يُترجم هذا الدرس بعد")
    expect(notice).to_be_visible()
    page.reload()
    expect(notice).to_be_visible(timeout=20_000)
    lesson = page.locator(".st-key-in-en-lesson")
    expect_language(lesson, "en", "ltr")
    expect_language(page.locator("html"), "ar", "rtl")
    page.goto(f"{server}/layers")
    expect_language(page.locator(".st-key-in-en-page-layers"), "en", "ltr")
    expect(page.get_by_role("heading", level=1)).to_have_text("الطبقات (Layers)")
