// LeNet-5's idea of 1998 that was dropped later: each map of the third layer reads only some of the six maps before it.

import { costsOf, conv } from "./idea-costs.js";
import { frame, word } from "./idea-drawing.js";
import { svg } from "./svg.js";

// Table I of LeCun et al. 1998: the maps of S2 that each of the sixteen maps of C3 reads.
export const READ = [
  [0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [0, 4, 5], [0, 1, 5],
  [0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [0, 3, 4, 5], [0, 1, 4, 5], [0, 1, 2, 5],
  [0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5], [0, 1, 2, 3, 4, 5],
];
const SIZE = 14;

export const idea = {
  ask: "Walk through the sixteen maps. Do any two of them read the same maps, and why might that have been wanted?",
  knobs: [{ name: "map", label: "Map of C3", low: 1, high: 16, start: 1 }],
  /** The table against a full connection, on six maps of 14 × 14, with biases. */
  show({ map }) {
    const each = READ.map((maps) => costsOf([[conv(maps.length, 1, 5, { padding: 0, bias: true })]], [maps.length, SIZE, SIZE]));
    const sum = (name) => each.reduce((total, one) => total + one[name], 0);
    const full = costsOf([[conv(6, 16, 5, { padding: 0, bias: true })]], [6, SIZE, SIZE]);
    const read = READ[map - 1];
    return {
      drawing: draw(map - 1),
      columns: [
        { title: "Every map reads all six", ...full, field: undefined },
        { title: "Table of 1998", parameters: sum("parameters"), macs: sum("macs"), activationBytes: sum("activationBytes") },
      ],
      words: [
        `Map ${map} reads ${read.length} of the 6 maps: ${read.length} · 25 weights and a bias = ${25 * read.length + 1} parameters.`,
        "The paper gives two reasons: fewer connections, and maps that read different ones have to learn different features.",
        "Today a layer reads every map; where connections are to be saved they are left out regularly, as groups.",
      ],
    };
  },
};

function draw(chosen) {
  const [left, top, cell] = [70, 24, 30];
  const cells = READ.flatMap((maps, column) =>
    [0, 1, 2, 3, 4, 5].map((row) => svg("rect", {
      x: left + column * cell, y: top + row * cell, width: cell - 3, height: cell - 3, rx: 3,
      class: `idea-cell ${maps.includes(row) ? "read" : ""} ${column === chosen ? "chosen" : ""}`,
    })));
  return frame(240, `Of the six maps, map ${chosen + 1} of C3 reads ${READ[chosen].map((one) => one + 1).join(", ")}.`, [
    ...cells,
    ...[1, 2, 3, 4, 5, 6].map((row) => word(left - 18, top + (row - 1) * cell + 19, `S2 ${row}`)),
    ...READ.map((_, column) => word(left + column * cell + 13, top - 8, String(column + 1))),
    word(left + 8 * cell, top + 6 * cell + 22, "maps of C3; what each reads is filled"),
  ]);
}
