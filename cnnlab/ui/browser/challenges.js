// Goals for the learner to reach in the lab, and whether the present settings reach them.
//
// A goal is a row of CHALLENGES: where it starts, rules that must hold, in order, and a solution. The first rule that
// does not hold says how far off the settings are, with numbers. It knows no page and remembers nothing.

import { computeStack, reachedCells, whyNot } from "./stack.js";

const START = {
  tab: "grid", op: "conv", dims: 2, input: [28, 28], cin: 1, cout: 1, kernel: [3, 3], stride: [1, 1], padding: [0, 0],
  padMode: "zeros", dilation: [1, 1], groups: 1, bias: true, ceil: false, outputPadding: [0, 0], pair: "none",
  unlinked: [], stage: 0, outChannel: 0, inChannel: 0, pin: null,
};
const by = (sizes) => sizes.join(" × ");
const number = (value) => value.toLocaleString("en-GB");
const shapeIn = (derived) => derived.shapes[0].slice(1);
const shapeOut = (derived) => derived.output.slice(1);

// Rules: each gives null where it holds, else the sentence that says what is missing. They see { settings, derived }.
const starts = (sizes, dims = 2) => ({ settings, derived }) =>
  settings.dims !== dims || by(shapeIn(derived)) !== by(sizes)
    ? `The goal starts from ${dims === 1 ? `a sequence of ${sizes[0]}` : by(sizes)}; the input is ${settings.dims === 1 ? `a sequence of ${shapeIn(derived)[0]}` : by(shapeIn(derived))} now.`
    : null;
const possible = ({ derived }) => (derived.ok ? null : `The setting is impossible: ${whyNot(derived.reports[derived.problem])}`);
const operation = (ops, sentence) => ({ settings }) => (ops.includes(settings.op) ? null : sentence);
const channels = (cin, cout) => ({ settings }) =>
  settings.cin === cin && settings.cout === cout ? null : `The goal is ${cin} → ${cout} channels; there are ${settings.cin} → ${settings.cout} now.`;
const sides = (field, value) => ({ settings }) =>
  settings[field].every((side) => side === value) ? null : `The goal asks for ${field} ${value}; it is ${by(settings[field])} now.`;
const becomes = (wanted) => ({ derived }) => {
  const now = shapeOut(derived);
  if (by(now) === by(wanted)) return null;
  const off = now.map((size, axis) => size - wanted[axis]);
  const words = off.length === 1 ? ["position"] : ["row", "column"];
  const parts = (sign) => off.flatMap((d, axis) => (d * sign > 0 ? [`${Math.abs(d)} ${words[axis]}${Math.abs(d) === 1 ? "" : "s"}`] : []));
  const missing = [[1, "many"], [-1, "few"]].filter(([sign]) => parts(sign).length).map(([sign, what]) => `${parts(sign).join(" and ")} too ${what}`);
  return `${by(shapeIn(derived))} becomes ${by(now)}: ${missing.join(", ")}.`;
};
const keepsSize = (context) => becomes(shapeIn(context.derived))(context);
const layersSee = (size) => ({ derived }) => {
  const reach = derived.reports[0].receptive.size.map((_, axis) => 1 + derived.reports.reduce((sum, { receptive }) => sum + receptive.size[axis] - 1, 0));
  return reach.every((side) => side >= size) ? null : `An output sees only ${by(reach)} of the input; ${size} × ${size} is the goal.`;
};
/** The size formula with its numbers for one plain layer; for anything else just what becomes of the input. */
function sizeFormula({ derived }) {
  const { layers, shapes, reports } = derived;
  const [{ op, ceil, kernel, dilation, stride }] = layers;
  if (layers.length > 1 || op === "transposed" || ceil) return `${by(shapeIn(derived))} becomes ${by(shapeOut(derived))}`;
  const lines = kernel.map((side, axis) => {
    const padding = reports[0].padding[axis][0] + reports[0].padding[axis][1];
    return `⌊(${shapes[0][axis + 1]} + ${padding} − ${dilation[axis]}·(${side} − 1) − 1) / ${stride[axis]}⌋ + 1 = ${shapes[1][axis + 1]}`;
  });
  return [...new Set(lines)].join(" and ");
}

