// One number of the block worked out: its mean, its variance, x̂ and y with the numbers put in; x, γ and β can be changed.
//
// It shows a model as computeBlock makes it and computes nothing but the sums that it writes out.

import { fill, make, say } from "./dom.js";
import { indexOf } from "./normalisation-block.js";
import { affineIndex, affineShape, sizeOf } from "./normalisation.js";
import { LARGEST_VALUE } from "./normalisation-settings.js";
import { averagedAxes, decimal, factor, letterOf, membersText } from "./normalisation-text.js";

const MOST_WRITTEN = 12;
export const SCALES = { gamma: { field: "normGamma", sign: "γ", plain: 1 }, beta: { field: "normBeta", sign: "β", plain: 0 } };

/** `onDone()` is called when a typed number is finished by Enter. */
export function createCellPanel(host, store, onDone) {
  const title = make("h3", {});
  const counts = make("p", {});
  const axes = make("ul", { class: "norm-axes", "aria-label": "Axes of the block" });
  const steps = make("div", { class: "norm-steps" });
  const value = valueField(store, onDone);
  const scales = Object.entries(SCALES).map(([name, scale]) => scaleField(store, name, scale));
  const shapes = make("p", { class: "small muted" });
  const back = make("button", { type: "button", class: "link", onclick: () => store.set({ normValues: {}, normGamma: {}, normBeta: {} }) }, "Undo all changes by hand");
  fill(host, title, axes, counts, steps, make("div", { class: "norm-fields" }, value.element, scales.map(({ element }) => element)), value.message, shapes, back);
  return {
    update(model, place) {
      const index = indexOf(model.layer.shape, place);
      say(title, `Set ${letterOf(setOf(model, place))}: ${membersText(model.layer, place[0], place[1])}`);
      fill(axes, axesOf(model));
      say(counts, countsText(model));
      fill(steps, stepsOf(model, place, index).map(row));
      say(shapes, shapesText(model, place));
      value.update(model.values[index], index, place);
      scales.forEach((scale) => scale.update(model, affineIndex(model.layer.kind, model.layer.shape, index)));
      const { normValues, normGamma, normBeta } = store.settings;
      back.classList.toggle("hidden", ![normValues, normGamma, normBeta].some((changed) => Object.keys(changed).length));
    },
    type: value.type,
  };
}

const setOf = ({ sets }, [n, c]) => sets.of(n, c);
const row = ([name, formula, result, note]) =>
  make(
    "div",
    { class: "norm-step" },
    make("span", { class: "muted small" }, name),
    make("span", { class: "formula" }, formula, make("strong", {}, result)),
    note ? make("span", { class: "muted small" }, note) : null,
  );

/** The four axes with their sizes, and whether the mean runs over each. */
function axesOf({ layer, inUse }) {
  const { letters } = averagedAxes(layer);
  return ["N", "C", "H", "W"].map((letter, axis) => {
    const [whole, part] = [!inUse && letters.includes(letter), !inUse && letter === "C" && letters.includes("C/G")];
    const said = whole ? "averaged" : part ? "averaged within a group" : inUse ? "stored" : "kept apart";
    return make("li", { class: whole || part ? "averaged" : "" }, `${letter} = ${layer.shape[axis]} ${inUse && letter !== "C" ? "not averaged" : said}`);
  });
}

function countsText({ layer, sets, inUse }) {
  if (inUse) return `In use nothing is averaged: each of the ${layer.shape[1]} channels has its stored running mean and variance.`;
  const { letters, sizes } = averagedAxes(layer);
  const how = sets.count === 1 ? "There is one such set in the block" : `There are ${sets.count} such sets in the block`;
  const part = layer.kind === "group" ? `, where C/G = ${sizes[0]} is the number of channels in a group` : "";
  return `Averaged over ${letters.slice(0, -1).join(", ")} and ${letters.at(-1)}${part}: ${sizes.join(" · ")} = ${sets.size} numbers share one mean and one variance. ${how}.`;
}

function stepsOf(model, place, index) {
  const { values, mean, variance, scale, layer, xhat, y } = model;
  const set = setOf(model, place);
  const at = affineIndex(layer.kind, layer.shape, index);
  const [x, m, v] = [values[index], mean[set], variance[set]];
  return [
    ...(model.inUse ? runningSteps(m, v) : averagedSteps(model, set, m, v)),
    ["normalised", `x̂ = (x − μ) / √(σ² + ε) = (${decimal(x)} − ${factor(m)}) / √(${decimal(v)} + ${scale.eps}) = `, decimal(xhat[index])],
    ["scaled and shifted", `y = γ·x̂ + β = ${factor(scale.gamma[at])}·${factor(xhat[index])} + ${factor(scale.beta[at])} = `, decimal(y[index])],
  ];
}

