// The list of layers in the Stack tab: fields to set each, buttons and keys to move it, and what it costs and sees.
//
// It reads and writes the `stack` setting through stack.js, and keeps the focus where the learner works.

import { fill, make, say } from "./dom.js";
import { fieldsOf, KINDS, MOST_LAYERS, readField, STACK_FIELDS, whyNot, writeStack } from "./stack.js";
import { svg } from "./svg.js";
import { bytesText, countText } from "./units.js";

const FIELD_TITLES = { kernel: "Kernel", stride: "Stride", padding: "Padding", dilation: "Dilation", cout: "Out", groups: "Groups" };
const FIELD_NAMES = { ...FIELD_TITLES, cout: "Channels out" };
const RESULTS = [
  ["shape", "Output shape"],
  ["parameters", "Parameters"],
  ["macs", "MACs"],
  ["memory", "Memory"],
  ["sees", "Sees"],
  ["jump", "Jump"],
];
const NEW_LAYERS = {
  conv: { kernel: [3, 3], stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1 },
  maxpool: { kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1] },
  avgpool: { kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1] },
};

/** The list; `stackOf()` gives the computed stack of the settings, `choose(i)` shows what layer i sees. */
export function createStackList(store, { stackOf, choose }) {
  const spoken = make("div", { class: "sr-only", role: "status" });
  const edit = {
    store,
    choose,
    entries: () => stackOf().entries.map((entry) => ({ ...entry })),
    write: (entries, more = {}) => store.set({ stack: writeStack(entries), ...more }),
    say: (text) => say(spoken, text),
    focus: (index, part) => rows[index]?.focus(part),
  };
  const rows = Array.from({ length: MOST_LAYERS }, (_, index) => layerRow(edit, index));
  const head = make("div", { class: "stack-row stack-head", "aria-hidden": "true" }, headings());
  const list = make("ol", { class: "stack-list", "aria-label": "Layers, from the input on" }, rows.map((row) => row.element));
  const adders = Object.entries(KINDS).map(([kind, { title }]) => make("button", { type: "button", class: "button", "data-add": kind, onclick: () => add(edit, kind) }, `Add ${title.toLowerCase()}`));
  const full = make("span", { class: "muted small" });
  return {
    element: make("div", {}, head, list, make("div", { class: "button-row" }, adders, full), spoken),
    update(stack, chosen) {
      const flat = store.settings.dims === 1;
      rows.forEach((row, index) => row.update(stack, index, { chosen, flat }));
      const most = stack.entries.length >= MOST_LAYERS;
      adders.forEach((button) => (button.disabled = most));
      say(full, most ? `${MOST_LAYERS} layers is the most that a stack holds here.` : "");
    },
  };
}

const headings = () => [
  make("span", {}, "Layer"),
  ...Object.entries(FIELD_TITLES).map(([, title]) => make("span", {}, title)),
  ...RESULTS.map(([name, title]) => make("span", { class: `stack-${name}` }, title)),
  make("span", {}),
];

function add(edit, kind) {
  const entries = edit.entries();
  const before = entries.findLast((entry) => entry.kind === "conv");
  entries.push({ kind, ...NEW_LAYERS[kind], cout: before?.cout ?? 8 });
  edit.write(entries, { unit: null, depth: 0 });
  edit.focus(entries.length - 1, "kind");
  edit.say(`Layer ${entries.length} added: ${KINDS[kind].title.toLowerCase()}.`);
}

function move(edit, index, step, part) {
  const entries = edit.entries();
  const to = index + step;
  if (to < 0 || to >= entries.length) return;
  [entries[index], entries[to]] = [entries[to], entries[index]];
  edit.write(entries, { unit: null });
  edit.focus(to, part);
  edit.say(`Moved to place ${to + 1} of ${entries.length}.`);
}

function duplicate(edit, index) {
  const entries = edit.entries();
  if (entries.length >= MOST_LAYERS) return;
  entries.splice(index + 1, 0, entries[index]);
  edit.write(entries, { unit: null, depth: 0 });
  edit.focus(index + 1, "copy");
  edit.say(`Layer ${index + 1} copied.`);
}

function remove(edit, index) {
  const entries = edit.entries();
  if (entries.length === 1) return edit.say("A stack keeps at least one layer.");
  entries.splice(index, 1);
  edit.write(entries, { unit: null, depth: 0 });
  edit.focus(Math.min(index, entries.length - 1), "remove");
  edit.say(`Layer ${index + 1} removed.`);
}

