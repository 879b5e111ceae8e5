// A table of number fields coloured by sign and size, in which arrow keys move from weight to weight.
//
// It knows numbers and where they stand, not what they are for. A field that cannot be read keeps what was typed.

import { fill, make } from "./dom.js";
import { LARGEST_WEIGHT, readWeight } from "./kernels.js";
import { createScale, readTheme } from "./painting.js";

const UNFINISHED = /^\s*[-+−]?[.,]?\s*$/;
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** A weight as it stands in a field: at most four decimals, with a true minus. */
export const shownWeight = (value) => String(Math.round(value * 1e4) / 1e4 || 0).replace("-", "−");

/**
 * `onChange(index, value)` hears a typed weight that can be read, `onProblem(sentence)` one that cannot ("" once it is
 * mended). `update(weights, [rows, columns], identity)` shows weights; where `identity` is new it also takes back what
 * could not be read, and returns true.
 */
export function createKernelTable(host, onChange, onProblem) {
  const table = { host, fields: [], size: [0, 0], weights: [], identity: "", current: 0 };
  table.onInput = (field, finished) => {
    const { index } = field;
    const value = readWeight(field.value);
    const invalid = value === undefined && (finished || !UNFINISHED.test(field.value));
    field.setAttribute("aria-invalid", String(invalid));
    onProblem(invalid ? problemOf(field.value, table.weights[index]) : "");
    if (value !== undefined && value !== Math.round(table.weights[index] * 1e4) / 1e4) onChange(index, value);
  };
  host.onkeydown = (event) => move(table, event);
  return {
    /** Read the colours again when the table is next drawn. */
    forgetTheme: () => (table.theme = null),
    update(weights, size, identity) {
      const fresh = String(size) !== String(table.size);
      const renewed = fresh || identity !== table.identity;
      Object.assign(table, { weights, size, identity });
      if (fresh) build(table);
      write(table, renewed);
      return renewed;
    },
  };
}

function problemOf(text, weight) {
  const short = text.length > 12 ? `${text.slice(0, 12)}…` : text;
  const what = UNFINISHED.test(text) ? "An empty field is no weight" : `“${short}” cannot be used as a weight`;
  return `${what}: enter a number from −${LARGEST_WEIGHT} to ${LARGEST_WEIGHT} with at most four decimals. The lab still uses ${shownWeight(weight)}.`;
}

function build(table) {
  const [rows, columns] = table.size;
  table.current = 0;
  table.fields = Array.from({ length: rows * columns }, (_, index) => {
    const [y, x] = [Math.floor(index / columns), index % columns];
    const field = make("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": `Weight, row ${y}, column ${x}` });
    field.index = index;
    field.oninput = () => table.onInput(field, false);
    field.onblur = () => table.onInput(field, true);
    field.onfocus = () => {
      setCurrent(table, index);
      field.select();
    };
    return field;
  });
  const line = (y) => make("tr", {}, table.fields.slice(y * columns, (y + 1) * columns).map((field) => make("td", {}, field)));
  const body = make("tbody", {}, Array.from({ length: rows }, (_, y) => line(y)));
  fill(table.host, make("table", { class: "kernel-table", "aria-label": `Weights, ${rows} rows and ${columns} columns` }, body));
  setCurrent(table, 0);
}

// One field at a time is in the tab order; arrow keys reach the others.
function setCurrent(table, index) {
  table.current = index;
  table.fields.forEach((field, i) => (field.tabIndex = i === index ? 0 : -1));
}

function write(table, renewed) {
  const theme = (table.theme ??= readTheme(table.host)); // once: to read it after a change lays the page out
  const largest = Math.max(...table.weights.map(Math.abs));
  const scale = createScale("diverging", -largest, largest);
  table.fields.forEach((field, index) => {
    const weight = table.weights[index];
    const colour = theme.diverging[scale.index(weight)];
    field.style.background = colour.css;
    field.style.color = colour.ink;
    const kept = !renewed && (field.getAttribute("aria-invalid") === "true" || UNFINISHED.test(field.value));
    if (kept || (field.matches(":focus") && same(field.value, weight))) return;
    field.value = shownWeight(weight);
    field.setAttribute("aria-invalid", "false");
  });
}

const same = (text, weight) => readWeight(text) === (Math.round(weight * 1e4) / 1e4 || 0);

function move(table, event) {
  const step = MOVES[event.key];
  const field = event.target;
  if (event.key === "Escape" && field.index !== undefined) {
    field.value = shownWeight(table.weights[field.index]);
    table.onInput(field, true);
    return field.select();
  }
  if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !leaves(field, event.key)) return;
  const [rows, columns] = table.size;
  const [y, x] = [Math.floor(field.index / columns) + step[0], (field.index % columns) + step[1]];
  event.preventDefault();
  if (y >= 0 && y < rows && x >= 0 && x < columns) table.fields[y * columns + x].focus();
}

// Left and right move inside a number that is being typed, until its end.
function leaves({ selectionStart, selectionEnd, value }, key) {
  if (key === "ArrowUp" || key === "ArrowDown" || (selectionStart === 0 && selectionEnd === value.length)) return true;
  return key === "ArrowLeft" ? selectionEnd === 0 : selectionStart === value.length;
}
