// Pictures on a sheet of examples: a row for each class, so many columns. It knows no page.

import { make } from "./dom.js";

/** One picture of a sheet, `columns` wide and `rows` high; it fills its element. */
function cell({ src, columns, rows }, column, row) {
  const element = make("span", { class: "data-cell", "aria-hidden": "true" });
  element.style.backgroundImage = `url("${src}")`;
  element.style.backgroundSize = `${100 * columns}% ${100 * rows}%`;
  element.style.backgroundPosition = `${columns > 1 ? (100 * column) / (columns - 1) : 0}% ${rows > 1 ? (100 * row) / (rows - 1) : 0}%`;
  return element;
}

/** Some pictures of a sheet, with what they show in words; `places` are pairs of column and row. */
export const cells = (sheet, places, words) =>
  make("span", { class: "data-cells", role: "img", "aria-label": words }, places.map(([column, row]) => cell(sheet, column, row)));
