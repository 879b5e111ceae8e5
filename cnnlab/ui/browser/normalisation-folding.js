// Batch norm folded into the convolution before it: the new weights worked out, both outputs side by side, and the
// largest difference between them.
//
// It shows what normalisation.js computes.

import { buttonRow } from "./controls.js";
import { fill, make, say, scroll } from "./dom.js";
import { createMap } from "./map.js";
import { convolutionOf, FOLD_SIZE, runningHistory, scaleOf } from "./normalisation-block.js";
import { convolve, foldBatchNorm, normalise } from "./normalisation.js";
import { SCALES, scaleField } from "./normalisation-cell.js";
import { decimal, factor } from "./normalisation-text.js";
import { createScale, readTheme } from "./painting.js";

const CELL = 44;
const KERNELS = { 1: { title: "1 × 1", hint: "A 1 × 1 convolution" }, 3: { title: "3 × 3", hint: "A 3 × 3 convolution" } };

/** The two ways and what they give, for all channels; γ, β and ε are the lab's, the running values those after the batches seen. */
export function computeFolding(settings) {
  const convolution = convolutionOf(settings);
  const norm = { ...scaleOf(settings), ...runningHistory(settings).at(-1) };
  const folded = { ...foldBatchNorm(convolution, norm), kernel: convolution.kernel };
  const plain = convolve(convolution.input, convolution.inputShape, convolution);
  const layer = { kind: "batch", shape: [1, ...plain.shape], groups: 1 };
  const two = normalise(plain.values, layer, norm, norm).y;
  const one = convolve(convolution.input, convolution.inputShape, folded).values;
  const difference = Math.max(...two.map((value, index) => Math.abs(value - one[index])));
  return { convolution, norm, folded, two, one, shape: plain.shape, difference };
}

export function createFoldingView(host, store) {
  const kernels = buttonRow("Kernel of the convolution", KERNELS, (kernel) => store.set({ foldKernel: +kernel }));
  const channels = make("select", { "aria-label": "Output channel shown" });
  channels.onchange = () => store.set({ normCell: store.settings.normCell.map((at, axis) => (axis === 1 ? +channels.value : at)) });
  const seen = make("p", { class: "small muted" });
  const feed = make("button", { type: "button", class: "button", onclick: () => store.set({ normBatches: 10 }) }, "Feed 10 batches first");
  const scales = Object.entries(SCALES).map(([name, scale]) => scaleField(store, name, scale));
  const [steps, table] = [make("div", { class: "norm-steps" }), scroll("Weights before and after folding")];
  const maps = [createMap("two", "Two layers"), createMap("one", "Folded into one")];
  const verdict = make("p", { class: "norm-verdict", role: "status" });
  const other = make("div", { class: "panel" }, make("p", {}, "Only batch norm can be folded away: the others need the mean of the very sample that passes through, so no fixed weight can hold it."), make("button", { type: "button", class: "button", onclick: () => store.set({ normKind: "batch", normGamma: {}, normBeta: {} }) }, "Show batch norm"));
  const own = make("div", { class: "norm-folding-body" }, [
    make("p", {}, "In use, batch norm multiplies each channel by one number and adds another. The convolution before it can do both in its own weights and bias, and the layer is gone."),
    make("div", { class: "norm-line" }, kernels.element, make("label", { class: "norm-select" }, make("span", {}, "Output channel"), channels), scales.map(({ element }) => element), feed),
    seen,
    make("div", { class: "panel" }, steps, table),
    make("div", { class: "norm-outputs" }, maps.map(({ element }) => element)),
    verdict,
    make("p", { class: "small muted" }, "“No overhead at test time” holds only after this step. Left as a layer of its own, batch norm reads and writes every value of the map again for each picture. After folding there is nothing left to train in it: fold when training is done."),
  ]);
  fill(host, own, other);
  return {
    update() {
      const { settings } = store;
      host.classList.toggle("hidden", settings.normView !== "folding");
      if (settings.normView !== "folding") return;
      own.classList.toggle("hidden", settings.normKind !== "batch");
      other.classList.toggle("hidden", settings.normKind === "batch");
      if (settings.normKind !== "batch") return;
      const [, channel] = settings.normCell;
      const folding = computeFolding(settings);
      kernels.update(settings.foldKernel);
      fill(channels, folding.convolution.bias.length === channels.length ? [...channels.children] : [...folding.convolution.bias].map((_, c) => make("option", { value: c }, String(c))));
      channels.value = channel;
      scales.forEach((scale) => scale.update({ scale: folding.norm, layer: { kind: "batch" } }, channel));
      feed.classList.toggle("hidden", settings.normBatches > 0);
      say(seen, `A ${settings.foldKernel} × ${settings.foldKernel} convolution from ${folding.convolution.inputShape[0]} channels of ${FOLD_SIZE} × ${FOLD_SIZE} numbers to ${folding.shape[0]}. Batch norm has the running values after ${settings.normBatches} batches, as under “Training and use”${settings.normBatches ? "" : ": mean 0 and variance 1, so that little happens yet"}; γ, β and ε are those of the lab.`);
      fill(steps, stepsOf(folding, channel));
      fill(table, weightsTable(folding, channel));
      paint(host, maps, folding, channel);
      say(verdict, verdictText(folding));
    },
  };
}

