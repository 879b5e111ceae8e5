// A small black area to draw on, with a finger, a mouse or the keyboard; it writes the setting `drawing`.
//
// Arrow keys move a cursor, Space paints, Shift with an arrow paints on the way, Delete rubs out. It knows nothing of
// what becomes of the drawing.

import { make, fill, say } from "./dom.js";
import { decodeSketch, encodeSketch, SIDE } from "./sketch.js";

const CELL = 9;
const GREYS = ["#000000", "#555555", "#aaaaaa", "#ffffff"];
const NAMES = ["black", "dark grey", "light grey", "white"];
// A pen is what it leaves on the cell under it and on the four beside it; null leaves them as they are.
const PENS = {
  soft: { title: "Soft pen", centre: 3, beside: 2 },
  fine: { title: "Fine pen", centre: 3, beside: null },
  rubber: { title: "Rubber", centre: 0, beside: 0 },
};
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function createDrawing(host, store) {
  const canvas = make("canvas", {
    class: "drawing-area", width: SIDE * CELL, height: SIDE * CELL, tabindex: 0, role: "application",
    "aria-roledescription": "drawing area",
    "aria-label": `Drawing of ${SIDE} by ${SIDE} cells. Arrow keys move the cursor, Space paints, Delete rubs out.`,
  });
  const area = { canvas, store, pen: "soft", cursor: [14, 14], cells: new Uint8Array(SIDE * SIDE), last: null, shown: null };
  const pens = Object.entries(PENS).map(([name, { title }]) =>
    make("button", { type: "button", class: "button", "data-pen": name, onclick: () => choosePen(area, pens, name) }, title),
  );
  const clear = make("button", { type: "button", class: "button", onclick: () => store.set({ drawing: "" }) }, "Clear");
  area.spoken = make("p", { class: "sr-only", role: "status" });
  const hint = make("p", { class: "muted small" }, "Draw with the mouse or a finger. Keys: arrows move, Space paints, Shift and an arrow draw a line, Delete rubs out.");
  fill(host, canvas, make("div", { class: "drawing-side" }, make("div", { class: "button-row", role: "group", "aria-label": "Pen" }, pens), clear, hint, area.spoken));
  choosePen(area, pens, "soft");
  listen(area);
  return { update: () => update(area), destroy() {} };
}

function choosePen(area, pens, name) {
  area.pen = name;
  for (const button of pens) button.setAttribute("aria-pressed", String(button.dataset.pen === name));
}

function listen(area) {
  const { canvas } = area;
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    area.last = placeOf(area, event);
    stroke(area, area.last, area.last);
  };
  canvas.onpointermove = (event) => {
    if (!area.last) return;
    const place = placeOf(area, event);
    stroke(area, area.last, place);
    area.last = place;
  };
  canvas.onpointerup = canvas.onpointercancel = () => (area.last = null);
  canvas.onkeydown = (event) => key(area, event);
  canvas.onfocus = canvas.onblur = () => paint(area);
}

function placeOf({ canvas }, event) {
  const box = canvas.getBoundingClientRect();
  return [((event.clientY - box.top) / box.height) * SIDE, ((event.clientX - box.left) / box.width) * SIDE].map(Math.floor);
}

/** The cells of a straight line, each once, both ends included. */
export function lineBetween([y0, x0], [y1, x1]) {
  const steps = Math.max(Math.abs(y1 - y0), Math.abs(x1 - x0), 1);
  return Array.from({ length: steps + 1 }, (_, i) => [Math.round(y0 + ((y1 - y0) * i) / steps), Math.round(x0 + ((x1 - x0) * i) / steps)]);
}

function stroke(area, from, to, pen = PENS[area.pen]) {
  const cells = area.cells.slice();
  const put = (y, x, level) => {
    if (level === null || y < 0 || x < 0 || y >= SIDE || x >= SIDE) return;
    cells[y * SIDE + x] = level === 0 ? 0 : Math.max(level, cells[y * SIDE + x]);
  };
  for (const [y, x] of lineBetween(from, to)) {
    put(y, x, pen.centre);
    for (const [dy, dx] of Object.values(MOVES)) put(y + dy, x + dx, pen.beside);
  }
  area.store.set({ drawing: encodeSketch(cells) });
}

function key(area, event) {
  const move = MOVES[event.key];
  if (event.key === " " || event.key === "Enter") stroke(area, area.cursor, area.cursor);
  else if (event.key === "Delete" || event.key === "Backspace") stroke(area, area.cursor, area.cursor, PENS.rubber);
  else if (move && !event.ctrlKey && !event.altKey && !event.metaKey) {
    const next = area.cursor.map((at, axis) => Math.min(SIDE - 1, Math.max(0, at + move[axis])));
    if (event.shiftKey) stroke(area, area.cursor, next);
    area.cursor = next;
  } else return;
  event.preventDefault();
  event.stopPropagation();
  paint(area);
  const [y, x] = area.cursor;
  say(area.spoken, `Row ${y}, column ${x}: ${NAMES[area.cells[y * SIDE + x]]}`);
}

function update(area) {
  const { drawing } = area.store.settings;
  if (area.shown === drawing) return;
  area.shown = drawing;
  area.cells = decodeSketch(drawing);
  paint(area);
}

function paint({ canvas, cells, cursor }) {
  const context = canvas.getContext("2d");
  cells.forEach((level, i) => {
    context.fillStyle = GREYS[level];
    context.fillRect((i % SIDE) * CELL, Math.floor(i / SIDE) * CELL, CELL, CELL);
  });
  if (!cells.some(Boolean)) invite(context);
  if (!canvas.matches(":focus-visible")) return;
  context.strokeStyle = cells[cursor[0] * SIDE + cursor[1]] > 1 ? "#000000" : "#ffffff";
  context.lineWidth = 2;
  context.strokeRect(cursor[1] * CELL + 1, cursor[0] * CELL + 1, CELL - 2, CELL - 2);
}

function invite(context) {
  context.fillStyle = GREYS[2];
  context.font = "16px sans-serif";
  context.textAlign = "center";
  context.fillText("Draw here", (SIDE * CELL) / 2, (SIDE * CELL) / 2);
}
