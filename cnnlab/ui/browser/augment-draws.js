// Which parameters a policy draws for a picture, how far each transform goes, and how a draw is told in words.
//
// As cnnlab/training/augmentation.py draws them, but from hashes, so that a link shows the same pictures and a slider
// only pulls them further. It knows numbers, not pixels.

import { PLACES } from "./augment-geometry.js";
import { hash } from "./hash.js";

/** Numbers from 0 to 1 that look random: the same for the same seed, picture and transform. */
function randoms(seed, number, name) {
  const salt = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);
  let count = 0;
  const next = () => (hash(seed * 1009 + number, salt, count++) + 0.5) / 2 ** 32;
  return { next, even: (reach) => (2 * next() - 1) * reach, evens: (count, reach) => Array.from({ length: count }, () => (2 * next() - 1) * reach) };
}

const normal = (random) => Math.sqrt(-2 * Math.log(random.next())) * Math.cos(2 * Math.PI * random.next());

// A share of Beta(α, α) for α up to 1 (Jöhnk 1964).
function beta(alpha, random) {
  for (let tries = 0; tries < 200; tries += 1) {
    const [x, y] = [random.next() ** (1 / alpha), random.next() ** (1 / alpha)];
    if (x + y > 0 && x + y <= 1) return x / (x + y);
  }
  return 1;
}

const around = (by, random) => [random.even(Math.log1p(by))];
const factor = (by, random) => [1 + random.even(by)];
const WAYS = {
  flip: (by, random) => [random.next() < by ? 1 : 0],
  elastic: (by, random) => random.evens(2 * PLACES ** 2, by),
  stretch: around,
  scale: around,
  translate: (by, random) => random.evens(2, by),
  crop: (by, random) => [Math.sqrt(1 - by * random.next()), ...random.evens(2, 1)],
  brightness: factor,
  contrast: factor,
  colour: (by, random) => random.evens(3, by),
  pca: (by, random) => [0, 1, 2].map(() => by * normal(random)),
  cutout: (by, random) => [by, random.next(), random.next()],
  mixup: (by, random) => [beta(by, random)],
};

/** The draw of picture `number` by a policy { transform: strength }. */
export function drawOf(policy, seed, number) {
  const entries = Object.entries(policy).filter(([, by]) => by > 0);
  return Object.fromEntries(entries.map(([name, by]) => {
    const random = randoms(seed, number, name);
    return [name, WAYS[name] ? WAYS[name](by, random) : [random.even(by)]];
  }));
}

const BEND = [1, -1, -1, 1, -1, 1, 1, -1, 1, -1, 1, -1, -1, 1, -1, 1];
const bent = (by) => [...BEND, ...BEND.map((_, place) => BEND[(place * 5 + 3) % BEND.length])].map((sign) => sign * by);
const middling = (alpha) => 1 / (2 * Math.sqrt(2 * alpha + 1));
// The two ends of each transform at a strength: what it does at most, to one side and to the other.
const ENDS = {
  flip: () => [[0], [1]],
  elastic: (by) => [bent(by), bent(-by)],
  stretch: (by) => [[-Math.log1p(by)], [Math.log1p(by)]],
  scale: (by) => [[-Math.log1p(by)], [Math.log1p(by)]],
  translate: (by) => [[-by, -by], [by, by]],
  crop: (by) => [[Math.sqrt(1 - by), -1, -1], [Math.sqrt(1 - by), 1, 1]],
  brightness: (by) => [[1 - by], [1 + by]],
  contrast: (by) => [[1 - by], [1 + by]],
  colour: (by) => [[-by, 0, by], [by, 0, -by]],
  pca: (by) => [[-2 * by, 0, 0], [2 * by, 0, 0]],
  cutout: (by) => [[by, 0.35, 0.4], [by, 0.8, 0.75]],
  mixup: (by) => [[0.5 + middling(by)], [0.5 - middling(by)]],
};

/** Both ends of one transform → two draws. */
export const endsOf = (name, by) => (ENDS[name]?.(by) ?? [[-by], [by]]).map((parameters) => ({ [name]: parameters }));

const percent = (share) => `${Math.round(100 * share)}\u00a0%`;
const signed = (value, places = 2) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(places)}`;
const times = (logarithm) => Math.exp(logarithm).toFixed(2);
const degrees = (value) => `${Math.abs(value).toFixed(Math.abs(value) < 10 ? 1 : 0)}°`;
const aside = (value, [less, more]) => (value < 0 ? less : more);
// How a transform's parameters are told; "" where nothing is done.
const WORDS = {
  flip: ([is]) => (is ? "mirrored" : ""),
  elastic: () => "warped",
  lens: ([k]) => (Math.abs(k) < 0.005 ? "" : `bulged ${aside(k, ["in", "out"])} by ${percent(Math.abs(k))}`),
  stretch: ([by]) => `${times(by)} times as wide for its height`,
  shear: ([by]) => `slanted ${degrees(by)} to the ${aside(by, ["left", "right"])}`,
  rotate: ([by]) => `turned ${degrees(by)} to the ${aside(by, ["left", "right"])}`,
  scale: ([by]) => `${times(by)} times as large`,
  translate: ([x, y]) => `moved ${percent(Math.abs(x))} ${aside(x, ["left", "right"])}, ${percent(Math.abs(y))} ${aside(y, ["up", "down"])}`,
  crop: ([side]) => `${percent(side ** 2)} of the area`,
  brightness: ([by]) => `brightness × ${by.toFixed(2)}`,
  contrast: ([by]) => `contrast × ${by.toFixed(2)}`,
  colour: ([r, g, b]) => `red ${signed(r)}, green ${signed(g)}, blue ${signed(b)}`,
  pca: (alphas) => `colour axes by α = ${alphas.map((alpha) => signed(alpha)).join(", ")}`,
  cutout: ([side]) => `a square of ${percent(side)} of the side covered`,
  mixup: ([kept]) => `${percent(1 - kept)} of another picture`,
};

/** A draw in words, such as "mirrored; turned 7° to the left"; "as it is" where nothing is done. */
export function toldDraw(draw) {
  const parts = Object.entries(draw).map(([name, parameters]) => WORDS[name](parameters)).filter(Boolean);
  return parts.length ? parts.join("; ") : "as it is";
}
