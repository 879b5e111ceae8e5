// What the normalisation lab shows as a PyTorch program: it runs as it stands and prints the numbers of the page.
//
// It knows PyTorch's names; the numbers come from the settings.

import { blockOf, convolutionOf, runningHistory } from "./normalisation-block.js";
import { affineShape } from "./normalisation.js";

const PER_LINE = 12;
const MODULES = {
  batch: ({ normShape: [, channels], normEps }) => `nn.BatchNorm2d(${channels}, eps=${normEps})`,
  layer: ({ normShape: [, ...sizes], normEps }) => `nn.LayerNorm([${sizes.join(", ")}], eps=${normEps})`,
  instance: ({ normShape: [, channels], normEps }) => `nn.InstanceNorm2d(${channels}, eps=${normEps}, affine=True)`,
  group: ({ normShape: [, channels], normGroups, normEps }) => `nn.GroupNorm(${normGroups}, ${channels}, eps=${normEps})`,
};

/** The program of the shown view, as text. */
export function program(settings) {
  const folding = settings.normView === "folding" && settings.normKind === "batch";
  return [...(folding ? foldingLines(settings) : blockLines(settings)), ""].join("\n");
}

function blockLines(settings) {
  const { normShape, normCell, normKind, normView, normMode } = settings;
  const running = normKind === "batch" && normView === "running";
  const at = normCell.join(", ");
  return [
    "import torch",
    "from torch import nn",
    "",
    ...tensor("x", blockOf(settings), normShape),
    ...normLines(settings),
    ...(running ? runningLines(settings) : []),
    running && normMode === "eval" ? "norm.eval()  # the running values" : "norm.train()  # the batch's own values",
    "y = norm(x)",
    `print(y[${at}].item())`,
  ];
}

function normLines(settings) {
  const { normKind, normShape } = settings;
  const place = (index) => {
    const [, channels, height, width] = affineShape(normKind, normShape).length === 3 ? [1, ...affineShape(normKind, normShape)] : [1, normShape[1], 1, 1];
    if (normKind !== "layer") return index < channels ? `${index}` : null;
    return index < channels * height * width ? [Math.floor(index / (height * width)), Math.floor(index / width) % height, index % width].join(", ") : null;
  };
  const lines = (changed, name) =>
    Object.entries(changed)
      .filter(([index]) => place(+index) !== null)
      .map(([index, value]) => `norm.${name}.data[${place(+index)}] = ${value}`);
  return [`norm = ${MODULES[normKind](settings)}.double()`, ...lines(settings.normGamma, "weight"), ...lines(settings.normBeta, "bias")];
}

function runningLines(settings) {
  const { mean, variance } = runningHistory(settings).at(-1);
  const list = (numbers) => `torch.tensor([${[...numbers].join(", ")}], dtype=torch.float64)`;
  return [`# after ${settings.normBatches} batches in training, with momentum 0.1:`, `norm.running_mean = ${list(mean)}`, `norm.running_var = ${list(variance)}`];
}

function foldingLines(settings) {
  const { kernel, weights, bias, input, inputShape } = convolutionOf(settings);
  const [made, read] = [bias.length, inputShape[0]];
  return [
    "import torch",
    "from torch import nn",
    "from torch.nn.utils.fusion import fuse_conv_bn_eval",
    "",
    ...tensor("x", input, [1, ...inputShape]),
    ...tensor("weight", weights, [made, read, kernel, kernel]),
    ...tensor("bias", bias, [made]),
    `conv = nn.Conv2d(${read}, ${made}, ${kernel}).double().eval()`,
    "conv.weight.data, conv.bias.data = weight, bias",
    ...normLines(settings),
    ...runningLines(settings),
    "norm.eval()",
    "folded = fuse_conv_bn_eval(conv, norm)",
    `print(folded(x)[0, ${settings.normCell[1]}, 0, 0].item())`,
    "print((folded(x) - norm(conv(x))).abs().max().item())",
  ];
}

function tensor(name, numbers, shape) {
  const rows = [];
  for (let i = 0; i < numbers.length; i += PER_LINE) rows.push(`    ${[...numbers.slice(i, i + PER_LINE)].join(", ")},`);
  return [`${name} = torch.tensor([`, ...rows, `], dtype=torch.float64).reshape(${shape.join(", ")})`];
}
