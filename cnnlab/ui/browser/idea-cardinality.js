// ResNeXt's idea: the same cost spent on more and narrower paths.

import { conv, costsOf } from "./idea-costs.js";
import { frame, word } from "./idea-drawing.js";
import { svg } from "./svg.js";
import { grouped } from "./units.js";

const [CHANNELS, SIZE, PLAIN] = [256, 56, 64];
const block = (paths, width) => [[conv(CHANNELS, paths * width, 1), conv(paths * width, paths * width, 3, { groups: paths }), conv(paths * width, CHANNELS, 1)]];
const costOf = (paths, width) => costsOf(block(paths, width), [CHANNELS, SIZE, SIZE]);

/** The width of a path with which so many of them cost nearest to ResNet's block. */
export function fairWidth(paths) {
  const wanted = costOf(1, PLAIN).parameters;
  let best = 1;
  for (let width = 1; width <= PLAIN; width += 1) {
    if (Math.abs(costOf(paths, width).parameters - wanted) < Math.abs(costOf(paths, best).parameters - wanted)) best = width;
  }
  return best;
}

export const idea = {
  ask: "Choose a number of paths, then their width, so that the block costs what ResNet-50's costs. Compare your pairs with table 2 of the paper: 2 × 40, 4 × 24, 8 × 14, 32 × 4.",
  knobs: [
    { name: "power", label: "Paths (cardinality)", low: 0, high: 6, start: 5, text: (value) => String(2 ** value) },
    { name: "width", label: "Channels of each path", low: 1, high: 64, start: 4 },
  ],
  /** A block of 2 ** power paths against one path of 64 channels, on 256 × 56 × 56, without biases. */
  show({ power, width }) {
    const paths = 2 ** power;
    const [plain, split] = [costOf(1, PLAIN), costOf(paths, width)];
    const fair = fairWidth(paths);
    return {
      drawing: draw(paths, width),
      columns: [
        { title: "ResNet-50: 1 × 64", ...plain, field: undefined, more: { "Channels inside": "64" } },
        { title: `${paths} × ${width}`, ...split, field: undefined, more: { "Channels inside": grouped(paths * width) } },
      ],
      words: [
        `${paths} · (256·${width} + 3²·${width}·${width} + ${width}·256) = ${grouped(split.parameters)} parameters; ResNet-50's block has ${grouped(plain.parameters)}.`,
        width === fair ? `With ${paths} paths, ${width} channels each come nearest to the same cost.` : `With ${paths} paths, ${fair} channels each would come nearest to the same cost.`,
        `At nearly the same cost the block is ${(paths * fair) / PLAIN} times as wide inside; the paper's 32 × 4 has less error than its 1 × 64.`,
      ],
    };
  },
};

function draw(paths, width) {
  const shown = Math.min(paths, 32);
  const across = 560 / shown;
  const thick = Math.max(2, Math.min(across - 3, (width / PLAIN) * 120));
  const parts = Array.from({ length: shown }, (_, i) => {
    const x = 40 + across * (i + 0.5);
    return [
      svg("path", { d: `M320,34 L${x},70 M${x},150 L320,186`, class: "idea-arrow" }),
      svg("rect", { x: x - thick / 2, y: 70, width: thick, height: 80, rx: 2, class: "idea-block accent" }),
    ];
  }).flat();
  const more = paths > shown ? ` (${shown} of them drawn)` : "";
  return frame(214, `${paths} paths of ${width} channels between two of 256.`, [
    ...parts,
    word(320, 24, "256 channels"),
    word(320, 204, `256 channels: the sum of ${paths} ${paths === 1 ? "path" : "paths"}${more}`),
  ]);
}
