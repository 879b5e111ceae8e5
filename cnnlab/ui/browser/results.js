// The strip of numbers above the lab: output shape, parameters, operations, memory, receptive field, and the formula
// with the numbers put in; or, for an impossible setting, the broken rule and the nearest settings that work.
//
// It shows what store.derived holds, or the whole stack where that is shown, and computes nothing itself.

import { suggestions } from "./arithmetic.js";
import { composeFields, totalsOf } from "./chain.js";
import { works } from "./choices.js";
import { fill, make, say } from "./dom.js";
import { inputShapeOf, layersOf } from "./settings.js";
import { computeStack } from "./stack.js";
import { bytesText, countText } from "./units.js";

const MOST_FORMULAS = 4;
const METRICS = [
  ["output", "Output shape", "C × H × W, for one picture"],
  ["parameters", "Parameters", "Numbers that training sets: weights and biases"],
  ["macs", "MACs", "Multiply–adds for one picture; biases are not counted"],
  ["flops", "FLOPs", "2 × MACs"],
  ["weights", "Weight memory", "Memory of the parameters at 4 bytes each"],
  ["activations", "Activation memory", "Memory of the output at 4 bytes a value"],
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
    const stack = store.settings.tab === "stack";
    const shown = stack ? wholeStack(store.settings) : store.derived;
    const texts = metricTexts(shown);
    for (const [name] of METRICS) say(values[name], texts[name]);
    if (stack) fill(formula, make("p", { class: "muted small" }, "The whole stack; memory is that of every map it makes."));
    else showFormula(formula, shown);
    showTrouble(trouble, stack ? null : store);
  };
  update();
  return { update, destroy() {} };
}

/** What the stack tab builds, in the form of store.derived; the list itself says which of its layers is impossible. */
function wholeStack(settings) {
  const stack = computeStack(settings);
  return { ...stack, output: stack.shapes.at(-1), totals: totalsOf(stack) };
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
    receptive: joined(composeFields(reports).at(-1).map((field) => field.size)),
  };
}

function showFormula(host, { ok, reports }) {
  const named = (step, i) => (reports.length > 1 ? { ...step, quantity: `layer ${i + 1}, ${step.quantity}` } : step);
  const outputs = (report) => merged(report.steps.filter((step) => step.quantity.startsWith("output")));
  const steps = ok ? reports.flatMap((report, i) => outputs(report).map((step) => named(step, i))) : [];
  const rows = steps.slice(0, MOST_FORMULAS).map((step) =>
    make(
      "div",
      { class: "formula-row" },
      make("span", { class: "muted small" }, asTitle(step.quantity)),
      make("span", { class: "formula" }, `${step.formula} = ${step.substituted} = `, make("strong", {}, step.result)),
      step.note ? make("span", { class: "muted small" }, step.note) : null,
    ),
  );
  fill(host, rows);
}

/** One row where height and width have the same formula with the same numbers in it. */
function merged(steps) {
  const [height, width] = steps;
  const same = steps.length === 2 && height.substituted === width.substituted && height.result === width.result;
  return same ? [{ ...height, quantity: "output height, and width alike" }] : steps;
}

function showTrouble(host, store) {
  const { problem, reports } = store?.derived ?? { problem: -1 };
  host.classList.toggle("hidden", problem < 0);
  if (problem < 0) return fill(host);
  const ways = waysOut(store.settings);
  fill(
    host,
    make("strong", {}, "This setting is impossible."),
    reports[problem].problems.map(({ sentence }) => make("p", {}, asSentence(sentence))),
    ways.length ? make("p", { class: "small" }, "The nearest settings that work:") : null,
    make(
      "div",
      { class: "button-row" },
      ways.map(({ changes, sentence }) => make("button", { type: "button", class: "button", onclick: () => store.set(changes) }, asTitle(sentence))),
    ),
  );
}

const asTitle = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const asSentence = (text) => `${asTitle(text)}${/[.!?]$/.test(text) ? "" : "."}`;

/** The nearest settings that work, [{ changes, sentence }]; a pair is asked as the one convolution that it stands for. */
function waysOut(settings) {
  const single = { ...settings, pair: "none", ...(settings.pair === "none" ? {} : { groups: 1 }) };
  return suggestions(layersOf(single)[0], inputShapeOf(settings))
    .map(({ changes, sentence }) => ({ changes: asSettings(changes, settings), sentence }))
    .filter(({ changes }) => works({ ...settings, ...changes }));
}

/** A layer's changes as the lab's settings: the one size of a 1-D layer is the width. */
function asSettings(changes, settings) {
  const result = {};
  for (const [name, value] of Object.entries(changes)) {
    const field = name === "inputChannels" ? "cin" : name;
    const wide = Array.isArray(value) && value.length === 1 ? [settings[field][0] ?? value[0], value[0]] : value;
    result[field] = wide;
    const apart = settings.dims === 2 && Array.isArray(wide) && wide[0] !== wide[1];
    if (apart) result.unlinked = [...new Set([...(result.unlinked ?? settings.unlinked), field])];
  }
  return result;
}