function stepsOf({ norm, convolution, folded }, c) {
  const line = (name, formula, result) => make("div", { class: "norm-step" }, make("span", { class: "muted small" }, name), make("span", { class: "formula" }, formula, make("strong", {}, result)));
  const [gamma, beta, mean, variance] = [norm.gamma, norm.beta, norm.mean, norm.variance].map((numbers) => numbers[c]);
  const first = folded.weights.length / convolution.bias.length;
  return [
    line("factor", `f = γ / √(σ² + ε) = ${decimal(gamma)} / √(${decimal(variance)} + ${norm.eps}) = `, decimal(folded.factor[c])),
    line("each weight", `w′ = w · f, the first: ${factor(convolution.weights[c * first])} · ${factor(folded.factor[c])} = `, decimal(folded.weights[c * first])),
    line("bias", `b′ = (b − μ) · f + β = (${decimal(convolution.bias[c])} − ${factor(mean)}) · ${factor(folded.factor[c])} + ${factor(beta)} = `, decimal(folded.bias[c])),
  ];
}

function weightsTable({ convolution, folded }, c) {
  const count = convolution.weights.length / convolution.bias.length;
  const taps = convolution.kernel ** 2;
  const name = (i) => (taps === 1 ? `w, channel ${i}` : `w, channel ${Math.floor(i / taps)}, row ${Math.floor((i % taps) / convolution.kernel)}, column ${i % convolution.kernel}`);
  const row = (title, before, after) => make("tr", {}, make("th", { scope: "row" }, title), make("td", {}, decimal(before)), make("td", {}, decimal(after)));
  const weights = Array.from({ length: count }, (_, i) => row(name(i), convolution.weights[c * count + i], folded.weights[c * count + i]));
  const table = make("table", {}, make("thead", {}, make("tr", {}, ["", "before", "folded"].map((head) => make(head ? "th" : "td", head ? { scope: "col" } : {}, head)))), make("tbody", {}, weights, row("bias", convolution.bias[c], folded.bias[c])));
  return make("details", {}, make("summary", {}, `All ${count} weights and the bias of channel ${c}`), table);
}

function paint(host, maps, { two, one, shape: [, rows, cols] }, channel) {
  const theme = readTheme(host);
  const shown = [two, one].map((numbers) => numbers.slice(channel * rows * cols, (channel + 1) * rows * cols));
  const reach = Math.max(...shown.flatMap((numbers) => [...numbers.map(Math.abs)]));
  const scale = createScale("diverging", -reach, reach);
  maps.forEach((map, i) => {
    const look = (row, col) => ({ value: shown[i][row * cols + col], colour: theme.diverging[scale.index(shown[i][row * cols + col])] });
    map.paint({ rows, cols, cell: CELL, look, theme });
    map.mark({ cells: [], now: [], window: null, accent: theme.accent });
    map.describe(`channel ${channel}`, i ? { kind: "diverging", from: scale.from, to: scale.to } : null);
    map.element.setAttribute("aria-label", `${i ? "Folded" : "Two layers"}: ${[...shown[i]].map((value) => decimal(value)).join(", ")}`);
  });
}

function verdictText({ difference, two }) {
  if (difference === 0) return `The largest difference between all ${two.length} numbers of the two outputs is 0.`;
  return `The largest difference between all ${two.length} numbers of the two outputs is ${decimal(difference)}: the same sums, rounded in another order.`;
}
