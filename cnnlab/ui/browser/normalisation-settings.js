// What a learner can set in the normalisation lab, its defaults, and how it is written in an address.
//
// It knows the forms of the settings, not what normalisation does with them.

import { choice, whole } from "./fields.js";

export const KINDS = ["batch", "layer", "instance", "group"];
export const VIEWS = ["block", "running", "folding"];
export const SHOWN = ["x", "xhat", "y"];
export const PRESETS = ["numbers", "sample", "channel"];
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
  normKind: ["norm", "batch", choice(KINDS)],
  normView: ["nv", "block", choice(VIEWS)],
  normShape: ["nchw", [3, 4, 2, 2], axes("x", [1, 1, 2, 2], LARGEST_SHAPE)],
  normGroups: ["ng", 2, whole(1, LARGEST_SHAPE[1])],
  normPreset: ["nx", "numbers", choice(PRESETS)],
  normValues: ["nxv", {}, changed],
  normGamma: ["ngam", {}, changed],
  normBeta: ["nbet", {}, changed],
  normEps: ["neps", "1e-5", choice(EPSILONS)],
  normCell: ["nat", [0, 0, 0, 0], axes(".", [0, 0, 0, 0], LARGEST_SHAPE.map((size) => size - 1))],
  normShown: ["nshow", "x", choice(SHOWN)],
  normMode: ["nm", "train", choice(["train", "eval"])],
  normBatches: ["nb", 0, whole(0, MOST_BATCHES)],
  foldKernel: ["nk", 1, { read: (written) => ({ 1: 1, 3: 3 })[written], write: String, hint: "1 or 3" }],
};
