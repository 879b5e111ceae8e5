// A family of networks turned up and down: its knob and the size of its input, with the costs following the hand.
//
// The numbers of all settings come from the server at once (`networks.scaled`); it only looks them up, and divides.

import { fill, make, say } from "./dom.js";
import { drawScaling } from "./scale-chart.js";
import { bytesText, countText, grouped } from "./units.js";

const COSTS = [["Parameters", grouped], ["Multiply-adds", grouped], ["Memory of all outputs", bytesText], ["Receptive field, pixels", grouped]];

export function createScalePanel(host, store) {
  const family = make("select", { "aria-label": "Family", onchange: () => store.set({ family: family.value, knob: -1, side: 0 }) });
  const turn = slider("Setting", (value) => store.set({ knob: value }));
  const side = slider("Input", (value) => store.set({ side: told.sizes[value] }));
  const about = make("p", {});
  const numbers = make("dl", { class: "step-metrics scale-numbers" });
  const compared = make("p", { role: "status" });
  const chart = make("div", { class: "scroll", tabindex: "0", "data-own-keys": true, "aria-label": "Multiply-adds over the size of the input" });
  const open = make("button", { type: "button", class: "button", onclick: () => store.set({ network: shownVariant().network, tab: "explore", input: "" }) }, "Step through this one");
  const own = make("button", { type: "button", class: "button", onclick: () => store.set({ side: 0 }) }, "At the size it was made for");
  fill(host, make("div", { class: "scale-controls" }, make("label", {}, make("span", { class: "label" }, "Family"), family), turn.element, side.element),
    about, numbers, compared, make("div", { class: "button-row" }, own, open), chart);
  let knobs = [];
  let told = null;
  let toldOf = "";

  const knob = () => knobs.find((one) => one.name === store.settings.family) ?? knobs[0];
  const place = () => (store.settings.knob < 0 ? knob().start : Math.min(store.settings.knob, knob().labels.length - 1));
  const shownVariant = () => told.variants[place()];
  const size = () => nearest(told.sizes, store.settings.side || shownVariant().own_size);

  async function bring() {
    const wanted = knob().name;
    if (toldOf === wanted) return;
    toldOf = wanted;
    const arrived = await store.networks.scaled(wanted).catch((error) => ({ error: error.message }));
    if (toldOf !== wanted) return;
    if (arrived.error) {
      toldOf = "";
      return say(compared, arrived.error);
    }
    told = arrived;
    show();
  }
  function show() {
    const { title, turned, about: words, labels, start } = knob();
    family.value = knob().name;
    say(about, words);
    turn.update({ title: turned, text: labels[place()], most: labels.length - 1, value: place() });
    side.update({ title: "Input, pixels a side", text: String(size()), most: told.sizes.length - 1, value: told.sizes.indexOf(size()) });
    const row = shownVariant().rows[told.sizes.indexOf(size())];
    const first = told.variants[start];
    const before = first.rows[told.sizes.indexOf(first.own_size)];
    fill(numbers, COSTS.map(([name, write], i) => make("div", {}, make("dt", {}, name), make("dd", { class: "number" }, row?.[i] ? write(row[i]) : "–", row?.[i] && i < 3 ? make("span", { class: "muted small" }, ` × ${ratio(row[i], before[i])}`) : null))));
    say(compared, row
      ? `× compares with ${title} at ${labels[start]} on ${first.own_size} × ${first.own_size}: ${countText(before[1])} multiply-adds.${sideText(first.own_size)}`
      : `An input of ${size()} × ${size()} is too small: nothing would be left before the end.`);
    open.disabled = !shownVariant().network;
    fill(chart, drawScaling(told, place(), size(), title));
  }
  function sideText(made) {
    const by = size() / made;
    return Math.abs(by - 1) < 1e-9 ? "" : ` The side alone would give (${size()} / ${made})² = ${(by * by).toFixed(2)} times the multiply-adds.`;
  }
  const update = (changed = []) => {
    if (changed.includes("theme")) return;
    if (!knobs.length) return;
    if (toldOf !== knob().name || !told) bring();
    else show();
  };
  store.networks.knobs().then(({ knobs: all }) => {
    knobs = all;
    fill(family, all.map(({ name, title }) => make("option", { value: name }, title)));
    bring();
  }, (error) => say(compared, error.message));
  return { update, destroy() {} };
}

/** A labelled slider over places in a list, with the place's own text beside its name. */
function slider(name, onMove) {
  const text = make("output", { class: "number" });
  const title = make("span", {}, name);
  const input = make("input", { type: "range", min: "0", step: "1", "aria-label": name, oninput: () => onMove(+input.value) });
  return {
    element: make("label", { class: "scale-slider" }, make("span", { class: "label" }, title, " ", text), input),
    update({ title: words, text: value, most, value: place }) {
      say(title, words);
      say(text, value);
      input.max = String(most);
      input.value = String(place);
      input.setAttribute("aria-label", words);
      input.setAttribute("aria-valuetext", value);
    },
  };
}

const nearest = (sizes, wanted) => sizes.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best));

/** How many times as much, in two or three digits. */
export const ratio = (after, before) => {
  const value = after / before;
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
};
