// What can be set in the tabs on pooling, dropout and activations of the Layers page, and how an address says it.
//
// It knows no panel; layers-settings.js puts its table beside the one of normalisation.

import { choice, flag, whole } from "./fields.js";

// name → { title, create }: the panel is fetched when its tab is first shown
export const OTHER_TABS = {
  pooling: { title: "Pooling", create: async () => (await import("./pooling-shift-panel.js")).createPoolingShiftPanel },
  dropout: { title: "Dropout", create: async () => (await import("./dropout-panel.js")).createDropoutPanel },
  activations: { title: "Activations", create: async () => (await import("./activations-panel.js")).createActivationsPanel },
};

// What is shifted: small objects and digits on an empty field, and photographs that fill it.
export const OBJECTS = { bar: "Bar", dot: "Single cell", cross: "Cross", blob: "Soft spot" };
export const SHIFTED_PHOTOGRAPHS = ["camera", "cat", "coins"];
const SHIFTED = [...Object.keys(OBJECTS), ...Array.from({ length: 10 }, (_, n) => `digit-${n}`), ...SHIFTED_PHOTOGRAPHS];

export const DROPS = {
  element: { title: "Values", hint: "nn.Dropout: each value on its own" },
  channel: { title: "Channels", hint: "nn.Dropout2d: whole channels" },
  depth: { title: "Blocks", hint: "Stochastic depth: whole residual blocks" },
};
export const ACTIVATION_NAMES = ["relu", "leaky", "relu6", "sigmoid", "tanh", "silu", "gelu", "hardswish", "softmax"];
export const MOST_MASKS = 5000;

const decimal = (low, high) => ({
  read: (text) => (/^-?\d{1,3}(\.\d{1,3})?$/.test(text) && +text >= low && +text <= high ? +text : undefined),
  write: String,
  hint: `a number from ${low} to ${high} with at most three decimals`,
});
const decimals = (count, low, high) => ({
  read: (text) => {
    const numbers = text.split(",").map((part) => decimal(low, high).read(part));
    return numbers.length === count && !numbers.includes(undefined) ? numbers : undefined;
  },
  write: (value) => value.join(","),
  hint: `${count} numbers from ${low} to ${high}, with commas between`,
});

// field → [name in the address, default, its form]
export const OTHER_FIELDS = {
  poolSource: ["pool_src", "bar", choice(SHIFTED)],
  poolKernel: ["pool_k", 2, whole(1, 8)],
  poolStride: ["pool_s", 2, whole(1, 8)],
  poolDown: ["pool_down", 0, whole(-16, 16)],
  poolRight: ["pool_right", 1, whole(-16, 16)],
  dropKind: ["drop_kind", "element", choice(Object.keys(DROPS))],
  dropPercent: ["drop_p", 50, whole(0, 95)],
  dropSeed: ["drop_seed", 1, whole(1, 99999)],
  dropTraining: ["drop_train", true, flag],
  dropMasks: ["drop_n", 1, whole(1, MOST_MASKS)],
  dropBlocks: ["drop_l", 12, whole(1, 54)],
  dropLastSurvival: ["drop_last", 50, whole(5, 100)],
  dropMode: ["drop_mode", "row", choice(["row", "batch"])],
  dropBlock: ["drop_block", 12, whole(1, 54)],
  actName: ["act_f", "relu", choice(ACTIVATION_NAMES)],
  actInput: ["act_x", 1, decimal(-8, 8)],
  actSlope: ["act_slope", 0.01, decimal(0, 1)],
  actMean: ["act_mean", 0, decimal(-6, 6)],
  actSpread: ["act_spread", 2, decimal(0, 6)],
  actScores: ["act_scores", [2, 1, 0.5, 0, -1], decimals(5, -8, 8)],
  actScore: ["act_class", 0, whole(0, 4)],
};
