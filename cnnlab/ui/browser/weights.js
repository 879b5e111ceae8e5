// Which weights and biases the layers of the lab carry, and which input channels each output channel reads.
//
// Output channel 0 has the chosen preset, channel o the preset o places further down the table, divided by the number
// of input channels it reads, so that a blur stays a blur. Where "random" is chosen every channel is random; it differs per
// input channel and is not divided.
// Hand-made weights are used as they are, for each input channel that the output channel reads.
// Depthwise pair: the 1×1 layer's channel 0 is the plain mean, the others small mixed numbers. Spatial pair: a column,
// then a row of the same preset; the row's channel o goes on with channel o alone, so that a separable preset comes out
// exactly as in 2-D. It knows no values and no sizes.

import { hashBetween } from "./hash.js";
import { PRESETS, parseWeights, presetIndex, presetWeights } from "./kernels.js";

const RANDOM = "random";

/** { presetName, isEdited, reads, weights, bias } for the layers that the settings describe; memory for one setting. */
export function createWeights(settings, layers) {
  const edits = editsOf(settings.weights, layers);
  const memory = new Map();
  const reads = (layer, o) => readsOf(layers[layer], o);
  const chosen = presetIndex(settings.kernelPreset);
  const presetName = (_, o) => (settings.kernelPreset === RANDOM ? RANDOM : PRESETS[(chosen + o) % PRESETS.length].name);
  const given = { settings, layers, edits, reads, presetName };
  return {
    presetName,
    isEdited: (layer, o) => edits.has(`${layer}.${o}`),
    reads,
    /** kh × kw numbers, row by row; null where the output channel does not read the input channel, and for pools. */
    weights(layer, o, c) {
      const { first, count } = reads(layer, o);
      if (layers[layer].op.endsWith("pool") || c < first || c >= first + count) return null;
      const key = `${layer}.${o}.${dependsOnInput(given, layer, o) ? c : ""}`;
      if (!memory.has(key)) memory.set(key, makeWeights(given, layer, o, c));
      return memory.get(key);
    },
    bias: (layer, o) =>
      o === 0 && layer === layers.length - 1 && settings.bias && !layers[layer].op.endsWith("pool") ? settings.biasValue : 0,
  };
}

/** The input channels that output channel `o` reads: { first, count }. */
export function readsOf(layer, o) {
  if (layer.op.endsWith("pool")) return { first: o, count: 1 };
  const groups = Math.max(1, layer.groups);
  const count = Math.max(1, Math.floor(layer.cin / groups));
  return { first: Math.floor(o / Math.max(1, Math.floor(layer.cout / groups))) * count, count };
}

const kernelSize = ({ kernel }) => (kernel.length === 1 ? [1, kernel[0]] : kernel);

function editsOf(text, layers) {
  const fits = ({ layer, numbers }) => {
    const [kh, kw] = layers[layer] ? kernelSize(layers[layer]) : [0, 0];
    return numbers.length === kh * kw;
  };
  return new Map(parseWeights(text).filter(fits).map((entry) => [`${entry.layer}.${entry.channel}`, entry.numbers]));
}

function dependsOnInput({ settings, edits, presetName }, layer, o) {
  if (edits.has(`${layer}.${o}`)) return false;
  return layer === 1 || presetName(layer, o) === RANDOM || settings.pair === "spatial";
}

function makeWeights({ settings, layers, edits, reads, presetName }, layer, o, c) {
  const edited = edits.get(`${layer}.${o}`);
  if (edited) return Float64Array.from(edited);
  const [kh, kw] = kernelSize(layers[layer]);
  const { count } = reads(layer, o);
  if (layer === 1 && settings.pair === "depthwise") return mixing(o, c, count);
  if (layer === 1 && c !== o) return new Float64Array(kh * kw);
  const name = presetName(layer, o);
  const seed = o * 8192 + c * 2 + layer;
  const share = name === RANDOM || layer === 1 ? 1 : count;
  return presetWeights(name, kh, kw, seed).map((value) => value / share);
}

const mixing = (o, c, count) => Float64Array.of(o === 0 ? 1 / count : hashBetween(-5, 5, o, c) / 10);
