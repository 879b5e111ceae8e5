// VGG's idea: several 3 × 3 convolutions in a row see as far as one large kernel, for less.

import { conv, costsOf } from "./idea-costs.js";
import { frame, word } from "./idea-drawing.js";
import { svg } from "./svg.js";

const SIZE = 56;
const reach = (count) => 2 * count + 1;
const inRow = (count, channels) => [Array.from({ length: count }, () => conv(channels, channels, 3))];

export const idea = {
  ask: "Add small kernels. At how many of them does a row of 3 × 3 convolutions cost half of the one large kernel that sees as far?",
  knobs: [
    { name: "count", label: "3 × 3 convolutions in a row", low: 1, high: 7, start: 2 },
    { name: "channels", label: "Channels, in and out", low: 16, high: 512, step: 16, start: 256 },
  ],
  /** A row of `count` against one kernel of the same reach, on maps of 56 × 56. */
  show({ count, channels }) {
    const kernel = reach(count);
    const shape = [channels, SIZE, SIZE];
    const columns = [
      { title: `One ${kernel} × ${kernel}`, ...costsOf([[conv(channels, channels, kernel)]], shape), more: { "ReLUs behind": "1" } },
      { title: `${count} × 3 × 3`, ...costsOf(inRow(count, channels), shape), more: { "ReLUs behind": String(count) } },
    ];
    return {
      drawing: draw(count, kernel),
      columns,
      words: [
        `${count} · 3² = ${9 * count} weights for each pair of channels against ${kernel}² = ${kernel * kernel}: ${share(9 * count, kernel * kernel)}.`,
        "The ratio does not depend on the channels, nor on the size of the maps.",
        count === 1 ? "One is no row: add a second." : `Each of the ${count} is followed by a ReLU, so the row can bend its answer ${count} times.`,
      ],
    };
  },
};

const share = (part, whole) => (part === whole ? "the same" : `${Math.round((100 * part) / whole)} %`);

function draw(count, kernel) {
  const cell = Math.min(24, 210 / kernel);
  const grid = (left, cells, marks) => {
    const [x0, y0] = [left + (210 - cells * cell) / 2, 20 + (210 - cells * cell) / 2];
    const squares = Array.from({ length: cells * cells }, (_, i) =>
      svg("rect", { x: x0 + (i % cells) * cell, y: y0 + Math.floor(i / cells) * cell, width: cell, height: cell, class: "idea-cell" }));
    const frames = marks.map((size) => {
      const offset = ((cells - size) / 2) * cell;
      return svg("rect", { x: x0 + offset, y: y0 + offset, width: size * cell, height: size * cell, class: "idea-frame" });
    });
    return [...squares, ...frames];
  };
  const rings = Array.from({ length: count }, (_, i) => reach(i));
  return frame(262, `${count} layers of 3 × 3 see ${kernel} × ${kernel} cells, as one kernel of ${kernel} × ${kernel} does.`, [
    ...grid(60, kernel, rings.concat(kernel)),
    ...grid(370, kernel, [1, kernel]),
    word(165, 252, `${count} × 3 × 3: grows by 2 a layer`),
    word(475, 252, `one ${kernel} × ${kernel}`),
  ]);
}
