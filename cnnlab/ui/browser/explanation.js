// Why a layer's numbers are what they are: each formula, with the numbers put in, step by step.
//
// The same text, sign for sign, as explanation.py, steps.py and field_steps.py in cnnlab/arithmetic; change both
// together. It assumes a layer that works, and computes nothing itself.

import { counted, plural } from "./rules.js";
import { bytesText, grouped } from "./units.js";
import { axisNames, gcd, isPool, product, stampsOf, windowsOf } from "./windows.js";

const NOT_COUNTED = "by convention only convolutions and dense layers are counted";

const step = (quantity, formula, substituted, result, note = "") => ({ quantity, formula, substituted, result, note });
const factor = (number) => (number < 0 ? `(${grouped(number)})` : grouped(number));
const times = (numbers) => numbers.map(grouped).join(" · ");
const memory = (bytes) => (bytes < 1024 ? `${grouped(bytes)} B` : `${grouped(bytes)} B = ${bytesText(bytes)}`);

/** [{ quantity, formula, substituted, result, note }], in the order shape, costs, memory, receptive field. */
export function explain(layer, inputShape, { output, parameters, macs, receptive }) {
  const words = axisNames(layer.dims);
  const steps = [];
  if (layer.op === "dense") {
    steps.push(...denseSteps(layer, inputShape, parameters, macs));
  } else if (layer.op === "transposed") {
    steps.push(...stampsOf(layer, inputShape).map((stamp, axis) => stampStep(words[axis], stamp)));
    steps.push(...kernelCosts(layer, inputShape, { output, parameters, macs }));
  } else {
    steps.push(...windowsOf(layer, inputShape).map((window, axis) => windowStep(words[axis], window, layer.op !== "avgpool")));
    steps.push(...(isPool(layer) ? freeCosts() : kernelCosts(layer, inputShape, { output, parameters, macs })));
  }
  steps.push(...memorySteps(layer, output, parameters));
  axisNames(inputShape.length - 1).forEach((axis, place) => steps.push(fieldStep(layer, inputShape, receptive, axis, place)));
  return steps;
}

function windowStep(axis, window, holes) {
  const even = window.left === window.right;
  const [open, close] = window.ceil ? "⌈⌉" : "⌊⌋";
  const dropped = window.lastDropped ? " − 1" : "";
  const kernel = grouped(window.kernel);
  const stride = grouped(window.stride);
  const pads = even ? `2·${factor(window.left)}` : `${grouped(window.left)} + ${grouped(window.right)}`;
  const reach = holes ? `${grouped(window.dilation)}·(${kernel} − 1) − 1` : kernel;
  return step(
    `output ${axis.name}`,
    `${open}(${axis.letter} + ${even ? "2P" : "P_left + P_right"} − ${holes ? "D(K − 1) − 1" : "K"}) / S${close} + 1${dropped}`,
    `${open}(${grouped(window.size)} + ${pads} − ${reach}) / ${stride}${close} + 1${dropped} = ` +
      `${open}${grouped(window.span)} / ${stride}${close} + 1${dropped}`,
    grouped(window.output),
    windowNote(window, axis),
  );
}

function windowNote(window, axis) {
  const notes = [];
  const divided = `${quotient(window.span, window.stride)} → ${grouped(window.windows - 1)}`;
  const padded = window.left || window.right ? "padded input" : "input";
  if (window.left !== window.right) {
    notes.push(`padding same adds ${grouped(window.left)} before and ${counted(axis, window.right)} after`);
  }
  if (window.unread) {
    const [last, verb] = window.unread === 1 ? [axis.cell, "is"] : [counted(axis, window.unread), "are"];
    notes.push(`${divided}: the last ${last} of the ${padded} ${verb} never read`);
  }
  if (window.lastDropped) {
    notes.push(`${divided}: the last window would start in the padding, so it is left out`);
  } else if (window.overhang) {
    notes.push(`${divided}: the last window hangs over the end of the ${padded} by ${counted(axis, window.overhang)}`);
  }
  return notes.join("; ");
}

