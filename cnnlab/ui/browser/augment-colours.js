// What a draw does to the colours of a picture, and the whole of what it does: moves, colours, what is covered.
//
// The same formulas as in cnnlab/training/augmentation.py; a test compares the pixels. Pictures are { width, height,
// values }, red, green and blue of each pixel in turn, from 0 to 1.

import { coveredBy, moved } from "./augment-geometry.js";

const LUMA = [0.2989, 0.587, 0.114];
const GREY = 0.5;
const within = (value) => (value < 0 ? 0 : value > 1 ? 1 : value);

/** Change every value: `change(value, channel)`; the result stays from 0 to 1. */
function changed(picture, change) {
  return { ...picture, values: picture.values.map((value, at) => within(change(value, at % 3))) };
}

const WAYS = {
  brightness: (picture, [factor]) => changed(picture, (value) => value * factor),
  contrast(picture, [factor]) {
    const weighted = picture.values.reduce((sum, value, at) => sum + value * LUMA[at % 3], 0);
    const grey = weighted / (picture.width * picture.height);
    return changed(picture, (value) => factor * value + (1 - factor) * grey);
  },
  colour: (picture, added) => changed(picture, (value, channel) => value + added[channel]),
  pca(picture, alphas, axes) {
    const added = colourStep(alphas, axes);
    return changed(picture, (value, channel) => value + added[channel]);
  },
};

/** What α of each axis adds to red, green and blue: each axis times its variance times its α (AlexNet). */
export const colourStep = (alphas, { vectors, variances }) =>
  vectors.map((row) => row.reduce((sum, part, axis) => sum + part * variances[axis] * alphas[axis], 0));

function covered(picture, draw) {
  if (!draw.cutout) return picture;
  const { width, height } = picture;
  const hides = coveredBy(draw, width, height);
  const values = picture.values.map((value, at) => {
    const pixel = Math.floor(at / 3);
    return hides(pixel % width, Math.floor(pixel / width)) ? GREY : value;
  });
  return { width, height, values };
}

/** A picture distorted by a draw; `axes` are { vectors: 3 rows, variances } of the set. */
export function applied(picture, draw, axes) {
  let made = moved(picture, 3, draw);
  for (const [name, change] of Object.entries(WAYS)) if (draw[name]) made = change(made, draw[name], axes);
  return covered(made, draw);
}

/** Two pictures laid over each other; `kept` is the share of the first. */
export const mixedWith = (picture, other, kept) => ({
  ...picture,
  values: picture.values.map((value, at) => kept * value + (1 - kept) * other.values[at]),
});
