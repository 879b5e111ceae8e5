// What can be set for all of the normalisation lab: the kind, the block's sizes, what fills it, groups and ε.
//
// It writes settings; it does not know what they do.

import { buttonRow } from "./controls.js";
import { fill, make, say } from "./dom.js";
import { FILLINGS } from "./normalisation-block.js";
import { changeKind, changeShape, EPSILONS, KINDS, LARGEST_SHAPE } from "./normalisation-settings.js";

const AXES = [
  ["N", "samples", 1],
  ["C", "channels", 1],
  ["H", "height", 2],
  ["W", "width", 2],
];
const range = (low, high) => Array.from({ length: high - low + 1 }, (_, i) => low + i);

export function createNormalisationControls(host, store) {
  const kinds = buttonRow("Kind of normalisation", KINDS, (kind) => store.set(changeKind(store.settings, kind)));
  const hint = make("p", { class: "muted small" });
  const groups = select("Groups", (text) => store.set({ normGroups: +text }));
  const sizes = AXES.map(([letter, words], axis) =>
    select(letter, (text) => store.set(changeShape(store.settings.normShape.map((size, i) => (i === axis ? +text : size)))), words),
  );
  const fillings = buttonRow("What fills the block", FILLINGS, (normPreset) => store.set({ normPreset, normValues: {} }));
  const eps = select("ε", (normEps) => store.set({ normEps }), "epsilon: keeps the division from failing where the variance is 0");
  fill(
    host,
    make("div", { class: "norm-line" }, make("span", { class: "norm-label" }, "Normalisation"), kinds.element, groups.element),
    hint,
    make("div", { class: "norm-line" }, make("div", { class: "norm-sizes" }, sizes.map(({ element }) => element), eps.element), make("span", { class: "norm-label" }, "Filled with"), fillings.element),
  );
  sizes.forEach((size, axis) => size.offer(range(AXES[axis][2], LARGEST_SHAPE[axis])));
  eps.offer(EPSILONS);
  const update = () => {
    const { normKind, normGroups, normShape, normPreset, normEps } = store.settings;
    kinds.update(normKind);
    say(hint, KINDS[normKind].hint);
    groups.element.classList.toggle("hidden", normKind !== "group");
    groups.offer(range(1, normShape[1]).filter((number) => normShape[1] % number === 0), normGroups);
    sizes.forEach((size, axis) => size.choose(normShape[axis]));
    fillings.update(normPreset);
    eps.choose(normEps);
  };
  update();
  return { update };
}

function select(name, onChoose, words = "") {
  const element = make("select", { "aria-label": words ? `${name}, ${words}` : name, title: words });
  element.onchange = () => onChoose(element.value);
  let offered = "";
  return {
    element: make("label", { class: "norm-select" }, make("span", {}, name), element),
    offer(values, value) {
      if (offered !== String(values)) fill(element, values.map((one) => make("option", { value: one }, String(one))));
      offered = String(values);
      if (value !== undefined) element.value = value;
    },
    choose: (value) => (element.value = value),
  };
}
