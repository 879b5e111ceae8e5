// An activation function as a curve, its slope below it, and a point that moves along both.
//
// It draws a given function; it knows no names of functions.

import { decimalText } from "./layers-controls.js";
import { place, svg } from "./svg.js";

export const REACH = 8; // the curve is drawn from −8 to 8
const [CURVE, SLOPE, BETWEEN, LEFT, RIGHT] = [230, 130, 30, 40, 10];
const SAMPLES = 160;

/** Returns { element, paint({ value, derivative, kinks, x }, width) }; `onMove(x)` hears the pointer. */
export function createCurve(onMove) {
  const height = CURVE + SLOPE + BETWEEN + 26;
  const drawing = svg("svg", { class: "act-drawing", "aria-hidden": "true", height });
  let width = 0;
  const move = (event) => {
    const box = drawing.getBoundingClientRect();
    const share = ((event.clientX - box.left) / box.width) * width - LEFT;
    const x = (share / (width - LEFT - RIGHT)) * 2 * REACH - REACH;
    onMove(Math.max(-REACH, Math.min(REACH, Math.round(x * 10) / 10)));
  };
  drawing.onpointerdown = (event) => {
    drawing.setPointerCapture(event.pointerId);
    move(event);
  };
  drawing.onpointermove = (event) => event.buttons && move(event);
  return {
    element: drawing,
    paint(curve, now) {
      width = now;
      place(drawing, { width, viewBox: `0 0 ${width} ${height}` });
      const across = (x) => LEFT + ((x + REACH) / (2 * REACH)) * (width - LEFT - RIGHT);
      drawing.replaceChildren(
        ...plot({ ...curve, title: "value", read: curve.value }, { across, top: 0, height: CURVE, tangent: true }),
        ...plot({ ...curve, title: "slope", read: curve.derivative }, { across, top: CURVE + BETWEEN, height: SLOPE, tangent: false }),
      );
    },
  };
}

/** The pieces between kinks, each sampled evenly and up to its very ends. */
function piecesOf(read, kinks) {
  const ends = [-REACH, ...kinks, REACH];
  return ends.slice(1).map((end, i) => {
    const [from, to] = [ends[i] + 1e-9, end - 1e-9];
    return Array.from({ length: SAMPLES + 1 }, (_, k) => from + ((to - from) * k) / SAMPLES).map((x) => [x, read(x)]);
  });
}

function plot({ title, read, kinks, value, derivative, x }, { across, top, height, tangent }) {
  const pieces = piecesOf(read, kinks);
  const values = pieces.flat().map(([, y]) => y);
  const [low, high] = [Math.min(0, ...values), Math.max(...values, 0.1)];
  const margin = (high - low) * 0.08;
  const up = (y) => top + height - ((y - low + margin) / (high - low + 2 * margin)) * height;
  const line = (points) => points.map(([px, py], i) => `${i ? "L" : "M"}${across(px).toFixed(2)} ${up(py).toFixed(2)}`).join("");
  const steps = ticks(low, high);
  const grid = steps.flatMap((y) => [
    svg("line", { x1: across(-REACH), x2: across(REACH), y1: up(y), y2: up(y), class: y === 0 ? "act-axis" : "act-grid" }),
    svg("text", { x: LEFT - 6, y: up(y) + 4, class: "act-tick left" }, decimalText(y, 2)),
  ]);
  const upright = svg("line", { x1: across(0), x2: across(0), y1: top, y2: top + height, class: "act-axis" });
  const below = [-8, -4, 0, 4, 8].map((at) => svg("text", { x: across(at), y: top + height + 15, class: "act-tick" }, decimalText(at)));
  const clip = `act-clip-${title}`;
  return [
    svg("clipPath", { id: clip }, svg("rect", { x: across(-REACH), y: top, width: across(REACH) - across(-REACH), height })),
    ...grid,
    upright,
    ...below,
    svg("text", { x: LEFT + 6, y: top + 14, class: "act-title" }, title),
    svg("path", { d: pieces.map(line).join(""), class: `act-line ${title}`, "data-title": title }),
    tangent ? svg("path", { d: line([-2, 2].map((reach) => [x + reach, value(x) + reach * derivative(x)])), class: "act-tangent", "clip-path": `url(#${clip})` }) : null,
    svg("line", { x1: across(x), x2: across(x), y1: up(0), y2: up(read(x)), class: "act-drop" }),
    svg("circle", { cx: across(x), cy: up(read(x)), r: 6, class: "act-point" }),
  ].filter(Boolean);
}

/** Round numbers from low to high, about four of them. */
function ticks(low, high) {
  const step = [0.05, 0.1, 0.25, 0.5, 1, 2, 4].find((size) => (high - low) / size <= 5) ?? 8;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor((high + 0.06 * (high - low)) / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step || 0);
}
