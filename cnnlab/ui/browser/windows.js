// Where a sliding window, or a stamp of a transposed convolution, lies along each axis of a layer.
//
// The same arithmetic as cnnlab/arithmetic/windows.py; it checks nothing, rules.js does that first.

const words = (name, letter, cell) => ({ name, letter, cell, cells: `${cell}s` });
const [DEPTH, HEIGHT, WIDTH] = [words("depth", "Z", "slice"), words("height", "H", "row"), words("width", "W", "column")];
const NAMES = { 1: [words("length", "L", "position")], 2: [HEIGHT, WIDTH], 3: [DEPTH, HEIGHT, WIDTH] };

/** The words for the axes of a layer: name, letter in formulas, one cell, several cells. */
export const axisNames = (dims) => NAMES[dims] ?? [];

export const isPool = (layer) => layer.op === "maxpool" || layer.op === "avgpool";

/** Number of channels that come out. */
export const channelsOut = (layer, inputShape) => (isPool(layer) ? inputShape[0] : layer.cout);

/** Padding [left, right] of each axis; "same" puts the odd cell on the right, as PyTorch does. */
export function paddingPairs(layer) {
  if (layer.padding === "valid") return layer.kernel.map(() => [0, 0]);
  if (layer.padding === "same") {
    return layer.kernel.map((kernel, axis) => {
      const total = layer.dilation[axis] * (kernel - 1);
      const left = Math.floor(total / 2);
      return [left, total - left];
    });
  }
  return layer.padding.map((pad) => [pad, pad]);
}

/** One window for each axis: how far it reaches, how many fit, what ceil mode and floor do at the end. */
export function windowsOf(layer, inputShape) {
  const pairs = paddingPairs(layer);
  return layer.kernel.map((kernel, axis) => {
    const dilation = layer.op === "avgpool" ? 1 : layer.dilation[axis];
    const [left, right] = pairs[axis];
    return windowAt({ size: inputShape[axis + 1], kernel, stride: layer.stride[axis], left, right, dilation, ceil: isPool(layer) && Boolean(layer.ceil) });
  });
}

function windowAt({ size, kernel, stride, left, right, dilation, ceil }) {
  const reach = dilation * (kernel - 1) + 1;
  const padded = size + left + right;
  const span = padded - reach;
  const windows = Math.floor((span + (ceil ? stride - 1 : 0)) / stride) + 1;
  const lastDropped = ceil && (windows - 1) * stride >= size + left;
  const output = windows - (lastDropped ? 1 : 0);
  const overhang = Math.max(0, (output - 1) * stride + reach - padded);
  const unread = ceil ? 0 : span - Math.floor(span / stride) * stride;
  return { size, kernel, stride, left, right, dilation, ceil, reach, padded, span, windows, lastDropped, output, overhang, unread };
}

/** One stamp for each axis of a transposed convolution: `crop` is cut from both ends, `extra` added to the end. */
export function stampsOf(layer, inputShape) {
  return layer.kernel.map((kernel, axis) => {
    const [size, stride, dilation] = [inputShape[axis + 1], layer.stride[axis], layer.dilation[axis]];
    const [crop, extra] = [layer.padding[axis], layer.outputPadding[axis]];
    const reach = dilation * (kernel - 1) + 1;
    return { size, kernel, stride, crop, extra, dilation, reach, output: (size - 1) * stride - 2 * crop + reach + extra };
  });
}

/** The sizes that come out, one for each axis; nothing is checked. */
export function outputSize(layer, inputShape) {
  if (layer.op === "dense") return inputShape.slice(1, -1).concat(inputShape.length > 1 ? [layer.cout] : []);
  const places = layer.op === "transposed" ? stampsOf(layer, inputShape) : windowsOf(layer, inputShape);
  return places.map((place) => place.output);
}

/** The shape that comes out, [channels, ...sizes]; nothing is checked. */
export const outputShape = (layer, inputShape) =>
  layer.op === "dense" && inputShape.length > 1
    ? [...inputShape.slice(0, -1), layer.cout]
    : [channelsOut(layer, inputShape), ...outputSize(layer, inputShape)];

export const product = (numbers) => numbers.reduce((total, number) => total * number, 1);

export function gcd(a, b) {
  while (b) [a, b] = [b, a % b];
  return a;
}
