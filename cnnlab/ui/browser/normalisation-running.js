// Batch norm in training and in use: batches are fed, the running mean and variance follow, and it is shown which of
// the two depends on the other samples of the batch.
//
// It shows what normalisation.js computes.

import { buttonRow } from "./controls.js";
import { fill, make, say, scroll } from "./dom.js";
import { batchOf, blockOf, indexOf, layerOf, runningHistory, scaleOf } from "./normalisation-block.js";
import { MOMENTUM, normalise, statistics } from "./normalisation.js";
import { KINDS, MOST_BATCHES } from "./normalisation-settings.js";
import { decimal, factor } from "./normalisation-text.js";
import { createRunningChart } from "./normalisation-chart.js";

const KEPT = 1 - MOMENTUM;
const BRIGHTER = 50;
const MODES = {
  train: { title: "Training", hint: "norm.train(): the batch’s own mean and variance" },
  eval: { title: "Use (eval)", hint: "norm.eval(): the running mean and variance" },
};
const SENTENCES = {
  train: "In training each channel is normalised with the mean and variance of the batch in front of it, and every batch moves the running values a tenth of the way towards its own.",
  eval: "In use (model.eval()) the running values take the batch’s place and no longer move, so that one picture gets the same answer in any company.",
};

export function createRunningView(host, store) {
  const mode = buttonRow("Training or use", MODES, (normMode) => store.set({ normMode }));
  const sentence = make("p", {});
  const feed = (count) => () => store.set({ normBatches: Math.min(MOST_BATCHES, store.settings.normBatches + count) });
  const feeders = [1, 10].map((count) => make("button", { type: "button", class: "button", onclick: feed(count) }, count === 1 ? "Feed a new batch" : "Feed 10 batches"));
  const restart = make("button", { type: "button", class: "button", onclick: () => store.set({ normBatches: 0 }) }, "Start over");
  const seen = make("span", { role: "status", class: "number" });
  const update = make("div", { class: "norm-steps" });
  const [table, company] = [scroll("The running values, channel by channel"), make("div", { class: "norm-company" })];
  const chart = createRunningChart();
  const only = make("p", {});
  const choose = make("button", { type: "button", class: "button", onclick: () => store.set({ normKind: "batch", normGamma: {}, normBeta: {} }) }, "Show batch norm");
  const other = make("div", { class: "panel" }, only, choose);
  const about = make("p", { class: "small muted" }, "New batches are other numbers with the same mean and spread in each channel as the block below.");
  const fed = make("div", { class: "button-row" }, feeders, restart, seen);
  const own = make("div", { class: "norm-running-body" }, make("div", {}, mode.element, sentence), make("div", { class: "norm-pair" }, make("div", {}, fed, about, update), chart.element), make("div", { class: "norm-pair" }, make("div", {}, make("h3", {}, "The running values, channel by channel"), table), company));
  fill(host, own, other);
  return {
    update() {
      const { settings } = store;
      host.classList.toggle("hidden", settings.normView !== "running");
      if (settings.normView !== "running") return;
      const batch = settings.normKind === "batch";
      own.classList.toggle("hidden", !batch);
      other.classList.toggle("hidden", batch);
      if (!batch) return say(only, `${KINDS[settings.normKind].title} norm does the same in training and in use: its mean comes from one sample, so the others do not matter and there is nothing to remember. Only batch norm keeps running values.`);
      const history = runningHistory(settings);
      mode.update(settings.normMode);
      say(sentence, SENTENCES[settings.normMode]);
      feeders.forEach((button) => (button.disabled = settings.normBatches >= MOST_BATCHES));
      restart.disabled = settings.normBatches === 0;
      say(seen, `${settings.normBatches} ${settings.normBatches === 1 ? "batch" : "batches"} seen${settings.normBatches >= MOST_BATCHES ? ", the most here" : ""}`);
      fill(update, lastUpdate(settings, history));
      fill(table, valuesTable(settings, history.at(-1)));
      chart.update(history, blockStatistics(settings), settings.normCell[1]);
      fill(company, companyTable(settings, history.at(-1)));
    },
  };
}

