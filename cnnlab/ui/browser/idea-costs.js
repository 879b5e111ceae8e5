// What an experiment's designs cost: branches of layers beside each other, each asked of the arithmetic.
//
// A design is a list of branches that read the same input; it knows no architecture.

import { analyseChain, composeFields, totalsOf } from "./chain.js";

const COSTS = ["parameters", "macs", "activationBytes"];
const both = (value) => [value, value];

/** A convolution with a square kernel, as the arithmetic takes it; without biases, as before batch norm. */
export function conv(cin, cout, kernel = 3, { stride = 1, groups = 1, padding = (kernel - 1) / 2, bias = false } = {}) {
  const more = { padMode: "zeros", dilation: both(1), outputPadding: both(0), ceil: false, countPad: true };
  return { op: "conv", dims: 2, cin, cout, kernel: both(kernel), stride: both(stride), padding: both(padding), groups, bias, ...more };
}

export const depthwise = (channels, kernel = 3, more = {}) => conv(channels, channels, kernel, { ...more, groups: channels });

/** A max pool that keeps the size. */
export const keepingPool = (channels, kernel = 3) => ({ ...conv(channels, channels, kernel), op: "maxpool" });

/** The costs of branches on one input [channels, height, width]: { parameters, macs, activationBytes, field }. */
export function costsOf(branches, shape) {
  const chains = branches.map((layers) => analyseChain(layers, shape));
  const broken = chains.find((chain) => !chain.ok);
  if (broken) throw new Error(`an experiment's layer is impossible: ${broken.reports.at(-1).problems[0]?.sentence}`);
  const totals = chains.map(totalsOf);
  const sums = Object.fromEntries(COSTS.map((name) => [name, totals.reduce((sum, one) => sum + one[name], 0)]));
  const fields = chains.map((chain) => composeFields(chain.reports).at(-1)?.[0]?.size ?? 1);
  return { ...sums, field: Math.max(...fields) };
}
