// A dense layer at every pixel, computed by itself: the proof that a 1×1 convolution is nothing else.
//
// It multiplies a matrix with vectors in its own loop and never asks how the lab convolves. It knows no page.

/** Whether a layer is a 1×1 convolution of all channels: kernel 1, stride 1, no padding, one group. */
export function isPointwise(layer) {
  const padded = Array.isArray(layer.padding) && layer.padding.some((size) => size > 0);
  return layer.op === "conv" && layer.groups === 1 && !padded && [...layer.kernel, ...layer.stride].every((size) => size === 1);
}

/** W·x + b for a matrix W of rows, a vector x and a bias for each row. */
export function denseLayer(rows, x, biases) {
  return rows.map((row, o) => {
    let sum = 0;
    for (let c = 0; c < x.length; c += 1) sum += row[c] * x[c];
    return sum + biases[o];
  });
}

/** The matrix of a 1×1 layer, [output][input], and its biases, out of the lab's weights. */
export function matrixOf(values, layer, outputs = layer.cout) {
  const rows = Array.from({ length: outputs }, (_, o) => Float64Array.from({ length: layer.cin }, (__, c) => values.weights(0, o, c)[0]));
  return { rows, biases: rows.map((_, o) => values.bias(0, o)) };
}

/**
 * Compare the dense layer with the lab's convolution at all pixels: { compared, pixels, outputs, largest }.
 * `outputs` is how many output channels the budget of multiply-adds allows; null where it allows none.
 */
export function compareEverywhere(values, layer, pixels, budget) {
  const outputs = Math.min(layer.cout, Math.floor(budget / (pixels * layer.cin)));
  if (outputs < 1 || !values.outputChannel(0, 0)) return null;
  const planes = Array.from({ length: layer.cin }, (_, c) => values.input(c));
  const { rows, biases } = matrixOf(values, layer, outputs);
  const maps = rows.map((_, o) => values.outputChannel(0, o).values);
  const x = new Float64Array(layer.cin);
  let largest = 0;
  for (let at = 0; at < pixels; at += 1) {
    for (let c = 0; c < x.length; c += 1) x[c] = planes[c][at];
    denseLayer(rows, x, biases).forEach((value, o) => (largest = Math.max(largest, Math.abs(value - maps[o][at]))));
  }
  return { compared: pixels * outputs, pixels, outputs, largest };
}
