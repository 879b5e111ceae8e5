// Layers on top of one another: how the list is written in an address, what comes out of each layer, and what a unit
// of any layer sees of the input.
//
// It asks the arithmetic for each single layer and composes receptive fields; it knows no page.

import { analyseChain, composeFields } from "./chain.js";
import { inputShapeOf, LARGEST } from "./settings.js";

export const MOST_LAYERS = 12;
export const KINDS = {
  conv: { letter: "c", title: "Convolution" },
  maxpool: { letter: "m", title: "Max pooling" },
  avgpool: { letter: "a", title: "Average pooling" },
};
export const DEFAULT_STACK = "c.3.1.1.1.8.1;c.3.1.1.1.8.1;m.2.2.0.1";
const isPool = (kind) => kind.endsWith("pool");

// How each field of a layer is written and which values it takes; the text is `letter.kernel.stride.padding.dilation`
// and, for a convolution, `.outputs.groups`; two different sides are written 3x1.
const axes = (low, high, words = []) => ({
  low,
  high,
  words,
  read(text) {
    if (words.includes(text)) return text;
    const parts = text.split("x").map((part) => wholeNumber(part, low, high));
    if (parts.length > 2 || parts.includes(undefined)) return undefined;
    return parts.length === 1 ? [parts[0], parts[0]] : parts;
  },
  write: (value) => (typeof value === "string" ? value : value[0] === value[1] ? String(value[0]) : value.join("x")),
});
const count = (low, high) => ({ low, high, words: [], read: (text) => wholeNumber(text, low, high), write: String });
const wholeNumber = (text, low, high) => (/^\d{1,4}$/.test(text) && +text >= low && +text <= high ? +text : undefined);
export const STACK_FIELDS = {
  kernel: axes(1, LARGEST.kernel),
  stride: axes(1, LARGEST.stride),
  padding: axes(0, LARGEST.padding, ["same", "valid"]),
  dilation: axes(1, LARGEST.dilation),
  cout: count(1, LARGEST.channels),
  groups: count(1, LARGEST.channels),
};
/** The fields that a kind of layer has. */
export const fieldsOf = (kind) =>
  Object.keys(STACK_FIELDS).filter((name) => !isPool(kind) || (name !== "cout" && name !== "groups" && (kind !== "avgpool" || name !== "dilation")));

/** Read one field as a learner types it, such as "3" or "3x1"; undefined if it cannot be that field of that kind. */
export function readField(kind, name, text) {
  const value = STACK_FIELDS[name].read(text.trim().toLowerCase().replace("×", "x"));
  return isPool(kind) && typeof value === "string" ? undefined : value;
}

/** A list of layers as text for the address. */
export const writeStack = (entries) =>
  entries
    .map((entry) => [KINDS[entry.kind].letter, ...fieldsOf(entry.kind).map((name) => STACK_FIELDS[name].write(entry[name]))].join("."))
    .join(";");

/** Whether a text is a list of layers. */
export function isReadableStack(text) {
  const entries = text.split(";").map(readEntry);
  return text !== "" && entries.length <= MOST_LAYERS && !entries.includes(undefined);
}

/** The layers that a text describes: [{ kind, kernel, stride, padding, dilation, cout, groups }]; the default stack if unreadable. */
export function stackLayers(text) {
  return (isReadableStack(text) ? text : DEFAULT_STACK).split(";").map(readEntry);
}

function readEntry(text) {
  const [letter, ...parts] = text.split(".");
  const kind = Object.keys(KINDS).find((name) => KINDS[name].letter === letter);
  if (!kind) return undefined;
  const names = fieldsOf(kind);
  const values = parts.map((part, index) => (names[index] ? readField(kind, names[index], part) : undefined));
  if (parts.length !== names.length || values.includes(undefined)) return undefined;
  return { kind, dilation: [1, 1], ...Object.fromEntries(names.map((name, index) => [name, values[index]])) };
}

/** The settings' stack as layers for the arithmetic; channels follow from the layer before. */
export function layersOfStack(settings, entries = stackLayers(settings.stack)) {
  const axis = (value) => (Array.isArray(value) && settings.dims === 1 ? [value[1]] : value);
  let cin = settings.cin;
  return entries.map((entry) => {
    const pool = isPool(entry.kind);
    const layer = {
      op: entry.kind,
      dims: settings.dims,
      cin,
      cout: pool ? cin : entry.cout,
      ...Object.fromEntries(["kernel", "stride", "padding", "dilation"].map((name) => [name, axis(entry[name])])),
      padMode: "zeros",
      groups: pool ? 1 : entry.groups,
      bias: !pool,
      ceil: false,
      countPad: true,
      outputPadding: axis([0, 0]),
    };
    cin = layer.cout;
    return layer;
  });
}