const fourLayers = ({ settings }) => {
  const { entries } = computeStack(settings);
  return entries.length <= 4 ? null : `The stack has ${entries.length} layers; the goal is at most 4.`;
};
const stackPossible = ({ settings }) => {
  const { ok, reports } = computeStack(settings);
  return ok ? null : `Layer ${reports.length} of the stack is impossible: ${whyNot(reports.at(-1))}`;
};
const stackSees = (size) => ({ settings }) => {
  const reach = computeStack(settings).fields.at(-1).map((axis) => axis.size);
  return reach.every((side) => side >= size) ? null : `A unit of the last layer sees ${by(reach)}; ${size - Math.min(...reach)} more are needed per side.`;
};
const readsAll = ({ derived }) => {
  if (derived.layers.some((layer) => layer.op === "transposed")) return "A transposed convolution spreads values; this goal gathers them.";
  const reached = reachedCells(derived, derived.layers.length - 1, shapeIn(derived).map(() => 0));
  const read = reached.reduce((total, cells) => total * cells.length, 1);
  const all = shapeIn(derived).reduce((total, size) => total * size, 1);
  return read === all ? null : `One value comes out, but it reads only ${read} of the ${all} inputs.`;
};
const atMost = (name, limit, what) => ({ derived }) =>
  derived.totals[name] <= limit ? null : `${number(derived.totals[name])} ${what}: ${number(derived.totals[name] - limit)} too many.`;
const mixesAll = ({ derived }) =>
  derived.layers.at(-1).groups === 1 ? null : `Every output must depend on all input channels; with ${derived.layers[0].groups} groups it sees ${number(derived.layers[0].cin / derived.layers[0].groups)} of ${derived.layers[0].cin}.`;
const depthwise = ({ settings }) => {
  if (settings.pair !== "none") return "The goal is one depthwise layer, not a pair.";
  return settings.groups === settings.cin ? null : `With ${settings.groups} ${settings.groups === 1 ? "group" : "groups"} an output channel reads ${number(settings.cin / settings.groups)} of the ${settings.cin} input channels; depthwise means it reads 1.`;
};
const reallyDilated = ({ settings }) => (settings.kernel.every((side) => side > 1) ? null : "A kernel of 1 has no gaps to widen; the goal needs at least 2 on each side.");
const notSquare = ({ settings }) =>
  settings.kernel[0] !== settings.kernel[1] ? null : `The kernel is ${by(settings.kernel)}: both sides are equal.${settings.unlinked.includes("kernel") ? "" : " Press “height = width” beside Kernel to set them apart."}`;
const heightOnly = ({ derived }) => {
  const [[height, width], [outHeight, outWidth]] = [shapeIn(derived), shapeOut(derived)];
  if (outHeight !== height) return `The height goes from ${height} to ${outHeight}; it should stay.`;
  return outWidth !== width ? null : `The width stays ${width} too; it should change.`;
};
const halves = (context) => becomes(shapeIn(context.derived).map((size) => size / 2))(context);

