"""The folding graph of every network of the zoo: its tree, its sums, its edges and its places.

The oracles are the steps themselves: blocks folded by hand in Python, and the modules of the real network.
"""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from cnnlab import zoo
from cnnlab.ui.architectures.describing import describe
from tests.ui.module_page import module_page

Network = dict[str, Any]
Edge = tuple[int, str, str]  # a tensor, and the ids of the nodes that make and read it
LARGE = "nasnetalarge"
# Results travel as text: Playwright takes long over large objects.
LOAD = """async ([name, text]) => {
  const { buildTree } = await import("/network-tree.js");
  const network = JSON.parse(text);
  const tree = buildTree(network);
  (window.networks ??= {})[name] = { network, tree };
  return JSON.stringify([...tree.nodes.values()].map((node) =>
    ({ ...node, signature: null, parent: node.parent?.id ?? null, children: node.children.length })));
}"""
LAY_OUT = """async ([name, words]) => {
  const [{ layOut }, { deepest, openedBlocks }, { headerWidth, sizeOfNode }, { wordsOf }] = await Promise.all(
    ["layout", "opening", "nodes", "words"].map((module) => import(`/network-${module}.js`)));
  const { network, tree } = networks[name];
  const told = (node) => wordsOf(node, tree, network);
  const { boxes, ways } = layOut(tree, openedBlocks(tree, words), { outputs: network.outputs,
    sizeOf: (node) => sizeOfNode(told(node), node), headerOf: (node) => headerWidth(told(node)) });
  const rises = (points) => points.some(([, y], i) => i && y < points[i - 1][1]);
  return JSON.stringify({ deepest: deepest(tree),
    boxes: boxes.map(({ node: { id, first, last }, ...box }) => ({ ...box, id, first, last })),
    ways: ways.map(({ tensor, from, to, points }) => ({ tensor, from, to, rises: rises(points) })) });
}"""
TOGGLE = """async ([name, words, id]) => {
  const { openedBlocks, toggled } = await import("/network-opening.js");
  const { tree } = networks[name];
  const once = toggled(tree, words, id);
  const isOpen = (now) => openedBlocks(tree, now).has(id);
  return [once, toggled(tree, once, id), isOpen(words), isOpen(once)];
}"""
KEPT = ("name", "op", "path", "from", "out", "in", "settings", "parameters", "macs", "memory")


@pytest.fixture(scope="module")
def described() -> dict[str, Network]:
    """Return every network of the zoo as the browser is told of it."""
    return {name: json.loads(json.dumps(describe(name))) for name in zoo.names()}


@pytest.fixture(scope="module")
def graphs(browser: Browser, described: dict[str, Network]) -> Iterator[tuple[Page, dict[str, list[Any]]]]:
    """Return a page that knows the trees of all networks, and their nodes."""
    with module_page(browser) as page:
        nodes = {
            name: json.loads(page.evaluate(LOAD, [name, slim(network)]))
            for name, network in described.items()
        }
        yield page, nodes


def slim(network: Network) -> str:
    """Return as JSON what the graph reads of a network."""
    steps = [{key: step[key] for key in KEPT} for step in network["steps"]]
    return json.dumps({**network, "steps": steps, "facts": None})


def laid_out(page: Page, name: str, words: str) -> Any:
    """Return the layout of a network with the blocks open that words name."""
    return json.loads(page.evaluate(LAY_OUT, [name, words]))


def folded_edges(network: Network, closed: list[Any]) -> set[Edge]:
    """Fold the steps by hand: the edges between nodes that are seen, and to what the network puts out."""
    owner = {step: box["id"] for box in closed for step in range(box["first"], box["last"] + 1)}
    edges = set()
    for index, step in enumerate(network["steps"]):
        for tensor in step["from"]:
            source = owner[tensor]
            if source != owner[index]:
                edges.add((tensor, source, owner[index]))
    return edges | {(output, owner[output], "output") for output in network["outputs"]}


def drawn_edges(layout: Any) -> set[Edge]:
    """Join the drawn ways at the ports of frames."""
    after: dict[tuple[int, str], list[str]] = {}
    for way in layout["ways"]:
        after.setdefault((way["tensor"], way["from"]), []).append(way["to"])

    def ends(tensor: int, place: str) -> list[str]:
        if place.startswith("out::"):
            return ["output"]
        if not place.startswith(("in:", "out:")):
            return [place]
        return [end for following in after[(tensor, place)] for end in ends(tensor, following)]

    starts = [key for key in after if not key[1].startswith(("in:", "out:"))]
    return {
        (tensor, source, end)
        for tensor, source in starts
        for place in after[(tensor, source)]
        for end in ends(tensor, place)
    }


def overlapping(boxes: list[Any]) -> list[tuple[str, str]]:
    """Return pairs of boxes that share a part of the drawing (by sweeping down over their upper edges)."""
    found, active = [], []
    for box in sorted(boxes, key=lambda box: box["y"]):
        active = [other for other in active if other["y"] + other["height"] > box["y"] + 0.5]
        for other in active:
            if box["x"] + 0.5 < other["x"] + other["width"] and other["x"] + 0.5 < box["x"] + box["width"]:
                found.append((box["id"], other["id"]))
        active.append(box)
    return found


