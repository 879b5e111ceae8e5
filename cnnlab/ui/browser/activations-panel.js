// The Activations tab: a function and its slope, a point on both, and what the function does to a map of values.
//
// It shows what activations.js computes.

import { createCurve, REACH } from "./activation-curve.js";
import { createScores, SCORE_NAMES } from "./activation-scores.js";
import { ACTIVATIONS, applied, curveOf, FLAT, mapValues, SIDE } from "./activations.js";
import { buttonRow } from "./controls.js";
import { fill, make, say } from "./dom.js";
import { createPointing, createSlider, decimalText, onResize, percentText } from "./layers-controls.js";
import { ACTIVATION_NAMES } from "./layers-others.js";
import { createMap } from "./map.js";
import { createScale, readTheme } from "./painting.js";

const SOFTMAX = {
  title: "Softmax",
  formula: "e^z / Σ e^z, over all scores",
  kinks: [],
  note: "Not of one number: it turns all scores into probabilities that add up to 1. The curve shows the chosen probability while its own score moves and the others stay; the steepest it gets is 0.25. In PyTorch, nn.CrossEntropyLoss takes the scores and has softmax inside.",
};
const known = (name) => ACTIVATIONS[name] ?? SOFTMAX;

export function createActivationsPanel(host, store) {
  const names = buttonRow("Activation function", Object.fromEntries(ACTIVATION_NAMES.map((name) => [name, { title: known(name).title, hint: known(name).formula }])), (name) => store.set({ actName: name }));
  const put = (x) => store.set(inputChange(store.settings, x));
  const curve = createCurve(put);
  const frame = make("div", { class: "act-frame" }, curve.element);
  const input = createSlider("Point x", { min: -REACH, max: REACH, step: 0.1, text: (value) => decimalText(value) }, put);
  const slope = createSlider("Slope a on the left", { min: 0, max: 1, step: 0.01, text: (value) => decimalText(value) }, (value) => store.set({ actSlope: value }));
  const formula = make("p", { class: "formula" });
  const numbers = make("p", { class: "act-numbers number", role: "status" });
  const note = make("p", { class: "muted" });
  const side = make("div", { class: "act-side" }, input.element, numbers, formula, slope.element, note);
  const many = createMany(store);
  const scores = createScores(store);
  fill(host, make("p", {}, "Without a bend between them, two layers would be one: activations are the bend. Move the point: how much comes out, and how much of a gradient would flow back?"), names.element, make("div", { class: "act-view" }, frame, side), many.element, scores.element);

  function draw() {
    const { settings } = store;
    const softmax = settings.actName === "softmax";
    const { kinks } = known(settings.actName);
    const { value, derivative } = curveOf(settings);
    const x = softmax ? settings.actScores[settings.actScore] : settings.actInput;
    curve.paint({ value, derivative, kinks, x }, Math.max(240, frame.clientWidth || 560));
    input.update(x, { label: softmax ? `Score ${SCORE_NAMES[settings.actScore]}` : "Point x" });
    slope.update(settings.actSlope);
    names.update(settings.actName);
    slope.element.classList.toggle("hidden", settings.actName !== "leaky");
    say(formula, known(settings.actName).formula);
    say(note, known(settings.actName).note);
    say(numbers, `${softmax ? `p(${SCORE_NAMES[settings.actScore]})` : `f(${decimalText(x)})`} = ${significant(value(x))}, slope ${significant(derivative(x))}`);
    many.element.classList.toggle("hidden", softmax);
    scores.element.classList.toggle("hidden", !softmax);
    if (softmax) scores.update(settings);
    else many.update(settings, { value, derivative });
  }
  const stop = onResize(host, draw);
  draw();
  return { update: draw, code: () => activationCode(store.settings), destroy: stop };
}

const inputChange = ({ actName, actScores, actScore }, x) => (actName === "softmax" ? { actScores: actScores.map((score, i) => (i === actScore ? x : score)) } : { actInput: x });

/** Four figures, also of very small numbers. */
function significant(value) {
  const text = value !== 0 && Math.abs(value) < 0.0001 ? value.toExponential(2).replace(/e-(\d+)/, " · 10^−$1") : String(+value.toPrecision(4));
  return text.replace(/^-/, "−").replace(/^−?0$/, "0");
}