/** A division and what it gives: two decimals at most, cut off, ≈ if more would follow. */
function quotient(above, below) {
  const all = 100 * Math.abs(above);
  const hundredths = Math.floor(all / below);
  const rest = all % below;
  const decimals = String(hundredths % 100).padStart(2, "0");
  const digits = rest ? decimals : decimals.replace(/0+$/, "");
  const value = `${above < 0 ? "−" : ""}${grouped(Math.floor(hundredths / 100))}${digits ? "." : ""}${digits}`;
  return `${grouped(above)} / ${grouped(below)} ${rest ? "≈" : "="} ${value}`;
}

function stampStep(axis, stamp) {
  const [size, stride, kernel] = [stamp.size, stamp.stride, stamp.kernel].map(grouped);
  return step(
    `output ${axis.name}`,
    `(${axis.letter} − 1)·S − 2P + D(K − 1) + OP + 1`,
    `(${size} − 1)·${stride} − 2·${grouped(stamp.crop)} + ${grouped(stamp.dilation)}·(${kernel} − 1) + ${grouped(stamp.extra)} + 1`,
    grouped(stamp.output),
    stamp.extra ? `output padding adds ${counted(axis, stamp.extra)} at the end` : "",
  );
}

function* kernelCosts(layer, inputShape, { output, parameters, macs }) {
  const transposed = layer.op === "transposed";
  const letters = axisNames(layer.dims).map((axis) => axis.letter);
  const kernel = letters.length === 1 ? "K" : letters.map((letter) => `K_${letter.toLowerCase()}`).join(" · ");
  const [left, right] = transposed ? [layer.cin, layer.cout] : [layer.cout, layer.cin];
  const [many, shared] = transposed ? ["C_in", "C_out/G"] : ["C_out", "C_in/G"];
  const [groups, sizes, out] = [grouped(layer.groups), times(layer.kernel), grouped(layer.cout)];
  const each = (right / layer.groups) * product(layer.kernel);
  const reading = (layer.cin / layer.groups) * product(layer.kernel);
  const biases = layer.bias ? ` + ${out} = ${grouped(parameters - layer.cout)} + ${out}` : "";
  yield step(
    "parameters",
    `${many} · ${shared} · ${kernel}${layer.bias ? " + C_out" : ""}`,
    `${grouped(left)} · ${grouped(right)}/${groups} · ${sizes}${biases}`,
    grouped(parameters),
    `${plural(layer.cout, "kernel")} of ${plural(reading, "weight")}${layer.bias ? ` and ${plural(layer.cout, "bias", "biases")}` : ""}`,
  );
  const places = (transposed ? letters : letters.map((letter) => `${letter}_out`)).join(" · ");
  yield step(
    "MACs",
    `${many} · ${places} · ${shared} · ${kernel}`,
    `${grouped(left)} · ${times((transposed ? inputShape : output).slice(1))} · ${grouped(right)}/${groups} · ${sizes}`,
    grouped(macs),
    transposed
      ? `each of the ${plural(product(inputShape), "input value")} stamps ${plural(each, "product")}; stamps that fall into the cropped padding are counted`
      : `each of the ${plural(product(output), "output value")} is ${plural(each, "product")}`,
  );
  yield flops(macs, transposed ? "one product and one addition each" : operations(each, layer.bias));
}

const flops = (macs, note) => step("FLOPs", "2 · MACs", `2 · ${grouped(macs)}`, grouped(2 * macs), note);

function operations(products, bias) {
  const start = `each output value: ${plural(products, "product")} + ${plural(products - 1, "sum")}`;
  if (bias) return `${start} + 1 bias = ${plural(2 * products, "operation")}`;
  return `${start} = ${plural(2 * products - 1, "operation")}; 2 · MACs counts one more`;
}

