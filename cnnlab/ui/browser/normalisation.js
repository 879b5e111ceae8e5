// What normalisation computes: which numbers share a mean and a variance, the normalised numbers, batch norm's running
// values, and batch norm folded into the convolution before it.
//
// Numbers lie in one array in the order N, C, H, W, as in PyTorch. Batch norm: Ioffe and Szegedy 2015, algorithms 1
// and 2; layer norm: Ba et al. 2016; instance norm: Ulyanov et al. 2016; group norm: Wu and He 2018. It draws nothing.

/** The share of the newest batch in the running values, PyTorch's default. */
export const MOMENTUM = 0.1;

const product = (sizes) => sizes.reduce((all, size) => all * size, 1);
export const sizeOf = (shape) => product(shape);

// kind → the number of its set for the map of sample n and channel c, and how many sets there are
const SETS = {
  batch: { of: (n, c) => c, count: ([, channels]) => channels },
  layer: { of: (n) => n, count: ([samples]) => samples },
  instance: { of: (n, c, { shape }) => n * shape[1] + c, count: ([samples, channels]) => samples * channels },
  group: {
    of: (n, c, { shape, groups }) => n * groups + Math.floor((c * groups) / shape[1]),
    count: ([samples], groups) => samples * groups,
  },
};

/**
 * Which numbers of a block share a mean and a variance; `layer` is { kind, shape: [N, C, H, W], groups }, where groups
 * divides C. A set is always made of whole maps: { count, size, of(n, c) → number of the set }.
 */
export function setsOf({ kind, shape, groups = 1 }) {
  const count = SETS[kind].count(shape, groups);
  return { count, size: sizeOf(shape) / count, of: (n, c) => SETS[kind].of(n, c, { shape, groups }) };
}

/** The shape of γ, and of β: layer norm has one for each place of a sample, the others one for each channel. */
export const affineShape = (kind, [, channels, height, width]) => (kind === "layer" ? [channels, height, width] : [1, channels, 1, 1]);

/** Where the γ and β of a number are found in their arrays. */
export const affineIndex = (kind, [, channels, height, width], index) =>
  kind === "layer" ? index % (channels * height * width) : Math.floor(index / (height * width)) % channels;

/** For each set its mean and its variance, divided by the count: { mean, variance, size }. */
export function statistics(values, layer) {
  const { count, size, of } = setsOf(layer);
  const setAt = setOfIndex(layer.shape, of);
  const mean = new Float64Array(count);
  const variance = new Float64Array(count);
  values.forEach((value, index) => (mean[setAt(index)] += value));
  mean.forEach((sum, set) => (mean[set] = sum / size));
  values.forEach((value, index) => (variance[setAt(index)] += (value - mean[setAt(index)]) ** 2));
  variance.forEach((sum, set) => (variance[set] = sum / size));
  return { mean, variance, size };
}

function setOfIndex([, channels, height, width], of) {
  const map = height * width;
  return (index) => of(Math.floor(index / (channels * map)), Math.floor(index / map) % channels);
}

/**
 * Normalise a block: { mean, variance, xhat, y }. `scale` is { gamma, beta, eps }; `running` is { mean, variance }, one
 * for each channel, where batch norm is in use instead of in training.
 */
export function normalise(values, layer, { gamma, beta, eps }, running = null) {
  const { mean, variance } = running ?? statistics(values, layer);
  const setAt = setOfIndex(layer.shape, setsOf(layer).of);
  const xhat = Float64Array.from(values, (value, index) => (value - mean[setAt(index)]) / Math.sqrt(variance[setAt(index)] + eps));
  const y = xhat.map((value, index) => {
    const place = affineIndex(layer.kind, layer.shape, index);
    return gamma[place] * value + beta[place];
  });
  return { mean, variance, xhat, y };
}

/** The running values of a new batch norm: mean 0 and variance 1 for each channel. */
export const freshRunning = (channels) => ({ mean: new Float64Array(channels), variance: new Float64Array(channels).fill(1) });

/** The running values after one more batch in training; the batch's variance counts as its sum over (count − 1). */
export function updateRunning(running, values, shape, momentum = MOMENTUM) {
  const { mean, variance, size } = statistics(values, { kind: "batch", shape });
  const unbiased = size / (size - 1);
  return {
    mean: running.mean.map((old, c) => (1 - momentum) * old + momentum * mean[c]),
    variance: running.variance.map((old, c) => (1 - momentum) * old + momentum * variance[c] * unbiased),
  };
}

/**
 * Weights and biases of a convolution that does what it and the batch norm after it do, in use: each output channel's
 * weights times γ/√(σ² + ε), and (b − μ)·γ/√(σ² + ε) + β.
 */
export function foldBatchNorm({ weights, bias }, { gamma, beta, eps, mean, variance }) {
  const factor = Float64Array.from(gamma, (value, c) => value / Math.sqrt(variance[c] + eps));
  const perChannel = weights.length / gamma.length;
  return {
    factor,
    weights: weights.map((weight, index) => weight * factor[Math.floor(index / perChannel)]),
    bias: bias.map((value, c) => (value - mean[c]) * factor[c] + beta[c]),
  };
}

/** A convolution without padding, stride 1: input C × H × W, weights C_out × C × k × k → output C_out × H' × W'. */
export function convolve(input, [channels, height, width], { weights, bias, kernel }) {
  const [rows, columns] = [height - kernel + 1, width - kernel + 1];
  const output = new Float64Array(bias.length * rows * columns);
  output.forEach((_, index) => {
    const [o, y, x] = [Math.floor(index / (rows * columns)), Math.floor(index / columns) % rows, index % columns];
    let sum = bias[o];
    for (let tap = 0; tap < channels * kernel * kernel; tap += 1) {
      const [c, ky, kx] = [Math.floor(tap / (kernel * kernel)), Math.floor(tap / kernel) % kernel, tap % kernel];
      sum += weights[o * channels * kernel * kernel + tap] * input[(c * height + y + ky) * width + x + kx];
    }
    output[index] = sum;
  });
  return { values: output, shape: [bias.length, rows, columns] };
}
