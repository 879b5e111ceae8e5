// NASNet's idea: not a net but a cell was searched for; here are the two that were found.

import { frame, word } from "./idea-drawing.js";
import { svg } from "./svg.js";

// NASNet-A, figure 4 of Zoph et al. 2018: each block adds two operations on earlier results.
// A source is "h" (what the last cell gave), "p" (what the one before it gave) or a block's number.
const SEP = (size) => `separable ${size} × ${size}`;
export const CELLS = {
  normal: {
    title: "Normal cell: keeps the size",
    blocks: [[["h", SEP(5)], ["p", SEP(3)]], [["p", SEP(5)], ["p", SEP(3)]], [["h", "average 3 × 3"], ["p", "as it is"]], [["p", "average 3 × 3"], ["p", "average 3 × 3"]], [["h", SEP(3)], ["h", "as it is"]]],
    out: ["p", 0, 1, 2, 3, 4],
  },
  reduction: {
    title: "Reduction cell: halves the size",
    blocks: [[["h", SEP(5)], ["p", SEP(7)]], [["h", "maximum 3 × 3"], ["p", SEP(7)]], [["h", "average 3 × 3"], ["p", SEP(5)]], [[0, "average 3 × 3"], [1, "as it is"]], [[0, SEP(3)], ["h", "maximum 3 × 3"]]],
    out: [1, 2, 3, 4],
  },
};
const NAMES = { h: "the last cell's output", p: "the output of the cell before it" };
const named = (source) => NAMES[source] ?? `block ${source + 1}`;

export const idea = {
  ask: "Walk through the five blocks of each cell. Which operations did the search never choose, though they were on offer?",
  knobs: [
    { name: "cell", label: "Cell", low: 0, high: 1, start: 0, text: (value) => Object.keys(CELLS)[value] },
    { name: "block", label: "Block", low: 1, high: 5, start: 1 },
  ],
  /** One cell, with one of its blocks in front. */
  show({ cell, block }) {
    const { title, blocks, out } = Object.values(CELLS)[cell];
    const [left, right] = blocks[block - 1];
    const used = new Set(blocks.flat().map(([, operation]) => operation));
    return {
      drawing: draw(title, blocks, out, block - 1),
      words: [
        `Block ${block} adds: ${left[1]} of ${named(left[0])}, and ${right[1]} of ${named(right[0])}.`,
        `The cell hands on ${out.map(named).join(", ")}, beside each other: whatever no block reads.`,
        `Used here: ${[...used].join(", ")}. On offer were 13, among them plain and dilated convolutions and 1 × 7 followed by 7 × 1.`,
        "A recurrent network proposed cells, and learned from the accuracy of small nets made of them, by reinforcement learning: 500 GPUs for four days on CIFAR-10.",
      ],
    };
  },
};

function draw(title, blocks, out, chosen) {
  const places = { h: [180, 40], p: [460, 40] };
  const later = blocks.some((block) => block.some(([source]) => typeof source === "number"));
  const row = (i) => (blocks[i].some(([source]) => typeof source === "number") ? 215 : later ? 125 : 150);
  const order = later ? [0, 1, 2, 3, 4] : [0, 1, 2, 3, 4];
  const upper = order.filter((i) => row(i) !== 215);
  const lower = order.filter((i) => row(i) === 215);
  upper.forEach((i, at) => (places[i] = [640 * ((at + 0.5) / upper.length), row(i)]));
  lower.forEach((i, at) => (places[i] = [640 * ((at + 0.7) / (lower.length + 0.6)), row(i)]));
  const bottom = 300;
  const wire = (from, to, on, bend = 0) => svg("path", { d: `M${from[0]},${from[1] + 14} C${from[0] + bend},${(from[1] + to[1]) / 2} ${to[0] + bend},${(from[1] + to[1]) / 2} ${to[0]},${to[1] - 14}`, class: `idea-wire ${on ? "chosen" : ""}` });
  const box = (at, text, on, kind = "") => [
    svg("rect", { x: at[0] - 52, y: at[1] - 14, width: 104, height: 28, rx: 6, class: `idea-box ${on ? "chosen" : ""} ${kind}` }),
    word(at[0], at[1] + 5, text, { class: "idea-small" }),
  ];
  const wires = blocks.flatMap((pair, i) => pair.map(([source], side) => wire(places[source], places[i], i === chosen, side ? 9 : -9)));
  const ends = out.map((source) => wire(places[source], [320, bottom], source === chosen));
  const words = `${title}. ${blocks.map(([a, b], i) => `Block ${i + 1}: ${a[1]} of ${named(a[0])} plus ${b[1]} of ${named(b[0])}`).join("; ")}.`;
  return frame(330, words, [
    word(320, 14, title, { class: "idea-title" }),
    ...ends, ...wires.sort((a, b) => a.classList.contains("chosen") - b.classList.contains("chosen")),
    ...box(places.h, "last cell"), ...box(places.p, "cell before"),
    ...blocks.flatMap((_, i) => box(places[i], `block ${i + 1}: +`, i === chosen, "accent")),
    ...box([320, bottom], "beside each other"),
  ]);
}
