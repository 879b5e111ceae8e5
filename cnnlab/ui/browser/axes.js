// Which input positions an output position is made of, along one axis of a layer.
//
// Positions count from 0 at the first cell of the input without padding, so padding in front is negative. Axes are
// independent: a 2-D layer is two of them. It knows no weights and no values.

import { paddingPairs } from "./windows.js";

const OUTSIDE = -1;

/** A layer's settings as two axes, height then width; a 1-D layer has one row. */
export function axesOf(layer, inputShape, outputShape) {
  const flat = layer.dims === 1;
  const pairs = paddingPairs(layer);
  const at = (value, axis, other) => (flat && axis === 0 ? other : value[flat ? 0 : axis]);
  return [0, 1].map((axis) => {
    const [kernel, stride] = [at(layer.kernel, axis, 1), at(layer.stride, axis, 1)];
    return {
      op: layer.op,
      mode: layer.op === "conv" ? layer.padMode : "zeros",
      size: at(inputShape.slice(1), axis, 1),
      out: outputShape ? at(outputShape.slice(1), axis, 1) : 0,
      kernel,
      stride,
      dilation: layer.op === "avgpool" ? 1 : at(layer.dilation, axis, 1),
      padding: at(pairs, axis, [0, 0]),
    };
  });
}

export const isInside = (axis, position) => position >= 0 && position < axis.size;

/** Where a position's value comes from: a position of the input, or −1 for none (zeros, or beyond the padding). */
export function sourceOf(axis, position) {
  const { size, mode, padding } = axis;
  if (isInside(axis, position)) return position;
  if (mode === "zeros" || position < -padding[0] || position >= size + padding[1]) return OUTSIDE;
  if (mode === "replicate") return position < 0 ? 0 : size - 1;
  if (mode === "circular") return (position + size) % size;
  return position < 0 ? -position : 2 * (size - 1) - position;
}

const hit = (axis, tap, position) => ({
  tap,
  position,
  source: sourceOf(axis, position),
  inside: isInside(axis, position),
  padded: (position < 0 && position >= -axis.padding[0]) || (position >= axis.size && position < axis.size + axis.padding[1]),
});

/**
 * What the output position `index` is made of: [{ tap, position, source, inside, padded }], one for each kernel row
 * (or column) that takes part. Cells beyond the padding, where the last window of ceil mode hangs over, take no part.
 */
export function hitsAt(axis, index) {
  const hits = [];
  for (let tap = 0; tap < axis.kernel; tap++) {
    if (axis.op === "transposed") {
      const stamped = index + axis.padding[0] - tap * axis.dilation;
      const position = stamped / axis.stride;
      if (Number.isInteger(position) && position >= 0 && position < axis.size) hits.push(hit(axis, tap, position));
    } else {
      const found = hit(axis, tap, index * axis.stride - axis.padding[0] + tap * axis.dilation);
      if (found.inside || found.padded) hits.push(found);
    }
  }
  return hits;
}

/** Which outputs a position reaches: [{ index, tap, position }]; if `copied`, also through its copies in the padding. */
export function reachAlong(axis, position, copied) {
  const reached = [];
  const [first, last] = axis.op === "transposed" ? [0, axis.size - 1] : [-axis.padding[0], axis.size - 1 + axis.padding[1]];
  for (let place = first; place <= last; place++) {
    if (place !== position && !(copied && sourceOf(axis, place) === position)) continue;
    for (let tap = 0; tap < axis.kernel; tap++) {
      const index = outputOf(axis, place, tap);
      if (index >= 0 && index < axis.out) reached.push({ index, tap, position: place });
    }
  }
  return reached;
}

function outputOf(axis, position, tap) {
  const { stride, dilation, padding } = axis;
  if (axis.op === "transposed") return position * stride - padding[0] + tap * dilation;
  const index = (position + padding[0] - tap * dilation) / stride;
  return Number.isInteger(index) ? index : OUTSIDE;
}

/** Everything one kernel row (or column) ever touches: [{ index, position, source, inside, padded }]. */
export function usesOf(axis, tap) {
  const uses = [];
  for (let index = 0; index < axis.out; index++) {
    for (const found of hitsAt(axis, index)) if (found.tap === tap) uses.push({ index, ...found });
  }
  return uses;
}

/**
 * How many cells a pooling window averages along this axis: `countPad` counts padding too, never what lies beyond it.
 */
export function windowLength(axis, index, countPad) {
  const start = index * axis.stride - axis.padding[0];
  const end = Math.min(start + axis.kernel, axis.size + axis.padding[1]);
  return countPad ? end - start : Math.min(end, axis.size) - Math.max(start, 0);
}
