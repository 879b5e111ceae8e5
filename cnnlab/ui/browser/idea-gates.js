// SENet's idea: a picture decides how much of each channel passes. The gates of a real network, for a real picture.

import { make, fill, say } from "./dom.js";
import { createFlowAsking, waitingText } from "./flow-asking.js";
import { pictureName } from "./flow-sources.js";
import { frame, word } from "./idea-drawing.js";
import { svg } from "./svg.js";

const MOST = 256;
let [wanted, shown, from] = [null, null, ""];

/** The steps of a network that give one number between 0 and 1 for each channel. */
export const gatesOf = (network) => network.steps.map((step, index) => ({ ...step, index }))
  .filter(({ op, out }) => (op === "sigmoid" || op === "hardsigmoid") && out.length === 3 && out[1] === 1 && out[2] === 1);

export const idea = {
  ask: "Let the gates be computed, walk from the first block to the last, then choose another picture. Early gates hardly change with the picture; do late ones?",
  knobs: [{ name: "block", label: "Block with gates", low: 1, high: 50, start: 1 }],
  leave() {
    wanted?.abort();
    [shown, from] = [null, ""];
  },
  show({ block }, { store, extra, redraw }) {
    const { network } = store;
    const gates = network ? gatesOf(network) : [];
    if (!gates.length) {
      fill(extra, make("button", { type: "button", class: "button", onclick: () => store.set({ network: "legacy_seresnet50", idea: "" }) }, "Take SE-ResNet-50"));
      return { words: ["This network has no gates. Choose one that has: SE-ResNet-50, MobileNet v3 or an EfficientNet."] };
    }
    const gate = gates[Math.min(block, gates.length) - 1];
    const ready = offer(gate, { store, extra, redraw });
    return {
      drawing: ready ? draw(shown, network.steps[gate.index]) : null,
      words: [
        `${gate.path || gate.name}: block ${Math.min(block, gates.length)} of ${gates.length} with gates, for ${gate.out[0]} channels.`,
        ...(ready ? [`Mean ${shown.mean.toFixed(3)}, from ${shown.low.toFixed(3)} to ${shown.high.toFixed(3)}. Every value of a channel is multiplied by its gate.`] : []),
        ...(ready && shown.weights === "random" ? ["The weights are random here, so the gates stay near one half and mean nothing; with trained weights they differ by picture."] : []),
      ],
    };
  },
};

/** Offer to compute, compute, or have computed: whether what is shown belongs to the gate and the picture. */
function offer(gate, { store, extra, redraw }) {
  const { network, settings, upload } = store;
  const flow = { network: network.name, input: network.input.join("x"), picture: pictureName(settings, network, upload) };
  const asking = createFlowAsking(store.networks.address);
  const place = asking.stepAddress(flow, gate.index, { sort: "number", page: 0, count: MOST });
  if (!settings.flow) {
    fill(extra, make("button", { type: "button", class: "button", onclick: () => store.set({ flow: true }) }, "Compute the gates for a picture"));
    return false;
  }
  if (shown && from === place) {
    fill(extra, make("button", { type: "button", class: "button", onclick: () => store.set({ tab: "explore", step: gate.index }) }, "Choose another picture at this step"));
    return true;
  }
  const state = make("p", { class: "muted", role: "status" }, "Computing …");
  fill(extra, state);
  wanted?.abort();
  wanted = new AbortController();
  const { signal } = wanted;
  const options = { signal, onWaiting: (waiting) => say(state, waitingText(waiting)) };
  asking.bring(asking.runAddress(flow), options).then(async (run) => {
    const step = await asking.bring(place, options);
    if (signal.aborted) return;
    [shown, from] = [{ ...step, weights: run.weights, values: step.strengths }, place];
    redraw();
  }).catch((error) => {
    if (error.name !== "AbortError") fill(extra, make("p", { class: "problem", role: "alert" }, error.message));
  });
  return false;
}

function draw({ values }, { out }) {
  const [left, top, height] = [46, 12, 190];
  const across = 580 / values.length;
  const bars = values.map((value, i) => svg("rect", { x: left + i * across, y: top + (1 - value) * height, width: Math.max(across - 0.6, 0.8), height: value * height, class: "idea-gate" }));
  const some = values.length < out[0] ? `the first ${values.length} of ${out[0]} channels` : `${out[0]} channels`;
  return frame(top + height + 40, `The gates of ${some}, between 0 and 1.`, [
    ...[0, 0.5, 1].flatMap((value) => [
      svg("line", { x1: left, x2: 626, y1: top + (1 - value) * height, y2: top + (1 - value) * height, class: "scale-grid" }),
      svg("text", { x: left - 6, y: top + (1 - value) * height + 4, "text-anchor": "end" }, String(value)),
    ]),
    ...bars,
    word(330, top + height + 24, some),
  ]);
}
