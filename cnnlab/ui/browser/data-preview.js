// The classes of a data set: examples to learn from and to measure with, and how many there are of each.
//
// It shows what it is handed and asks for nothing.

import { cells } from "./data-sheet.js";
import { fill, make } from "./dom.js";
import { mountable } from "./mounting.js";

export const { render, dispose } = mountable(create);

function create(root) {
  let shown = "";
  return {
    receive({ data }) {
      const now = JSON.stringify(data);
      if (now !== shown) fill(root, make("div", { class: "data-preview" }, head(data), make("ul", {}, data.classes.map((one, row) => line(data, one, row)))));
      shown = now;
      root.dataset.ready = "true";
    },
    changeTheme() {},
    destroy() {},
  };
}

const head = () =>
  make("div", { class: "data-line data-head small muted", "aria-hidden": "true" }, make("span", {}, "Class"), make("span", {}, "To learn from"), make("span", {}, "To measure with"), make("span", {}, "How many"));

function line({ sheet, learned, measured, most }, one, row) {
  const some = (first, count, words) => (row < sheet.rows && count ? cells(sheet, Array.from({ length: count }, (_, n) => [first + n, row]), words) : make("span"));
  const bar = make("span", { class: "data-bar", "aria-hidden": "true" },
    make("span", { class: "data-learned", style: `width: ${(100 * one.learned) / most}%` }), make("span", { class: "data-measured", style: `width: ${(100 * one.measured) / most}%` }));
  return make("li", { class: "data-line" },
    make("span", { class: "data-class" }, one.name),
    some(0, Math.min(learned, one.learned), `Examples of ${one.name} to learn from`),
    some(learned, Math.min(measured, one.measured), `Examples of ${one.name} to measure with`),
    make("span", { class: "data-count" }, bar, make("span", { class: "small number" }, `${one.learned.toLocaleString("en")} + ${one.measured.toLocaleString("en")}`, make("span", { class: "sr-only" }, " pictures: to learn from, and to measure with"))));
}
