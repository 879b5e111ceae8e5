// The maps of the pooling tab: the field and its pooled maps, at the start above and shifted below, and what is the same.
//
// It paints what pooling-shift.js reports; it computes no pooling.

import { fill, make, say } from "./dom.js";
import { decimalText, framePointed, onArrows } from "./layers-controls.js";
import { createMap } from "./map.js";
import { createScale, readTheme } from "./painting.js";
import { FIELD } from "./pooling-shift.js";

const WIDE_PX = 640;
const NAMES = { input: "Input", max: "Max pooling", avg: "Average pooling" };
const TIMES = { before: "at the start", after: "shifted" };

/** `onShift([down, right])` hears keys and drags by so many cells; `onPoint(map, cell)` what is pointed at, or null. */
export function createShiftMaps({ onShift, onPoint }) {
  const maps = {};
  const globals = { before: createGlobals("before"), after: createGlobals("after") };
  const element = make("div", { class: "shift-maps" });
  for (const name of Object.keys(NAMES)) {
    maps[name] = { before: createMap(`${name}-before`, `${NAMES[name]}, ${TIMES.before}`), after: createMap(`${name}-after`, `${NAMES[name]}, ${TIMES.after}`) };
    for (const map of Object.values(maps[name])) {
      map.onHover = (cell) => onPoint(name, cell);
      map.onPress = (cell, touch) => touch && onPoint(name, cell);
    }
    element.append(maps[name].before.element, maps[name].after.element);
  }
  element.append(globals.before.element, globals.after.element);
  makeShiftable(maps.input.after.element, onShift);
  for (const name of ["max", "avg"]) makeWalkable(maps[name].after.element, name, onPoint);
  let drawn = null;
  return {
    element,
    /** Paint a report (null: nothing has arrived) for a setting. */
    paint(report, settings) {
      drawn = report && { report, settings, theme: readTheme(element) };
      element.classList.toggle("hidden", !report);
      if (!report) return;
      const cell = cellFor(element.clientWidth || 900);
      for (const name of Object.keys(NAMES)) {
        for (const time of Object.keys(TIMES)) paintMap(maps[name][time], { ...drawn, name, time, cell });
      }
      for (const time of Object.keys(TIMES)) globals[time].update(report.global, time);
      this.mark(null, null);
    },
    /** Mark what is the same, and the window of the pointed cell. */
    mark(name, cell) {
      if (!drawn) return;
      for (const each of Object.keys(NAMES)) {
        const same = unchanged(drawn.report, each);
        const window = each === "input" && cell && name !== "input" ? windowOf(cell, drawn.settings) : null;
        for (const map of Object.values(maps[each])) {
          map.mark({ cells: same, now: [], window, accent: drawn.theme.accent });
          if (cell && each === name && name !== "input") framePointed(map, cell, drawn.report.size, drawn.theme);
        }
      }
    },
  };
}

const sideOf = (report, name) => (name === "input" ? FIELD : report.size);

/** The places of a map that hold the same number before and after, and not just 0. */
function unchanged(report, name) {
  const { same, before } = report[name];
  const side = sideOf(report, name);
  return same.flatMap((is, i) => (is && before[i] !== 0 ? [[Math.floor(i / side), i % side]] : []));
}

const windowOf = ([row, column], { poolKernel, poolStride }) => ({ top: row * poolStride, left: column * poolStride, rows: poolKernel, cols: poolKernel });

/** The size of an input cell: three maps and the global pools beside each other, or two maps where it is narrow. */
function cellFor(width) {
  const room = width < WIDE_PX ? (width - 10) / 2 : (width - 220) / 3;
  return Math.max(6, Math.min(18, Math.floor(room / FIELD)));
}

function paintMap(map, { report, settings, theme, name, time, cell }) {
  const side = sideOf(report, name);
  const values = report[name][time];
  const high = report.global.before.max || 1;
  const scale = { ...createScale("sequential", 0, Math.max(high, 1)), kind: "grey" };
  const pooledCell = Math.min(cell * settings.poolStride, Math.floor((FIELD * cell) / side));
  map.paint({
    rows: side,
    cols: side,
    cell: name === "input" ? cell : pooledCell,
    theme,
    look: (row, col) => {
      const value = values[row * side + col];
      return { value, colour: theme.grey[scale.index(value)] };
    },
  });
  map.describe(`${side} × ${side}`, null);
}

function createGlobals(time) {
  const values = { max: make("dd", { class: "number" }), mean: make("dd", { class: "number" }) };
  const titles = { max: "Global max", mean: "Global average" };
  const rows = Object.keys(values).map((kind) => make("div", {}, make("dt", {}, titles[kind]), values[kind]));
  const element = make("dl", { class: "shift-globals", "aria-label": `Global pooling, ${TIMES[time]}` });
  fill(element, rows);
  return {
    element,
    update(report, which) {
      for (const kind of Object.keys(values)) {
        const same = report.before[kind] === report.after[kind];
        say(values[kind], `${decimalText(report[which][kind])}${which === "after" ? (same ? " = the same" : " ≠ changed") : ""}`);
      }
    },
  };
}

function makeShiftable(figure, onShift) {
  Object.entries({ tabindex: "0", role: "group", "aria-label": "The shifted input: arrow keys move what is on it by one cell" }).forEach(([name, value]) => figure.setAttribute(name, value));
  figure.classList.add("shiftable");
  onArrows(figure, onShift);
  const canvas = figure.querySelector(".marks");
  let from = null;
  canvas.addEventListener("pointerdown", (event) => {
    from = [event.clientY, event.clientX];
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!from) return;
    const cell = canvas.getBoundingClientRect().width / FIELD;
    const cells = [event.clientY - from[0], event.clientX - from[1]].map((distance) => Math.trunc(distance / cell));
    if (!cells.some(Boolean)) return;
    from = [from[0] + cells[0] * cell, from[1] + cells[1] * cell];
    onShift(cells);
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (from = null));
}

function makeWalkable(figure, name, onPoint) {
  Object.entries({ tabindex: "0", role: "group", "aria-label": `${NAMES[name]}, shifted: arrow keys walk over its numbers` }).forEach(([key, value]) => figure.setAttribute(key, value));
  onArrows(figure, (step) => onPoint(name, null, step));
  figure.addEventListener("blur", () => onPoint(name, null));
}
