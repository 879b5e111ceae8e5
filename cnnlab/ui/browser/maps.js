// A whole output map of one channel, from the input maps it reads.
//
// Sums run channel by channel, and within one over the kernel's rows and columns. Weights of 0 are passed over.
// It knows no settings.

import { hitsAt, windowLength } from "./axes.js";

/** For each kernel row (or column) of an axis: the pairs of output and input positions that it joins. */
export function joinsOf(axis) {
  const joins = Array.from({ length: axis.kernel }, () => ({ outputs: [], sources: [] }));
  for (let index = 0; index < axis.out; index++) {
    for (const { tap, source } of hitsAt(axis, index)) {
      if (source < 0) continue;
      joins[tap].outputs.push(index);
      joins[tap].sources.push(source);
    }
  }
  return joins.map(({ outputs, sources }) => ({ outputs: Int32Array.from(outputs), sources: Int32Array.from(sources) }));
}

/** The weighted sum over planes [{ values, weights }], plus a bias: a Float64Array row by row. */
export function sumMap(axes, planes, bias = 0) {
  const [rows, columns] = axes.map(joinsOf);
  const sum = new Float64Array(axes[0].out * axes[1].out);
  const part = new Float64Array(sum.length);
  for (const { values, weights } of planes) {
    part.fill(0);
    weights.forEach((weight, i) => {
      const tap = [rows[Math.floor(i / axes[1].kernel)], columns[i % axes[1].kernel]];
      if (weight !== 0) addTap(part, values, weight, tap, axes);
    });
    for (let i = 0; i < sum.length; i++) sum[i] += part[i];
  }
  return bias ? sum.map((value) => value + bias) : sum;
}

function addTap(part, values, weight, [row, column], axes) {
  const [outWidth, width] = [axes[1].out, axes[1].size];
  const { outputs, sources } = column;
  for (let i = 0; i < row.outputs.length; i++) {
    const [to, from] = [row.outputs[i] * outWidth, row.sources[i] * width];
    for (let j = 0; j < outputs.length; j++) part[to + outputs[j]] += weight * values[from + sources[j]];
  }
}

/** The mean over each window; `countPad` says whether padding counts among the cells divided by. */
export function averageMap(axes, values, countPad) {
  const ones = new Float64Array(axes[0].kernel * axes[1].kernel).fill(1);
  const lengths = axes.map((axis) => Array.from({ length: axis.out }, (_, i) => windowLength(axis, i, countPad)));
  const width = axes[1].out;
  return sumMap(axes, [{ values, weights: ones }]).map(
    (sum, i) => sum / (lengths[0][Math.floor(i / width)] * lengths[1][i % width]),
  );
}

/** The largest value of each window, and where in the input plane it was found first (row by row). */
export function largestMap(axes, plane) {
  const found = axes.map((axis) =>
    Array.from({ length: axis.out }, (_, i) => hitsAt(axis, i).filter((hit) => hit.inside).map((hit) => hit.source)),
  );
  const values = new Float64Array(axes[0].out * axes[1].out).fill(-Infinity);
  const argmax = new Int32Array(values.length).fill(-1);
  let i = 0;
  for (const rows of found[0]) {
    for (const columns of found[1]) {
      for (const y of rows) {
        for (const x of columns) {
          const place = y * axes[1].size + x;
          if (argmax[i] < 0 || plane[place] > values[i]) [values[i], argmax[i]] = [plane[place], place];
        }
      }
      i += 1;
    }
  }
  return { values, argmax };
}
