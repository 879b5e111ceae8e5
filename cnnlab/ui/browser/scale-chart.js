// Multiply-adds over the size of the input, a line for each setting of a family's knob, the chosen one in front.
//
// Both axes are logarithmic, so that a cost that grows with the square of the side is a straight line.

import { svg } from "./svg.js";
import { countText } from "./units.js";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [680, 300, 74, 96, 14, 40];

/** `told` is { sizes, variants }, `chosen` the place of a variant, `size` the side that is looked at. */
export function drawScaling({ sizes, variants }, chosen, size, title) {
  const known = variants.flatMap((variant) => variant.rows.filter(Boolean).map((row) => row[1]));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (value) => LEFT + (Math.log(value / sizes[0]) / Math.log(sizes.at(-1) / sizes[0])) * (WIDTH - LEFT - RIGHT);
  const y = (value) => HEIGHT - BOTTOM - (Math.log(value / low) / Math.log(high / low || 2)) * (HEIGHT - TOP - BOTTOM);
  const points = (variant) => sizes.flatMap((one, i) => (variant.rows[i] ? [`${x(one).toFixed(1)},${y(variant.rows[i][1]).toFixed(1)}`] : []));
  const lines = variants.map((variant, place) => svg("polyline", { points: points(variant).join(" "), fill: "none", class: place === chosen ? "scale-line chosen" : "scale-line" }));
  const names = variants.map((variant, place) => {
    const last = variant.rows.at(-1);
    return last && svg("text", { x: WIDTH - RIGHT + 8, y: y(last[1]) + 4, class: place === chosen ? "scale-name chosen" : "scale-name" }, variant.label);
  });
  const row = variants[chosen].rows[sizes.indexOf(size)];
  const mark = row && svg("circle", { cx: x(size), cy: y(row[1]), r: 6, class: "scale-mark" });
  const words = `${title}: multiply-adds over the side of the input. ${variants[chosen].label} at ${size} pixels: ${row ? countText(row[1]) : "impossible"}.`;
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, role: "img", "aria-label": words, class: "scale-chart" },
    axis(sizes, x), costs(low, high, y), lines, spread(names, variants), mark);
}

function axis(sizes, x) {
  const shown = sizes.filter((one) => [64, 96, 128, 192, 256, 384, 512, 640].includes(one));
  return [
    svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM, class: "scale-axis" }),
    ...shown.map((one) => svg("text", { x: x(one), y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" }, String(one))),
    svg("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, "input, pixels a side"),
  ];
}

function costs(low, high, y) {
  const powers = [];
  for (let power = 10 ** Math.ceil(Math.log10(low)); power <= high; power *= 10) powers.push(power);
  return powers.flatMap((power) => [
    svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(power), y2: y(power), class: "scale-grid" }),
    svg("text", { x: LEFT - 8, y: y(power) + 4, "text-anchor": "end" }, countText(power)),
  ]);
}

/** Keep names at the ends of lines from lying on each other: where many end together only the first and the last stay. */
function spread(names, variants) {
  const kept = [];
  const order = names.map((name, i) => [name, i]).filter(([name]) => name).sort(([a], [b]) => a.getAttribute("y") - b.getAttribute("y"));
  for (const [name] of order) {
    const free = kept.every((one) => Math.abs(one.getAttribute("y") - name.getAttribute("y")) >= 13);
    if (free || name.classList.contains("chosen")) {
      if (!free) kept.filter((one) => Math.abs(one.getAttribute("y") - name.getAttribute("y")) < 13).forEach((one) => kept.splice(kept.indexOf(one), 1));
      kept.push(name);
    }
  }
  return variants.length ? kept : [];
}
