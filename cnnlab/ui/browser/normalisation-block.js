// The numbers of the normalisation lab: the block that a learner fills, γ and β, the batches that follow it in training,
// and the small convolution that batch norm is folded into.
//
// All of it follows from the settings, without chance: a copied link shows the same digits. It draws nothing.

import { hash, hashBetween } from "./hash.js";
import { affineIndex, affineShape, freshRunning, normalise, setsOf, sizeOf, statistics, updateRunning } from "./normalisation.js";

const BRIGHT = 50;
const HALF = 2 ** 31;
export const FOLD_CHANNELS = 2;
export const FOLD_SIZE = 5;

/** The index of a place [n, c, y, x] in the block's array. */
export const indexOf = ([, channels, height, width], [n, c, y, x]) => ((n * channels + c) * height + y) * width + x;

const digit = (n, c, y, x) => hashBetween(0, 9, n * 8 + c, y, x);
// preset → what is at a place; in the order in which they are offered
export const FILLINGS = {
  numbers: { title: "Numbers 0–9", hint: "Small whole numbers without a plan: easy to check by hand", at: digit },
  sample: { title: "A bright sample", hint: `The last sample is ${BRIGHT} brighter than the others`, at: (n, c, y, x, [samples]) => digit(n, c, y, x) + (n === samples - 1 ? BRIGHT : 0) },
  channel: { title: "A bright channel", hint: `Channel 0 is ${BRIGHT} brighter in every sample`, at: (n, c, y, x) => digit(n, c, y, x) + (c === 0 ? BRIGHT : 0) },
};

/** The block that the settings describe, with what the learner has changed in it. */
export function blockOf({ normShape: shape, normPreset, normValues }) {
  const [samples, channels, height, width] = shape;
  const values = new Float64Array(sizeOf(shape));
  const { at } = FILLINGS[normPreset];
  for (let n = 0; n < samples; n += 1)
    for (let c = 0; c < channels; c += 1)
      for (let y = 0; y < height; y += 1)
        for (let x = 0; x < width; x += 1) values[indexOf(shape, [n, c, y, x])] = at(n, c, y, x, shape);
  for (const [place, value] of Object.entries(normValues)) if (place < values.length) values[place] = value;
  return values;
}

export const layerOf = ({ normKind: kind, normShape: shape, normGroups: groups }) => ({ kind, shape, groups });

/** γ, β and ε; γ is 1 and β is 0 wherever the learner has not changed them. */
export function scaleOf({ normKind, normShape, normGamma, normBeta, normEps }) {
  const size = sizeOf(affineShape(normKind, normShape));
  const filled = (value, changed) => Float64Array.from({ length: size }, (_, place) => changed[place] ?? value);
  return { gamma: filled(1, normGamma), beta: filled(0, normBeta), eps: Number(normEps) };
}

/** Whether the numbers shown are those of use (eval) rather than of training; only batch norm tells them apart. */
export const isInUse = ({ normKind, normView, normMode }) => normKind === "batch" && normView === "running" && normMode === "eval";

/** All that the views show: { values, layer, scale, sets, mean, variance, xhat, y, inUse }. */
export function computeBlock(settings) {
  const [values, layer, scale, inUse] = [blockOf(settings), layerOf(settings), scaleOf(settings), isInUse(settings)];
  const running = inUse ? runningHistory(settings).at(-1) : null;
  return { values, layer, scale, inUse, sets: setsOf(layer), ...normalise(values, layer, scale, running) };
}

/** A number that looks random, spread evenly so that its mean is 0 and its variance 1. */
const drawn = (...numbers) => Math.sqrt(3) * (hash(...numbers) / HALF - 1);

/** Batch k = 1, 2, … of those that follow: like the learner's block in each channel's mean and variance, but other numbers. */
export function batchOf(settings, k) {
  const values = blockOf(settings);
  const { normShape: shape } = settings;
  const { mean, variance } = statistics(values, { kind: "batch", shape });
  return values.map((_, index) => {
    const c = affineIndex("batch", shape, index);
    return Math.round(100 * (mean[c] + Math.sqrt(variance[c]) * drawn(k, index, 77))) / 100;
  });
}

/** The running values before any batch and after each: [{ mean, variance }, …]; the first batch is batch 1. */
export function runningHistory(settings) {
  const history = [freshRunning(settings.normShape[1])];
  for (let k = 1; k <= settings.normBatches; k += 1) history.push(updateRunning(history.at(-1), batchOf(settings, k), settings.normShape));
  return history;
}

/** The convolution before the batch norm, and what flows into it: { kernel, weights, bias, input, inputShape }. */
export function convolutionOf({ normShape: [, channels], foldKernel: kernel }) {
  const count = channels * FOLD_CHANNELS * kernel * kernel;
  const quarter = (...numbers) => hashBetween(-8, 8, ...numbers) / 4;
  return {
    kernel,
    weights: Float64Array.from({ length: count }, (_, i) => quarter(i, kernel, 5)),
    bias: Float64Array.from({ length: channels }, (_, c) => quarter(c, kernel, 6)),
    input: Float64Array.from({ length: FOLD_CHANNELS * FOLD_SIZE * FOLD_SIZE }, (_, i) => hashBetween(0, 9, i, 7)),
    inputShape: [FOLD_CHANNELS, FOLD_SIZE, FOLD_SIZE],
  };
}
