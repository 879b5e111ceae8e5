// Simple drawings that several experiments share: a row of blocks as wide as their channels, and lines over a count.
//
// It knows no architecture.

import { svg } from "./svg.js";

const WIDTH = 640;

/** A frame to draw in, with words for those who do not see it. */
export const frame = (height, words, ...children) =>
  svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, role: "img", "aria-label": words, class: "idea-drawing" }, children.flat(Infinity));

export const word = (x, y, text, more = {}) => svg("text", { x, y, "text-anchor": "middle", ...more }, text);

/**
 * Rows of blocks from left to right, each block { label, channels, kind }; its height is its share of the widest.
 * kind is "", "cheap" or "accent".
 */
export function drawRows(rows, words, { unit = "channels" } = {}) {
  const most = Math.max(...rows.flatMap((row) => row.blocks.map((block) => block.channels)));
  const [top, tall, gap] = [24, 84, 62];
  const height = rows.length * (tall + gap) + top;
  const parts = rows.flatMap(({ title, blocks }, r) => {
    const y = top + r * (tall + gap);
    const across = WIDTH / blocks.length;
    return [
      svg("text", { x: 4, y: y - 8, class: "idea-title" }, title),
      ...blocks.flatMap(({ label, channels, kind = "" }, i) => {
        const size = Math.max((channels / most) * tall, 2);
        const [x, middle] = [i * across + across / 2, y + tall / 2];
        return [
          i ? svg("path", { d: `M${x - across / 2 - 8},${middle} h16`, class: "idea-arrow" }) : null,
          svg("rect", { x: x - 16, y: middle - size / 2, width: 32, height: size, rx: 3, class: `idea-block ${kind}` }),
          word(x, y + tall + 16, label),
          word(x, y + tall + 32, `${channels.toLocaleString("en-GB")} ${unit}`, { class: "idea-small" }),
        ];
      }),
    ];
  });
  return frame(height, words, parts);
}

/** Lines over `first`, `first` + 1, …: `lines` is [{ name, values }], on a logarithmic scale if `log`. */
export function drawLines(lines, { words, across, up, log = false, first = 1 }) {
  const [left, right, top, bottom, height] = [78, 96, 32, 40, 290];
  const known = lines.flatMap((line) => line.values).filter((value) => Number.isFinite(value) && (!log || value > 0));
  const scale = log ? (value) => Math.log10(value) : (value) => value;
  const ends = [Math.min(...known, ...(log ? [] : [0])), Math.max(...known)].map(scale);
  const [low, high] = log ? [Math.floor(ends[0]), Math.max(Math.ceil(ends[1]), Math.floor(ends[0]) + 1)] : ends;
  const count = Math.max(...lines.map((line) => line.values.length));
  const x = (i) => left + (count > 1 ? i / (count - 1) : 0) * (WIDTH - left - right);
  const y = (value) => height - bottom - ((scale(value) - low) / (high - low || 1)) * (height - top - bottom);
  const drawn = lines.map(({ name, values }, place) => ({
    name,
    place,
    seen: values.map((value, i) => [value, i]).filter(([value]) => Number.isFinite(value) && (!log || value > 0)),
  })).filter(({ seen }) => seen.length);
  const ticks = log ? steps(low, high, Math.ceil((high - low) / 6)).map((power) => 10 ** power) : [0, ends[1] / 2, ends[1]];
  const places = [...new Set([0, Math.floor((count - 1) / 2), count - 1])];
  return frame(height, words, [
    ...ticks.flatMap((value) => [
      svg("line", { x1: left, x2: WIDTH - right, y1: y(value), y2: y(value), class: "scale-grid" }),
      svg("text", { x: left - 8, y: y(value) + 4, "text-anchor": "end" }, log ? power(value) : short(value)),
    ]),
    ...places.map((i) => word(x(i), height - bottom + 18, String(i + first))),
    word((left + WIDTH - right) / 2, height - 4, across),
    svg("text", { x: 4, y: 12 }, up),
    ...drawn.map(({ seen, place }) => svg("polyline", { points: seen.map(([value, i]) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(" "), class: `idea-line line-${place}` })),
    ...apart(drawn.map(({ seen, ...line }) => ({ ...line, at: y(seen.at(-1)[0]) }))).map(({ name, place, at }) =>
      svg("text", { x: WIDTH - right + 8, y: at + 4, class: `idea-name line-${place}` }, name)),
  ]);
}

/** Move names at the ends of lines apart, so that none lies on another. */
function apart(names) {
  const sorted = [...names].sort((a, b) => a.at - b.at);
  sorted.forEach((one, i) => i && (one.at = Math.max(one.at, sorted[i - 1].at + 15)));
  return sorted;
}

function steps(low, high, step) {
  const found = [];
  for (let one = low; one <= high; one += step) found.push(one);
  return found;
}

/** A number for reading: three digits, with a power of ten where it is very small or large. */
export function written(value) {
  if (value === 0) return "0";
  if (Math.abs(value) >= 0.001 && Math.abs(value) < 1e5) return String(+value.toPrecision(3));
  const [digits, exponent] = value.toExponential(1).split("e");
  return `${digits} · ${power(10 ** +exponent)}`;
}

const SIGNS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
function power(value) {
  const exponent = Math.round(Math.log10(value));
  return `10${exponent < 0 ? "⁻" : ""}${[...String(Math.abs(exponent))].map((digit) => SIGNS[digit]).join("")}`;
}
const short = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : String(+value.toPrecision(2)));
