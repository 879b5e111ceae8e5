// What the same step from input to output costs in six designs: standard, depthwise-separable, grouped, spatially
// separable, with a 1×1 bottleneck, and dense.
//
// It puts layers together and asks the arithmetic for each; it has no formula of costs of its own but the ratio of the
// depthwise-separable pair (Howard et al. 2017, MobileNets, section 3.1), which the panel holds against the counts.

import { commonDivisors } from "./choices.js";
import { inputShapeOf, layersOf } from "./settings.js";
import { analyseChain } from "./chain.js";
import { whyNot } from "./stack.js";

const COSTS = ["parameters", "macs", "flops", "weightBytes", "activationBytes"];
const product = (sizes) => sizes.reduce((total, size) => total * size, 1);
const times = (sizes) => sizes.join("×");
const plain = (settings) => layersOf({ ...settings, pair: "none", groups: 1 })[0];

/** What the bottleneck narrows to unless the learner says otherwise: a twelfth of the channels, 192 → 16. */
export const defaultReduction = (settings) => Math.max(1, Math.floor(settings.cin / 12));

/**
 * The designs for the settings' input, channels, kernel, stride, padding and dilation:
 * [{ id, title, how, layers, change, ok, reason, parameters, macs, flops, weightBytes, activationBytes, ratios }].
 * `activationBytes` is all maps that a design makes; `ratios` are to the standard convolution; `change` is null where
 * the lab cannot be set to the design.
 */
export function compareDesigns(settings, reduction = defaultReduction(settings)) {
  const shape = inputShapeOf(settings);
  const designs = [standard, separable, grouped, spatial, bottleneck, dense].map((design) => design(settings, reduction));
  const priced = designs.map((design) => ({ ...design, ...price(design, shape) }));
  const [{ ok, parameters, macs }] = priced;
  return priced.map((design) => ({
    ...design,
    ratios: ok && design.ok ? { parameters: design.parameters / parameters, macs: design.macs / macs } : null,
  }));
}

function price({ layers, reason }, shape) {
  if (!layers) return { ok: false, reason };
  const start = layers[0].op === "dense" ? [product(shape)] : shape;
  const { reports, ok } = analyseChain(layers, start);
  if (!ok) return { ok, reason: whyNot(reports.at(-1)) };
  return { ok, reason: "", ...Object.fromEntries(COSTS.map((name) => [name, reports.reduce((total, report) => total + report[name], 0)])) };
}

function standard(settings) {
  const layer = plain(settings);
  return {
    id: "standard",
    title: "Standard",
    how: `one ${times(layer.kernel)} convolution, ${layer.cin} → ${layer.cout} channels`,
    layers: [layer],
    change: { pair: "none", groups: 1 },
  };
}

function separable(settings) {
  const layers = layersOf({ ...settings, pair: "depthwise" });
  return {
    id: "separable",
    title: "Depthwise-separable pair",
    how: `${times(layers[0].kernel)} on each channel by itself, then 1×1 from ${settings.cin} to ${settings.cout}`,
    layers,
    change: { pair: "depthwise", groups: 1 },
  };
}

/** The groups that the comparison uses: those chosen, or the fewest that split the channels; undefined where none do. */
export function groupsFor(settings) {
  if (settings.pair === "none" && settings.groups > 1) return settings.groups;
  return commonDivisors(settings.cin, settings.cout).find((divisor) => divisor > 1);
}

function grouped(settings) {
  const groups = groupsFor(settings);
  const title = "Grouped";
  const { cin, cout } = settings;
  if (!groups) {
    return { id: "grouped", title, how: "", reason: `${cin} and ${cout} channels share no divisor above 1, so no groups fit.` };
  }
  const chosen = settings.pair === "none" && settings.groups > 1;
  const why = chosen ? "as set in the lab" : "the fewest that fit";
  const each = cin % groups || cout % groups ? "" : `, each ${cin / groups} → ${cout / groups} channels`;
  return {
    id: "grouped",
    title,
    how: `${groups} groups (${why})${each}`,
    layers: [{ ...plain(settings), groups }],
    change: { pair: "none", groups },
  };
}

