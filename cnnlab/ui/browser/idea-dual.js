// DPN's idea: what a block computes is split; one part is added to what was there, the other is put beside it.

import { conv, costsOf } from "./idea-costs.js";
import { frame, word } from "./idea-drawing.js";
import { svg } from "./svg.js";
import { grouped } from "./units.js";

const [SIZE, INSIDE, GROUPS, START] = [56, 96, 32, 64];

/** Channels behind each block: the first one's projection gives the residual path and twice the increment. */
export const behind = ({ blocks, residual, increment }) => Array.from({ length: blocks }, (_, i) => ({ residual, dense: increment * (i + 3) }));

function costs(values) {
  const { residual, increment } = values;
  const each = behind(values).map((_, i) => {
    const cin = i === 0 ? START : residual + increment * (i + 2);
    const branches = [[conv(cin, INSIDE, 1), conv(INSIDE, INSIDE, 3, { groups: GROUPS }), conv(INSIDE, residual + increment, 1)]];
    if (i === 0) branches.push([conv(cin, residual + 2 * increment, 1)]);
    return costsOf(branches, [cin, SIZE, SIZE]);
  });
  return Object.fromEntries(["parameters", "macs"].map((name) => [name, each.reduce((sum, one) => sum + one[name], 0)]));
}

export const idea = {
  ask: "This is the first stage of DPN-92. Set the increment small, then large: what happens to the width behind the last block, and what to the residual part?",
  knobs: [
    { name: "blocks", label: "Blocks", low: 1, high: 20, start: 3 },
    { name: "residual", label: "Channels that are added", low: 64, high: 512, step: 64, start: 256 },
    { name: "increment", label: "Channels put beside, a block", low: 8, high: 128, step: 8, start: 16 },
  ],
  /** The stage's convolutions, without batch norm, on 64 × 56 × 56; its 3 × 3 has 32 groups and 96 channels. */
  show(values) {
    const { blocks, residual, increment } = values;
    const widths = behind(values);
    const last = widths.at(-1);
    const least = costs({ ...values, increment: 8 });
    return {
      drawing: draw(widths),
      columns: [
        { title: "Increment 8", ...least },
        { title: `Increment ${increment}`, ...costs(values) },
      ],
      words: [
        `Every block's last 1 × 1 gives ${residual} + ${increment} channels. The first ${residual} are added to those that were there: used again. The ${increment} are put beside: new.`,
        `Behind block ${blocks}: ${residual} + ${increment}·(${blocks} + 2) = ${grouped(last.residual + last.dense)} channels.`,
        "A ResNet is the case without the new part, a DenseNet the case without the added one.",
      ],
    };
  },
};

function draw(widths) {
  const [left, top, height] = [30, 16, 190];
  const most = widths.at(-1).residual + widths.at(-1).dense;
  const across = Math.min(80, (640 - left - 10) / widths.length);
  const bars = widths.flatMap(({ residual, dense }, i) => {
    const [low, high] = [(residual / most) * height, (dense / most) * height];
    const x = left + i * across;
    return [
      svg("rect", { x, y: top + height - low, width: across - 5, height: low, class: "idea-block" }),
      svg("rect", { x, y: top + height - low - high, width: across - 5, height: Math.max(high - 1, 0.5), class: "idea-block accent" }),
    ];
  });
  const shown = widths.map((_, i) => i).filter((i) => widths.length <= 12 || i % 4 === 0 || i === widths.length - 1);
  return frame(top + height + 44, `Channels behind each block: ${widths[0].residual} stay, and the dense part grows to ${widths.at(-1).dense}.`, [
    ...bars,
    ...shown.map((i) => word(left + i * across + across / 2 - 2, top + height + 16, String(i + 1), { class: "idea-small" })),
    word(left, top + height + 36, "block; below: added to, above: put beside", { "text-anchor": "start" }),
  ]);
}
