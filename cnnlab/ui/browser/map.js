// One map on the page: a canvas of cells, an overlay for marks, a caption and a legend; it hears pointer and touch.
//
// It knows cells and pixels, not what the map shows.

import { make, say } from "./dom.js";
import { paintCells, paintFrame, paintMarks, paintPixels, prepare, shortNumber } from "./painting.js";

const PIXELWISE_BELOW = 4;

/** Make a map; set `onHover(cell | null)` and `onPress(cell, touch)` on it. */
export function createMap(name, title) {
  const base = make("canvas", { "aria-hidden": "true" });
  const marks = make("canvas", { class: "marks", "aria-hidden": "true", "data-map": name });
  const size = make("span", { class: "muted small" });
  const legend = make("div", { class: "legend small muted" });
  const stack = make("div", { class: "stack-of-canvases" }, base, marks);
  const element = make("figure", { class: `map ${name}` }, make("figcaption", {}, make("strong", {}, title), " ", size), stack, legend);
  const map = { element, onHover: () => {}, onPress: () => {}, paint, mark, describe };
  let spec = { rows: 1, cols: 1, cell: 1 };
  let last = "";

  function paint(next) {
    spec = next;
    const far = next.cell < PIXELWISE_BELOW || next.rows * next.cols > 12000;
    (far ? paintPixels : paintCells)(base, { ...next, numbers: true });
  }

  function mark({ cells, now, window, accent, soft }) {
    const context = prepare(marks, spec.cols * spec.cell, spec.rows * spec.cell);
    paintMarks(context, cells, spec.cell, accent, { strong: !soft });
    for (let times = 0; times < 3; times += 1) paintMarks(context, now, spec.cell, accent); // darker: the step it is at
    if (window) paintFrame(context, window, spec.cell, accent);
  }

  function describe(text, scale) {
    say(size, text);
    legend.classList.toggle("hidden", !scale);
    if (!scale) return;
    const colours = spec.theme[scale.kind];
    const stops = [0, 64, 128, 191, 255].map((i) => colours[i].css).join(", ");
    const bar = make("span", { class: "ramp" });
    bar.style.background = `linear-gradient(to right, ${stops})`;
    legend.replaceChildren(shortNumber(scale.from), bar, shortNumber(scale.to));
  }

  function cellAt(event) {
    const box = marks.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * spec.rows);
    const col = Math.floor(((event.clientX - box.left) / box.width) * spec.cols);
    return row >= 0 && col >= 0 && row < spec.rows && col < spec.cols ? [row, col] : null;
  }
  marks.onpointermove = (event) => {
    if (event.pointerType === "touch" && !event.buttons) return;
    const cell = cellAt(event);
    if (String(cell) === last) return;
    last = String(cell);
    map.onHover(cell);
  };
  marks.onpointerleave = (event) => {
    last = "";
    if (event.pointerType !== "touch") map.onHover(null);
  };
  marks.onclick = (event) => {
    const cell = cellAt(event);
    if (cell) map.onPress(cell, event.pointerType === "touch");
  };
  return map;
}
