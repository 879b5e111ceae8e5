"""The home page in a real browser: the machine moves and obeys, the cards lead into the lab."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from cnnlab import zoo
from tests.running_app import open_page
from tests.ui.module_page import module_page

READY = ".lab[data-ready=true]"


def open_home(page: Page, app_server: str) -> Page:
    open_page(page, app_server)
    page.locator(READY).wait_for(timeout=20_000)
    return page


@pytest.fixture
def home(app_server: str, page: Page) -> Page:
    return open_home(page, app_server)


@pytest.fixture
def still_home(app_server: str, browser: Browser) -> Iterator[Page]:
    """The home page for a visitor who wants less motion, on a telephone."""
    context = browser.new_context(
        viewport={"width": 375, "height": 800}, reduced_motion="reduce", has_touch=True
    )
    yield open_home(context.new_page(), app_server)
    context.close()


def position(page: Page) -> str:
    return page.locator(".machine").get_attribute("data-position") or ""


def moves(page: Page) -> bool:
    before = position(page)
    page.wait_for_timeout(1300)
    return position(page) != before


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Kernel size")


def output_size(page: Page) -> str:
    return page.locator(".machine .map.output figcaption span").inner_text()


def height(page: Page) -> float:
    box = page.locator(".machine").bounding_box()
    assert box is not None
    return box["height"]


def test_the_kernel_slides_by_itself_until_it_is_paused(home: Page):
    assert moves(home)
    home.get_by_role("button", name="Pause").click()
    assert not moves(home)
    home.get_by_role("button", name="Play").click()
    assert moves(home)


def test_nothing_moves_by_itself_for_those_who_want_less_motion(still_home: Page):
    assert not moves(still_home)
    still_home.get_by_role("button", name="Play").click()
    assert moves(still_home)


def test_the_output_follows_while_the_slider_is_dragged(home: Page):
    box = slider(home).bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    home.mouse.move(box["x"] + box["width"] / 2, y)
    home.mouse.down()
    seen = {}
    for share in (0.01, 0.25, 0.5, 0.75, 0.99):
        home.mouse.move(box["x"] + box["width"] * share, y)
        seen[home.locator(".machine output").inner_text()] = output_size(home)
    home.mouse.up()
    assert seen == {"1 × 1": "8 × 8", "2 × 2": "7 × 7", "3 × 3": "6 × 6", "4 × 4": "5 × 5", "5 × 5": "4 × 4"}
    expect(home.locator(".machine-size")).to_contain_text("(8 + 2·0 − 1·(5 − 1) − 1) / 1⌋ + 1")
    link = home.get_by_role("link", name="Open the convolution lab")
    expect(link).to_have_attribute("href", "/convolution?k=5")


def test_the_sum_shows_products_that_add_up(home: Page):
    home.get_by_role("button", name="Pause").click()
    for place in range(1, 6):
        output = home.locator('.machine canvas.marks[data-map="output"]')
        box = output.bounding_box()
        assert box is not None
        output.hover(position={"x": (place + 0.5) * box["width"] / 6, "y": box["height"] * (place + 0.5) / 6})
        assert position(home) == f"{place},{place}"
        text = home.locator(".machine-sum").inner_text().removeprefix("Here: ").replace("−", "-")
        products, _, total = text.rpartition(" = ")
        pairs = re.findall(r"(\d+)·\(?(-?\d+)\)?", products)
        assert len(pairs) == 6
        assert sum(int(value) * int(weight) for value, weight in pairs) == int(total)


@pytest.mark.parametrize("who", ["home", "still_home"])
def test_nothing_below_the_machine_jumps_when_the_kernel_changes(request: pytest.FixtureRequest, who: str):
    page = request.getfixturevalue(who)
    heights = set()
    slider(page).focus()
    page.keyboard.press("Home")
    for _ in range(5):
        heights.add(height(page))
        page.keyboard.press("ArrowRight")
    assert len(heights) == 1


def test_the_slider_obeys_the_keyboard(home: Page):
    slider(home).focus()
    home.keyboard.press("ArrowRight")
    assert output_size(home) == "5 × 5"
    home.keyboard.press("Home")
    assert output_size(home) == "8 × 8"


# The numbers on the cards, worked by hand or taken from PyTorch's documentation of the layers.
CARDS = [
    ("Padding keeps the size", "8 × 8 back", "1 × 8 × 8"),
    ("Stride halves it", "4 × 4 out of 8 × 8", "1 × 4 × 4"),
    ("Dilation reaches further", "9 weights, spread out, see 5 × 5", "1 × 4 × 4"),
    ("Transposed convolution", "4 × 4 grows to 9 × 9", "1 × 9 × 9"),
    ("Edges in a photograph", "34,596 multiply–adds", "1 × 62 × 62"),
    ("Depthwise-separable", "334 parameters instead of 4,864", "64 × 28 × 28"),
]


VIEWS = [
    ("How far does a unit see?", "31 × 31", "Stack"),
    # N · H · W, C · H · W and H · W of the block 3 × 4 × 2 × 2
    ("Whose mean is it?", "12 numbers here, layer norm among 16, instance norm among 4", "Normalisation"),
    ("Challenges", "goals to reach", "Challenges"),
]


def test_every_card_leads_to_the_lab_with_what_it_shows(app_server: str, home: Page):
    wanted = [*CARDS, *VIEWS]
    links = {}
    for title, words, _ in wanted:
        card = home.get_by_role("link", name=title)
        expect(card).to_contain_text(words)
        links[title] = app_server + str(card.get_attribute("href"))
    assert home.locator(".cards:not(.networks) .card").count() == len(links) == len(set(links.values()))
    for title, _, shown in wanted:
        home.goto(links[title])
        home.locator(READY).wait_for(timeout=20_000)
        expect(home.locator(".link-problems")).to_be_empty()
        if "×" in shown:
            expect(home.locator('[data-metric="output"]')).to_have_text(shown)
        else:
            expect(home.get_by_role("tab", name=shown)).to_have_attribute("aria-selected", "true")


def test_the_cards_on_networks_lead_where_they_say(home: Page):
    cards = home.locator(".networks .card")
    walk, cost, build = cards.nth(0), cards.nth(1), cards.nth(2)
    expect(walk).to_contain_text(f"ResNet-18 in 69 steps, and {len(zoo.names())} networks in all")
    expect(walk.locator("svg .front")).to_have_count(8)
    # As torchvision documents them: 15.47 and 0.3 thousand million multiply-adds.
    expect(cost).to_contain_text("VGG-16 takes 51 times the multiply-adds of MobileNet v2")
    expect(build).to_have_attribute("href", "/build")
    cost.click()
    home.wait_for_url("**/compare?a=vgg16&b=mobilenet_v2")


def test_the_pictures_follow_the_theme(home: Page):
    picture = home.locator(".preview canvas").nth(1)
    light = picture.evaluate("canvas => canvas.toDataURL()")
    home.emulate_media(color_scheme="dark")
    for _ in range(50):
        home.wait_for_timeout(100)
        if picture.evaluate("canvas => canvas.toDataURL()") != light:
            return
    pytest.fail("the picture still has the colours of the light theme")


def test_every_card_is_reached_and_followed_by_keyboard(home: Page):
    home.get_by_role("link", name="Open the convolution lab").focus()
    reached = []
    for _ in range(20):
        home.keyboard.press("Tab")
        reached.append(home.evaluate(FOCUSED))
    assert [text for text in reached if text.startswith("card")] == [
        f"card {link.inner_text()}" for link in home.locator(".card .card-title").all()
    ]
    home.locator(".card").first.focus()
    home.keyboard.press("Enter")
    home.wait_for_url("**/convolution?p=1")


FOCUSED = """() => {
  let element = document.activeElement;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return `${element.className} ${element.querySelector(".card-title")?.textContent ?? ""}`;
}"""


def test_the_page_fits_a_telephone_and_its_pictures_are_drawn(still_home: Page):
    assert still_home.evaluate("document.documentElement.scrollWidth") <= 375
    for canvas in still_home.locator(".lab canvas:not(.marks)").all():
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        assert box["width"] >= 24
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 375
        assert canvas.evaluate(COLOURS) >= 3


COLOURS = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""


def test_a_learner_who_comes_back_home_finds_the_way_to_where_they_were(app_server: str, page: Page):
    open_page(page, f"{app_server}/convolution?in=20&k=7")
    page.locator(READY).wait_for(timeout=20_000)
    page.get_by_role("button", name="Start").click()
    page.get_by_role("menuitem", name="Home").click()
    back = page.get_by_role("link", name="Continue where you left")
    expect(back).to_have_attribute("href", "/convolution?in=20&k=7", timeout=20_000)


def test_the_settings_of_every_card_can_be_read_back_from_its_link(browser: Browser):
    with module_page(browser) as page:
        found = page.evaluate(
            """async () => {
              const { CARDS, LABS, labAddress } = await import("/home-cards.js");
              return CARDS.map(({ lab = "convolution", settings }) => {
                const query = new URL(labAddress("/lab", settings, LABS[lab]), location.origin).searchParams;
                const back = LABS[lab].readSettings(Object.fromEntries(query));
                return [back.problems, back.settings, { ...LABS[lab].DEFAULTS, ...settings }];
              });
            }"""
        )
    assert len(found) == 9
    for problems, back, wanted in found:
        assert problems == []
        assert back == wanted
