// The folding graph of a network: blocks that open and close, tensors with their sizes, the step where the learner is.
//
// It reads `store.network`, `store.settings.step`, `.opened` and `.colour`, and sets step and opened. Tree, layout and drawing are
// modules of their own; it computes no numbers of networks.

import { fill, make } from "./dom.js";
import { onTreeKey } from "./network-keys.js";
import { HEADER, layOut } from "./network-layout.js";
import { drawNodes, drawTitles, drawWays, headerWidth, isTold, kindOfNode, sizeOfNode } from "./network-nodes.js";
import { tellLegend, tellProblem } from "./network-notices.js";
import { allTo, openedBlocks, seen, standsFor, toggled } from "./network-opening.js";
import { createScrolling } from "./network-scrolling.js";
import { liveRules } from "./network-style.js";
import { createGraphTools } from "./network-tools.js";
import { buildTree, isBlock } from "./network-tree.js";
import { sentenceOf, wordsOf } from "./network-words.js";
import { place as set, svg } from "./svg.js";

export function createNetworkGraph(host, store) {
  let shown = { key: "", tree: null, open: new Set(), layout: { width: 1, height: 1 }, nodes: new Map() };
  let focused = null;
  const head = svg("defs", {}, svg("marker", { id: "head", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 6, markerHeight: 6, orient: "auto-start-reverse" }, svg("path", { class: "arrow", d: "M0 0L8 4L0 8z" })));
  const layers = { ways: svg("g", { class: "ways", "aria-hidden": "true" }), nodes: svg("g", { class: "nodes", role: "tree" }), sizes: svg("g", { class: "sizes", "aria-hidden": "true" }), marks: svg("g", { class: "marks", "aria-hidden": "true" }) };
  const drawing = svg("svg", { class: "network-drawing" }, svg("style", {}, liveRules()), head, layers.nodes, layers.ways, layers.sizes, layers.marks);
  const place = make("div", { class: "network-place", tabindex: "0", role: "region", "data-own-keys": true, }, drawing);
  const problem = make("div", { class: "network-problem" });
  const legend = make("ul", { class: "network-legend", "aria-label": "What the shapes and colours mean" });
  const scrolling = createScrolling(place, drawing, () => shown.layout);
  const tools = createGraphTools(store, scrolling, { tree: () => shown.tree, open: () => shown.open, drawing, size: () => shown.layout });
  fill(host, tools.element, problem, place, legend, tools.saving);

  const act = {
    focus(node) {
      if (!node) return;
      focused = node.id;
      roving();
      const found = shown.nodes.get(node.id);
      found.element.focus({ preventScroll: true });
      scrolling.show(handleOf(found.box));
    },
    toggle(node) {
      focused = node.id;
      const before = onScreen(node.id);
      store.set({ opened: toggled(shown.tree, store.settings.opened ?? "", node.id) });
      draw();
      keepAt(node.id, before);
      shown.nodes.get(node.id)?.element.focus({ preventScroll: true });
    },
    choose(node) {
      store.set({ step: node.first });
    },
    widen(node) {
      focused = node.id;
      store.set({ opened: allTo(node.level + 1) });
      draw();
      act.focus(node);
    },
    walk(by) {
      store.set({ step: Math.max(-1, Math.min(store.network.steps.length - 1, store.settings.step + by)) });
    },
  };
  const nodeAt = (event) => shown.nodes.get(event.target.closest?.("[data-node]")?.dataset.node)?.node;
  layers.nodes.addEventListener("keydown", (event) => {
    const node = nodeAt(event);
    if (node) onTreeKey(event, node, () => [...shown.nodes.values()].map((found) => found.node), shown.open, act);
  });
  layers.nodes.addEventListener("click", (event) => {
    const node = nodeAt(event);
    if (!node || scrolling.wasDragged()) return;
    if (isBlock(node)) {
      if (!event.target.classList.contains("frame")) act.toggle(node);
    } else {
      focused = node.id;
      roving();
      act.choose(node);
    }
  });
  layers.nodes.addEventListener("focusin", (event) => near(nodeAt(event)));
  layers.nodes.addEventListener("focusout", () => near(null));
  layers.nodes.addEventListener("pointerover", (event) => near(nodeAt(event)));
  layers.nodes.addEventListener("pointerleave", () => near(null));

  function draw() {
    const { network, settings } = store;
    if (!network) return false;
    const [words, colour] = [settings.opened ?? "", settings.colour ?? "kind"]; // another page may have no such settings
    const key = [network.name, network.input, words, colour].join(" ");
    if (key === shown.key && network === shown.network) return false;
    const isNew = network !== shown.network;
    const tree = isNew ? buildTree(network) : shown.tree;
    const open = openedBlocks(tree, words);
    const about = { tree, network, colour };
    const told = (node) => wordsOf(node, tree, network);
    const layout = layOut(tree, open, { outputs: network.outputs ?? [], sizeOf: (node) => sizeOfNode(told(node), node), headerOf: (node) => headerWidth(told(node)), labelled: (node, tensor) => isTold(node, tensor, tree, network) });
    const drawn = new Map(drawNodes(layout, about).map((found) => [found.node.id, found]));
    const order = [...(drawn.has("#input") ? ["#input"] : []), ...seen(tree, open).map(({ id }) => id)];
    shown = { key, network, tree, open, layout, nodes: new Map(order.map((id) => [id, drawn.get(id)])) };
    for (const found of shown.nodes.values()) describe(found, tree, network, open);
    place.setAttribute("aria-label", `${network.title} as a graph: arrow keys move it, plus and minus zoom, Tab goes to its blocks`);
    layers.nodes.setAttribute("aria-label", `Blocks and layers of ${network.title}`);
    layers.nodes.replaceChildren(...[...shown.nodes.values()].map(({ element }) => element));
    const { ways, sizes } = drawWays(layout, about);
    layers.ways.replaceChildren(...ways);
    layers.sizes.replaceChildren(...drawTitles(layout, about), ...sizes.filter(Boolean));
    tellProblem(problem, store);
    tellLegend(legend, kindsIn(shown.nodes), colour);
    if (isNew) {
      focused = null;
      scrolling.fit(false);
      place.scrollTo(0, 0);
      place.scrollLeft = (place.scrollWidth - place.clientWidth) / 2;
    } else scrolling.apply();
    roving();
    mark(false);
    return true;
  }

  function describe({ node, element }, tree, network, open) {
    const failed = network.problem && node === standsFor(tree, open, network.problem.step);
    const pale = node.first >= network.steps.length;
    set(element, { "data-node": node.id, role: "treeitem", tabindex: "-1", "aria-level": Math.max(1, node.level), "aria-expanded": isBlock(node) ? String(open.has(node.id)) : null });
    const sentence = sentenceOf(node, tree, network, open.has(node.id)) + (failed ? `. It fails here: ${network.problem.text}` : "");
    element.setAttribute("aria-label", sentence);
    element.prepend(svg("title", {}, sentence));
    element.classList.toggle("failed", Boolean(failed));
    element.classList.toggle("pale", pale && !failed);
  }

  /** Mark where the learner is, and bring it into view. */
  function mark(smooth = true) {
    const { step } = store.settings;
    const node = step < 0 ? shown.nodes.get("#input")?.node : standsFor(shown.tree, shown.open, step);
    const here = node && shown.nodes.get(node.id);
    for (const element of layers.nodes.querySelectorAll(".current")) {
      element.classList.remove("current");
      element.removeAttribute("aria-current");
    }
    here?.element.classList.add("current");
    here?.element.setAttribute("aria-current", "step");
    fill(layers.marks, here && arrowAt(here.box), failure());
    if (here) scrolling.show(here.box, smooth);
  }
  const arrowAt = ({ x, y, height, open }) => svg("path", { class: "here", d: `M${x - 12} ${y + (open ? 18 : height / 2) - 7}l10 7l-10 7z` });
  function failure() {
    const { problem: found } = store.network;
    const node = found && standsFor(shown.tree, shown.open, found.step);
    const box = node && shown.nodes.get(node.id)?.box;
    return box ? svg("text", { class: "reason", x: box.x + box.width + 8, y: box.y + box.height / 2 + 4 }, "✕ does not fit") : null;
  }

  function roving() {
    const wanted = shown.nodes.has(focused) ? focused : shown.nodes.keys().next().value;
    for (const [id, { element }] of shown.nodes) element.setAttribute("tabindex", id === wanted ? "0" : "-1");
  }
  /** Make the ways at one node stand out. */
  function near(node) {
    layers.ways.querySelectorAll(".near-chosen").forEach((way) => way.classList.remove("near-chosen"));
    if (node) layers.ways.querySelectorAll(`[data-from="${node.id}"], [data-to="${node.id}"]`).forEach((way) => way.classList.add("near-chosen"));
  }
  function onScreen(id) {
    const box = shown.nodes.get(id)?.element.getBoundingClientRect();
    return box && [box.left + box.width / 2, box.top];
  }
  function keepAt(id, before) {
    const after = onScreen(id);
    if (before && after) place.scrollBy({ left: after[0] - before[0], top: after[1] - before[1], behavior: "instant" });
  }
  const handleOf = (box) => ({ ...box, height: box.open ? HEADER : box.height });

  draw();
  tools.update();
  return {
    update(changed) {
      const drew = draw();
      if (!drew && changed.includes("step") && shown.tree) mark();
      tools.update();
    },
    destroy() {},
  };
}

const kindsIn = (nodes) => new Set([...nodes.values()].filter(({ node }) => !isBlock(node) && node.kind !== "input").map(({ node }) => kindOfNode(node)));