function spatial(settings) {
  const title = "Spatially separable pair";
  if (settings.dims === 1) return { id: "spatial", title, how: "", reason: "A sequence has one axis: there is nothing to split." };
  const layers = layersOf({ ...settings, pair: "spatial" });
  return {
    id: "spatial",
    title,
    how: layers.map((layer) => times(layer.kernel)).join(", then "),
    layers,
    change: { pair: "spatial", groups: 1 },
  };
}

function bottleneck(settings, reduction) {
  const layer = plain(settings);
  const ones = layer.kernel.map(() => 1);
  const zeros = layer.kernel.map(() => 0);
  const narrow = { ...layer, cout: reduction, kernel: ones, stride: ones, padding: zeros, dilation: ones };
  return {
    id: "bottleneck",
    title: "1×1 bottleneck first",
    how: `1×1 from ${settings.cin} to ${reduction}, then ${times(layer.kernel)} from ${reduction} to ${settings.cout}`,
    layers: [narrow, { ...layer, cin: reduction }],
    change: null,
  };
}

function dense(settings) {
  const title = "Dense";
  const shape = inputShapeOf(settings);
  const { reports, ok } = analyseChain([plain(settings)], shape);
  if (!ok) return { id: "dense", title, how: "", reason: whyNot(reports[0]) };
  const [from, to] = [product(shape), product(reports[0].output)];
  return {
    id: "dense",
    title,
    how: `every one of ${from.toLocaleString("en-GB")} inputs to every one of ${to.toLocaleString("en-GB")} outputs`,
    layers: [{ op: "dense", cin: from, cout: to, bias: settings.bias }],
    change: null,
  };
}

/**
 * 1/C_out + 1/(kernel cells) beside the counted ratios of the depthwise-separable pair to the standard convolution,
 * without biases: { formula, cells, weights, macs, agrees }; null where one of the two cannot be computed.
 */
export function separableRatio(settings) {
  const shape = inputShapeOf({ ...settings, bias: false });
  const count = (pair) => {
    const { reports, ok } = analyseChain(layersOf({ ...settings, pair, groups: 1, bias: false }), shape);
    return ok && { weights: sum(reports, "parameters"), macs: sum(reports, "macs") };
  };
  const [one, two] = [count("none"), count("depthwise")];
  if (!one || !two) return null;
  const cells = product(plain(settings).kernel);
  const formula = 1 / settings.cout + 1 / cells;
  const [weights, macs] = [two.weights / one.weights, two.macs / one.macs];
  const near = (value) => Math.abs(value - formula) <= 1e-12 * formula;
  return { formula, cells, weights, macs, agrees: near(weights) && near(macs) };
}

const sum = (reports, name) => reports.reduce((total, report) => total + report[name], 0);

const EXAMPLE = { op: "conv", dims: 2, stride: [1, 1], dilation: [1, 1], padMode: "zeros", groups: 1, pair: "none", bias: true, pin: null };
// Worked examples; the numbers in the titles are what the table then shows.
export const EXAMPLES = [
  {
    id: "kernels",
    title: "64 kernels 5×5 on 3×32×32",
    promise: "4,864 parameters against 334",
    change: { ...EXAMPLE, input: [32, 32], cin: 3, cout: 64, kernel: [5, 5], padding: [0, 0] },
  },
  {
    id: "bottleneck",
    title: "Bottleneck 28×28×192 → 32",
    promise: "120.4 M multiply–adds against 12.4 M",
    change: { ...EXAMPLE, input: [28, 28], cin: 192, cout: 32, kernel: [5, 5], padding: "same" },
  },
  {
    id: "mobilenet",
    title: "As in MobileNet: 112×112×32 → 64",
    promise: "3×3 kernels at about an eighth of the cost",
    change: { ...EXAMPLE, input: [112, 112], cin: 32, cout: 64, kernel: [3, 3], padding: [1, 1] },
  },
];
