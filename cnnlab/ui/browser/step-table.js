// All steps of a network as a table: what each does, what comes out, and what it costs. A row can be chosen.
//
// It is also what a screen reader has in place of the drawing. It computes no numbers.

import { fill, make } from "./dom.js";
import { operationName } from "./operation-names.js";
import { countText } from "./units.js";

const COLUMNS = ["Step", "Operation", "Output", "Parameters", "Multiply-adds"];

export function createStepTable(host, store) {
  let shown = null;
  let rows = [];
  const body = make("tbody");
  fill(host, make("details", {}, make("summary", {}, "All steps as a table"),
    make("div", { class: "scroll step-table-scroll", tabindex: "0", "data-own-keys": true },
      make("table", {}, make("thead", {}, make("tr", {}, COLUMNS.map((title) => make("th", { scope: "col" }, title)))), body))));
  const update = () => {
    if (store.network !== shown) {
      shown = store.network;
      rows = shown.steps.map((step, index) => row(step, index, store));
      fill(body, rows);
    }
    rows.forEach((one, index) => one.toggleAttribute("aria-current", index === store.settings.step));
  };
  update();
  return { update, destroy() {} };
}

const row = (step, index, store) => make("tr", {},
  make("td", {}, make("button", { type: "button", class: "link", onclick: () => store.set({ step: index }) }, step.name)),
  make("td", {}, operationName(step.op)),
  make("td", {}, step.out.join(" × ")),
  make("td", {}, step.parameters ? countText(step.parameters) : "–"),
  make("td", {}, step.macs ? countText(step.macs) : "–"));
