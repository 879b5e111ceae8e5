"""Every network of the zoo is chosen on the page, drawn, and walked to its end and back."""

from playwright.sync_api import Page, expect

from cnnlab import zoo
from cnnlab.tracing import trace_of
from tests.running_app import open_page

VISIT = """async ([names, steps]) => {
  const host = [...document.querySelectorAll("*")]
    .find((one) => one.shadowRoot?.querySelector("[role=tree]"));
  const find = (selector) => host.shadowRoot.querySelector(selector);
  const select = find("select[aria-label=Network]");
  const told = {};
  for (const name of names) {
    select.value = name;
    if (select.value !== name) { told[name] = "is not in the list"; continue; }
    const title = select.selectedOptions[0].textContent;
    const ends = performance.now() + 20_000;
    select.dispatchEvent(new Event("change"));
    const until = async (done) => {
      while (!done() && performance.now() < ends) await new Promise(requestAnimationFrame);
      return done();
    };
    const drawn = () => find("[role=tree]").getAttribute("aria-label").endsWith(` of ${title}`);
    if (!(await until(drawn))) { told[name] = "is not drawn"; continue; }
    const place = () => find(".walk-place").textContent;
    const here = () => find("[role=treeitem][aria-current=step]");
    find("[aria-label='To the last step']").click();
    const last = `Step ${steps[name]} of ${steps[name]}:`;
    if (!place().startsWith(last)) { told[name] = `ends at ${place()}, not at ${last}`; continue; }
    if (!here() || here().dataset.node === "#input") told[name] = "does not mark its last step";
    find("[aria-label='To the input']").click();
    if (here()?.dataset.node !== "#input") told[name] = "does not mark its input";
  }
  return told;
}"""


def test_every_network_of_the_zoo_is_drawn_and_walked_from_its_list(app_server: str, page: Page):
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    open_page(page, f"{app_server}/architectures?net=lenet5")
    expect(page.locator("[role=treeitem]").first).to_be_visible(timeout=20_000)
    names = [*zoo.names()[::-1]]  # ends at another one than it began with
    found = page.evaluate(VISIT, [names, {name: len(trace_of(name).steps) for name in names}])
    assert found == {}
    assert problems == []


def test_playing_walks_by_itself_until_it_is_paused(app_server: str, page: Page):
    page.clock.install()
    open_page(page, f"{app_server}/architectures?net=lenet5")
    expect(page.locator("[role=treeitem]").first).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Walk by itself").click()
    page.clock.run_for(2_000)
    expect(page.locator(".walk-place")).to_contain_text("Step 3 of 12")
    expect(page.locator("[role=treeitem][aria-current=step]")).to_have_attribute("data-node", "#2")
    page.get_by_role("button", name="Walk by itself").click()
    page.clock.run_for(2_000)
    expect(page.locator(".walk-place")).to_contain_text("Step 3 of 12")
