// The numbers of attribution maps: how they travelled, where their scale ends, and what is told of them.
//
// A map travels as float16 shares of its largest value, which keeps three digits of every number. It draws nothing.

import { createScale } from "./painting.js";

export const REACH_SHARE = 0.995; // a scale ends where this share of the pixels does; what is beyond gets its end's colour
export const STRONGEST = [0.05, 0.15, 0.3]; // shares of the pixels that contours enclose

/** One float16 (IEEE 754 binary16) from its 16 bits. */
export function half(bits) {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}

/** The values of a map: { values: base64 of float16, little end first, top: what 1 stands for }. */
export function valuesOf({ values, top }) {
  const bytes = Uint8Array.from(atob(values), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => half(view.getUint16(2 * i, true)) * top);
}

/** How far from 0 a map's scale reaches: nearly to its largest absolute value, so that single pixels do not leave it pale. */
export function reachOf(values) {
  const sizes = Float32Array.from(values, Math.abs).sort();
  const most = sizes.at(-1) || 0;
  return sizes[Math.min(sizes.length - 1, Math.floor(REACH_SHARE * sizes.length))] || most;
}

/** The scale of a map that reaches so far; `beyond` says whether values lie below and above it. */
export function scaleOf({ values, signed }, reach) {
  const scale = createScale(signed ? "diverging" : "sequential", signed ? -reach : 0, reach || 1);
  return { ...scale, beyond: [values.some((value) => value < scale.from), values.some((value) => value > scale.to)] };
}

/** A map made smooth by two running means a side; `radius` in pixels. */
export function smooth(values, [rows, cols], radius) {
  let [from, to] = [Float32Array.from(values), new Float32Array(values.length)];
  for (let pass = 0; pass < 2; pass += 1) {
    average(from, to, rows, { step: 1, next: cols, length: cols }, radius);
    average(to, from, cols, { step: cols, next: 1, length: rows }, radius);
  }
  return from;
}

function average(from, to, lines, { step, next, length }, radius) {
  for (let line = 0; line < lines; line += 1) {
    const at = (i) => line * next + i * step;
    let [sum, count] = [0, 0];
    for (let i = 0; i < Math.min(radius, length); i += 1) [sum, count] = [sum + from[at(i)], count + 1];
    for (let i = 0; i < length; i += 1) {
      if (i + radius < length) [sum, count] = [sum + from[at(i + radius)], count + 1];
      if (i - radius - 1 >= 0) [sum, count] = [sum - from[at(i - radius - 1)], count - 1];
      to[at(i)] = sum / count;
    }
  }
}

/** The level above which the absolute values of a share of the pixels lie; 0 where the map is empty. */
export function levelOf(values, share) {
  const sizes = Float32Array.from(values, Math.abs).sort();
  return sizes[Math.max(0, Math.floor((1 - share) * sizes.length) - 1)] || 0;
}

/** The lines on which a map has a level, as [x0, y0, x1, y1] in pixels from the map's corner; between pixels it is linear. */
export function contour(values, [rows, cols], level) {
  const segments = [];
  const value = (row, col) => (row < 0 || col < 0 || row >= rows || col >= cols ? -Infinity : values[row * cols + col]);
  const share = (a, b) => (!Number.isFinite(a) || !Number.isFinite(b) ? 0.5 : (level - a) / (b - a));
  for (let row = -1; row < rows; row += 1) {
    for (let col = -1; col < cols; col += 1) {
      const [a, b, c, d] = [value(row, col), value(row, col + 1), value(row + 1, col + 1), value(row + 1, col)];
      const kind = (a > level ? 8 : 0) | (b > level ? 4 : 0) | (c > level ? 2 : 0) | (d > level ? 1 : 0);
      if (kind === 0 || kind === 15) continue;
      const [x, y] = [col + 0.5, row + 0.5];
      const sides = { top: [x + share(a, b), y], right: [x + 1, y + share(b, c)], bottom: [x + share(d, c), y + 1], left: [x, y + share(a, d)] };
      for (const [from, to] of CROSSED[kind]) segments.push([...sides[from], ...sides[to]]);
    }
  }
  return segments;
}

// Marching squares: which sides of a square a line joins, by which of its four corners are above the level.
const CROSSED = {
  1: [["left", "bottom"]], 2: [["bottom", "right"]], 3: [["left", "right"]], 4: [["top", "right"]],
  5: [["left", "top"], ["bottom", "right"]], 6: [["top", "bottom"]], 7: [["left", "top"]], 8: [["left", "top"]],
  9: [["top", "bottom"]], 10: [["top", "right"], ["left", "bottom"]], 11: [["top", "right"]],
  12: [["left", "right"]], 13: [["bottom", "right"]], 14: [["left", "bottom"]],
};
