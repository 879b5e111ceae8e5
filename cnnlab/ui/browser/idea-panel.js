// The idea of a family in one experiment: its settings as sliders, a drawing, what it costs, and what to notice.
//
// Which experiment is shown follows from the network's family unless another is chosen. It knows no experiment.

import { fill, make, say, scroll } from "./dom.js";
import { belongs, ideaOf, IDEAS } from "./ideas.js";
import { ratio } from "./scale-panel.js";
import { bytesText, countText, grouped } from "./units.js";

const ROWS = [
  ["parameters", "Parameters", grouped],
  ["macs", "Multiply-adds", countText],
  ["activationBytes", "Memory of all outputs", bytesText],
  ["field", "Receptive field, pixels", grouped],
];

export function createIdeaPanel(host, store) {
  const choice = make("select", { "aria-label": "Experiment", onchange: () => store.set({ idea: choice.value, turns: "" }) });
  fill(choice, Object.entries(IDEAS).map(([name, { title }]) => make("option", { value: name }, title)));
  const none = make("p", { class: "muted" }, "This family has no experiment of its own; here is another one's.");
  const ask = make("p", {});
  const knobs = make("div", { class: "idea-knobs" });
  const drawing = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Drawing", "data-own-keys": true });
  const table = make("div", {});
  const words = make("ul", { class: "idea-words", "aria-live": "polite" });
  const reset = make("button", { type: "button", class: "button", onclick: () => store.set({ turns: "" }) }, "As in the paper");
  const extra = make("div", {});
  fill(host, make("label", { class: "idea-choice" }, make("span", { class: "label" }, "Experiment"), choice), none, ask,
    make("div", { class: "idea-body" }, make("div", {}, knobs, make("div", { class: "button-row" }, reset)), make("div", { class: "idea-shown" }, drawing, table, words, extra)));
  let loaded = null;
  let shownName = "";
  let sliders = [];
  let waiting = 0;

  const name = () => (IDEAS[store.settings.idea] ? store.settings.idea : ideaOf(store.network));
  async function update() {
    const wanted = name();
    choice.value = wanted;
    none.classList.toggle("hidden", Boolean(store.settings.idea) || !store.network || belongs(wanted, store.network));
    if (wanted !== shownName) {
      shownName = wanted;
      loaded?.idea.leave?.();
      const idea = await IDEAS[wanted].load();
      if (shownName !== wanted) return;
      loaded = { idea, name: wanted };
      sliders = idea.knobs.map((knob, place) => slider(knob, (value) => turn(place, value)));
      fill(knobs, sliders.map((one) => one.element));
      fill(extra);
      say(ask, idea.ask);
    }
    if (loaded?.name !== wanted) return;
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(show);
  }
  function turn(place, value) {
    const values = valuesOf(loaded.idea, store.settings.turns);
    values[place] = value;
    store.set({ idea: loaded.name, turns: values.join(",") });
  }
  function show() {
    const { idea } = loaded;
    const values = valuesOf(idea, store.settings.turns);
    sliders.forEach((one, place) => one.update(values[place]));
    reset.disabled = !store.settings.turns;
    const shown = idea.show(Object.fromEntries(idea.knobs.map((knob, place) => [knob.name, values[place]])), { store, extra, redraw: () => loaded && show() });
    fill(drawing, shown.drawing);
    fill(table, shown.columns ? costsTable(shown.columns) : null);
    fill(words, (shown.words ?? []).map((text) => make("li", {}, text)));
  }
  update();
  return {
    update,
    destroy() {
      cancelAnimationFrame(waiting);
      loaded?.idea.leave?.();
    },
  };
}

/** The sliders' values: those of the address as far as they are allowed, else where each starts. */
function valuesOf(idea, turns) {
  const given = turns === "" ? [] : turns.split(",").map(Number);
  return idea.knobs.map(({ low, high, step = 1, start }, place) => {
    const value = given[place];
    if (!Number.isFinite(value)) return start;
    const stepped = low + Math.round((value - low) / step) * step;
    return +Math.min(Math.max(stepped, low), high).toFixed(4);
  });
}

function slider({ label, low, high, step = 1, text = String }, onTurn) {
  const output = make("output", { class: "number" });
  const input = make("input", { type: "range", min: low, max: high, step, "aria-label": label, oninput: () => onTurn(+input.value) });
  return {
    element: make("label", { class: "scale-slider" }, make("span", { class: "label" }, label, " ", output), input),
    update(value) {
      input.value = String(value);
      say(output, text(value));
      input.setAttribute("aria-valuetext", text(value));
    },
  };
}

/** `columns` are [{ title, parameters, macs, activationBytes, field, more: { name: text } }]; the first is compared with. */
function costsTable(columns) {
  const [first] = columns;
  const rows = ROWS.filter(([key]) => columns.every((column) => column[key] !== undefined));
  const names = Object.keys(first.more ?? {});
  const compared = (column, key) => (column !== first && key !== "field" && first[key] ? make("span", { class: "muted small" }, ` × ${ratio(column[key], first[key])}`) : null);
  return scroll("What it costs", make("table", {},
    make("thead", {}, make("tr", {}, make("th", {}, ""), columns.map((column) => make("th", { scope: "col" }, column.title)))),
    make("tbody", {},
      rows.map(([key, title, write]) => make("tr", {}, make("th", { scope: "row" }, title), columns.map((column) => make("td", {}, write(column[key]), compared(column, key))))),
      names.map((title) => make("tr", {}, make("th", { scope: "row" }, title), columns.map((column) => make("td", {}, column.more[title])))))));
}
