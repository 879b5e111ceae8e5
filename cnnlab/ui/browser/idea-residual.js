// ResNet's idea: a block adds to what it is given. With weights of nothing it hands it on, and gradients pass by.

import { drawLines, written } from "./idea-drawing.js";
import { CHANNELS, normals, run, SIDE, weightsFor } from "./idea-residual-net.js";

const KINDS = { plain: "plain", residual: "ResNet", preactivated: "PreAct" };
const COUNT = CHANNELS * SIDE * SIDE;
const times = (value) => (value / 100).toFixed(2);

export const idea = {
  ask: "Turn the weights down to 0: what does a plain block hand on, and what a residual one? Then set them to 0.70 and make the net deeper.",
  knobs: [
    { name: "scale", label: "Weights, times He's", low: 0, high: 150, step: 5, start: 70, text: times },
    { name: "blocks", label: "Blocks of two layers", low: 1, high: 50, start: 20 },
  ],
  /** Computed here, in this page: 4 channels of 8 × 8, 3 × 3 kernels, ReLU, no batch norm. */
  show({ scale, blocks }) {
    const weights = weightsFor(blocks, scale / 100);
    const input = normals(COUNT, 7).map(Math.abs); // as behind a ReLU
    const direction = normals(COUNT, 11);
    const runs = Object.keys(KINDS).map((kind) => ({ kind, ...run(kind, weights, input, direction) }));
    const difference = (one) => Math.max(...one.first.map((value, i) => Math.abs(value - input[i])));
    const [plain, residual] = runs;
    const end = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
    const reach = (one) => one.gradients[0] / end;
    return {
      drawing: scale === 0 ? drawNothing(runs, end) : chart(runs, end),
      columns: runs.map((one) => ({ title: KINDS[one.kind], more: {
        "Gradient at the first block, output = 1": written(reach(one)),
        "First block: largest |out − in|": written(difference(one)),
        "Largest output": written(Math.max(...one.output)),
      } })),
      words: [
        scale === 0
          ? "With weights of 0 the residual block is the identity: W = 0 gives a[l+2] = g(a[l]) = a[l], since a[l] is not negative. The plain block hands on nothing."
          : `The first of ${blocks} plain blocks gets ${written(reach(plain))} of the gradient at the end, that of the ResNet ${written(reach(residual))}.`,
        "No batch norm is at work here, so that one sees what the skip alone does. With it plain gradients do not vanish either, and deep plain nets still train worse: so the paper argues.",
        scale > 110 ? "Large weights: now it is the sums that grow from block to block." : "The skip adds 1 to the derivative of every block, so nothing can shrink it away.",
      ],
    };
  },
};

const chart = (runs, end) => drawLines(
  runs.map(({ kind, gradients }) => ({ name: KINDS[kind], values: gradients.map((value) => value / end) })),
  { words: `Gradient at the input of each of ${runs[0].gradients.length} blocks, for a plain, a residual and a pre-activated net.`, across: "block", up: "gradient at the block's input, at the output = 1", log: true },
);

const drawNothing = (runs, end) => chart(runs.filter(({ gradients }) => gradients[0] > 0), end);
