// The numbers that flow into the first layer: a picture averaged down to the input's size, or a pattern of numbers.
//
// Pictures give values from 0 to 255. Shrinking takes the mean over the area that each cell covers; enlarging repeats
// the nearest pixel; the whole picture is always used, stretched if need be. The means are rounded to whole numbers, so
// that sums can be followed by eye. It does not know where a picture comes from, nor any layer.

import { hashBetween } from "./hash.js";

const wave = (part) => Math.round(100 * Math.sin(2 * Math.PI * part)) || 0;

// name → the value in channel c, row y, column x of a height × width input
export const PATTERNS = {
  numbers: ({ c, y, x }) => hashBetween(0, 9, c, y, x),
  ramp: ({ c, x }) => x + c,
  impulse: ({ y, x, height, width }) => +(y === height >> 1 && x === width >> 1),
  checker: ({ c, y, x }) => (c + y + x) % 2,
  sine: ({ c, x, width }) => wave((2 * (x + c)) / width),
  step: ({ c, x, width }) => (2 * ((x + c) % width) >= width ? 100 : 0),
};

/** How each cell of an axis is made of `from` pixels: [{ first, shares }, …]; the shares of a cell add up to 1. */
export function sharesAlong(from, to) {
  return Array.from({ length: to }, (_, cell) => {
    if (to >= from) return { first: Math.floor(((cell + 0.5) * from) / to), shares: Float64Array.of(1) };
    const [start, end] = [(cell * from) / to, ((cell + 1) * from) / to];
    const [first, last] = [Math.floor(start + 1e-9), Math.ceil(end - 1e-9)];
    const covered = (pixel) => (Math.min(end, pixel + 1) - Math.max(start, pixel)) / (end - start);
    return { first, shares: Float64Array.from({ length: last - first }, (_unused, i) => covered(first + i)) };
  });
}

/** The mean of a plane of pixels over each cell, not rounded; columns first, then rows. */
export function meanOver({ values, width, height }, [toHeight, toWidth]) {
  const columns = sharesAlong(width, toWidth);
  const narrow = new Float64Array(height * toWidth);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < toWidth; x++) {
      const { first, shares } = columns[x];
      let sum = 0;
      for (let i = 0; i < shares.length; i++) sum += shares[i] * values[y * width + first + i];
      narrow[y * toWidth + x] = sum;
    }
  }
  const means = new Float64Array(toHeight * toWidth);
  sharesAlong(height, toHeight).forEach(({ first, shares }, y) => {
    shares.forEach((share, i) => {
      const [to, from] = [y * toWidth, (first + i) * toWidth];
      for (let x = 0; x < toWidth; x++) means[to + x] += share * narrow[from + x];
    });
  });
  return means;
}

// 0 red, 1 green, 2 blue, 3 the plain mean of the three
function colourPlane({ width, height, rgb }, colour) {
  const values = new Float64Array(width * height);
  for (let i = 0, j = 0; i < values.length; i++, j += 3) {
    values[i] = colour < 3 ? rgb[j + colour] : (rgb[j] + rgb[j + 1] + rgb[j + 2]) / 3;
  }
  return { values, width, height };
}

/** The middle row of a picture, as a picture one pixel high. */
export function middleRow({ width, height, rgb, ...rest }) {
  const start = (height >> 1) * width * 3;
  return { ...rest, width, height: 1, rgb: rgb.subarray(start, start + width * 3) };
}

// One channel is grey; else channel c is colour c mod 3, moved right by ⌊c / 3⌋ columns, and what leaves on the right
// comes in on the left.
function pictureInput(picture, channels, sizes) {
  const [height, width] = sizes;
  const planes = [];
  const planeOf = (colour) => (planes[colour] ??= meanOver(colourPlane(picture, colour), sizes).map((mean) => Math.round(mean + 1e-9)));
  if (channels === 1) return { at: (_, y, x) => planeOf(3)[y * width + x], channel: () => planeOf(3) };
  const at = (c, y, x) => planeOf(c % 3)[y * width + ((((x - Math.floor(c / 3)) % width) + width) % width)];
  return { at, channel: (c) => (c < 3 ? planeOf(c) : plane([height, width], (y, x) => at(c, y, x))) };
}

/**
 * What flows in: { ready, at(c, y, x), channel(c) }, the last a Float64Array row by row. `ready` is false, and every
 * value 0, as long as the picture that the settings name has not arrived.
 */
export function createInputs(source, shape, picture) {
  const [channels, ...axes] = shape;
  const sizes = axes.length === 1 ? [1, axes[0]] : axes;
  const { ready, at, channel } = reader(source, { channels, sizes, flat: axes.length === 1 }, picture);
  const memory = new Map();
  return {
    ready,
    at,
    channel(c) {
      if (!memory.has(c)) memory.set(c, channel ? channel(c) : plane(sizes, (y, x) => at(c, y, x)));
      return memory.get(c);
    },
  };
}

function reader(source, { channels, sizes, flat }, picture) {
  const [height, width] = sizes;
  const rule = PATTERNS[source];
  if (rule) return { ready: true, at: (c, y, x) => rule({ c, y, x, height, width }) };
  if (picture?.name !== source) return { ready: false, at: () => 0 };
  return { ready: true, ...pictureInput(flat ? middleRow(picture) : picture, channels, sizes) };
}

function plane([height, width], rule) {
  const values = new Float64Array(height * width);
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) values[i] = rule(y, x);
  return values;
}
