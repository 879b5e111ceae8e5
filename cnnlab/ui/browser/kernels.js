// Which weights a named kernel has at any size, and how hand-made weights are written in an address.
//
// Kernels are row-major Float64Arrays of kh × kw numbers, used as deep learning does: not turned round. An axis of
// length 1 drops out of a kernel (its factor is 1). It does not know layers, channels or pictures.

import { hashBetween } from "./hash.js";

export const LARGEST_WEIGHT = 9999;
export const MOST_CHANNELS = 16;
export const LONGEST_TEXT = 4000;

/** The middle of an axis; an even axis has none, and the cell before it keeps the picture in place. */
export const middle = (length) => (length - 1) >> 1;

const fromRule = (kh, kw, rule) => Float64Array.from({ length: kh * kw }, (_, i) => rule(Math.floor(i / kw), i % kw));
const outer = (column, row) => fromRule(column.length, row.length, (y, x) => column[y] * row[x]);

/** Row n of Pascal's triangle: 1; 1 1; 1 2 1; 1 3 3 1; … */
function binomial(length) {
  const row = [1];
  for (let i = 1; i < length; i++) row.push((row[i - 1] * (length - i)) / i);
  return row;
}

const total = (values) => values.reduce((sum, value) => sum + Math.abs(value), 0);
const scaledTo = (values, size) => values.map((value) => (value * size) / total(values));
// Whole numbers up to length 5; longer ones are scaled to the size that length 5 has.
const smoothing = (length) => (length <= 5 ? binomial(length) : scaledTo(binomial(length), 16));
const average = (length) => binomial(length).map((value) => value / 2 ** (length - 1));
const even = (length) => Array(length).fill(1 / length);
const single = (length) => Array.from({ length }, (_, i) => (i === middle(length) ? 1 : 0));

/** Smooth, then subtract the left neighbour: −1 1; −1 0 1; −1 −1 1 1; −1 −2 0 2 1; … */
function difference(length) {
  if (length === 1) return [1];
  const smooth = binomial(length - 1);
  const values = Array.from({ length }, (_, i) => (smooth[i - 1] ?? 0) - (smooth[i] ?? 0));
  return length <= 5 ? values : scaledTo(values, 6);
}

function laplacian(kh, kw) {
  const [cy, cx] = [middle(kh), middle(kw)];
  return fromRule(kh, kw, (y, x) => (y === cy && x === cx ? 2 - kh - kw : +(y === cy || x === cx)));
}

/** Steps right of the centre times `right`, plus steps below it times `down`. */
const slope = (kh, kw, right, down) =>
  fromRule(kh, kw, (y, x) => right * (x - (kw - 1) / 2) + down * (y - (kh - 1) / 2));
const plusCentre = (weights, kh, kw, sign = 1) => {
  const centre = outer(single(kh), single(kw));
  return weights.map((value, i) => sign * value + centre[i]);
};

// name, title, what it finds or does, the weights at a size, and what it needs to work as described
export const PRESETS = [
  { name: "identity", title: "Identity", finds: "Copies the picture: only the middle weight is not 0.", make: (kh, kw) => outer(single(kh), single(kw)), centred: true, separable: true },
  { name: "box", title: "Box blur", finds: "The plain average of all cells under the kernel.", make: (kh, kw) => outer(even(kh), even(kw)), separable: true },
  { name: "gaussian", title: "Gaussian blur", finds: "An average in which near cells count more: a softer blur.", make: (kh, kw) => outer(average(kh), average(kw)), separable: true },
  { name: "sharpen", title: "Sharpen", finds: "Strengthens what differs from its neighbours; flat areas stay as they are.", make: (kh, kw) => plusCentre(laplacian(kh, kw), kh, kw, -1), centred: true },
  { name: "sobel-x", title: "Sobel x", finds: "Left-to-right change: answers at upright edges, 0 where nothing changes.", make: (kh, kw) => outer(smoothing(kh), difference(kw)), across: true, separable: true },
  { name: "sobel-y", title: "Sobel y", finds: "Top-to-bottom change: answers at level edges, 0 where nothing changes.", make: (kh, kw) => outer(difference(kh), smoothing(kw)), down: true, separable: true },
  { name: "laplacian", title: "Laplacian", finds: "The neighbours minus the middle: answers at edges and dots of every direction.", make: laplacian, centred: true },
  { name: "emboss", title: "Emboss", finds: "Light from the top left: the picture looks stamped in relief.", make: (kh, kw) => plusCentre(slope(kh, kw, 1, 1), kh, kw), centred: true },
  { name: "edge-45", title: "Diagonal edge ↗", finds: "Change towards the top right, at 45°.", make: (kh, kw) => slope(kh, kw, 1, -1) },
  { name: "edge-135", title: "Diagonal edge ↖", finds: "Change towards the top left, at 135°.", make: (kh, kw) => slope(kh, kw, -1, -1) },
  { name: "random", title: "Random", finds: "Numbers from −1 to 1 without a plan, as before training.", make: (kh, kw, seed) => fromRule(kh, kw, (y, x) => hashBetween(-10, 10, seed, y, x) / 10) },
];

/** Where a preset stands in the table; an unknown name counts as the first, the identity. */
export const presetIndex = (name) => Math.max(0, PRESETS.findIndex((preset) => preset.name === name));

/** The weights of a named kernel at any size; `seed` matters to "random" only. All zero becomes a single 1. */
export function presetWeights(name, kh, kw, seed = 0) {
  const weights = PRESETS[presetIndex(name)].make(kh, kw, seed).map((value) => value || 0);
  const says = weights.some((value) => value !== 0) || name === "random";
  return says || !weights.length ? weights : outer(single(kh), single(kw));
}

/** What a size takes away from a preset, in a sentence; "" where nothing. */
export function presetHint(name, kh, kw) {
  const { across, down, centred } = PRESETS[presetIndex(name)];
  const compares = !["identity", "box", "gaussian", "random"].includes(name);
  if (compares && kh * kw === 1) return "A 1 × 1 kernel sees no neighbour to compare with, so its weight is 1.";
  if (across && kw === 1) return "This kernel is 1 wide: it cannot compare left with right, only smooth downwards.";
  if (down && kh === 1) return "This kernel is 1 high: it cannot compare top with bottom, only smooth sideways.";
  if (centred && (kh % 2 === 0 || kw % 2 === 0)) return "An even size has no middle; the cell just before it takes its place.";
  return "";
}

/** Read "0:1,0,-1;1.5:…" → [{ layer, channel, numbers }]; what cannot be read is left out. */
export function parseWeights(text) {
  const entries = [];
  for (const part of text.split(";")) {
    const [key, list, ...rest] = part.split(":");
    const match = /^(?:(1)\.)?(\d{1,4})$/.exec(key);
    const numbers = (list ?? "").split(",").map(readWeight);
    if (!match || rest.length || numbers.includes(undefined) || entries.length === MOST_CHANNELS) continue;
    entries.push({ layer: +(match[1] ?? 0), channel: +match[2], numbers });
  }
  return entries;
}

/** Write what `parseWeights` reads; the second layer of a pair is marked "1.". Throws nothing, may be too long. */
export const writeWeights = (entries) =>
  entries.map(({ layer, channel, numbers }) => `${layer ? "1." : ""}${channel}:${[...numbers].join(",")}`).join(";");

/** One weight as typed: −9999 to 9999 with at most four decimals, else undefined; accepts "−" and one comma. */
export function readWeight(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  if (!/^[-+]?(\d{1,4}(\.\d{0,4})?|\.\d{1,4})$/.test(plain)) return undefined;
  return +plain || 0;
}
