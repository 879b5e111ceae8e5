"""The largest graph of the zoo, chosen, opened to its last layer and walked, beside Streamlit's own chart.

It does not know how a graph is laid out.
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page

from benchmarks.effort import Effort
from benchmarks.pages import QUIET_MS, chromium, new_page
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import PEERS, Servers, refuse_settings_from_outside
from cnnlab.tracing import Trace, trace_of
from tests.running_app import open_page, running_app

FROM, LARGEST = "resnet18", "nasnetalarge"
LONG_MS = 180_000
STEPS_UNCOUNTED = 3
GRAPH = ".network-place [role=treeitem]"
# Each returns milliseconds from the action to the end of the first frame that shows its result.
UNTIL = """const until = async (done) => {
  while (!done()) await new Promise(requestAnimationFrame);
  return new Promise((resolve) => bench.afterFrame(resolve));
};"""
CHOOSE = f"""async (name) => {{ {UNTIL}
  const [select, tree] = [bench.find("select[aria-label=Network]"), bench.find("[role=tree]")];
  const before = tree.firstElementChild;
  const began = performance.now();
  select.value = name;
  select.dispatchEvent(new Event("change"));
  return await until(() => tree.firstElementChild !== before) - began;
}}"""
OPEN_MORE = f"""async () => {{ {UNTIL}
  const button = bench.find("[aria-label='Open the blocks of one level more']");
  const count = () => bench.find("[role=tree]").childElementCount;
  const taken = [];
  while (!button.disabled) {{
    const [before, began] = [count(), performance.now()];
    button.click();
    taken.push(await until(() => count() !== before) - began);
  }}
  return [taken, count()];
}}"""
STEP = f"""async () => {{ {UNTIL}
  const here = () => bench.find("[role=treeitem][aria-current=step]");
  const [before, began] = [here(), performance.now()];
  bench.find("[aria-label='One step forward']").click();
  return await until(() => here() !== before) - began;
}}"""
BYTES = """() => performance.getEntriesByType("resource")
  .map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize])"""
DRAW = f"""async (count) => {{ {UNTIL}
  const button = [...document.querySelectorAll("button")].find((one) => one.textContent.includes("Draw"));
  const nodes = () => document.querySelectorAll("[data-testid=stGraphVizChart] g.node").length;
  const began = performance.now();
  button.click();
  return await until(() => nodes() >= count) - began;
}}"""


def run(effort: Effort, servers: Servers) -> list[Row]:
    """Draw the largest network in the page, again and again, then in Streamlit's chart."""
    trace = trace_of(LARGEST)
    with chromium() as browser:
        address = urljoin(servers.lab(), f"/architectures?net={FROM}")
        measured = [in_page(browser, address, trace, effort.interactions) for _ in range(effort.starts)]
        theirs = in_chart(browser, trace, effort.starts)
    peer = f"st.graphviz_chart of the same {len(trace.steps):,} nodes, click to the frame with all of them"
    chart = Figure(theirs, "ms")
    sent = measured[0].sent
    return [
        Row(
            "largest graph: chosen to drawn",
            Figure(tuple(one.chosen for one in measured), "ms"),
            peer,
            chart,
            Target(1000),
            (
                f"{LARGEST}, folded, as it opens; fetching it from the server included",
                "from the action to the end of the first frame that shows it",
            ),
        ),
        Row(
            "largest graph: every block open",
            Figure(tuple(max(one.opened) for one in measured), "ms"),
            peer,
            chart,
            Target(1000),
            ("the slowest of the steps from folded to fully open",),
        ),
        Row(
            "a step, every block open",
            Figure(tuple(step for one in measured for step in one.stepped), "ms", "p95"),
            target=Target(100),
            notes=("the button to the frame that marks the next layer",),
        ),
        Row(
            "largest graph: bytes",
            Figure((float(sent["network"]),), "B"),
            "its DOT text, as the chart gets it",
            Figure((float(len(dot(trace).encode())),), "B"),
            notes=(
                "packed JSON with all numbers of the steps; "
                f"once per visit also {sent['modules']:,} B of modules for the graph",
            ),
        ),
    ]


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: ms of choosing, of each level that is opened and of each step; bytes that came."""

    chosen: float
    opened: list[float]
    stepped: list[float]
    sent: dict[str, int]


def in_page(browser: Browser, address: str, trace: Trace, steps: int) -> Visit:
    """Choose the largest network in the page, open all of its blocks and walk."""
    page = new_page(browser)
    open_page(page, address)
    page.locator(GRAPH).first.wait_for()
    page.wait_for_timeout(QUIET_MS)
    chosen = page.evaluate(CHOOSE, LARGEST)
    opened, nodes = page.evaluate(OPEN_MORE)
    if nodes < len(trace.steps):
        raise RuntimeError(f"{nodes} nodes are drawn where {len(trace.steps)} steps are open")
    stepped = [page.evaluate(STEP) for _ in range(STEPS_UNCOUNTED + steps)][STEPS_UNCOUNTED:]
    sent = bytes_of(page)
    page.context.close()
    return Visit(chosen, opened, stepped, sent)


def bytes_of(page: Page) -> dict[str, int]:
    """Return how many bytes came of the network and of the graph's modules."""
    sent = {"network": 0, "modules": 0}
    for path, size in page.evaluate(BYTES):
        if path.endswith(f"/{LARGEST}.json"):
            sent["network"] += size
        elif path.endswith(".js") and "/network-" in path:
            sent["modules"] += size
    if not all(sent.values()):
        raise RuntimeError(f"the browser says of the bytes that came: {sent}")
    return sent


def in_chart(browser: Browser, trace: Trace, times: int) -> tuple[float, ...]:
    """Return how long Streamlit's own chart takes for the same nodes and edges."""
    refuse_settings_from_outside()
    with TemporaryDirectory() as folder:
        script = Path(folder) / "app.py"
        script.write_text((PEERS / "graph.py").read_text(encoding="utf-8"), encoding="utf-8")
        script.with_name("graph.dot").write_text(dot(trace), encoding="utf-8")
        with running_app(Path(folder) / "peer.log", script) as app:
            return tuple(draw(browser, app.url, len(trace.steps)) for _ in range(times))


def draw(browser: Browser, url: str, count: int) -> float:
    """Press the button of the peer and wait for all its nodes."""
    page = new_page(browser)
    page.set_default_timeout(LONG_MS)
    open_page(page, url)
    page.get_by_role("button", name="Draw").wait_for()
    page.wait_for_timeout(QUIET_MS)
    taken = page.evaluate(DRAW, count)
    page.context.close()
    return taken


def dot(trace: Trace) -> str:
    """Return the steps of a network in the language of Graphviz.

    >>> dot(trace_of("lenet5")).splitlines()[1:3]
    ['0 [label="conv2d"]', '1 [label="relu"]']
    """
    nodes = [f'{index} [label="{step.operation}"]' for index, step in enumerate(trace.steps)]
    edges = [
        f"{source} -> {index}"
        for index, step in enumerate(trace.steps)
        for source in step.inputs
        if source >= 0
    ]
    return "\n".join(["digraph { node [shape=box]", *nodes, *edges, "}"])
