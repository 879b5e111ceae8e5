// Everything about one layer on one input: shape, costs, memory, receptive field, and why; or why it is impossible.
//
// The same numbers and the same text as cnnlab/arithmetic; tests/ui/test_browser_arithmetic.py compares both with
// PyTorch. A layer is { op: "conv" | "transposed" | "maxpool" | "avgpool" | "dense", dims, cin, cout, kernel, stride,
// padding, padMode, dilation, groups, bias, ceil, countPad, outputPadding }, an input shape [channels, ...sizes].

import { explain } from "./explanation.js";
import { isPossible, problems } from "./rules.js";
import { suggestions } from "./nearest.js";
import { channelsOut, gcd, outputShape, outputSize, paddingPairs, product, stampsOf, windowsOf } from "./windows.js";

export { isPossible, outputSize, suggestions };

const FLOAT_BYTES = 4;
const MOST_ELEMENTS = 4096; // elements between the first and last ones of a kernel repeat what those see

/**
 * { ok, problems, output, parameters, macs, flops, weightBytes, activationBytes, receptive: { size, stride, lo, hi },
 * steps, padding: [[left, right], …], overhang }; only `ok` and `problems` if the layer is impossible.
 * MACs are multiply-adds without bias additions; pools have 0 by convention.
 */
export function analyse(layer, inputShape) {
  const broken = [...problems(layer, inputShape)];
  if (broken.length) return { ok: false, problems: broken };
  const output = outputShape(layer, inputShape);
  const numbers = {
    output,
    parameters: parameters(layer),
    macs: macs(layer, inputShape, output),
    receptive: receptiveField(layer, inputShape),
  };
  const sliding = layer.op !== "dense" && layer.op !== "transposed";
  return {
    ok: true,
    problems: [],
    ...numbers,
    flops: 2 * numbers.macs,
    weightBytes: FLOAT_BYTES * numbers.parameters,
    activationBytes: FLOAT_BYTES * product(output),
    steps: explain(layer, inputShape, numbers),
    padding: layer.op === "dense" ? [] : paddingPairs(layer),
    overhang: sliding ? windowsOf(layer, inputShape).map((window) => window.overhang) : output.slice(1).map(() => 0),
  };
}

/** Learned numbers: weights and biases. */
function parameters(layer) {
  if (layer.op === "maxpool" || layer.op === "avgpool") return 0;
  const bias = layer.bias ? layer.cout : 0;
  if (layer.op === "dense") return layer.cin * layer.cout + bias;
  return (layer.cin * layer.cout * product(layer.kernel)) / layer.groups + bias;
}

function macs(layer, inputShape, output) {
  if (layer.op === "conv") return (product(output) * layer.cin * product(layer.kernel)) / layer.groups;
  if (layer.op === "transposed") return (product(inputShape) * layer.cout * product(layer.kernel)) / layer.groups;
  return layer.op === "dense" ? product(inputShape) * layer.cout : 0;
}

/** Per axis: cells seen at most, distance between neighbours' fields, and what the first output sees (null: nothing). */
function receptiveField(layer, inputShape) {
  const fields = axisFields(layer, inputShape);
  const column = (name) => fields.map((field) => field[name]);
  return { size: column("size"), stride: column("stride"), lo: column("lo"), hi: column("hi"), uniform: column("uniform") };
}

function axisFields(layer, inputShape) {
  if (layer.op === "dense") {
    const last = inputShape.length - 2;
    return inputShape.slice(1).map((size, axis) => {
      const seen = axis === last ? size : 1;
      return { size: seen, stride: axis === last ? 0 : 1, lo: 0, hi: seen - 1, uniform: true };
    });
  }
  if (layer.op !== "transposed") {
    return windowsOf(layer, inputShape).map(({ reach, stride, left }) => ({ size: reach, stride, lo: -left, hi: reach - 1 - left, uniform: true }));
  }
  return stampsOf(layer, inputShape).map((stamp) => {
    const common = gcd(stamp.stride, stamp.dilation);
    const size = Math.floor((stamp.kernel - 1) / (stamp.stride / common)) * (stamp.dilation / common) + 1;
    const [lo, hi] = stampedBy(stamp);
    return { size, stride: 1 / stamp.stride, lo, hi, uniform: common === 1 && stamp.kernel % stamp.stride === 0 };
  });
}

/** The first and last input cell whose stamp covers the first output; nulls if none does. */
function stampedBy({ kernel, stride, crop, dilation }) {
  const few = Math.min(kernel, stride / gcd(stride, dilation), MOST_ELEMENTS);
  const seen = [];
  for (const first of [0, kernel - few]) {
    for (let element = first; element < first + few; element += 1) {
      const cell = (crop - element * dilation) / stride;
      if (Number.isInteger(cell)) seen.push(cell);
    }
  }
  return seen.length ? [Math.min(...seen), Math.max(...seen)] : [null, null];
}
