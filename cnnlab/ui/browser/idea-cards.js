// AlexNet's idea out of need: some layers in two groups, so that each graphics card has only its own maps to read.

import { conv, costsOf } from "./idea-costs.js";
import { drawRows } from "./idea-drawing.js";
import { grouped } from "./units.js";

// Layers 2, 4 and 5 read their own card's maps only; layers 1 and 3 read all. Krizhevsky et al. 2012, section 3.5.
const LAYERS = [
  { name: "conv1", cin: 3, cout: 96, kernel: 11, stride: 4, padding: 0, size: 227, split: false },
  { name: "conv2", cin: 96, cout: 256, kernel: 5, stride: 1, padding: 2, size: 27, split: true },
  { name: "conv3", cin: 256, cout: 384, kernel: 3, stride: 1, padding: 1, size: 13, split: false },
  { name: "conv4", cin: 384, cout: 384, kernel: 3, stride: 1, padding: 1, size: 13, split: true },
  { name: "conv5", cin: 384, cout: 256, kernel: 3, stride: 1, padding: 1, size: 13, split: true },
];

function costs(groups) {
  const each = LAYERS.map(({ cin, cout, kernel, stride, padding, size, split }) =>
    costsOf([[conv(cin, cout, kernel, { stride, padding, groups: split ? groups : 1, bias: true })]], [cin, size, size]));
  return Object.fromEntries(["parameters", "macs", "activationBytes"].map((name) => [name, each.reduce((sum, one) => sum + one[name], 0)]));
}

export const idea = {
  ask: "AlexNet did not fit on one card of 3 GB. Put it on one card, on two, on four: what changes, and what does not?",
  knobs: [{ name: "cards", label: "Cards (groups of conv2, conv4 and conv5)", low: 0, high: 3, start: 1, text: (value) => String(2 ** value) }],
  /** The five convolutions in 2 ** cards groups against a single one, on 3 × 227 × 227, with biases. */
  show({ cards }) {
    const groups = 2 ** cards;
    const [one, split] = [costs(1), costs(groups)];
    const blocks = LAYERS.map(({ name, cin, split: own }) => ({ label: name, channels: own ? cin / groups : cin, kind: own ? "accent" : "" }));
    return {
      drawing: drawRows([{ title: "Channels that one kernel reads", blocks }], `With ${groups} cards, kernels of conv2, conv4 and conv5 read ${blocks[1].channels}, ${blocks[3].channels} and ${blocks[4].channels} channels.`, { unit: "read" }),
      columns: [
        { title: "One card", ...one },
        { title: groups === 1 ? "One card" : `${groups} cards`, ...split },
      ],
      words: [
        `The convolutions have ${grouped(split.parameters)} parameters; every map is still there, so the memory of the outputs is the same.`,
        groups === 2 ? "This is AlexNet as it was. Its first kernels specialised: on one card they found edges without colour, on the other colours." : "The paper used two.",
        "Grouped convolutions came back as an idea of their own in ResNeXt, and one channel a group in MobileNet.",
      ],
    };
  },
};