def test_every_network_opens_with_a_view_of_six_to_twenty_nodes(graphs: tuple[Page, Any]):
    page, nodes = graphs
    for name in nodes:
        boxes = laid_out(page, name, "")["boxes"]
        seen = [box for box in boxes if not box["open"] and box["id"] != "#input"]
        assert 6 <= len(seen) <= 20, f"{name}: {len(seen)}"


def test_folded_and_open_every_edge_is_that_of_the_steps_and_no_box_lies_on_another(
    graphs: tuple[Page, Any], described: dict[str, Network]
):
    page, _ = graphs
    for name, network in described.items():
        deepest = laid_out(page, name, "")["deepest"]
        for words in ("", f"all-{deepest}"):
            layout = laid_out(page, name, words)
            closed = [box for box in layout["boxes"] if not box["open"]]
            assert drawn_edges(layout) == folded_edges(network, closed), f"{name} {words}"
            assert len({box["id"] for box in layout["boxes"]}) == len(layout["boxes"]), f"{name} {words}"
            assert overlapping(closed) == [], f"{name} {words}"
            assert not any(way["rises"] for way in layout["ways"]), f"{name} {words}: a way goes up again"
        assert len(closed) == len(network["steps"]) + 1, f"{name} is not open to its last layer"


def test_blocks_opened_by_chance_keep_edges_and_frames(
    graphs: tuple[Page, Any], described: dict[str, Network]
):
    page, nodes = graphs
    chance = random.Random(4)
    for name in ("inception_v3", "densenet121", "unet", "shufflenet_v2_x1_0", LARGE, "ssd300_vgg16"):
        blocks = [node["id"] for node in nodes[name] if node["children"] and node["id"]]
        layout = laid_out(page, name, ",".join(chance.sample(blocks, min(12, len(blocks)))))
        closed = [box for box in layout["boxes"] if not box["open"]]
        assert drawn_edges(layout) == folded_edges(described[name], closed), name
        places = {box["id"]: box for box in layout["boxes"]}
        for node in nodes[name]:
            box, frame = places.get(node["id"]), places.get(node["parent"])
            if box and frame and frame["id"]:
                for start, length in (("x", "width"), ("y", "height")):
                    assert frame[start] < box[start], name
                    assert box[start] + box[length] < frame[start] + frame[length], name


def test_a_block_costs_what_its_steps_cost(graphs: tuple[Page, Any], described: dict[str, Network]):
    _, nodes = graphs
    for name, network in described.items():
        for node in nodes[name]:
            inside = network["steps"][node["first"] : node["last"] + 1]
            for quantity in ("parameters", "macs", "memory"):
                assert node[quantity] == sum(step[quantity] for step in inside), f"{name} {node['id']}"
        root = next(node for node in nodes[name] if node["parent"] is None)
        assert root["macs"] == network["macs"], name


def test_the_tree_of_resnet50_is_that_of_its_modules(graphs: tuple[Page, Any]):
    import torch
    from torchvision.models import resnet50

    _, nodes = graphs
    with torch.device("meta"):
        modules = {path: type(module).__name__ for path, module in resnet50().named_modules() if path}
    found = {
        node["path"]: node for node in nodes["resnet50"] if node["kind"] in ("block", "step") and node["path"]
    }
    assert set(found) == set(modules)
    by_id = {node["id"]: node for node in nodes["resnet50"]}
    for path, node in found.items():
        if not node["children"]:
            continue
        assert node["type"] == modules[path]
        parent = by_id[node["parent"]]
        while parent["kind"] == "run":
            parent = by_id[parent["parent"]]
        assert parent["path"] == path.rpartition(".")[0]
    add = next(node for node in nodes["resnet50"] if node["type"] == "add")
    assert by_id[add["parent"]]["path"] == add["path"] == "layer1.0"  # a step without a module of its own


def test_a_network_without_a_step_is_drawn_as_its_input(graphs: tuple[Page, Any]):
    page, _ = graphs
    empty = {"name": "empty", "title": "Empty", "input": [3, 8, 8], "steps": [], "outputs": [], "modules": {}}
    page.evaluate(LOAD, ["empty", json.dumps(empty)])
    assert [box["id"] for box in laid_out(page, "empty", "")["boxes"] if box["id"]] == ["#input"]


def test_opening_and_closing_a_block_ends_where_it_began(graphs: tuple[Page, Any]):
    page, _ = graphs
    for words, block in (("", "layer1"), ("layer1", "layer1.0"), ("all-2", "layer2")):
        _, twice, before, after = page.evaluate(TOGGLE, ["resnet50", words, block])
        assert twice == words
        assert before != after
    assert page.evaluate(TOGGLE, ["vgg16", "", "features"])[0] == "-features"  # open in the first view
