// Where each pixel of a distorted picture is read in the original, and what is read there.
//
// The same formulas as in cnnlab/training/augmentation.py: all moves become one table of places; a test compares the
// pixels. A draw is { transform: [its parameters] }, as a row of Python's. It knows no colours and no page.

export const PLACES = 4; // of the elastic warp, along each side
const MOVES = ["elastic", "lens", "stretch", "shear", "rotate", "scale", "translate", "crop"];
const radians = (degrees) => (degrees * Math.PI) / 180;

/** The affine way back: [a, b, c, d] in pixels from the middle, and where the middle is read, in half sides. */
function readFrom(draw, halfWidth, halfHeight) {
  const number = (name, column = 0, initial = 0) => draw[name]?.[column] ?? initial;
  const angle = radians(number("rotate"));
  const [slant, wide, factor] = [Math.tan(radians(number("shear"))), Math.exp(number("stretch") / 2), Math.exp(number("scale"))];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const forward = [cos * wide, (-cos * slant - sin) / wide, sin * wide, (cos - sin * slant) / wide];
  const back = [forward[3], -forward[1], -forward[2], forward[0]].map((value) => value / factor);
  const side = number("crop", 0, 1);
  const [across, down] = [0, 1].map((axis) => (1 - side) * number("crop", 1 + axis) - 2 * number("translate", axis));
  const [x, y] = [across * halfWidth, down * halfHeight];
  const middle = [(back[0] * x + back[1] * y) / halfWidth, (back[2] * x + back[3] * y) / halfHeight];
  return { back: back.map((value) => value * side), middle };
}

/** Where every pixel is read: x and y in turn, in pixels, 0 being the middle of the first; null where nothing moves. */
export function placesOf(draw, width, height) {
  if (!MOVES.some((name) => draw[name])) return null;
  const [halfWidth, halfHeight] = [width / 2, height / 2];
  const { back, middle } = readFrom(draw, halfWidth, halfHeight);
  const corner = halfWidth ** 2 + halfHeight ** 2;
  const k = draw.lens?.[0] ?? 0;
  const places = new Float64Array(2 * width * height);
  for (let row = 0, at = 0; row < height; row += 1) {
    const down = row + 0.5 - halfHeight;
    for (let column = 0; column < width; column += 1, at += 2) {
      const across = column + 0.5 - halfWidth;
      let x = (back[0] * across + back[1] * down) / halfWidth + middle[0];
      let y = (back[2] * across + back[3] * down) / halfHeight + middle[1];
      if (k) {
        const bulge = 1 + (k * ((x * halfWidth) ** 2 + (y * halfHeight) ** 2)) / corner;
        [x, y] = [x * bulge, y * bulge];
      }
      if (draw.elastic) {
        const pull = pullAt(draw.elastic, x, y);
        [x, y] = [x + 2 * pull[0], y + 2 * pull[1]];
      }
      places[at] = ((x + 1) * width - 1) / 2;
      places[at + 1] = ((y + 1) * height - 1) / 2;
    }
  }
  return places;
}

// Cubic convolution (Keys 1981) with a = −0.75, as torch.nn.functional.grid_sample has it; the border goes on outside.
const A = -0.75;
function cubicWeights(t) {
  const near = (x) => ((A + 2) * x - (A + 3)) * x * x + 1;
  const far = (x) => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)];
}

function pullAt(pulls, x, y) {
  const [fx, fy] = [((x + 1) / 2) * (PLACES - 1), ((y + 1) / 2) * (PLACES - 1)];
  const [column, row] = [Math.floor(fx), Math.floor(fy)];
  const [across, down] = [cubicWeights(fx - column), cubicWeights(fy - row)];
  const inside = (place) => Math.max(0, Math.min(PLACES - 1, place));
  const sum = [0, 0];
  for (let i = 0; i < 4; i += 1) {
    const line = inside(row - 1 + i) * PLACES;
    for (let j = 0; j < 4; j += 1) {
      const place = line + inside(column - 1 + j);
      const weight = down[i] * across[j];
      sum[0] += weight * pulls[place];
      sum[1] += weight * pulls[PLACES * PLACES + place];
    }
  }
  return sum;
}

