// What must be said about a kind of normalisation beside its numbers: what it is good for, and what is disputed.
//
// It knows sentences, not numbers.

import { fill, make } from "./dom.js";

const NOTES = {
  batch: [
    "It lets networks train with higher learning rates and with less care for how the weights begin. Small batches make its mean and variance noisy.",
    "Why it helps is disputed. Its paper (Ioffe and Szegedy 2015) says that it reduces “internal covariate shift”: that each layer’s input keeps changing its distribution. Santurkar et al. (2018) put such a shift back in as noise behind batch norm and training stayed as good; they see the reason in a smoother loss.",
  ],
  layer: [
    "Each sample stands alone, so the batch may be of any size, and training and use do the same. This is nn.LayerNorm over C, H and W; some networks (ConvNeXt) take it over C alone, at each position.",
  ],
  instance: [
    "Each map stands alone: a brighter map comes out the same. It is used where the style of a picture should be removed; PyTorch’s has γ and β only with affine=True.",
  ],
  group: [
    "Between layer norm (one group) and instance norm (one channel in each group). It does not depend on the size of the batch, which helps where only a few pictures fit into memory.",
  ],
};

export function createNotes(host, store) {
  let shown = "";
  const update = () => {
    const { normKind, normView } = store.settings;
    host.classList.toggle("hidden", normView !== "block");
    if (shown === normKind) return;
    shown = normKind;
    fill(host, make("h3", {}, "What it is good for"), NOTES[normKind].map((sentence) => make("p", { class: "small" }, sentence)));
  };
  update();
  return { update };
}
