// What makes a layer impossible on an input: every rule, its id and its sentence.
//
// The same rules and the same text as wellformed.py and rules.py in cnnlab/arithmetic, which are tested against
// PyTorch; change both together. A problem's `axis` counts spatial axes from 0; null is the whole layer.

import { grouped } from "./units.js";
import { axisNames, isPool, stampsOf, windowsOf } from "./windows.js";

export const LARGEST = 2 ** 31;
const MODES = ["zeros", "reflect", "replicate", "circular"];

const field = (name, label, least = 1, spread = true) => ({ name, label, least, spread });
const KERNEL = field("kernel", "kernel");
const STRIDE = field("stride", "stride");
const PADDING = field("padding", "padding", 0);
const DILATION = field("dilation", "dilation");
const CHANNELS = [
  field("groups", "groups", 1, false),
  field("cin", "input channels", 1, false),
  field("cout", "output channels", 1, false),
];
export const INPUT = field("input", "input");
/** The numbers that each kind of layer is made of. */
export const FIELDS = {
  conv: [KERNEL, STRIDE, PADDING, DILATION, ...CHANNELS],
  transposed: [KERNEL, STRIDE, PADDING, field("outputPadding", "output padding", 0), DILATION, ...CHANNELS],
  maxpool: [KERNEL, STRIDE, PADDING, DILATION],
  avgpool: [KERNEL, STRIDE, PADDING],
  dense: [field("cin", "input features", 1, false), field("cout", "output features", 1, false)],
};

const problem = (rule, sentence, axis = null) => ({ rule, sentence, axis });

/** Every broken rule, { rule, sentence, axis }; nothing if the layer works. */
export function* problems(layer, inputShape) {
  let malformed = false;
  for (const one of formProblems(layer, inputShape)) {
    malformed = true;
    yield one;
  }
  if (malformed) return;
  if (layer.op === "dense") yield* denseRules(layer, inputShape);
  else if (layer.op === "transposed") yield* transposedRules(layer, inputShape);
  else if (isPool(layer)) yield* poolRules(layer, inputShape);
  else yield* convolutionRules(layer, inputShape);
}

/** Whether the layer works; it stops at the first broken rule. */
export const isPossible = (layer, inputShape) => problems(layer, inputShape).next().done;

function* formProblems(layer, inputShape) {
  if (layer.op !== "dense" && !axisNames(layer.dims).length) {
    yield problem("dims", `a layer has 1, 2 or 3 spatial axes, not ${layer.dims}`);
    return;
  }
  yield* wordProblems(layer);
  for (const one of FIELDS[layer.op]) yield* fieldProblems(layer, one);
  yield* shapeProblems(layer, inputShape);
}

function* wordProblems(layer) {
  const kernelled = layer.op === "conv" || layer.op === "transposed";
  if (kernelled && !MODES.includes(layer.padMode)) {
    yield problem("padding-mode", `padding mode '${layer.padMode}' is not one of ${MODES.join(", ")}`);
  }
  if (typeof layer.padding === "string" && !(layer.op === "conv" && ["same", "valid"].includes(layer.padding))) {
    const allowed = layer.op === "conv" ? "numbers, same or valid" : "numbers only";
    yield problem("padding-word", `this layer takes its padding as ${allowed}, not as ${layer.padding}`);
  }
  if (layer.op === "transposed" && layer.padMode !== "zeros") {
    yield problem("padding-mode", `a transposed convolution pads with zeros only, not ${layer.padMode}`);
  }
}

function* fieldProblems(layer, { name, label, least, spread }) {
  const value = layer[name];
  if (!spread) {
    yield* numberProblems(label, value, least, null);
    return;
  }
  if (typeof value === "string" && name === "padding") return;
  if (!Array.isArray(value)) {
    yield problem("not-whole", `${label} is ${value}, which is not a whole number`);
    return;
  }
  if (value.length !== layer.dims) {
    yield problem("axis-count", `${label} has numbers for ${axesText(value.length)}, but the layer has ${axesText(layer.dims)}`);
    return;
  }
  const crops = name === "padding" && layer.op === "conv" && layer.padMode !== "zeros";
  for (const [axis, number] of value.entries()) {
    yield* numberProblems(`${label} ${axisNames(layer.dims)[axis].name}`, number, crops ? -LARGEST : least, axis);
  }
}

function* numberProblems(label, number, least, axis) {
  if (!Number.isInteger(number)) {
    yield problem("not-whole", `${label} is ${number}, which is not a whole number`, axis);
  } else if (number < least) {
    const rule = least === 1 ? "not-positive" : "negative";
    yield problem(rule, `${label} is ${grouped(number)}, but must be at least ${grouped(least)}`, axis);
  } else if (number > LARGEST) {
    yield problem("too-large", `${label} is ${grouped(number)}; numbers up to ${grouped(LARGEST)} are taken`, axis);
  }
}

