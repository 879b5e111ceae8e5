// The lab's layers as PyTorch code that runs as it stands.
//
// It knows PyTorch's names and argument order, and nothing of shapes or costs.

const CLASSES = {
  conv: (d) => `nn.Conv${d}d`,
  transposed: (d) => `nn.ConvTranspose${d}d`,
  maxpool: (d) => `nn.MaxPool${d}d`,
  avgpool: (d) => `nn.AvgPool${d}d`,
};
const numbers = (value) => (value.every((v) => v === value[0]) ? String(value[0]) : `(${value.join(", ")})`);
const setting = (value) => (typeof value === "string" ? `"${value}"` : numbers(value));
const differs = (value, plain) => (typeof value === "string" ? true : value.some((v) => v !== plain));

/** One layer as a constructor call, such as `nn.Conv2d(3, 64, kernel_size=5)`. */
export function layerCode(layer) {
  const parts = [];
  const add = (name, value, plain) => differs(value, plain) && parts.push(`${name}=${setting(value)}`);
  const pool = layer.op.endsWith("pool");
  if (!pool) parts.push(layer.cin, layer.cout);
  parts.push(`kernel_size=${numbers(layer.kernel)}`);
  if (pool) parts.push(`stride=${numbers(layer.stride)}`);
  else add("stride", layer.stride, 1);
  add("padding", layer.padding, 0);
  if (layer.op === "transposed") add("output_padding", layer.outputPadding, 0);
  if (layer.op !== "avgpool") add("dilation", layer.dilation, 1);
  if (!pool && layer.groups !== 1) parts.push(`groups=${layer.groups}`);
  if (!pool && !layer.bias) parts.push("bias=False");
  if (layer.op === "conv" && layer.padMode !== "zeros") parts.push(`padding_mode="${layer.padMode}"`);
  if (pool && layer.ceil) parts.push("ceil_mode=True");
  if (layer.op === "avgpool" && !layer.countPad) parts.push("count_include_pad=False");
  return `${CLASSES[layer.op](layer.dims)}(${parts.join(", ")})`;
}

/** Layers as one expression: the layer itself, or an `nn.Sequential` of them. */
export function expression(layers) {
  const calls = layers.map(layerCode);
  return calls.length === 1 ? calls[0] : `nn.Sequential(\n${calls.map((call) => `    ${call},`).join("\n")}\n)`;
}

/** A small program: the layers, an input of the shape given ([C, ...sizes]), and the shape that comes out. */
export function program(layers, shape) {
  return [
    "import torch",
    "from torch import nn",
    "",
    `layer = ${expression(layers)}`,
    `x = torch.randn(1, ${shape.join(", ")})  # N × C × ${shape.length === 2 ? "L" : "H × W"}`,
    "print(layer(x).shape)",
    "print(sum(p.numel() for p in layer.parameters()))",
    "",
  ].join("\n");
}
