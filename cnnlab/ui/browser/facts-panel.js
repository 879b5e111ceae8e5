// What is known of a network: its paper, what it brought, published numbers beside the real model's, and where sources
// disagree, with the reason.
//
// All texts and numbers are the server's. A published number that nobody has looked up in its source is marked.

import { fill, make } from "./dom.js";
import { bytesText, grouped } from "./units.js";

const UNKNOWN = "–";
const RECALLED = "from memory, not looked up in the source";

export function createFactsPanel(host, store) {
  let shown = null;
  const update = () => {
    const { network } = store;
    if (!network || network === shown) return;
    shown = network;
    fill(host, network.facts ? parts(network, store) : make("p", {}, `Nothing is written here about ${network.title}; its steps and costs are in the other tab.`));
  };
  update();
  return { update, destroy() {} };
}

function parts(network, store) {
  const { facts } = network;
  return [
    make("h2", {}, facts.title),
    paperOf(facts.paper),
    facts.ilsvrc ? make("p", {}, make("strong", {}, "ILSVRC: "), facts.ilsvrc) : null,
    facts.remark ? make("p", {}, facts.remark) : null,
    numbers(network),
    ...accuracies(facts.accuracies),
    neighbours("Before it came", facts.before, store),
    neighbours("After it came", facts.after, store),
    facts.disagreements.length ? make("h3", {}, "Where sources disagree") : null,
    ...facts.disagreements.map(disagreement),
  ];
}

function paperOf(paper) {
  if (!paper) return null;
  const link = make("a", { href: paper.link, target: "_blank", rel: "noreferrer" }, paper.title);
  return make("p", {}, `${paper.authors}: `, link, `, ${paper.venue}. First public in ${paper.year}.`);
}

function numbers(network) {
  const { facts } = network;
  const rows = [
    ["Parameters", published(facts.parameters), grouped(network.parameters)],
    ["Multiply-adds", published(facts.macs), grouped(network.macs)],
    ["Memory of all outputs, float32", UNKNOWN, bytesText(network.memory)],
    ["Receptive field before the end", UNKNOWN, network.field ? `${network.field.size.join(" × ")} pixels` : UNKNOWN],
  ];
  const head = make("tr", {}, ["", "As published", `This model on ${network.input.join(" × ")}`].map((title) => make("th", { scope: "col" }, title)));
  return make("div", { class: "scroll", tabindex: "0", "data-own-keys": true, "aria-label": "Published numbers and this model's" },
    make("table", { class: "facts-table" }, make("thead", {}, head), make("tbody", {}, rows.map(([title, said, counted]) =>
      make("tr", {}, make("th", { scope: "row" }, title), make("td", {}, said), make("td", { class: "number" }, counted))))));
}

function published(number) {
  if (!number) return UNKNOWN;
  return [number.text, make("div", { class: "muted small" }, `${number.source}${number.recalled ? `; ${RECALLED}` : ""}`)];
}

function accuracies(all) {
  if (!all.length) return [];
  const items = all.map((one) => make("li", {}, `${one.top1_percent} % with the weights ${one.weights} of ${one.library}, at ${one.resolution} × ${one.resolution} pixels`));
  return [make("h3", {}, "Top-1 accuracy on ImageNet, as the library publishes it"), make("ul", {}, items)];
}

function neighbours(title, names, store) {
  if (!names.length) return null;
  const links = names.map((name) => make("button", { type: "button", class: "button", onclick: () => store.set({ network: name, tab: "explore" }) }, name));
  return make("div", { class: "button-row facts-neighbours" }, make("span", { class: "muted" }, title), links);
}

function disagreement({ about, sides, why }) {
  return make("section", { class: "panel disagreement", "aria-label": about },
    make("h3", {}, about.charAt(0).toUpperCase() + about.slice(1)),
    make("dl", {}, sides.map(({ who, what }) => make("div", {}, make("dt", {}, who), make("dd", {}, what)))),
    make("p", {}, why));
}