const runningSteps = (mean, variance) => [
  ["mean", "μ = the channel’s running mean = ", decimal(mean)],
  ["variance", "σ² = the channel’s running variance = ", decimal(variance)],
];

function averagedSteps({ values, layer: { shape }, sets }, set, mean, variance) {
  const map = shape[2] * shape[3];
  const members = [...values].filter((_, index) => sets.of(Math.floor(index / (shape[1] * map)), Math.floor(index / map) % shape[1]) === set);
  const few = members.length <= MOST_WRITTEN;
  const sum = members.reduce((all, member) => all + member, 0);
  const squares = variance * members.length;
  const written = few ? `(${members.map((member) => factor(member)).join(" + ")}) / ${sets.size}` : `(sum of ${sets.size} numbers) / ${sets.size}`;
  return [
    ["mean", `μ = ${written} = ${decimal(sum)} / ${sets.size} = `, decimal(mean), few ? "" : `the mean of ${sets.size} numbers`],
    ["variance", `σ² = Σ(x − μ)² / ${sets.size} = ${decimal(squares)} / ${sets.size} = `, decimal(variance), "divided by the count, not by the count − 1"],
  ];
}

function shapesText({ layer }, [n, c, y, x]) {
  const shape = affineShape(layer.kind, layer.shape);
  const letters = layer.kind === "layer" ? "C × H × W" : "1 × C × 1 × 1";
  const whose = layer.kind === "layer" ? `each place of a sample has its own; these are of channel ${c}, row ${y}, column ${x}` : `each channel has its own; these are of channel ${c}`;
  return `γ and β are learned. Their shape is ${letters} = ${shape.join(" × ")}, ${sizeOf(shape)} numbers each: ${whose}.`;
}

const readNumber = (text) => (/^[-−]?\d{1,3}([.,]\d{1,2})?$/.test(text.trim()) ? Number(text.trim().replace("−", "-").replace(",", ".")) : undefined);

function valueField(store, onDone) {
  const input = make("input", { type: "text", inputmode: "decimal", autocomplete: "off", class: "norm-value" });
  const name = make("span", {}, "x");
  const message = make("p", { class: "field-message small", role: "status" });
  let [place, current] = [0, 0];
  const restore = () => {
    input.value = decimal(current);
    input.setAttribute("aria-invalid", "false");
    say(message, "");
  };
  input.oninput = () => {
    const number = readNumber(input.value);
    const fine = number !== undefined && Math.abs(number) <= LARGEST_VALUE;
    input.setAttribute("aria-invalid", String(!fine));
    say(message, fine ? "" : `Enter a number from −${LARGEST_VALUE} to ${LARGEST_VALUE} with at most two decimals; the lab still uses ${decimal(current)}.`);
    if (fine) store.set({ normValues: { ...store.settings.normValues, [place]: number } });
  };
  input.onblur = restore;
  input.onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    restore();
    onDone();
  };
  return {
    element: make("label", { class: "norm-field" }, name, input),
    message,
    update(value, index, [n, c, y, x]) {
      const moved = place !== index;
      [place, current] = [index, value];
      input.setAttribute("aria-label", `x at sample ${n}, channel ${c}, row ${y}, column ${x}`);
      if (moved || !input.matches(":focus")) restore();
    },
    type(text) {
      input.focus();
      input.value = text;
      input.oninput();
    },
  };
}

/** A slider for γ or β of one place; `name` is "gamma" or "beta", the last argument its entry in SCALES. */
export function scaleField(store, name, { field, sign, plain }) {
  const slider = make("input", { type: "range", min: -3, max: 3, step: 0.1 });
  const output = make("output", { class: "number" });
  let at = 0;
  slider.oninput = () => {
    const { [at]: _, ...others } = store.settings[field];
    store.set({ [field]: Number(slider.value) === plain ? others : { ...others, [at]: Number(slider.value) } });
  };
  return {
    element: make("label", { class: "norm-field" }, make("span", {}, sign), slider, output),
    update({ scale, layer }, place) {
      at = place;
      const value = scale[name][place];
      slider.setAttribute("aria-label", `${sign} of ${layer.kind === "layer" ? "this place" : "this channel"}`);
      if (Number(slider.value) !== value) slider.value = value;
      say(output, decimal(value));
    },
  };
}
