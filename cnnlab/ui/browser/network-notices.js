// What is said around a network's graph: why an input does not fit, and what shapes and colours mean.
//
// It draws no graph.

import { fill, make } from "./dom.js";
import { shapeOf } from "./network-nodes.js";
import { KINDS } from "./network-style.js";
import { svg } from "./svg.js";

/** Say why the network cannot take its input, with a button for one that it can take. */
export function tellProblem(host, store) {
  const { problem, own_input: own } = store.network;
  if (!problem) return fill(host);
  const use = problem.smallest && make("button", { type: "button", class: "button", onclick: () => store.set({ input: String(problem.smallest) === String(own) ? "" : problem.smallest.join("x") }) },
    `Use ${problem.smallest.slice(1).join(" × ")}, the smallest input that works`);
  return fill(host, make("div", { class: "problem", role: "alert" }, make("p", {}, problem.text), use));
}

const BARS = { macs: "its share of all multiply-adds", parameters: "its share of all parameters", memory: "its share of the memory of all outputs", channels: "its channels, of the most that there are" };

/** Explain the kinds that are seen. */
export function tellLegend(host, kinds, colour) {
  const entry = (kind, words) => make("li", {}, svg("svg", { class: `kind-${kind}`, width: 30, height: 18, viewBox: "-2 -2 34 20", "aria-hidden": "true" }, shapeOf(kind, 30, 16, "box"), shapeOf(kind, 30, 16, "tint")), words);
  fill(host, entry("block", "a block that can be opened"), Object.keys(KINDS).filter((kind) => kinds.has(kind)).map((kind) => entry(kind, KINDS[kind])),
    make("li", {}, make("span", { class: "legend-bar", "aria-hidden": "true" }), `bar${colour === "kind" ? "" : " and darkness"}: ${BARS[colour] ?? BARS.macs}`));
}
