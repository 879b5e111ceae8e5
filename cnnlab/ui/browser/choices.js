// Which values of a setting work while the others stay: what can be dragged to, and what a preset changes.
//
// It asks the arithmetic and knows no page.

import { isPossible, outputSize } from "./arithmetic.js";
import { inputShapeOf, layersOf } from "./settings.js";

/** Whether every layer that the settings describe can be computed. */
export function works(settings) {
  let shape = inputShapeOf(settings);
  for (const layer of layersOf(settings)) {
    if (!isPossible(layer, shape)) return false;
    shape = [layer.op.endsWith("pool") ? shape[0] : layer.cout, ...outputSize(layer, shape)];
  }
  return true;
}

export const isDepthwise = (settings) =>
  settings.op === "conv" && settings.pair === "none" && settings.groups > 1 && settings.groups === settings.cin;

/** The changes that setting one field to a value means; what is tied to it moves along. */
export function changesFor(settings, field, value, axis = null) {
  if (axis !== null) {
    const next = Array.isArray(settings[field]) ? [...settings[field]] : [0, 0];
    if (settings.unlinked.includes(field) && settings.dims === 2) next[axis] = value;
    else next.fill(value);
    return { [field]: next };
  }
  if (field === "cin" && isDepthwise(settings)) {
    return { cin: value, groups: value, cout: value * Math.max(1, Math.round(settings.cout / settings.cin)) };
  }
  return { [field]: value };
}

/** The values from `low` to `high` that work for a field (of one axis), the other settings as they are. */
export function workingValues(settings, field, low, high, axis = null) {
  const values = [];
  for (let value = low; value <= high; value += 1) {
    if (works({ ...settings, ...changesFor(settings, field, value, axis) })) values.push(value);
  }
  return values;
}

/**
 * The member of `values` to go to on the way from `present` to `wanted`: the next one at or beyond `wanted`, so that
 * single steps get across gaps; else the last one before it; `wanted` itself where there are none.
 */
export function nextWorking(values, wanted, present) {
  const onward = wanted >= present ? values.find((value) => value >= wanted) : values.findLast((value) => value <= wanted);
  const back = wanted >= present ? values.at(-1) : values[0];
  return onward ?? back ?? wanted;
}

/** Divisors that channels in and out have in common: the numbers of groups that work. */
export function commonDivisors(cin, cout) {
  const divisors = [];
  for (let d = 1; d <= Math.min(cin, cout); d += 1) if (cin % d === 0 && cout % d === 0) divisors.push(d);
  return divisors;
}

const alone = { pair: "none" };
// What each way of connecting channels means for the settings.
export const CONNECTIONS = {
  standard: {
    title: "Standard",
    hint: "Every output channel reads every input channel.",
    change: (s) => ({ ...alone, groups: 1, ...(isPointwise(s) ? { kernel: [3, 3] } : {}) }),
  },
  grouped: {
    title: "Grouped",
    hint: "Channels are split into groups; an output channel reads only its own group.",
    change: (s) => {
      const even = { cin: s.cin % 2 ? s.cin + 1 : s.cin, cout: s.cout % 2 ? s.cout + 1 : s.cout };
      const middle = commonDivisors(even.cin, even.cout).find((d) => d > 1 && d < even.cin);
      return middle ? { ...alone, ...even, groups: middle } : { ...alone, cin: 4, cout: 4, groups: 2 };
    },
  },
  depthwise: {
    title: "Depthwise",
    hint: "As many groups as input channels: each channel is convolved by itself.",
    change: (s) => {
      const cin = Math.max(2, s.cin);
      return { ...alone, cin, cout: cin * Math.max(1, Math.round(s.cout / cin)), groups: cin };
    },
  },
  pointwise: {
    title: "Pointwise 1×1",
    hint: "Kernel 1×1: mixes channels at each place, looks at no neighbours.",
    change: () => ({ ...alone, groups: 1, kernel: [1, 1], dilation: [1, 1], padding: [0, 0] }),
  },
  separable: {
    title: "Depthwise-separable pair",
    hint: "A depthwise convolution, then a pointwise one.",
    change: (s) => ({ pair: "depthwise", groups: 1, cin: Math.max(2, s.cin), ...(isPointwise(s) ? { kernel: [3, 3] } : {}) }),
  },
  spatial: {
    title: "Spatially separable pair",
    hint: "A k×1 convolution, then a 1×k one.",
    change: (s) => ({ pair: "spatial", groups: 1, dims: 2, ...(isPointwise(s) ? { kernel: [3, 3] } : {}) }),
  },
};

const isPointwise = (s) => (s.dims === 1 ? [s.kernel[1]] : s.kernel).every((size) => size === 1);

/** Which of CONNECTIONS the settings amount to. */
export function connectionOf(settings) {
  if (settings.pair === "depthwise") return "separable";
  if (settings.pair === "spatial") return "spatial";
  if (isDepthwise(settings)) return "depthwise";
  if (settings.groups > 1) return "grouped";
  return isPointwise(settings) ? "pointwise" : "standard";
}