function* shapeProblems(layer, inputShape) {
  const dense = layer.op === "dense";
  if (dense ? inputShape.length < 1 : inputShape.length !== layer.dims + 1) {
    const wanted = dense ? "at least 1" : layer.dims + 1;
    yield problem(
      "input-axes",
      `the input ${shapeText(inputShape) || "without numbers"} has ${axesText(inputShape.length)}; the layer reads ${wanted}, channels first`,
    );
    return;
  }
  const words = axisNames(inputShape.length - 1);
  for (const [place, size] of inputShape.entries()) {
    const name = place ? (words[place - 1]?.name ?? `axis ${place}`) : "channels";
    yield* numberProblems(`input ${name}`, size, 1, place ? place - 1 : null);
  }
}

function* convolutionRules(layer, inputShape) {
  yield* channelRules(layer, inputShape);
  for (const [axis, window] of windowsOf(layer, inputShape).entries()) {
    const words = axisNames(layer.dims)[axis];
    if (layer.padding === "same" && window.stride !== 1) {
      yield problem("same-needs-stride-1", `padding same needs stride 1, but the stride ${words.name} is ${grouped(window.stride)}`, axis);
      continue;
    }
    yield* paddingModeRules(layer.padMode, window, words, axis);
    yield* fitRules(window, words, axis);
  }
}

function* transposedRules(layer, inputShape) {
  yield* channelRules(layer, inputShape);
  for (const [axis, stamp] of stampsOf(layer, inputShape).entries()) {
    const words = axisNames(layer.dims)[axis];
    if (stamp.extra >= Math.max(stamp.stride, stamp.dilation)) {
      yield problem(
        "output-padding-too-large",
        `the output padding ${words.name} is ${grouped(stamp.extra)}; it must be smaller than the stride, ${grouped(stamp.stride)}, or the dilation, ${grouped(stamp.dilation)}`,
        axis,
      );
    }
    if (stamp.output < 1) {
      yield problem(
        "empty-output",
        `the padding cuts ${grouped(2 * stamp.crop)} from the stamped ${counted(words, stamp.output + 2 * stamp.crop)}, and nothing is left`,
        axis,
      );
    }
  }
}

function* poolRules(layer, inputShape) {
  for (const [axis, window] of windowsOf(layer, inputShape).entries()) {
    const words = axisNames(layer.dims)[axis];
    const half = Math.floor(window.kernel / 2);
    if (window.left > half) {
      yield problem(
        "pool-padding-half-kernel",
        `the padding ${words.name} is ${grouped(window.left)}, but a pool takes at most half its kernel: ⌊${grouped(window.kernel)} / 2⌋ = ${grouped(half)}`,
        axis,
      );
    }
    if (layer.op === "avgpool" && layer.dims === 3 && window.kernel > window.size) {
      yield problem(
        "kernel-exceeds-unpadded-input",
        `a window of ${counted(words, window.kernel)} is larger than the input, ${counted(words, window.size)}; a 3-D average pool may not count on padding for that`,
        axis,
      );
      continue;
    }
    yield* fitRules(window, words, axis);
  }
}

function* denseRules(layer, inputShape) {
  const last = inputShape.at(-1);
  if (last === layer.cin) return;
  yield problem(
    "input-features",
    `the layer reads ${grouped(layer.cin)} features, but the last axis of the input ${shapeText(inputShape)} has ${grouped(last)}`,
  );
}

function* channelRules(layer, inputShape) {
  if (inputShape[0] !== layer.cin) {
    yield problem("input-channels", `the layer reads ${plural(layer.cin, "input channel")}, but the input has ${grouped(inputShape[0])}`);
  }
  for (const [name, short, count] of [["input", "in", layer.cin], ["output", "out", layer.cout]]) {
    if (count % layer.groups === 0) continue;
    yield problem(
      `groups-divide-${short}-channels`,
      `${plural(count, `${name} channel`)} cannot be shared equally among ${grouped(layer.groups)} groups`,
    );
  }
}

function* paddingModeRules(mode, window, words, axis) {
  const largest = Math.max(window.left, window.right);
  const least = mode === "reflect" ? largest + 1 : largest;
  if ((mode !== "reflect" && mode !== "circular") || window.size >= least) return;
  yield problem(
    `${mode}-padding-too-large`,
    `${mode} padding of ${counted(words, largest)} needs an input of at least ${grouped(least)}, but it has ${grouped(window.size)}`,
    axis,
  );
}

function* fitRules(window, words, axis) {
  if (window.output >= 1) return;
  const holes = window.dilation > 1 ? ` (kernel ${grouped(window.kernel)}, dilation ${grouped(window.dilation)})` : "";
  let room = counted(words, window.padded);
  if (window.left || window.right) {
    room = `${grouped(window.size)} + ${grouped(window.left)} + ${grouped(window.right)} = ${grouped(window.padded)} padded ${words.cells}`;
  }
  const ceil = window.ceil ? ", even in ceil mode" : "";
  yield problem("kernel-exceeds-input", `a window of ${counted(words, window.reach)}${holes} does not fit in ${room}${ceil}`, axis);
}

/** "1 row" or "3 rows". */
export const counted = (words, number) => `${grouped(number)} ${number === 1 ? words.cell : words.cells}`;
/** "1 sum" or "74 sums"; `nouns` is a plural that does not just add an s. */
export const plural = (number, noun, nouns = `${noun}s`) => `${grouped(number)} ${number === 1 ? noun : nouns}`;
export const shapeText = (shape) => shape.join("×");
const axesText = (number) => `${number} ${number === 1 ? "axis" : "axes"}`;