/** Why a layer is impossible, as one sentence. */
export function whyNot({ problems }) {
  const text = problems.map((problem) => problem.sentence).join("; ");
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/**
 * The stack of the settings: { entries, layers, shapes, reports, fields, ok }.
 * `fields[i]` is what a unit of layer i sees of the input, one { size, jump, start } per axis, in input cells: unit u sees
 * the cells from start + u·jump, size of them.
 */
export function computeStack(settings) {
  const entries = stackLayers(settings.stack);
  const layers = layersOfStack(settings, entries);
  const chain = analyseChain(layers, inputShapeOf(settings));
  return { entries, layers, ...chain, fields: composeFields(chain.reports.filter((report) => report.ok)) };
}

/** The first and last input cell, per axis, that a unit sees; cells below 0 or past the input are padding. */
export const seenBy = (field, unit) => field.map(({ size, jump, start }, axis) => [start + unit[axis] * jump, start + unit[axis] * jump + size - 1]);

/**
 * The input cells, per axis and in order, that reach a unit at all: followed back layer by layer, so that holes are left
 * out and so is whatever only passes through the padding of a layer in between.
 */
export function reachedCells({ layers, shapes, reports }, depth, unit) {
  const reached = unit.map((place, axis) => {
    let cells = [place];
    for (let index = depth; index >= 0; index -= 1) {
      const { kernel, stride, dilation } = layers[index];
      const [left] = reports[index].padding[axis];
      const taps = Array.from({ length: kernel[axis] }, (_, tap) => tap * dilation[axis] - left);
      const before = new Set(cells.flatMap((cell) => taps.map((tap) => cell * stride[axis] + tap)));
      cells = [...before].filter((cell) => cell >= 0 && cell < shapes[index][axis + 1]);
    }
    return cells.sort((a, b) => a - b);
  });
  return reached.every((cells) => cells.length) ? reached : reached.map(() => []);
}

/** Sorted numbers as runs [first, last]. */
export function runsOf(cells) {
  const runs = [];
  for (const cell of cells) {
    if (runs.length && runs.at(-1)[1] === cell - 1) runs.at(-1)[1] = cell;
    else runs.push([cell, cell]);
  }
  return runs;
}

/** The unit of a layer whose field is centred nearest to a point of the input (in cells, per axis). */
export const unitNearest = (field, sizes, point) =>
  field.map(({ size, jump, start }, axis) => Math.min(sizes[axis] - 1, Math.max(0, Math.round((point[axis] - start - (size - 1) / 2) / jump))));

/** The unit that the settings name, brought into the map of the layer; the middle one if they name none. */
export function unitOf(settings, stack, depth) {
  const sizes = stack.shapes[depth + 1].slice(1);
  if (!settings.unit) return sizes.map((size) => (size - 1) >> 1);
  const wanted = sizes.length === 1 ? [settings.unit[1]] : settings.unit;
  return wanted.map((value, axis) => Math.min(value, sizes[axis] - 1));
}

/** A unit as the settings keep it: two places, also for a sequence. */
export const asSetting = (unit) => (unit.length === 1 ? [0, unit[0]] : unit);
/** The middle of what a unit sees, in input cells. */
export const middleOf = (field, unit) => field.map(({ size, jump, start }, axis) => start + unit[axis] * jump + (size - 1) / 2);

export const PRESETS = [
  { id: "three-threes", title: "Three 3×3 = one 7×7", stack: "c.3.1.1.1.16.1;c.3.1.1.1.16.1;c.3.1.1.1.16.1", note: "Three 3×3 layers see 7×7, with 27 weights a channel pair instead of 49." },
  { id: "two-threes", title: "Two 3×3 = one 5×5", stack: "c.3.1.1.1.16.1;c.3.1.1.1.16.1", note: "Two 3×3 layers see 5×5, with 18 weights a channel pair instead of 25." },
  {
    id: "vgg",
    title: "VGG-16, first two blocks",
    stack: "c.3.1.1.1.64.1;c.3.1.1.1.64.1;m.2.2.0.1;c.3.1.1.1.128.1;c.3.1.1.1.128.1;m.2.2.0.1",
    change: { dims: 2, input: [224, 224], cin: 3 },
    note: "Channels double after each pool; the two pools make the field grow twice as fast each.",
  },
  {
    id: "dilated",
    title: "Dilated 1-2-4-8",
    stack: "c.3.1.1.1.16.1;c.3.1.2.2.16.1;c.3.1.4.4.16.1;c.3.1.8.8.16.1",
    change: { input: [32, 32] },
    note: "Doubling the dilation doubles what each layer adds: 3, 7, 15, 31, and the map keeps its size.",
  },
  {
    id: "lenet",
    title: "LeNet-5 features",
    stack: "c.5.1.0.1.6.1;a.2.2.0;c.5.1.0.1.16.1;a.2.2.0",
    change: { dims: 2, input: [32, 32], cin: 1 },
    note: "1×32×32 becomes 16×5×5: 400 numbers for the dense layers that follow.",
  },
];