const freeCosts = () => [
  step("parameters", "0", "0", "0", "a pool learns nothing"),
  step("MACs", "0", "0", "0", NOT_COUNTED),
  step("FLOPs", "2 · MACs", "2 · 0", "0"),
];

function* denseSteps(layer, inputShape, parameters, macs) {
  const [read, made] = [grouped(layer.cin), grouped(layer.cout)];
  const positions = product(inputShape.slice(0, -1));
  const many = inputShape.length > 1;
  yield step("output features", "F_out", made, made);
  yield step(
    "parameters",
    `F_out · F_in${layer.bias ? " + F_out" : ""}`,
    `${made} · ${read}${layer.bias ? ` + ${made} = ${grouped(parameters - layer.cout)} + ${made}` : ""}`,
    grouped(parameters),
    `one weight for each pair${layer.bias ? ", one bias for each output" : ""}`,
  );
  yield step(
    "MACs",
    `F_out · F_in${many ? " · positions" : ""}`,
    `${made} · ${read}${many ? ` · ${grouped(positions)}` : ""}`,
    grouped(macs),
    `each of the ${plural(positions * layer.cout, "output value")} is ${plural(layer.cin, "product")}`,
  );
  yield flops(macs, operations(layer.cin, layer.bias));
}

function memorySteps(layer, output, parameters) {
  const dense = output.length === 1 ? "F_out" : "numbers out";
  const letters = ["C_out", ...axisNames(layer.dims).map((axis) => `${axis.letter}_out`)].join(" · ");
  return [
    step("weight memory", "4 · parameters", `4 · ${grouped(parameters)}`, memory(4 * parameters), "float32: 4 bytes each"),
    step(
      "activation memory",
      `4 · ${layer.op === "dense" ? dense : letters}`,
      `4 · ${times(output)}`,
      memory(4 * product(output)),
      "float32, one input at a time",
    ),
  ];
}

function fieldStep(layer, inputShape, receptive, axis, place) {
  const [formula, substituted] = fieldFormula(layer, inputShape, place);
  const field = Object.fromEntries(Object.entries(receptive).map(([name, values]) => [name, values[place]]));
  return step(`receptive field, ${axis.name}`, formula, substituted, grouped(field.size), fieldNote(layer, field, axis, place));
}

function fieldFormula(layer, inputShape, place) {
  if (layer.op === "dense") return place === inputShape.length - 2 ? ["the whole axis", grouped(inputShape[place + 1])] : ["1", "1"];
  const [kernel, stride, dilation] = [layer.kernel, layer.stride, layer.dilation].map((values) => grouped(values?.[place] ?? 1));
  if (layer.op === "avgpool") return ["K", kernel];
  if (layer.op !== "transposed") return ["D(K − 1) + 1", `${dilation}·(${kernel} − 1) + 1`];
  if (layer.dilation[place] === 1) return ["⌊(K − 1) / S⌋ + 1", `⌊(${kernel} − 1) / ${stride}⌋ + 1`];
  const common = grouped(gcd(layer.stride[place], layer.dilation[place]));
  return [
    "⌊(K − 1) / (S / g)⌋ · D / g + 1, g = gcd(S, D)",
    `⌊(${kernel} − 1) / (${stride} / ${common})⌋ · ${dilation} / ${common} + 1`,
  ];
}

function fieldNote(layer, { stride, lo, hi, uniform }, axis, place) {
  const apart =
    layer.op === "transposed" && layer.stride[place] > 1
      ? `1/${grouped(layer.stride[place])} ${axis.cell}`
      : counted(axis, layer.op === "transposed" ? 1 : stride);
  let seen = `the first sees ${axis.cells} ${lo === null ? "" : `${grouped(lo)} to ${grouped(hi)}`}`;
  if (lo === null) seen = "the first sees nothing";
  else if (lo === hi) seen = `the first sees ${axis.cell} ${grouped(lo)}`;
  return `neighbouring outputs start ${apart} apart; ${seen}${uniform ? "" : "; not all outputs see equally many"}`;
}
