// The curves of a run: loss and accuracy of training and validation, and the learning rate; the same as a table.
//
// It draws the numbers it is told, by step; lines differ by dashes as well as by colour.

import { fill, make, say, scroll } from "./dom.js";
import { percent, rounded } from "./finetune-facts.js";
import { place, svg } from "./svg.js";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [420, 210, 44, 12, 12, 30];
const SMOOTH = 0.9; // of the line of the steps' losses
const KINDS = {
  loss: { title: "Loss", training: "train_loss", validation: "loss", text: rounded },
  accuracy: { title: "Accuracy", training: "train_accuracy", validation: "accuracy", text: percent, tick: (share) => `${Math.round(100 * share)} %` },
  rate: { title: "Learning rate", text: rounded, tick: shortly },
};

export function createCurves() {
  const charts = Object.entries(KINDS).map(([name, kind]) => createChart(name, kind));
  const table = make("div");
  const details = make("details", { class: "finetune-table" }, make("summary", {}, "The numbers of each epoch"), table);
  const legend = make("p", { class: "muted small finetune-legend" },
    key("training"), "learned from", key("validation"), "validation: never learned from");
  const waiting = make("p", { class: "muted" }, "The curves begin with the first step.");
  const grid = make("div", { class: "finetune-curves" }, charts.map(({ element }) => element));
  let drawn = "";
  return {
    element: make("section", { "aria-label": "Curves of the run" }, legend, waiting, grid, details),
    draw(told) {
      const stamp = `${told.steps.length} ${told.steps.at(-1)?.[0]} ${told.epochs.length}`;
      if (stamp === drawn) return;
      drawn = stamp;
      waiting.classList.toggle("hidden", told.steps.length > 0 || told.epochs.length > 0);
      grid.classList.toggle("hidden", !told.steps.length && !told.epochs.length);
      charts.forEach((chart) => chart.draw(told));
      fill(table, tableOf(told.epochs));
    },
  };
}

const key = (kind) => svg("svg", { viewBox: "0 0 26 8", width: 26, height: 8, "aria-hidden": "true" }, svg("line", { x1: 0, x2: 26, y1: 4, y2: 4, class: `curve ${kind}` }));

function createChart(name, { title, training, validation, text, tick = text }) {
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "finetune-chart" });
  const caption = make("figcaption", { class: "small number" });
  return {
    element: make("figure", { class: "finetune-figure" }, make("h3", {}, title), drawing, caption),
    draw({ steps, epochs, state }) {
      const lines = name === "rate" ? [["training", steps.map(([step, , rate]) => [step, rate])]] : [
        name === "loss" && ["faint", smoothed(steps)],
        ["training", epochs.map((one) => [one.step, one[training]])],
        ["validation", epochs.map((one) => [one.step, one[validation]])],
      ].filter(Boolean);
      const points = lines.flatMap(([, list]) => list).filter(([, value]) => Number.isFinite(value));
      const most = Math.max(1, state.steps ?? 0, ...points.map(([step]) => step ?? 0));
      const range = rangeOf(name, points.map(([, value]) => value));
      const x = (step) => LEFT + ((WIDTH - LEFT - RIGHT) * step) / most;
      const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - range[0]) / (range[1] - range[0]));
      drawing.replaceChildren(...grid(range, y, tick), ...epochMarks(epochs, state, x), ...lines.flatMap(([kind, list]) => drawLine(kind, list, x, y)));
      const words = wordsOf(name, { title, training, validation, text }, steps, epochs);
      place(drawing, { "aria-label": words });
      say(caption, words);
    },
  };
}

function wordsOf(name, kind, steps, epochs) {
  if (name === "rate") return steps.length ? `Now ${kind.text(steps.at(-1)[2])}` : "";
  const last = epochs.at(-1);
  if (!last) return "After the first epoch";
  return `Epoch ${last.epoch}: learned from ${kind.text(last[kind.training])}, validation ${kind.text(last[kind.validation])}`;
}

/** From 0 to a little above the largest; accuracy always to 1. A few wild first losses are cut off. */
function rangeOf(name, values) {
  if (name === "accuracy") return [0, 1];
  const sorted = values.toSorted((a, b) => a - b);
  const high = sorted[Math.floor(0.98 * (sorted.length - 1))] ?? 1;
  return [0, niceAbove(1.02 * (high || 1))];
}

/** The next number above that four equal parts of are short: 1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8 times a power of ten. */
export function niceAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8].find((one) => one * power >= value) ?? 10);
}

function drawLine(kind, list, x, y) {
  const known = list.filter(([step, value]) => Number.isFinite(value) && Number.isFinite(step));
  const at = ([step, value]) => [x(step).toFixed(1), Math.max(0, y(value)).toFixed(1)];
  const parts = [svg("polyline", { points: known.map((one) => at(one).join(",")).join(" "), fill: "none", class: `curve ${kind}` })];
  if (known.length && kind !== "faint") parts.push(svg("circle", { cx: at(known.at(-1))[0], cy: at(known.at(-1))[1], r: 3.5, class: `curve-end ${kind}` }));
  return parts;
}

function grid([low, high], y, text) {
  const values = [0, 0.25, 0.5, 0.75, 1].map((share) => low + share * (high - low));
  return values.flatMap((value) => [
    svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value), class: "curve-grid" }),
    svg("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, text(value, 2)),
  ]);
}

function epochMarks(epochs, state, x) {
  return [
    ...marks(epochs, state).map(({ epoch, step }) => svg("text", { x: x(step), y: HEIGHT - 14, "text-anchor": "middle" }, String(epoch))),
    svg("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 2, "text-anchor": "middle", class: "curve-axis" }, "epoch"),
  ];
}

/** At most eight epochs, and their last steps: of all that the run is to have, or of those that are over. */
export function marks(epochs, { epochs: count, steps }) {
  const all = count && steps ? Array.from({ length: count }, (_, index) => ({ epoch: index + 1, step: ((index + 1) * steps) / count })) : epochs;
  const stride = [1, 2, 5, 10, 20, 50, 100].find((one) => all.length / one < 9);
  return all.filter(({ epoch }) => epoch % stride === 0);
}

/** A small rate as on calculators, 2.5e−5: there is little room beside an axis. */
function shortly(value) {
  return value && value < 1e-3 ? value.toExponential(1).replace(".0", "").replace("-", "−") : rounded(value, 2);
}

/** The steps' losses, each with most of those before it: without that, single batches hide the way it goes. */
export function smoothed(steps) {
  let [mean, weight] = [0, 0];
  return steps.filter(([, loss]) => Number.isFinite(loss)).map(([step, loss]) => {
    mean = SMOOTH * mean + (1 - SMOOTH) * loss;
    weight = SMOOTH * weight + (1 - SMOOTH);
    return [step, mean / weight];
  });
}

function tableOf(epochs) {
  if (!epochs.length) return make("p", { class: "muted" }, "No epoch is over yet.");
  const heads = ["Epoch", "Loss, learned from", "Loss, validation", "Accuracy, learned from", "Accuracy, validation", "Learning rate"];
  const row = (one) => [one.epoch, rounded(one.train_loss), rounded(one.loss), percent(one.train_accuracy), percent(one.accuracy), rounded(one.learning_rate)];
  return scroll("The numbers of each epoch", make("table", {},
    make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, epochs.map((one) => make("tr", {}, row(one).map((text, index) => make(index ? "td" : "th", index ? {} : { scope: "row" }, String(text))))))));
}