/** A picture { width, height, values: `channels` numbers a pixel } with left and right swapped. */
export function mirrored({ width, height, values }, channels) {
  const turned = new Float64Array(values.length);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const [to, from] = [(row * width + column) * channels, (row * width + width - 1 - column) * channels];
      for (let channel = 0; channel < channels; channel += 1) turned[to + channel] = values[from + channel];
    }
  }
  return { width, height, values: turned };
}

/** A picture read at `places`, between pixels in straight lines; what is outside is 0. */
export function readAt({ width, height, values }, channels, places) {
  const read = new Float64Array(values.length);
  const value = (row, column, channel) =>
    row < 0 || column < 0 || row >= height || column >= width ? 0 : values[(row * width + column) * channels + channel];
  const line = width * channels;
  for (let pixel = 0, to = 0; pixel < width * height; pixel += 1, to += channels) {
    const [x, y] = [places[2 * pixel], places[2 * pixel + 1]];
    const [column, row] = [Math.floor(x), Math.floor(y)];
    if (column < -1 || row < -1 || column >= width || row >= height) continue;
    const [right, below] = [x - column, y - row];
    const inside = column >= 0 && row >= 0 && column < width - 1 && row < height - 1;
    const from = row * line + column * channels;
    for (let channel = 0; channel < channels; channel += 1) {
      const at = from + channel;
      const [a, b] = inside ? [values[at], values[at + channels]] : [value(row, column, channel), value(row, column + 1, channel)];
      const [c, d] = inside ? [values[at + line], values[at + line + channels]] : [value(row + 1, column, channel), value(row + 1, column + 1, channel)];
      read[to + channel] = (a * (1 - right) + b * right) * (1 - below) + (c * (1 - right) + d * right) * below;
    }
  }
  return { width, height, values: read };
}

/** A picture of `channels` numbers a pixel, moved as a draw says. */
export function moved(picture, channels, draw) {
  const turned = draw.flip?.[0] > 0 ? mirrored(picture, channels) : picture;
  const places = placesOf(draw, picture.width, picture.height);
  return places ? readAt(turned, channels, places) : turned;
}

/** How many pixels of the original each pixel of the result was read from: as torch.gradient measures slopes. */
function areasOf(places, width, height) {
  const areas = new Float64Array(width * height);
  const slope = (row, column, step, most, axis, position) => {
    const [before, after] = [position ? -1 : 0, position < most - 1 ? 1 : 0];
    const at = (by) => places[2 * ((row + step[0] * by) * width + column + step[1] * by) + axis];
    return (at(after) - at(before)) / (after - before || 1);
  };
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const right = [0, 1].map((axis) => slope(row, column, [0, 1], width, axis, column));
      const down = [0, 1].map((axis) => slope(row, column, [1, 0], height, axis, row));
      areas[row * width + column] = Math.abs(right[0] * down[1] - right[1] * down[0]);
    }
  }
  return areas;
}

/** Which pixels a cut-out covers: (column, row) → true or false. */
export function coveredBy(draw, width, height) {
  if (!draw.cutout) return () => false;
  const [side, across, down] = draw.cutout;
  return (column, row) => Math.abs((column + 0.5) / width - across) < side / 2 && Math.abs((row + 0.5) / height - down) < side / 2;
}

/** Which share of the object is still to be seen, from 0 to 1, given its mask (one number a pixel, 0 to 1). */
export function objectLeft(mask, draw) {
  const { width, height } = mask;
  const places = placesOf(draw, width, height);
  const areas = places && areasOf(places, width, height);
  const covered = coveredBy(draw, width, height);
  let [seen, all] = [0, 0];
  moved(mask, 1, draw).values.forEach((value, pixel) => {
    all += mask.values[pixel];
    if (!covered(pixel % width, Math.floor(pixel / width))) seen += value * (areas ? areas[pixel] : 1);
  });
  return Math.min(1, seen / Math.max(all, 1e-6));
}
