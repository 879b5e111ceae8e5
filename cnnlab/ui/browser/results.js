// The strip of numbers above the lab: output shape, parameters, operations, memory, receptive field, and the formula
// with the numbers put in; or, for an impossible setting, the broken rule and the nearest settings that work.
//
// It shows what store.derived holds and computes nothing itself, but for the totals of a pair's receptive field.

import { suggestions } from "./arithmetic.js";
import { fill, make, say } from "./dom.js";
import { bytesText, countText } from "./units.js";

const METRICS = [
  ["output", "Output shape", "C × H × W, for one picture"],
  ["parameters", "Parameters", "Numbers that training sets: weights and biases"],
  ["macs", "MACs", "Multiply–adds for one picture; biases are not counted"],
  ["flops", "FLOPs", "2 × MACs"],
  ["weights", "Weights", "Memory of the parameters at 4 bytes each"],
  ["activations", "Activations", "Memory of the output at 4 bytes a value"],
  ["receptive", "Receptive field", "The part of the input that one output value sees"],
];

export function createResults(host, store) {
  const values = {};
  const strip = make(
    "dl",
    { class: "metrics" },
    METRICS.map(([name, title, hint]) => {
      values[name] = make("dd", { class: "number", "data-metric": name });
      return make("div", { title: hint }, make("dt", {}, title), values[name]);
    }),
  );
  const formula = make("div", { class: "formulas" });
  const trouble = make("div", { class: "problem hidden", role: "alert" });
  fill(host, strip, formula, trouble);
  const update = () => {
    const texts = metricTexts(store.derived);
    for (const [name] of METRICS) say(values[name], texts[name]);
    showFormula(formula, store.derived);
    showTrouble(trouble, store);
  };
  update();
  return { update, destroy() {} };
}

const joined = (sizes) => sizes.map((size) => size.toLocaleString("en")).join(" × ");

function metricTexts({ ok, output, totals, reports }) {
  if (!ok) return Object.fromEntries(METRICS.map(([name]) => [name, "–"]));
  return {
    output: joined(output),
    parameters: countText(totals.parameters),
    macs: countText(totals.macs),
    flops: countText(totals.flops),
    weights: bytesText(totals.weightBytes),
    activations: bytesText(totals.activationBytes),
    receptive: joined(receptiveField(reports)),
  };
}

/** The receptive field of a chain, per axis: r ← r + (k − 1)·j, j ← j·s (Araujo, Norris & Sim 2019, equation 2). */
export function receptiveField(reports) {
  return reports[0].receptive.size.map((_, axis) => {
    let size = 1;
    let jump = 1;
    for (const { receptive } of reports) {
      size += (receptive.size[axis] - 1) * jump;
      jump *= receptive.stride[axis];
    }
    return size;
  });
}

function showFormula(host, { ok, reports }) {
  const steps = ok ? reports.flatMap((report) => report.steps.filter((step) => step.quantity.startsWith("output"))) : [];
  const rows = steps.slice(0, 4).map((step) =>
    make(
      "div",
      { class: "formula-row" },
      make("span", { class: "muted" }, step.quantity),
      make("span", { class: "formula" }, `${step.formula} = ${step.substituted} = `, make("strong", {}, step.result)),
      step.note ? make("span", { class: "muted small" }, step.note) : null,
    ),
  );
  fill(host, rows);
}

function showTrouble(host, store) {
  const { problem, layers, shapes, reports } = store.derived;
  host.classList.toggle("hidden", problem < 0);
  if (problem < 0) return fill(host);
  const ways = layers.length === 1 ? suggestions(layers[0], shapes[0]) : [];
  fill(
    host,
    make("strong", {}, "This setting is impossible."),
    reports[problem].problems.map(({ sentence }) => make("p", {}, sentence)),
    ways.length ? make("p", { class: "small" }, "The nearest settings that work:") : null,
    make(
      "div",
      { class: "button-row" },
      ways.map(({ changes, sentence }) =>
        make("button", { type: "button", class: "button", onclick: () => store.set(asSettings(changes, store.settings)) }, sentence),
      ),
    ),
  );
}

/** A layer's changes as the lab's settings: sizes along one axis apply to the width. */
function asSettings(changes, settings) {
  const result = {};
  for (const [field, value] of Object.entries(changes)) {
    if (!(field in settings)) continue;
    const wide = Array.isArray(value) && value.length === 1 ? [settings[field][0] ?? value[0], value[0]] : value;
    result[field] = wide;
    if (Array.isArray(wide) && wide[0] !== wide[1]) result.unlinked = [...new Set([...(result.unlinked ?? settings.unlinked), field])];
  }
  return result;
}