const stack = (text) => ({ ...START, tab: "stack", input: [64, 64], stack: text, unit: null, depth: 0 });
export const CHALLENGES = [
  {
    id: "reach-14", title: "Reach 14 × 14", goal: "Turn 28 × 28 into 14 × 14.",
    start: START, rules: [starts([28, 28]), possible, becomes([14, 14])],
    hint: "Stride 2 takes only every second place. Then look at what padding does to the last row.",
    solution: { stride: [2, 2], padding: [1, 1] },
    why: (context) => `${sizeFormula(context)}. Pooling with window 2 and stride 2, or a kernel of 15 at stride 1, does it too.`,
  },
  {
    id: "keep-kernel-5", title: "Keep the size with kernel 5", goal: "Let 28 × 28 stay 28 × 28 with a convolution of kernel 5.",
    start: { ...START, kernel: [5, 5] }, rules: [starts([28, 28]), operation(["conv"], "The goal is a convolution."), sides("kernel", 5), possible, keepsSize],
    hint: "A kernel of 5 loses 4 rows. Half of that has to be added on each side.",
    solution: { padding: [2, 2] },
    why: ({ settings: { dilation: [gap] } }) => `Kernel 5${gap > 1 ? ` with dilation ${gap}` : ""} loses ${4 * gap} rows, and padding P gives 2P back: P = ${2 * gap}. Padding “same” works that out by itself.`,
  },
  {
    id: "keep-dilation-2", title: "Keep the size with dilation 2", goal: "Let 28 × 28 stay 28 × 28 with a convolution of dilation 2.",
    start: { ...START, dilation: [2, 2], padding: [1, 1] },
    rules: [starts([28, 28]), operation(["conv"], "The goal is a convolution."), sides("dilation", 2), reallyDilated, possible, keepsSize],
    hint: "With gaps, a kernel of 3 reaches over 5 cells. Treat it as a kernel of 5.",
    solution: { padding: [2, 2] },
    why: () => "A dilated kernel reaches D · (K − 1) + 1 cells, so it loses D · (K − 1), and padding D · (K − 1) / 2 keeps the size. Padding “same” does it too.",
  },
  {
    id: "keep-kernel-4", title: "Keep the size with an even kernel", goal: "Let 28 × 28 stay 28 × 28 with a convolution of kernel 4.",
    start: { ...START, kernel: [4, 4], padding: [1, 1] },
    rules: [starts([28, 28]), operation(["conv"], "The goal is a convolution."), sides("kernel", 4), possible, keepsSize],
    hint: "3 rows are lost, and a number pads both sides alike. One more row is needed on one side only.",
    solution: { padding: "same" },
    why: () => "Kernel 4 loses 3 rows: an odd number, so equal padding on both sides cannot give it back. “same” adds 1 before and 2 after. Dilation 2 with padding 3 works too: the loss becomes 6.",
  },
  {
    id: "field-31", title: "See 31 × 31 in four layers", goal: "Build a stack of at most four layers whose last unit sees at least 31 × 31.",
    start: stack("c.3.1.1.1.8.1;c.3.1.1.1.8.1;c.3.1.1.1.8.1;c.3.1.1.1.8.1"), rules: [fourLayers, stackPossible, stackSees(31)],
    hint: "Each layer adds D · (K − 1) times the jump so far. Either factor may grow from layer to layer.",
    solution: { stack: "c.3.1.1.1.8.1;c.3.1.2.2.8.1;c.3.1.4.4.8.1;c.3.1.8.8.8.1" },
    why: ({ settings }) => `A unit now sees ${by(computeStack(settings).fields.at(-1).map((axis) => axis.size))}. Doubling dilations (1, 2, 4, 8) and stride 2 in each of four 3×3 layers both give 3, 7, 15, 31; stride makes the map smaller, dilation does not.`,
  },
  {
    id: "halve-without-convolution", title: "Halve without a convolution", goal: "Turn 28 × 28 into 14 × 14 without any weights.",
    start: START, rules: [operation(["maxpool", "avgpool"], "The operation still has weights; there is one that only picks or averages."), starts([28, 28]), possible, halves],
    hint: "Choose a pooling operation, and let its windows lie side by side.",
    solution: { op: "maxpool", kernel: [2, 2], stride: [2, 2] },
    why: () => "Stride 2 puts the windows two cells apart, so half as many fit. Maximum and average both do it, with 0 parameters.",
  },
  {
    id: "double-transposed", title: "Double the size", goal: "Turn 7 × 7 into 14 × 14 with a transposed convolution.",
    start: { ...START, op: "transposed", input: [7, 7] },
    rules: [starts([7, 7]), operation(["transposed"], "The goal is a transposed convolution."), possible, becomes([14, 14])],
    hint: "Stride moves each stamp that many cells on: (7 − 1) · S + K − 2P + output padding.",
    solution: { kernel: [2, 2], stride: [2, 2] },
    why: () => "The size is (7 − 1) · S − 2P + D · (K − 1) + 1 + output padding = 14. Kernel 2 with stride 2, kernel 4 with stride 2 and padding 1, and kernel 3 with stride 2, padding 1 and output padding 1 all do it.",
  },
  {
    id: "thousand-parameters", title: "At most 1,000 parameters", goal: "From 32 to 64 channels, seeing 3 × 3, with at most 1,000 parameters.",
    start: { ...START, cin: 32, cout: 64, padding: [1, 1] },
    rules: [operation(["conv"], "The goal is a convolution."), channels(32, 64), possible, layersSee(3), atMost("parameters", 1000, "parameters")],
    hint: "A depthwise-separable pair still needs 2,432. What if no channels are mixed at all?",
    solution: { groups: 32 },
    why: ({ derived: { totals, layers: [{ groups, cin, kernel }] } }) => `${number(totals.parameters)} parameters: with ${groups} groups an output has only ${[cin / groups, ...kernel].join(" · ")} weights. The price: channels mix ${groups === cin ? "no longer" : "only within a group"}. The separable pair mixes all, for 2,432; the standard layer takes 18,496.`,
  },
  {
    id: "sixth-of-the-work", title: "A sixth of the work", goal: "Make 64 × 32 × 32 out of 64 × 32 × 32, seeing 3 × 3 and all channels, with at most 6,300,000 MACs.",
    start: { ...START, input: [32, 32], cin: 64, cout: 64, padding: [1, 1] },
    rules: [starts([32, 32]), operation(["conv"], "The goal is a convolution."), channels(64, 64), possible, keepsSize, layersSee(3), mixesAll, atMost("macs", 6_300_000, "MACs")],
    hint: "Look at space and at channels one after the other.",
    solution: { pair: "depthwise" },
    why: ({ derived }) => `${number(derived.totals.macs)} MACs instead of 37,748,736: the depthwise-separable pair costs 1/64 + 1/9, about an eighth. Groups alone are cheaper still, but do not mix all channels.`,
  },
  {
    id: "one-value", title: "One value from 7 × 7", goal: "Make one single value out of 7 × 7 that reads all 49 inputs.",
    start: { ...START, input: [7, 7] },
    rules: [starts([7, 7]), possible, becomes([1, 1]), ({ derived }) => (derived.output[0] === 1 ? null : `${derived.output[0]} channels come out; one value is the goal.`), readsAll],
    hint: "The window has to be as large as what it looks at.",
    solution: { kernel: [7, 7] },
    why: () => "A window of 7 fits into 7 in one place only. As a convolution that is a dense layer of 49 weights; as an average pool it is global average pooling, without weights.",
  },
  {
    id: "depthwise-16", title: "Depthwise on 16 channels", goal: "Filter each of 16 channels by itself.",
    start: { ...START, cin: 16, cout: 16, padding: [1, 1] },
    rules: [operation(["conv"], "The goal is a convolution; pooling also works by channel, but learns nothing."), channels(16, 16), possible, depthwise],
    hint: "How many groups are there when no two channels share one?",
    solution: { groups: 16 },
    why: ({ derived }) => `16 groups of one channel: ${number(derived.totals.parameters)} parameters. All channels together would take 16 times as many weights. The preset “Depthwise” sets the same.`,
  },
  {
    id: "samples-25", title: "From 100 samples to 25", goal: "Turn a sequence of 100 into one of 25.",
    start: { ...START, dims: 1, input: [100, 100], kernel: [5, 5] }, rules: [starts([100], 1), possible, becomes([25])],
    hint: "A quarter: how far must the kernel move each time?",
    solution: { kernel: [4, 4], stride: [4, 4] },
    why: () => "Stride 4 leaves a quarter of the places. Kernel 4 needs no padding; kernel 5 with padding 2 at stride 4 gives 25 as well, and so does a pool of 4.",
  },
  {
    id: "height-only", title: "Keep the height, not the width", goal: "With a kernel that is not square, let 28 rows stay 28, and change the number of columns.",
    start: { ...START, unlinked: ["kernel"] },
    rules: [starts([28, 28]), operation(["conv"], "The goal is a convolution."), notSquare, possible, heightOnly],
    hint: "A side of 1 loses nothing.",
    solution: { kernel: [1, 3] },
    why: ({ settings, derived }) => `${by(settings.kernel)} makes ${by(shapeOut(derived))}. A side of K loses K − 1 without padding, so a side of 1 keeps its axis. 3 × 5 with padding 1 × 1 works too.`,
  },
];

export const challengeNamed = (id) => CHALLENGES.find((challenge) => challenge.id === id);

/** Whether the settings reach a goal: { done, sentence }; the sentence says how far off they are, or why it works. */
export function judge(challenge, settings, derived) {
  const context = { settings, derived };
  for (const rule of challenge.rules) {
    const missing = rule(context);
    if (missing) return { done: false, sentence: missing };
  }
  return { done: true, sentence: challenge.why(context) };
}
