// Which values, channels or whole blocks a training pass drops, what that does to their mean, and what is left to do
// in evaluation.
//
// Masks come from hash.js, so that a link shows the same ones; pass k of a seed is always the same. It draws nothing.

import { hash, hashBetween } from "./hash.js";

export const SHAPE = [4, 4, 4]; // channels × height × width
export const PICTURES = 4; // pictures in the batch that stochastic depth is shown on
const PLANE = SHAPE[1] * SHAPE[2];
const ALL = 2 ** 32;
const SALT = { element: 0x51ed27, channel: 0x2c7a11, depth: 0x6b84d3 };

/** The values that go in: whole numbers 1 to 9, channel by channel. */
export const droppedInput = () => Float64Array.from({ length: SHAPE[0] * PLANE }, (_, i) => hashBetween(1, 9, 77, i));

/** A number from 0 to below 1 that belongs to one unit of one pass. */
const chance = (kind, seed, pass, unit) => hash(SALT[kind] ^ seed, pass, unit) / ALL;

/** How many units are drawn in a pass: each value, or each channel. */
export const unitsOf = (kind) => (kind === "element" ? SHAPE[0] * PLANE : SHAPE[0]);
export const unitAt = (kind, place) => (kind === "element" ? place : Math.floor(place / PLANE));

/** Which units a pass keeps: an array of true and false. */
export const keptUnits = ({ kind, seed, drop }, pass) =>
  Array.from({ length: unitsOf(kind) }, (_, unit) => chance(kind, seed, pass, unit) >= drop);

/** What survivors are multiplied by in training: 1 / (1 − p). */
export const scaleFor = (drop) => 1 / (1 - drop);

/** One training pass over the values. */
export function dropPass(values, mask, pass) {
  const kept = keptUnits(mask, pass);
  const scale = scaleFor(mask.drop);
  return Float64Array.from(values, (value, i) => (kept[unitAt(mask.kind, i)] ? value * scale : 0));
}

let counted = { key: "", passes: 0, counts: [] };
/** How often each unit is kept in the first `passes` passes; more passes continue the last count. */
export function keptCounts(mask, passes) {
  const key = JSON.stringify(mask);
  if (counted.key !== key || counted.passes > passes) counted = { key, passes: 0, counts: new Array(unitsOf(mask.kind)).fill(0) };
  for (; counted.passes < passes; counted.passes += 1) {
    for (let unit = 0; unit < counted.counts.length; unit++) {
      counted.counts[unit] += chance(mask.kind, mask.seed, counted.passes, unit) >= mask.drop;
    }
  }
  return [...counted.counts];
}

/** The mean of the first `passes` training passes over the values. */
export function meanPass(values, mask, passes) {
  const counts = keptCounts(mask, passes);
  return Float64Array.from(values, (value, i) => (value * scaleFor(mask.drop) * counts[unitAt(mask.kind, i)]) / passes);
}

/** How far a mean of `passes` passes lies from its value, as a rule (one standard deviation, relative): √(p / ((1 − p) n)). */
export const usualError = (drop, passes) => Math.sqrt(drop / ((1 - drop) * passes));

/** Block l of L (counted from 1) stays with probability 1 − l/L · (1 − p_L): linear decay (Huang et al. 2016, eq. 4). */
export const survival = (block, blocks, last) => 1 - (block / blocks) * (1 - last);
export const survivals = (blocks, last) => Array.from({ length: blocks }, (_, i) => survival(i + 1, blocks, last));

/** How many blocks a training pass has in the mean: the sum of their survival probabilities. */
export const expectedDepth = (blocks, last) => survivals(blocks, last).reduce((sum, p) => sum + p, 0);

/** Which blocks each of PICTURES pictures passes through; mode "batch" draws once for all of them. */
export const keptBlocks = ({ seed, blocks, last, mode }, pass) =>
  Array.from({ length: PICTURES }, (_, picture) =>
    survivals(blocks, last).map((p, i) => chance("depth", seed, pass * PICTURES + (mode === "batch" ? 0 : picture), i) < p),
  );

/** In how many of the first `passes` passes the first picture goes through a block (counted from 1). */
export function keptTimes({ seed, blocks, last }, block, passes) {
  const p = survival(block, blocks, last);
  let times = 0;
  for (let pass = 0; pass < passes; pass += 1) times += chance("depth", seed, pass * PICTURES, block - 1) < p;
  return times;
}

/** What a residual block makes of x with a branch of value f, in the two conventions; "mean" is that of training. */
export function blockOutputs(x, f, p) {
  const mean = (kept) => p * kept + (1 - p) * x;
  return {
    paper: { kept: x + f, skipped: x, mean: mean(x + f), evaluation: x + p * f },
    torchvision: { kept: x + f / p, skipped: x, mean: mean(x + f / p), evaluation: x + f },
  };
}
