// DenseNet's idea: every layer reads all maps that came before it in its block, and adds a few of its own.

import { conv, costsOf } from "./idea-costs.js";
import { frame, word } from "./idea-drawing.js";
import { svg } from "./svg.js";

const SIZE = 56;
const sum = (costs, name) => costs.reduce((total, one) => total + one[name], 0);
const added = (costs) => Object.fromEntries(["parameters", "macs", "activationBytes"].map((name) => [name, sum(costs, name)]));

export const idea = {
  ask: "This is the first block of DenseNet-121. Make it longer: which grows faster, its output or its parameters? Then raise the growth rate.",
  knobs: [
    { name: "layers", label: "Layers", low: 1, high: 24, start: 6 },
    { name: "growth", label: "Growth rate k", low: 4, high: 64, step: 4, start: 32 },
    { name: "start", label: "Channels into the block", low: 16, high: 256, step: 16, start: 64 },
  ],
  /** A block with 1 × 1 bottlenecks of 4k channels against one without, on maps of 56 × 56. */
  show({ layers, growth, start }) {
    const read = Array.from({ length: layers }, (_, l) => start + growth * l);
    const shape = (channels) => [channels, SIZE, SIZE];
    const plain = read.map((channels) => costsOf([[conv(channels, growth, 3)]], shape(channels)));
    const narrow = read.map((channels) => costsOf([[conv(channels, 4 * growth, 1), conv(4 * growth, growth, 3)]], shape(channels)));
    const out = start + growth * layers;
    return {
      drawing: draw(read, start, growth),
      columns: [
        { title: "3 × 3 on everything", ...added(plain) },
        { title: `1 × 1 to 4k = ${4 * growth} first`, ...added(narrow) },
      ],
      words: [
        `Layer ${layers} reads k₀ + k·(${layers} − 1) = ${start} + ${growth}·${layers - 1} = ${read.at(-1)} channels; the block hands on ${out}.`,
        `${layers} layers have ${layers}·${layers + 1}/2 = ${(layers * (layers + 1)) / 2} connections; in a chain there would be ${layers}.`,
        added(narrow).parameters < added(plain).parameters ? "Here the bottleneck pays." : `The bottleneck pays only where a layer reads much more than 4k = ${4 * growth} channels; here it does not yet.`,
      ],
    };
  },
};

function draw(read, start, growth) {
  const [left, top, height] = [40, 16, 200];
  const most = read.at(-1) + growth;
  const across = Math.min(44, (640 - left - 20) / read.length);
  const bars = read.flatMap((channels, l) => {
    const parts = [start, ...Array.from({ length: l }, () => growth)];
    let below = 0;
    return parts.map((part, i) => {
      const tall = (part / most) * height;
      below += tall;
      return svg("rect", { x: left + l * across, y: top + height - below, width: across - 4, height: Math.max(tall - 1, 0.5), class: i === 0 ? "idea-block" : i === l ? "idea-block accent" : "idea-block cheap" });
    });
  });
  const shown = read.map((_, l) => l).filter((l) => read.length <= 12 || l % 4 === 0 || l === read.length - 1);
  return frame(height + top + 44, `What each layer reads: from ${read[0]} channels in the first to ${read.at(-1)} in layer ${read.length}.`, [
    ...bars,
    ...shown.map((l) => word(left + l * across + across / 2 - 2, top + height + 16, String(l + 1), { class: "idea-small" })),
    word(left, top + height + 36, "layer; below: what came into the block, above: what earlier layers added", { "text-anchor": "start" }),
  ]);
}
