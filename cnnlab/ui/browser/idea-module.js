// GoogLeNet's idea: four branches side by side, which 1 × 1 convolutions make affordable.

import { conv, costsOf, keepingPool } from "./idea-costs.js";
import { drawRows } from "./idea-drawing.js";
import { countText } from "./units.js";

const SIZE = 28;
const biased = { bias: true };

function branches({ cin, one, reduce3, three, reduce5, five, pool }) {
  return [
    [conv(cin, one, 1, biased)],
    [conv(cin, reduce3, 1, biased), conv(reduce3, three, 3, biased)],
    [conv(cin, reduce5, 1, biased), conv(reduce5, five, 5, biased)],
    [keepingPool(cin), conv(cin, pool, 1, biased)],
  ];
}

const naive = ({ cin, one, three, five }) => [[conv(cin, one, 1, biased)], [conv(cin, three, 3, biased)], [conv(cin, five, 5, biased)], [keepingPool(cin)]];

export const idea = {
  ask: "These are the sizes of GoogLeNet's first module, inception 3a. Which of the two bottlenecks saves more? Widen it until it saves nothing.",
  knobs: [
    { name: "cin", label: "Channels in", low: 32, high: 832, step: 16, start: 192 },
    { name: "reduce3", label: "Bottleneck before 3 × 3", low: 8, high: 256, step: 8, start: 96 },
    { name: "reduce5", label: "Bottleneck before 5 × 5", low: 8, high: 256, step: 8, start: 16 },
    { name: "one", label: "Out of 1 × 1", low: 16, high: 384, step: 16, start: 64 },
    { name: "three", label: "Out of 3 × 3", low: 16, high: 384, step: 16, start: 128 },
    { name: "five", label: "Out of 5 × 5", low: 16, high: 128, step: 16, start: 32 },
    { name: "pool", label: "Out of the pool's 1 × 1", low: 16, high: 128, step: 16, start: 32 },
  ],
  /** The module with its bottlenecks against one without, on maps of 28 × 28. */
  show(values) {
    const { cin, one, three, five, pool, reduce3, reduce5 } = values;
    const shape = [cin, SIZE, SIZE];
    const out = one + three + five + pool;
    const fives = [[[conv(cin, five, 5)]], [[conv(cin, reduce5, 1), conv(reduce5, five, 5)]]].map((design) => costsOf(design, shape).macs);
    return {
      drawing: drawRows([
        { title: "1 × 1", blocks: [{ label: "in", channels: cin }, { label: "1 × 1", channels: one, kind: "accent" }] },
        { title: "3 × 3", blocks: [{ label: "in", channels: cin }, { label: "1 × 1", channels: reduce3, kind: "cheap" }, { label: "3 × 3", channels: three, kind: "accent" }] },
        { title: "5 × 5", blocks: [{ label: "in", channels: cin }, { label: "1 × 1", channels: reduce5, kind: "cheap" }, { label: "5 × 5", channels: five, kind: "accent" }] },
        { title: "pool", blocks: [{ label: "in", channels: cin }, { label: "3 × 3 max", channels: cin }, { label: "1 × 1", channels: pool, kind: "accent" }] },
      ], `Four branches from ${cin} channels; together they give ${out}.`),
      columns: [
        { title: "Without 1 × 1", ...costsOf(naive(values), shape), field: undefined, more: { "Channels out": String(one + three + five + cin) } },
        { title: "With 1 × 1", ...costsOf(branches(values), shape), field: undefined, more: { "Channels out": `${one} + ${three} + ${five} + ${pool} = ${out}` } },
      ],
      words: [
        `The 5 × 5 branch alone: ${countText(fives[0])} multiply-adds without its bottleneck, ${countText(fives[1])} with it.`,
        "Without its 1 × 1 the pool hands on every channel that it got, so each module would be wider than the last.",
        reduce5 >= cin ? "A bottleneck as wide as its input is none: it only adds work." : `${reduce5} channels have to carry what the 5 × 5 kernels need to know of ${cin}.`,
      ],
    };
  },
};
