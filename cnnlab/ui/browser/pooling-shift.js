// What pooling keeps when what is on its input moves: the shifted field, the pooled maps, and which numbers stay.
//
// The field is always FIELD × FIELD cells; what comes in at an edge is 0. It draws nothing and knows no page.

import { axesOf } from "./axes.js";
import { createInputs } from "./inputs.js";
import { averageMap, largestMap } from "./maps.js";

export const FIELD = 16;
const DIGIT = 8;
const DRAWN = {
  blob: ["2442", "4984", "4874", "2442"],
  dot: ["9"],
  bar: ["9", "9", "8", "8", "7", "7"],
  cross: ["0900", "9989", "0900", "0800"],
};

/** The field before it is shifted, row by row; null while the picture that `source` names has not arrived. */
export function fieldOf(source, picture) {
  if (DRAWN[source]) return inTheMiddle(DRAWN[source].map((row) => [...row].map(Number)));
  const digit = source.startsWith("digit");
  const side = digit ? DIGIT : FIELD;
  const { ready, channel } = createInputs(source, [1, side, side], picture);
  if (!ready) return null;
  const values = channel(0);
  return inTheMiddle(Array.from({ length: side }, (_, y) => [...values.subarray(y * side, (y + 1) * side)]));
}

function inTheMiddle(rows) {
  // from an even row and column on, so that the first window of 2 × 2 cells begins where the object does
  const [top, left] = [rows.length, rows[0].length].map((size) => 2 * Math.ceil((FIELD - size) / 4));
  const field = new Float64Array(FIELD * FIELD);
  rows.forEach((row, y) => row.forEach((value, x) => (field[(top + y) * FIELD + left + x] = value)));
  return field;
}

/** Move a field by whole cells → { values, lost }: `lost` counts the cells that are not 0 and left it. */
export function shifted(field, [down, right]) {
  const values = new Float64Array(field.length);
  let lost = 0;
  for (let y = 0; y < FIELD; y++) {
    for (let x = 0; x < FIELD; x++) {
      const [to, value] = [[y + down, x + right], field[y * FIELD + x]];
      if (to.every((place) => place >= 0 && place < FIELD)) values[to[0] * FIELD + to[1]] = value;
      else lost += value !== 0;
    }
  }
  return { values, lost };
}

/** Rows (and columns) of a pooled field: ⌊(16 − kernel) / stride⌋ + 1. */
export const pooledSize = (kernel, stride) => Math.floor((FIELD - kernel) / stride) + 1;

/** A field after "max" or "avg" pooling without padding, a Float64Array row by row. */
export function pooled(kind, field, { kernel, stride }) {
  const both = (value) => [value, value];
  const layer = { op: `${kind}pool`, dims: 2, kernel: both(kernel), stride: both(stride), padding: [0, 0], dilation: [1, 1], ceil: false };
  const size = pooledSize(kernel, stride);
  const axes = axesOf(layer, [1, FIELD, FIELD], [1, size, size]);
  return kind === "max" ? largestMap(axes, field).values : averageMap(axes, field, true);
}

/** The largest value and the mean of a field: global max and global average pooling. */
export const pooledToOne = (field) => ({
  max: field.reduce((best, value) => Math.max(best, value), -Infinity),
  mean: field.reduce((sum, value) => sum + value, 0) / field.length,
});

/** Which places of two maps hold the same number: { same, equal, total, busy, busyEqual }; busy: not 0 in either. */
export function compared(before, after) {
  const same = Array.from(before, (value, i) => value === after[i]);
  const busy = same.map((_, i) => before[i] !== 0 || after[i] !== 0);
  const count = (flags) => flags.filter(Boolean).length;
  return { same, equal: count(same), total: same.length, busy: count(busy), busyEqual: count(busy.map((is, i) => is && same[i])) };
}

/** How many numbers of `after` are those of `before`, moved by whole places: { compared, equal } where both maps reach. */
export function movedAlong(before, after, [down, right]) {
  const size = Math.sqrt(before.length);
  const counts = { compared: 0, equal: 0 };
  for (let y = Math.max(0, down); y < Math.min(size, size + down); y++) {
    for (let x = Math.max(0, right); x < Math.min(size, size + right); x++) {
      counts.compared += 1;
      counts.equal += after[y * size + x] === before[(y - down) * size + x - right];
    }
  }
  return counts;
}

/** All of it for one field, shift, kernel and stride; `moved` is null unless the shift is a multiple of the stride. */
export function shiftReport(field, shift, { kernel, stride }) {
  const { values, lost } = shifted(field, shift);
  const steps = shift.map((cells) => cells / stride);
  const whole = steps.every(Number.isInteger) && steps.some((step) => step !== 0);
  const map = (kind) => {
    const [before, after] = [field, values].map((one) => pooled(kind, one, { kernel, stride }));
    return { before, after, ...compared(before, after), moved: whole ? movedAlong(before, after, steps) : null };
  };
  return {
    input: { before: field, after: values, ...compared(field, values) },
    max: map("max"),
    avg: map("avg"),
    global: { before: pooledToOne(field), after: pooledToOne(values) },
    size: pooledSize(kernel, stride),
    steps: whole ? steps : null,
    lost,
  };
}
