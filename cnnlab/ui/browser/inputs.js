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

/** How each cell of an axis is made of `from` pixels: [[pixel, share], …] with shares that add up to 1. */
export function sharesAlong(from, to) {
  return Array.from({ length: to }, (_, cell) => {
    if (to >= from) return [[Math.floor(((cell + 0.5) * from) / to), 1]];
    const [start, end] = [(cell * from) / to, ((cell + 1) * from) / to];
    const shares = [];
    for (let pixel = Math.floor(start); pixel < end && pixel < from; pixel++) {
      const covered = Math.min(end, pixel + 1) - Math.max(start, pixel);
      if (covered > 1e-9) shares.push([pixel, covered / (end - start)]);
    }
    return shares;
  });
}

/** The mean of one colour (0 red, 1 green, 2 blue) of a picture over each cell, not rounded. */
export function meanColour(picture, colour, [height, width]) {
  const rows = sharesAlong(picture.height, height);
  const columns = sharesAlong(picture.width, width);
  const narrow = new Float64Array(picture.height * width);
  for (let y = 0, i = 0; y < picture.height; y++) {
    for (const shares of columns) {
      let sum = 0;
      for (const [x, share] of shares) sum += share * picture.rgb[(y * picture.width + x) * 3 + colour];
      narrow[i++] = sum;
    }
  }
  const values = new Float64Array(height * width);
  rows.forEach((shares, y) => {
    for (const [row, share] of shares) {
      for (let x = 0; x < width; x++) values[y * width + x] += share * narrow[row * width + x];
    }
  });
  return values;
}

/** The middle row of a picture, as a picture one pixel high. */
export function middleRow({ width, height, rgb, ...rest }) {
  const start = (height >> 1) * width * 3;
  return { ...rest, width, height: 1, rgb: rgb.subarray(start, start + width * 3) };
}

const rounded = (values) => values.map((value) => Math.round(value + 1e-9));

// One channel is grey, the plain mean of the three colours; else channel c is colour c mod 3, moved right by
// ⌊c / 3⌋ columns, and what leaves on the right comes in on the left.
function pictureInput(picture, channels, sizes) {
  const [width] = sizes.slice(-1);
  const means = (colour) => meanColour(picture, colour, sizes);
  if (channels === 1) {
    const [red, green, blue] = [0, 1, 2].map(means);
    const grey = rounded(red.map((value, i) => (value + green[i] + blue[i]) / 3));
    return (_, y, x) => grey[y * width + x];
  }
  const colours = [];
  return (c, y, x) => {
    colours[c % 3] ??= rounded(means(c % 3));
    const moved = (((x - Math.floor(c / 3)) % width) + width) % width;
    return colours[c % 3][y * width + moved];
  };
}

/**
 * What flows in: { ready, at(c, y, x), channel(c) }, the last a Float64Array row by row. `ready` is false, and every
 * value 0, as long as the picture that the settings name has not arrived.
 */
export function createInputs(source, shape, picture) {
  const [channels, ...axes] = shape;
  const sizes = axes.length === 1 ? [1, axes[0]] : axes;
  const { ready, at } = reader(source, { channels, sizes, flat: axes.length === 1 }, picture);
  const memory = new Map();
  const channel = (c) => {
    if (!memory.has(c)) memory.set(c, plane(sizes, (y, x) => at(c, y, x)));
    return memory.get(c);
  };
  return { ready, at, channel };
}

function reader(source, { channels, sizes, flat }, picture) {
  const [height, width] = sizes;
  const rule = PATTERNS[source];
  if (rule) return { ready: true, at: (c, y, x) => rule({ c, y, x, height, width }) };
  if (picture?.name !== source) return { ready: false, at: () => 0 };
  return { ready: true, at: pictureInput(flat ? middleRow(picture) : picture, channels, sizes) };
}

function plane([height, width], rule) {
  const values = new Float64Array(height * width);
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) values[i] = rule(y, x);
  return values;
}
