// The picture of stochastic depth: how likely each block stays, and which blocks each picture of a batch goes through.
//
// It draws given probabilities and masks; dropout.js makes them.

import { make } from "./dom.js";
import { place, svg } from "./svg.js";

const [BAR, ROW, GAP] = [70, 26, 5];
const LEFT = 74; // room for the names of the rows

/** Returns { element, paint({ survivals, kept, chosen, training }, width) }. */
export function createDepthDrawing(onChoose) {
  const drawing = svg("svg", { class: "depth-drawing", "aria-hidden": "true" });
  const element = make("div", { class: "depth-frame" }, drawing);
  drawing.onclick = (event) => {
    const column = event.target.closest("[data-block]");
    if (column) onChoose(Number(column.dataset.block));
  };
  return {
    element,
    paint(state, width) {
      const step = (width - LEFT - 4) / state.survivals.length;
      const height = BAR + 24 + state.kept.length * ROW + 18;
      place(drawing, { width, height, viewBox: `0 0 ${width} ${height}` });
      drawing.replaceChildren(
        ...labels(state),
        ...state.survivals.map((p, i) => column(state, { p, i, step, height })),
        ...state.kept.map((row, picture) => flow(row, { picture, step, width })),
      );
    },
  };
}

function labels({ kept, training }) {
  const text = (y, words) => svg("text", { x: 0, y, class: "depth-label" }, words);
  return [
    text(12, "stays with"),
    text(28, "probability"),
    ...kept.map((_, picture) => text(BAR + 24 + picture * ROW + ROW / 2 + 4, training ? `picture ${picture + 1}` : "any picture")),
  ];
}

/** One block: its bar of survival, and below it whether each picture goes through it (filled) or past it (empty). */
function column({ kept, chosen, survivals }, { p, i, step, height }) {
  const [x, width] = [LEFT + i * step, Math.max(2, step - Math.min(6, step * 0.3))];
  const bar = svg("rect", { x, y: BAR - p * (BAR - 4), width, height: Math.max(1, p * (BAR - 4)), class: "depth-bar" });
  const blocks = kept.map((row, picture) => {
    const y = BAR + 24 + picture * ROW + GAP;
    return svg("rect", { x, y, width, height: ROW - 2 * GAP, rx: Math.min(3, width / 3), class: row[i] ? "depth-kept" : "depth-skipped" });
  });
  const every = Math.max(1, Math.ceil(26 / step));
  const number = i + 1 === chosen || (i + 1) % every === 0 ? svg("text", { x: x + width / 2, y: BAR + 17, class: i + 1 === chosen ? "depth-number chosen" : "depth-number" }, String(i + 1)) : null;
  const frame = i + 1 === chosen ? svg("rect", { x: x - 2, y: 1, width: width + 4, height: height - 18, class: "depth-chosen" }) : null;
  const beside = number && i + 1 !== chosen && Math.abs(i + 1 - chosen) * step < 22 ? null : number;
  const area = svg("rect", { x, y: 0, width: step, height, class: "depth-area" });
  return svg("g", { "data-block": i + 1, "data-survival": survivals[i] }, bar, blocks, beside, frame, area);
}

/** The line along which a picture runs: through what is kept, in an arc past what is skipped. */
function flow(row, { picture, step, width }) {
  const y = BAR + 24 + picture * ROW + ROW / 2;
  const inner = Math.max(2, step - Math.min(6, step * 0.3));
  const parts = row.map((kept, i) => {
    const x = LEFT + i * step;
    return kept ? `M${x + inner} ${y}H${x + step}` : `M${x} ${y}C${x + 1} ${y - 11} ${x + inner - 1} ${y - 11} ${x + inner} ${y}H${x + step}`;
  });
  return svg("path", { d: `M${LEFT - 6} ${y}H${LEFT}${parts.join("")}`, class: "depth-flow", "data-width": width });
}
