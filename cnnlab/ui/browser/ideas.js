// Which experiment belongs to which family of networks.
//
// Each experiment is a module of its own with `idea`: { ask, knobs, show(values, { store, extra }), leave? }.
// A knob is { name, label, low, high, step, start, text(value) }; `show` returns { drawing, columns, words }.

export const IDEAS = {
  table: { title: "LeNet-5: not every map reads every map", families: ["lenet"], load: async () => (await import("./idea-table.js")).idea },
  cards: { title: "AlexNet: two groups for two cards", families: ["alexnet"], load: async () => (await import("./idea-cards.js")).idea },
  kernels: { title: "VGG: small kernels in a row", families: ["vgg"], load: async () => (await import("./idea-kernels.js")).idea },
  module: { title: "Inception: bottlenecks of a module", families: ["inception"], load: async () => (await import("./idea-module.js")).idea },
  residual: { title: "ResNet: a block that can be nothing", families: ["resnet", "preact_resnet"], load: async () => (await import("./idea-residual.js")).idea },
  fire: { title: "SqueezeNet: the fire module's ratios", families: ["squeezenet"], load: async () => (await import("./idea-fire.js")).idea },
  dense: { title: "DenseNet: what each layer reads", families: ["densenet"], load: async () => (await import("./idea-dense.js")).idea },
  cardinality: { title: "ResNeXt: more paths at the same cost", families: ["resnext"], load: async () => (await import("./idea-cardinality.js")).idea },
  separable: { title: "MobileNet v1 and Xception: depthwise, then pointwise", families: ["xception"], networks: ["mobilenetv1_100"], load: async () => (await import("./idea-separable.js")).idea },
  dual: { title: "DPN: one part is added, one put beside", families: ["dpn"], load: async () => (await import("./idea-dual.js")).idea },
  cells: { title: "NASNet: the cells that were found", families: ["nasnet"], load: async () => (await import("./idea-cells.js")).idea },
  gates: { title: "SENet: gates for this picture", families: ["senet"], load: async () => (await import("./idea-gates.js")).idea },
  inverted: { title: "MobileNet v2: wide inside", families: ["mobilenet"], load: async () => (await import("./idea-inverted.js")).idea },
  shuffle: { title: "ShuffleNet: who hears of whom", families: ["shufflenet"], load: async () => (await import("./idea-shuffle.js")).idea },
  compound: { title: "EfficientNet: deeper, wider and larger at once", families: ["efficientnet"], load: async () => (await import("./idea-compound.js")).idea },
};

/** Whether an experiment is about a network's family, or names the network. */
export const belongs = (name, network) => IDEAS[name].families.includes(network.family) || Boolean(IDEAS[name].networks?.includes(network.name));

/** The experiment of a network: one that names it, else its family's, else the one on kernels. */
export function ideaOf(network) {
  const names = Object.keys(IDEAS);
  const named = names.find((name) => IDEAS[name].networks?.includes(network?.name));
  return named ?? names.find((name) => network && belongs(name, network)) ?? "kernels";
}
