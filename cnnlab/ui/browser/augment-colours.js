// What a draw does to the colours of a picture, and the whole of what it does: moves, colours, what is covered.
//
// The same formulas as in cnnlab/training/augmentation.py; a test compares the pixels. Pictures are { width, height,
// values }, red, green and blue of each pixel in turn, from 0 to 1.

import { coveredBy, moved } from "./augment-geometry.js";

const LUMA = [0.2989, 0.587, 0.114];
const GREY = 0.5;

/** Each value times `factor` plus what its colour is given; the result stays from 0 to 1. */
function scaled({ width, height, values }, factor, added) {
  const made = new Float64Array(values.length);
  for (let at = 0; at < values.length; at += 3) {
    for (let colour = 0; colour < 3; colour += 1) {
      const value = factor * values[at + colour] + added[colour];
      made[at + colour] = value < 0 ? 0 : value > 1 ? 1 : value;
    }
  }
  return { width, height, values: made };
}

function greyOf({ width, height, values }) {
  let sum = 0;
  for (let at = 0; at < values.length; at += 3) sum += LUMA[0] * values[at] + LUMA[1] * values[at + 1] + LUMA[2] * values[at + 2];
  return sum / (width * height);
}

const WAYS = {
  brightness: (picture, [factor]) => scaled(picture, factor, [0, 0, 0]),
  contrast(picture, [factor]) {
    const grey = (1 - factor) * greyOf(picture);
    return scaled(picture, factor, [grey, grey, grey]);
  },
  colour: (picture, added) => scaled(picture, 1, added),
  pca: (picture, alphas, axes) => scaled(picture, 1, colourStep(alphas, axes)),
};

/** What α of each axis adds to red, green and blue: each axis times its variance times its α (AlexNet). */
export const colourStep = (alphas, { vectors, variances }) =>
  vectors.map((row) => row.reduce((sum, part, axis) => sum + part * variances[axis] * alphas[axis], 0));

function covered({ width, height, values }, draw) {
  const made = values.slice();
  const hides = coveredBy(draw, width, height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    if (hides(pixel % width, Math.floor(pixel / width))) made.fill(GREY, 3 * pixel, 3 * pixel + 3);
  }
  return { width, height, values: made };
}

/** A picture distorted by a draw; `axes` are { vectors: 3 rows, variances } of the set. */
export function applied(picture, draw, axes) {
  let made = moved(picture, 3, draw);
  for (const [name, change] of Object.entries(WAYS)) if (draw[name]) made = change(made, draw[name], axes);
  return draw.cutout ? covered(made, draw) : made;
}

/** Two pictures laid over each other; `kept` is the share of the first. */
export const mixedWith = (picture, other, kept) => ({
  ...picture,
  values: picture.values.map((value, at) => kept * value + (1 - kept) * other.values[at]),
});