/** The function applied to a map of values: what comes in, what comes out, and which cells have hardly any slope. */
function createMany(store) {
  const sliders = {
    actMean: createSlider("Mean of the values", { min: -6, max: 6, step: 0.5, text: (value) => decimalText(value) }, (value) => store.set({ actMean: value })),
    actSpread: createSlider("Spread (standard deviation)", { min: 0, max: 6, step: 0.5, text: (value) => decimalText(value) }, (value) => store.set({ actSpread: value })),
  };
  const maps = { before: createMap("act-before", "Before"), after: createMap("act-after", "After") };
  const readout = make("p", { class: "drop-readout muted", "aria-live": "polite" });
  const shares = make("p", { role: "status" });
  const view = { values: null, result: null };
  const figure = make("div", { class: "drop-maps" }, maps.before.element, maps.after.element);
  const label = "The maps: arrow keys walk over their values";
  const pointing = createPointing(figure, Object.values(maps), { rows: SIDE, cols: SIDE, label, onPoint: (cell) => say(readout, readoutFor(view, cell)) });
  const element = make(
    "section",
    { "aria-label": "The function applied to a map" },
    make("h3", {}, `Applied to a map of ${SIDE} × ${SIDE} values`),
    make("div", { class: "others-controls" }, Object.values(sliders).map((slider) => slider.element)),
    figure,
    readout,
    shares,
  );
  return {
    element,
    update(settings, curve) {
      for (const [field, slider] of Object.entries(sliders)) slider.update(settings[field]);
      view.values = mapValues(settings.actMean, settings.actSpread);
      view.result = applied(view.values, curve);
      paintMany(maps, figure, view);
      pointing.again();
      say(shares, shareSentence(view.result));
    },
  };
}

function paintMany(maps, figure, { values, result }) {
  const theme = readTheme(figure);
  const cell = Math.max(12, Math.min(30, Math.floor(((figure.clientWidth || 700) / (figure.clientWidth < 560 ? 1 : 2) - 16) / SIDE)));
  const paint = (map, numbers, flat) => {
    const scale = createScale("diverging", Math.min(...numbers), Math.max(...numbers));
    const look = (row, col) => {
      const i = row * SIDE + col;
      return { value: numbers[i], colour: theme.diverging[scale.index(numbers[i])], hatch: flat?.[i] ? "overhang" : null };
    };
    map.paint({ rows: SIDE, cols: SIDE, cell, theme, look });
    map.describe(flat ? "striped: hardly any slope" : "", scale);
  };
  paint(maps.before, values);
  paint(maps.after, result.outputs, [...result.slopes].map((slope) => Math.abs(slope) < FLAT));
}

function shareSentence({ zero, flat, outputs: { length } }) {
  const zeros = zero ? `${zero} of ${length} values (${percentText(zero, length)}) become exactly 0.` : `None of the ${length} values becomes exactly 0.`;
  const flats = `${flat} (${percentText(flat, length)}) lie where the slope is nearer to 0 than ${FLAT}: hardly any gradient flows back through them.`;
  return `${zeros} ${flats}`;
}

function readoutFor({ values, result }, cell) {
  if (!cell || !values) return "Point at a value, or walk there with the arrow keys, to see what becomes of it.";
  const i = cell[0] * SIDE + cell[1];
  return `Row ${cell[0]}, column ${cell[1]}: ${significant(values[i])} becomes ${significant(result.outputs[i])}, slope ${significant(result.slopes[i])}.`;
}

/** The function, a value through it, and its slope by autograd, as PyTorch code. */
export function activationCode({ actName, actInput, actSlope, actScores, actScore }) {
  const softmax = actName === "softmax";
  const lines = [
    "import torch",
    "from torch import nn",
    "",
    `activation = ${softmax ? "nn.Softmax(dim=0)" : ACTIVATIONS[actName].module(actSlope)}`,
    `x = torch.tensor([${(softmax ? actScores : [actInput]).map((value) => (Number.isInteger(value) ? value.toFixed(1) : value)).join(", ")}], dtype=torch.float64, requires_grad=True)`,
    "y = activation(x)",
    `y[${softmax ? actScore : 0}].backward()`,
    "print(y, x.grad)  # the value, and the slope that a gradient is multiplied by",
    "",
  ];
  return { text: lines.join("\n"), ok: true };
}