function blockStatistics(settings) {
  const { mean, variance, size } = statistics(blockOf(settings), { kind: "batch", shape: settings.normShape });
  return { mean, variance: variance.map((value) => (value * size) / (size - 1)), size };
}

/** The newest step of the running values of the chosen channel, written out. */
function lastUpdate(settings, history) {
  const [, channel] = settings.normCell;
  const now = history.at(-1);
  if (history.length === 1) return make("p", { class: "small" }, "Before the first batch every running mean is 0 and every running variance 1.");
  const before = history.at(-2);
  const shape = settings.normShape;
  const { mean, variance, size } = statistics(batchOf(settings, settings.normBatches), { kind: "batch", shape });
  const unbiased = (variance[channel] * size) / (size - 1);
  const line = (name, formula, result) => make("div", { class: "norm-step" }, make("span", { class: "muted small" }, name), make("span", { class: "formula" }, formula, make("strong", {}, result)));
  return [
    line(`running mean, channel ${channel}`, `${KEPT} · old + ${MOMENTUM} · μ of this batch = ${KEPT}·${factor(before.mean[channel])} + ${MOMENTUM}·${factor(mean[channel])} = `, decimal(now.mean[channel])),
    line(`running variance, channel ${channel}`, `${KEPT} · old + ${MOMENTUM} · σ²·n/(n − 1) = ${KEPT}·${factor(before.variance[channel])} + ${MOMENTUM}·${decimal(variance[channel])}·${size}/${size - 1} = ${KEPT}·${factor(before.variance[channel])} + ${MOMENTUM}·${decimal(unbiased)} = `, decimal(now.variance[channel])),
    make("p", { class: "small muted" }, `PyTorch’s momentum ${MOMENTUM} is the share of the newest batch. The running variance takes the sum of squares divided by n − 1 = ${size - 1}; the normalising itself divides by n = ${size}.`),
  ];
}

function valuesTable(settings, running) {
  const batch = blockStatistics(settings);
  const heads = ["Channel", "Running mean", "Block’s mean", "Running variance", "Block’s variance (n − 1)"];
  const rows = Array.from({ length: settings.normShape[1] }, (_, c) =>
    make("tr", { class: c === settings.normCell[1] ? "chosen" : "" }, make("th", { scope: "row" }, String(c)), [running.mean, batch.mean, running.variance, batch.variance].map((numbers) => make("td", {}, decimal(numbers[c])))),
  );
  return make("table", {}, make("caption", { class: "sr-only" }, "Running values beside those of the block"), make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))), make("tbody", {}, rows));
}

/** y of the chosen number, alone changed by what stands beside it in the batch. */
function companyTable(settings, running) {
  const [layer, scale, values] = [layerOf(settings), scaleOf(settings), blockOf(settings)];
  const [sample] = settings.normCell;
  if (layer.shape[0] === 1) return make("p", { class: "small muted" }, "With more than one sample (N above), this shows whether a sample’s answer depends on the others.");
  const own = values.length / layer.shape[0];
  const brighter = values.map((value, index) => value + (Math.floor(index / own) === sample ? 0 : BRIGHTER));
  const at = indexOf(layer.shape, settings.normCell);
  const y = (numbers, stored) => normalise(numbers, layer, scale, stored).y[at];
  const rows = [["Training", null], ["Use (eval)", running]].map(([name, stored]) => {
    const [one, two] = [y(values, stored), y(brighter, stored)];
    return make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, decimal(one)), make("td", {}, decimal(two)), make("td", {}, one === two ? "the same" : `changed by ${decimal(two - one)}`));
  });
  const heads = ["", "y now", `y, the others ${BRIGHTER} brighter`, ""];
  return [
    make("h3", {}, `Does sample ${sample}’s answer depend on the others?`),
    scroll("Answers in training and in use", make("table", {}, make("thead", {}, make("tr", {}, heads.map((head) => make(head ? "th" : "td", head ? { scope: "col" } : {}, head)))), make("tbody", {}, rows))),
  ];
}
