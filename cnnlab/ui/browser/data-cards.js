// Data sets to choose from, as cards in groups. It tells the server which was chosen, and knows no set.

import { cells } from "./data-sheet.js";
import { fill, make } from "./dom.js";
import { mountable } from "./mounting.js";

export const { render, dispose } = mountable(create);

function create(root) {
  const place = make("div", { class: "data-groups" });
  let tell = () => {};
  let shown = "";
  fill(root, place);
  return {
    receive({ data, setTriggerValue }) {
      tell = setTriggerValue;
      const now = JSON.stringify(data.groups);
      if (now !== shown) fill(place, data.groups.map(group));
      shown = now;
      mark(data.chosen);
      root.dataset.ready = "true";
    },
    changeTheme() {},
    destroy() {},
  };

  function group({ title, sets }) {
    return make("section", { "aria-label": title }, make("h3", {}, title), make("div", { class: "data-cards" }, sets.map(card)));
  }

  function card({ name, title, facts, sheet, examples, mark: sign }) {
    const places = Array.from({ length: examples }, (_, place) => [Math.floor(place / sheet.rows), place % sheet.rows]);
    const choose = () => {
      mark(name);
      tell("choice", name);
    };
    return make("button", { type: "button", class: "data-card", "data-set": name, onclick: choose },
      examples ? make("span", { "aria-hidden": "true" }, cells(sheet, places, "")) : make("span", { class: "data-none", "aria-hidden": "true" }, sign),
      make("span", { class: "data-title" }, title), make("span", { class: "small muted" }, facts));
  }

  function mark(chosen) {
    for (const button of place.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.set === chosen));
  }
}
