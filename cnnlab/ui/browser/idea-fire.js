// SqueezeNet's idea: squeeze to few channels before 3 × 3 kernels look at them, and let half of them be 1 × 1.

import { conv, costsOf } from "./idea-costs.js";
import { drawRows } from "./idea-drawing.js";

const SIZE = 55;
const biased = { bias: true };
const percent = (value) => `${value} %`;

/** The module's widths: the paper's squeeze ratio is squeeze / expand, pct3x3 the share of 3 × 3 kernels. */
export function widths({ expand, squeeze, share }) {
  const three = Math.round((expand * share) / 100);
  return { squeezed: Math.max(1, Math.round((expand * squeeze) / 1000)), one: expand - three, three };
}

export const idea = {
  ask: "Start from fire2 of SqueezeNet 1.0. What raises its parameters faster: squeezing less, or more 3 × 3 kernels?",
  knobs: [
    { name: "squeeze", label: "Squeeze ratio", low: 125, high: 1000, step: 125, start: 125, text: (value) => String(value / 1000) },
    { name: "share", label: "3 × 3 among the kernels", low: 0, high: 100, step: 25, start: 50, text: percent },
    { name: "expand", label: "Channels out", low: 64, high: 512, step: 64, start: 128 },
    { name: "cin", label: "Channels in", low: 32, high: 512, step: 32, start: 96 },
  ],
  /** A fire module against one 3 × 3 convolution of the same output, on maps of 55 × 55. */
  show(values) {
    const { cin, expand } = values;
    const { squeezed, one, three } = widths(values);
    const shape = [cin, SIZE, SIZE];
    const inner = [one && conv(squeezed, one, 1, biased), three && conv(squeezed, three, 3, biased)].filter(Boolean);
    const squeezing = costsOf([[conv(cin, squeezed, 1, biased)]], shape);
    const expanding = costsOf(inner.map((layer) => [layer]), [squeezed, SIZE, SIZE]);
    const fire = Object.fromEntries(["parameters", "macs", "activationBytes"].map((name) => [name, squeezing[name] + expanding[name]]));
    return {
      drawing: drawRows([{ title: "Fire module", blocks: [
        { label: "in", channels: cin }, { label: "squeeze 1 × 1", channels: squeezed, kind: "cheap" },
        { label: "expand 1 × 1", channels: one, kind: "accent" }, { label: "expand 3 × 3", channels: three, kind: "accent" }, { label: "beside each other", channels: expand },
      ] }], `From ${cin} channels to ${squeezed}, then ${one} of 1 × 1 and ${three} of 3 × 3: ${expand}.`),
      columns: [
        { title: "One 3 × 3", ...costsOf([[conv(cin, expand, 3, biased)]], shape), field: undefined },
        { title: "Fire module", ...fire },
      ],
      words: [
        `The 3 × 3 kernels read ${squeezed} channels instead of ${cin}: strategy 2 of the paper. ${one} of ${expand} kernels are 1 × 1, with a ninth of the weights: strategy 1.`,
        "The paper measured that accuracy stops growing at a squeeze ratio of 0.75 and at 50 % of 3 × 3 kernels (its figure 3).",
      ],
    };
  },
};
