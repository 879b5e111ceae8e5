// What the operations of a network are called in words, and of which kind they are.
//
// The operations are those of `cnnlab/tracing`, named as PyTorch's functions are. It computes nothing.

const NAMES = {
  conv1d: "convolution (1-D)", conv2d: "convolution", conv3d: "convolution (3-D)", conv_transpose2d: "transposed convolution",
  linear: "dense layer", batch_norm: "batch normalisation", layer_norm: "layer normalisation", group_norm: "group normalisation",
  instance_norm: "instance normalisation", local_response_norm: "local response normalisation", max_pool2d: "max pooling",
  avg_pool2d: "average pooling", adaptive_avg_pool2d: "average pooling to a fixed size", adaptive_max_pool2d: "max pooling to a fixed size",
  relu: "ReLU", relu6: "ReLU6", prelu: "PReLU", leaky_relu: "leaky ReLU", silu: "SiLU", gelu: "GELU", hardswish: "hard swish",
  hardsigmoid: "hard sigmoid", sigmoid: "sigmoid", tanh: "tanh", softmax: "softmax", dropout: "dropout (idle when evaluating)",
  dropout2d: "dropout (idle when evaluating)", add: "addition", mul: "multiplication", sub: "subtraction", div: "division",
  cat: "concatenation", stack: "stacking", mean: "mean", flatten: "flattening", reshape: "reshaping", permute: "reordering of axes",
  transpose: "swapping of axes", chunk: "a part of the channels", split: "a part of the channels", getitem: "a part",
  channel_shuffle: "channel shuffle", pad: "padding", pad_same: "padding to keep the size", interpolate: "resizing",
  roi_pool: "pooling of regions", roi_align: "pooling of regions", ps_roi_pool: "position-sensitive pooling of regions",
  unsqueeze: "a new axis", squeeze: "an axis less", pow: "a power", neg: "change of sign", sqrt: "square root", clamp: "clipping",
  matmul: "matrix product", scaled_dot_product_attention: "attention", multi_head_attention: "attention",
};
const KINDS = [
  ["convolution", /^conv/],
  ["dense", /^(linear|matmul)$/],
  ["normalisation", /norm$/],
  ["pooling", /pool|^mean$/],
  ["activation", /^(p?relu6?|leaky_relu|elu|selu|gelu|silu|mish|hard\w+|sigmoid|tanh|softmax|log_softmax|softplus)$/],
  ["joining", /^(add|sub|mul|div|cat|stack|maximum)$/],
  ["attention", /attention$/],
];

const SHORT = { convolution: "conv", dense: "dense", normalisation: "norm", pooling: "pool", attention: "attention" };

/** The name of an operation in words. */
export const operationName = (operation) => NAMES[operation] ?? operation.replaceAll("_", " ");

/** The same in a word or two, for drawings. */
export const shortName = (operation) => SHORT[kindOf(operation)] ?? operationName(operation).split(" ")[0];

/** convolution, dense, normalisation, pooling, activation, joining, attention or moving. */
export const kindOf = (operation) => KINDS.find(([, pattern]) => pattern.test(operation))?.[0] ?? "moving";