function layerRow(edit, index) {
  const button = (part, icon, label, action) => make("button", { type: "button", class: "stack-button", "data-part": part, "aria-label": `${label} layer ${index + 1}`, title: label, onclick: action }, svg("svg", { viewBox: "0 0 14 14", "aria-hidden": "true" }, svg("path", { d: icon })));
  const number = make("button", { type: "button", class: "stack-number number", "data-part": "number", title: "Show what this layer sees", "aria-label": `Show what layer ${index + 1} sees`, onclick: () => edit.choose(index) }, String(index + 1));
  const kind = make("select", { "aria-label": `Kind of layer ${index + 1}`, "data-part": "kind", onchange: () => setEntry(edit, index, { ...NEW_LAYERS[kind.value], kind: kind.value }) });
  fill(kind, Object.entries(KINDS).map(([value, { title }]) => make("option", { value }, title)));
  const fields = Object.fromEntries(Object.keys(FIELD_TITLES).map((name) => [name, layerField(edit, index, name)]));
  const results = Object.fromEntries(RESULTS.map(([name]) => [name, make("span", { class: "number", "data-result": name })]));
  const cells = RESULTS.map(([name, title]) => make("span", { class: `stack-cell stack-${name}` }, make("span", { class: "stack-tag" }, `${title} `), results[name]));
  const buttons = {
    up: button("up", "M7 2v10M3 6l4-4 4 4", "Move up", () => move(edit, index, -1, "up")),
    down: button("down", "M7 12V2M3 8l4 4 4-4", "Move down", () => move(edit, index, 1, "down")),
    copy: button("copy", "M2 2h7v7H2zM5 9v3h7V5H9", "Duplicate", () => duplicate(edit, index)),
    remove: button("remove", "M3 3l8 8M11 3l-8 8", "Remove", () => remove(edit, index)),
  };
  const trouble = make("div", { class: "stack-trouble small", role: "status" });
  const element = make(
    "li",
    { class: "stack-row", "data-layer": index },
    make("div", { class: "stack-name" }, number, kind),
    Object.values(fields).map((field) => field.element),
    cells,
    make("div", { class: "stack-buttons" }, Object.values(buttons)),
    trouble,
  );
  element.onkeydown = (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.altKey) return;
    event.preventDefault();
    move(edit, index, step, event.target.dataset.part);
  };
  return {
    element,
    focus(part) {
      const target = element.querySelector(`[data-part="${part}"]:not(:disabled):not(.hidden *)`) ?? kind;
      target.focus();
    },
    update(stack, place, { chosen, flat }) {
      const entry = stack.entries[place];
      element.classList.toggle("hidden", !entry);
      if (!entry) return;
      if (kind.value !== entry.kind) kind.value = entry.kind;
      number.setAttribute("aria-pressed", String(chosen === place));
      Object.entries(fields).forEach(([name, field]) => field.update(entry, name, flat));
      showResults(results, stack, place);
      const report = stack.reports[place];
      element.classList.toggle("stack-impossible", report !== undefined && !report.ok);
      const sentence = report?.ok === false ? `Impossible: ${whyNot(report)}` : "";
      say(trouble, Object.values(fields).map((field) => field.message()).find(Boolean) ?? sentence);
      buttons.up.disabled = place === 0;
      buttons.down.disabled = place === stack.entries.length - 1;
      buttons.copy.disabled = stack.entries.length >= MOST_LAYERS;
      buttons.remove.disabled = stack.entries.length === 1;
    },
  };
}

function setEntry(edit, index, changes) {
  const entries = edit.entries();
  entries[index] = { cout: 8, ...entries[index], ...changes };
  edit.write(entries);
}

function layerField(edit, index, name) {
  let message = "";
  const input = make("input", { type: "text", inputmode: "text", autocomplete: "off", spellcheck: "false", "data-part": name, "aria-label": `${FIELD_NAMES[name]} of layer ${index + 1}` });
  const element = make("label", { class: "stack-field" }, make("span", { class: "stack-tag", "aria-hidden": "true" }, FIELD_TITLES[name]), input);
  const put = (value) => setEntry(edit, index, { [name]: value });
  const entry = () => edit.entries()[index];
  input.oninput = () => {
    const value = readField(entry().kind, name, input.value);
    message = value === undefined ? `${FIELD_NAMES[name]} takes ${hintFor(entry().kind, name)}; the stack still uses ${STACK_FIELDS[name].write(entry()[name])}.` : "";
    input.setAttribute("aria-invalid", String(value === undefined));
    if (value === undefined) return edit.store.notify("stack");
    put(value);
    edit.store.notify("stack");
  };
  input.onblur = () => {
    if (!message) return;
    message = "";
    input.setAttribute("aria-invalid", "false");
    edit.store.notify("stack");
  };
  input.onkeydown = (event) => {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const now = entry()[name];
    if (!step || event.altKey || typeof now === "string") return;
    event.preventDefault();
    const { low, high } = STACK_FIELDS[name];
    const moved = (value) => Math.min(high, Math.max(low, value + step));
    put(Array.isArray(now) ? now.map(moved) : moved(now));
  };
  return {
    element,
    message: () => message,
    update(current, field, flat) {
      const shown = fieldsOf(current.kind).includes(field);
      element.classList.toggle("stack-absent", !shown);
      input.disabled = !shown;
      if (message || !shown) {
        if (!shown) input.value = "";
        return;
      }
      const value = current[field];
      const text = STACK_FIELDS[field].write(flat && Array.isArray(value) ? [value[1], value[1]] : value);
      const typed = readField(current.kind, field, input.value);
      if (input.getRootNode().activeElement !== input || JSON.stringify(typed) !== JSON.stringify(value)) input.value = text;
    },
  };
}

function hintFor(kind, name) {
  const { low, high, words } = STACK_FIELDS[name];
  const numbers = `a whole number from ${low} to ${high}`;
  if (name === "cout" || name === "groups") return numbers;
  return words.length && kind === "conv" ? `${numbers}, 3x1 for two sides, same or valid` : `${numbers}, or 3x1 for two sides`;
}

function showResults(results, { reports, fields }, place) {
  const report = reports[place];
  const ok = report?.ok;
  const field = fields[place];
  say(results.shape, ok ? report.output.join("×") : "–");
  say(results.parameters, ok ? countText(report.parameters) : "–");
  say(results.macs, ok ? countText(report.macs) : "–");
  say(results.memory, ok ? bytesText(report.weightBytes + report.activationBytes) : "–");
  say(results.sees, ok && field ? field.map((axis) => axis.size).join("×") : "–");
  say(results.jump, ok && field ? sides(field.map((axis) => axis.jump)) : "–");
}

const sides = (values) => (values.every((value) => value === values[0]) ? String(values[0]) : values.join("×"));
