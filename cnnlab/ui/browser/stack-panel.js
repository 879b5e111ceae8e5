// The Stack tab: layers on top of one another, what each costs, and how far back a unit sees.
//
// It puts the list and the drawings together and remembers the computed stack; stack.js computes it.

import { fill, make, say } from "./dom.js";
import { computeStack, PRESETS } from "./stack.js";
import { createStackList } from "./stack-list.js";
import { chooseDepth, createStackView } from "./stack-view.js";
import { bytesText, countText } from "./units.js";

export function createStackPanel(host, store) {
  let stack = computeStack(store.settings);
  let computed = store.settings;
  const parts = {
    stackOf() {
      if (computed !== store.settings) stack = computeStack(store.settings);
      computed = store.settings;
      return stack;
    },
    /** The layer that the drawing looks from, from 0; −1 where not even the first is possible. */
    depthOf() {
      const most = parts.stackOf().fields.length;
      return Math.min(store.settings.depth || most, most) - 1;
    },
    choose(index) {
      if (index < parts.stackOf().fields.length) chooseDepth(store, stack, parts.depthOf(), index);
    },
  };
  const list = createStackList(store, parts);
  const view = createStackView(store, parts);
  const start = make("p", { class: "muted" });
  const totals = make("p", { class: "stack-totals number" });
  const note = make("p", { class: "muted small", role: "status" });
  fill(host, make("div", { class: "stack-panel" }, make("section", { "aria-label": "Layers" }, make("h2", {}, "Layers on top of one another"), start, presetButtons(store), note, list.element, totals), view.element));
  const update = () => {
    const { settings } = store;
    parts.stackOf();
    say(start, `Starts from the lab's input, ${stack.shapes[0].join("×")}. A field takes 3, or 3x1 for two sides. Alt with ↑ or ↓ moves a layer.`);
    say(note, PRESETS.find((preset) => preset.stack === settings.stack)?.note ?? "");
    list.update(stack, parts.depthOf());
    say(totals, totalText(stack));
    view.update();
  };
  update();
  return { update, destroy() {} };
}

function totalText({ ok, reports, shapes, layers, fields }) {
  if (!ok) return `The stack stops at layer ${reports.length} of ${layers.length}, so it has no totals.`;
  const sum = (name) => reports.reduce((total, report) => total + report[name], 0);
  return `Together: ${shapes[0].join("×")} → ${shapes.at(-1).join("×")}, ${countText(sum("parameters"))} parameters, ${countText(sum("macs"))} MACs, ${bytesText(sum("weightBytes") + sum("activationBytes"))}; a unit sees ${fields.at(-1).map(({ size }) => size).join("×")}.`;
}

function presetButtons(store) {
  return make(
    "div",
    { class: "button-row stack-presets", role: "group", "aria-label": "Ready-made stacks" },
    PRESETS.map(({ id, title, stack, change }) =>
      make("button", { type: "button", class: "button", "data-preset": id, onclick: () => store.set({ ...change, stack, unit: null, depth: 0 }) }, title),
    ),
  );
}
