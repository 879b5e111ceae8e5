// What a learner can set in the convolution lab, its defaults, and how it is written in an address.
//
// One flat object; every field is in the table FIELDS. It knows no arithmetic and no page.

import { choice, defaultsOf, flag, list, orNone, pair, readFields, text, whole, writeFields } from "./fields.js";

export const OPERATIONS = {
  conv: "Convolution",
  transposed: "Transposed convolution",
  maxpool: "Max pooling",
  avgpool: "Average pooling",
};
export const TABS = {
  grid: "Grid",
  channels: "Channels",
  costs: "Costs",
  stack: "Stack",
  challenge: "Challenges",
};
export const PADDING_MODES = ["zeros", "reflect", "replicate", "circular"];
export const PAIRS = ["none", "depthwise", "spatial"];
export const LARGEST = { size: 512, channels: 4096, kernel: 64, stride: 64, padding: 256, dilation: 64 };

const paddingField = {
  read: (text) => (text === "same" || text === "valid" ? text : pair(0, LARGEST.padding).read(text)),
  write: (value) => (Array.isArray(value) ? pair().write(value) : value),
  hint: "whole numbers, same or valid",
};
// field → [name in the address, default, its form]
export const FIELDS = {
  tab: ["tab", "grid", choice(Object.keys(TABS))],
  op: ["op", "conv", choice(Object.keys(OPERATIONS))],
  dims: ["dims", 2, { read: (t) => ({ 1: 1, 2: 2 })[t], write: String, hint: "1 or 2" }],
  input: ["in", [8, 8], pair(1, LARGEST.size)],
  cin: ["cin", 1, whole(1, LARGEST.channels)],
  cout: ["cout", 1, whole(1, LARGEST.channels)],
  kernel: ["k", [3, 3], pair(0, LARGEST.kernel)],
  stride: ["s", [1, 1], pair(0, LARGEST.stride)],
  padding: ["p", [0, 0], paddingField],
  padMode: ["pm", "zeros", choice(PADDING_MODES)],
  dilation: ["d", [1, 1], pair(0, LARGEST.dilation)],
  groups: ["g", 1, whole(0, LARGEST.channels)],
  bias: ["bias", true, flag],
  ceil: ["ceil", false, flag],
  countPad: ["countpad", true, flag],
  outputPadding: ["op_pad", [0, 0], pair(0, LARGEST.stride)],
  pair: ["pair", "none", choice(PAIRS)],
  unlinked: ["free", [], list(["input", "kernel", "stride", "padding", "dilation", "outputPadding"])],
  stage: ["stage", 0, whole(0, 1)],
  outChannel: ["oc", 0, whole(0, LARGEST.channels - 1)],
  inChannel: ["ic", 0, whole(0, LARGEST.channels - 1)],
  pin: ["at", null, orNone(pair(0, 4 * LARGEST.size))],
  speed: ["speed", 2, { read: (t) => [0.5, 1, 2, 5, 10].find((v) => String(v) === t), write: String, hint: "0.5 to 10" }],
  source: ["src", "digit-3", text(/^[a-z0-9-]{1,40}$/, "the name of a picture")],
  kernelPreset: ["w", "sobel-x", text(/^[a-z0-9-]{1,40}$/, "the name of a kernel")],
  weights: ["ws", "", text(/^[-0-9.,e:;]{0,4000}$/, "numbers")],
  biasValue: ["b", 0, { read: (t) => (/^-?\d{1,4}(\.\d{1,4})?$/.test(t) ? +t : undefined), write: String, hint: "a number" }],
  drawing: ["draw", "", text(/^[-_A-Za-z0-9]{0,300}$/, "a drawing")],
  stack: ["stack", "", text(/^[-_a-z0-9.,;x]{0,600}$/, "a list of layers")],
  depth: ["layer", 0, whole(0, 12)],
  reduction: ["r", 0, whole(0, LARGEST.channels)],
  unit: ["unit", null, orNone(pair(0, 4 * LARGEST.size))],
  challenge: ["goal", "", text(/^[a-z0-9-]{0,40}$/, "the name of a challenge")],
};

export const DEFAULTS = defaultsOf(FIELDS);
export const readSettings = (parameters) => readFields(FIELDS, parameters);
export const writeSettings = (settings) => writeFields(FIELDS, settings);

/** The layers that the settings describe: one, or the two of a separable pair. */
export function layersOf(settings) {
  const axes = settings.dims === 1 ? (value) => (Array.isArray(value) ? [value[1]] : value) : (value) => value;
  const pool = settings.op.endsWith("pool");
  const layer = {
    op: settings.op,
    dims: settings.dims,
    cin: settings.cin,
    cout: pool ? settings.cin : settings.cout,
    kernel: axes(settings.kernel),
    stride: axes(settings.stride),
    padding: axes(settings.padding),
    padMode: settings.padMode,
    dilation: settings.op === "avgpool" ? axes([1, 1]) : axes(settings.dilation),
    groups: pool || settings.pair !== "none" ? 1 : settings.groups,
    bias: settings.bias && !pool,
    ceil: settings.ceil && pool,
    countPad: settings.countPad,
    outputPadding: settings.op === "transposed" ? axes(settings.outputPadding) : axes([0, 0]),
  };
  if (settings.op !== "conv" || settings.pair === "none") return [layer];
  const ones = layer.kernel.map(() => 1);
  const zeros = layer.kernel.map(() => 0);
  if (settings.pair === "depthwise") {
    return [
      { ...layer, cout: layer.cin, groups: layer.cin },
      { ...layer, kernel: ones, stride: ones, padding: zeros, dilation: ones, groups: 1 },
    ];
  }
  if (settings.dims === 1) return [{ ...layer, groups: 1 }];
  const only = (value, axis, other) => (Array.isArray(value) ? value.map((v, i) => (i === axis ? v : other)) : value);
  const alongAxis = (axis, cin) => ({
    ...layer,
    cin,
    groups: 1,
    kernel: only(layer.kernel, axis, 1),
    stride: only(layer.stride, axis, 1),
    padding: only(layer.padding, axis, 0),
    dilation: only(layer.dilation, axis, 1),
  });
  return [alongAxis(0, layer.cin), alongAxis(1, layer.cout)];
}

/** The changes that choosing an operation means: what only a convolution has goes back to its default. */
export function changeOperation(settings, op) {
  if (op === "conv") return { op, pin: null };
  const padding = Array.isArray(settings.padding) ? settings.padding : [0, 0];
  return { op, padding, padMode: "zeros", pair: "none", pin: null };
}

/** The shape that the settings feed in, [channels, ...sizes]. */
export const inputShapeOf = (settings) =>
  settings.dims === 1 ? [settings.cin, settings.input[1]] : [settings.cin, ...settings.input];
