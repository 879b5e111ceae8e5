// What a learner can set in the normalisation lab, its defaults, and how it is written in an address.
//
// It knows the forms of the settings, not what normalisation does with them.

import { choice, whole } from "./fields.js";
import { FILLINGS } from "./normalisation-block.js";

export const KINDS = {
  batch: { title: "Batch", hint: "nn.BatchNorm2d: one mean for each channel, over all samples" },
  layer: { title: "Layer", hint: "nn.LayerNorm: one mean for each sample, over all channels" },
  instance: { title: "Instance", hint: "nn.InstanceNorm2d: one mean for each map" },
  group: { title: "Group", hint: "nn.GroupNorm: one mean for each group of channels of a sample" },
};
export const VIEWS = {
  block: { title: "Which numbers share a mean", hint: "The block and one of its numbers, worked out" },
  running: { title: "Training and use", hint: "Batch norm's running values" },
  folding: { title: "Folding", hint: "Batch norm inside the convolution before it" },
};
export const SHOWN = {
  x: { title: "x", hint: "The numbers as they come in" },
  xhat: { title: "x̂", hint: "After subtracting the mean and dividing by the spread" },
  y: { title: "y", hint: "After γ and β too: what the layer hands on" },
};

export const EPSILONS = ["1e-5", "1e-3", "0.1"];
export const LARGEST_SHAPE = [4, 6, 4, 4];
export const LARGEST_VALUE = 999;
export const MOST_BATCHES = 60;

const inside = (numbers, low, high) => numbers.every((number, axis) => number >= low[axis] && number <= high[axis]);
/** Four whole numbers, one for each of the axes N, C, H, W, joined by a sign. */
const axes = (sign, low, high) => ({
  read(written) {
    const numbers = written.split(sign).map((part) => whole(0, 99).read(part));
    return numbers.length === 4 && !numbers.includes(undefined) && inside(numbers, low, high) ? numbers : undefined;
  },
  write: (numbers) => numbers.join(sign),
  hint: `four whole numbers from ${low.join(sign)} to ${high.join(sign)}`,
});

/** Numbers by place, { place: number }, written "3:7,12:-0.5": what a learner has changed by hand. */
const changed = {
  read(written) {
    if (!/^(\d{1,3}:-?\d{1,3}(\.\d{1,2})?(,(?!$)|$))*$/.test(written)) return undefined;
    return Object.fromEntries(written ? written.split(",").map((one) => one.split(":").map(Number)) : []);
  },
  write: (numbers) => Object.entries(numbers).map((entry) => entry.join(":")).join(","),
  hint: "places with numbers, such as 3:7,12:-0.5",
};

// field → [name in the address, default, its form]
export const NORMALISATION_FIELDS = {
  normKind: ["norm", "batch", choice(Object.keys(KINDS))],
  normView: ["nv", "block", choice(Object.keys(VIEWS))],
  normShape: ["nchw", [3, 4, 2, 2], axes("x", [1, 1, 2, 2], LARGEST_SHAPE)],
  normGroups: ["ng", 2, whole(1, LARGEST_SHAPE[1])],
  normPreset: ["nx", "numbers", choice(Object.keys(FILLINGS))],
  normValues: ["nxv", {}, changed],
  normGamma: ["ngam", {}, changed],
  normBeta: ["nbet", {}, changed],
  normEps: ["neps", "1e-5", choice(EPSILONS)],
  normCell: ["nat", [0, 0, 0, 0], axes(".", [0, 0, 0, 0], LARGEST_SHAPE.map((size) => size - 1))],
  normShown: ["nshow", "x", choice(Object.keys(SHOWN))],
  normMode: ["nm", "train", choice(["train", "eval"])],
  normBatches: ["nb", 0, whole(0, MOST_BATCHES)],
  foldKernel: ["nk", 1, { read: (written) => ({ 1: 1, 3: 3 })[written], write: String, hint: "1 or 3" }],
};

/** Bring what depends on the shape back into range: the groups divide the channels, the chosen cell lies in the block. */
export function tidyNormalisation(settings) {
  const [, channels] = settings.normShape;
  const groups = [settings.normGroups, 2, 1].find((number) => channels % number === 0);
  return { ...settings, normGroups: groups, normCell: settings.normCell.map((at, axis) => Math.min(at, settings.normShape[axis] - 1)) };
}

/** The changes that another shape, or another kind, means: what was changed by hand belonged to the places of before. */
export const changeShape = (normShape) => ({ normShape, normValues: {}, normGamma: {}, normBeta: {} });
export const changeKind = ({ normKind }, next) =>
  (next === "layer") === (normKind === "layer") ? { normKind: next } : { normKind: next, normGamma: {}, normBeta: {} };
