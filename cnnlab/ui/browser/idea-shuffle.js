// ShuffleNet's idea: after a grouped convolution, deal the channels out anew, so that the next groups hear of all.

import { frame, word } from "./idea-drawing.js";
import { svg } from "./svg.js";

/** Where each place reads from after a shuffle: g rows of n, read by columns (Zhang et al. 2018, figure 1). */
export function shuffled(groups, each) {
  return Array.from({ length: groups * each }, (_, place) => (place % groups) * each + Math.floor(place / groups));
}

/** Which groups of the input each group hears of after two grouped layers. */
export function heard(groups, each, on) {
  const order = on ? shuffled(groups, each) : Array.from({ length: groups * each }, (_, place) => place);
  return Array.from({ length: groups }, (_, group) => {
    const read = order.slice(group * each, (group + 1) * each);
    return [...new Set(read.map((place) => Math.floor(place / each)))].sort((a, b) => a - b);
  });
}

export const idea = {
  ask: "Turn the shuffle off and on. What does the first group of the second layer hear of the picture's channels in each case? When does the shuffle not reach everybody?",
  knobs: [
    { name: "on", label: "Shuffle", low: 0, high: 1, start: 1, text: (value) => (value ? "on" : "off") },
    { name: "groups", label: "Groups", low: 2, high: 6, start: 3 },
    { name: "each", label: "Channels a group", low: 1, high: 6, start: 4 },
  ],
  /** Two grouped 1 × 1 convolutions with the permutation between them. */
  show({ on, groups, each }) {
    const reached = heard(groups, each, Boolean(on));
    const fewest = Math.min(...reached.map((one) => one.length));
    return {
      drawing: draw(groups, each, Boolean(on), reached),
      words: [
        on ? `Written as ${groups} rows of ${each} and read by columns: a fixed permutation, without weights and without multiply-adds.` : "Without a shuffle, each group goes its own way from the first layer to the last.",
        `After two grouped layers, a group hears of ${fewest === groups ? "all" : `${fewest} of`} ${groups} groups.`,
        `A grouped 1 × 1 has 1/${groups} of the weights of one that reads all: ${groups} · ${each}² = ${groups * each * each} instead of (${groups} · ${each})² = ${(groups * each) ** 2}.`,
        ...(on && each < groups ? [`With ${each} channels a group there are not enough to send one to each of ${groups} groups.`] : []),
      ],
    };
  },
};

function draw(groups, each, on, reached) {
  const count = groups * each;
  const step = 600 / count;
  const x = (place) => 20 + step * (place + 0.5) ;
  const radius = Math.min(11, step / 2 - 2);
  const dot = (place, y, colour) => svg("circle", { cx: x(place), cy: y, r: radius, class: `idea-dot group-${colour}` });
  const order = on ? shuffled(groups, each) : Array.from({ length: count }, (_, place) => place);
  const places = order.map((_, place) => place);
  const box = (group, y, label) => [
    svg("rect", { x: 20 + group * each * step + 2, y, width: each * step - 4, height: 26, rx: 5, class: "idea-box" }),
    word(20 + (group + 0.5) * each * step, y + 18, label, { class: "idea-small" }),
  ];
  const names = Array.from({ length: groups }, (_, group) => group);
  return frame(290, `${groups} groups of ${each} channels, ${on ? "shuffled" : "not shuffled"} between two grouped convolutions; the first group of the second one hears of groups ${reached[0].map((one) => one + 1).join(", ")}.`, [
    ...places.map((place) => dot(place, 20, Math.floor(place / each))),
    ...names.flatMap((group) => box(group, 42, `1 × 1, group ${group + 1}`)),
    ...places.map((place) => dot(place, 90, Math.floor(place / each))),
    ...places.map((place) => svg("line", { x1: x(order[place]), y1: 104, x2: x(place), y2: 156, class: `idea-wire group-${Math.floor(order[place] / each)}` })),
    ...places.map((place) => dot(place, 170, Math.floor(order[place] / each))),
    ...names.flatMap((group) => box(group, 192, `1 × 1, group ${group + 1}`)),
    ...names.flatMap((group) => reached[group].map((from, i) => svg("rect", { x: 20 + (group + 0.5) * each * step + (i - reached[group].length / 2) * 15, y: 232, width: 13, height: 13, rx: 2, class: `idea-dot group-${from}` }))),
    word(320, 272, "which groups of the input each group has heard of"),
  ]);
}
