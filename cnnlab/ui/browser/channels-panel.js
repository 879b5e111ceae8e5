// The Channels tab: which input channels each output channel reads, and the proof that 1×1 is a dense layer per pixel.
//
// It draws what channels.js says, one drawing for each stage, and leaves the proof to pointwise-proof.js.

import { createChannelDrawing } from "./channel-drawing.js";
import { groupsIn } from "./channels.js";
import { fill, make, say } from "./dom.js";
import { createPointwiseProof } from "./pointwise-proof.js";

export function createChannelsPanel(host, store) {
  const intro = make("p", { class: "muted" });
  const drawings = [0, 1].map((stage) => createChannelDrawing(store, stage));
  const proof = createPointwiseProof(store);
  const links = make("section", { "aria-label": "Which channels read which" }, make("h2", {}, "Which channels read which"), intro, make("div", { class: "channels-stages" }, drawings.map((drawing) => drawing.element)));
  fill(host, make("div", { class: "channels-view" }, links, proof.element));
  const update = () => {
    const { layers } = store.derived;
    say(intro, introFor(layers));
    drawings.forEach((drawing, stage) => drawing.update(layers[stage], layers.length));
    proof.update();
  };
  update();
  return { update, destroy: () => proof.destroy() };
}

function introFor(layers) {
  const [layer] = layers;
  if (layer.op.endsWith("pool")) return "Pooling works channel by channel: each output channel reads only its own input channel.";
  if (layers.length > 1) return layers[0].groups > 1 ? "First every channel is filtered by itself, then a 1×1 layer mixes the channels." : "Both stages read all channels; each looks along one axis only.";
  const groups = groupsIn(layer);
  if (groups === null) return "";
  if (groups === 1) return "Every output channel reads every input channel. Split them with “Groups” in the settings.";
  return groups === layer.cin ? "Depthwise: as many groups as input channels, so each output channel reads a single one." : `${groups} groups: an output channel reads only the input channels of its own group.`;
}
