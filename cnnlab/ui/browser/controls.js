// The controls of the convolution lab: what can be set, as sliders that only reach what works, and fields for any number.
//
// It draws and reads controls. It does not know what the settings mean for shapes or costs; choices.js asks that.

import { changesFor, CONNECTIONS, connectionOf, commonDivisors, nextWorking, workingValues } from "./choices.js";
import { fill, make, say } from "./dom.js";
import { changeOperation, LARGEST, OPERATIONS, PADDING_MODES } from "./settings.js";

const isPool = (s) => s.op.endsWith("pool");
const isConv = (s) => s.op === "conv";
// What a slider covers; a number field takes any whole number up to LARGEST.
const NUMBERS = [
  { field: "input", label: "Input size", axes: true, stack: true, low: 1, slide: 32, high: LARGEST.size, from: 1 },
  { field: "cin", label: "Channels in", stack: true, low: 1, slide: 64, high: LARGEST.channels, from: 1 },
  { field: "cout", label: "Channels out", low: 1, slide: 64, high: LARGEST.channels, from: 1, when: (s) => !isPool(s) },
  { field: "kernel", label: "Kernel", axes: true, low: 1, slide: 11, high: LARGEST.kernel, from: 0 },
  { field: "stride", label: "Stride", axes: true, low: 1, slide: 8, high: LARGEST.stride, from: 0 },
  { field: "padding", label: "Padding", axes: true, low: 0, slide: 8, high: LARGEST.padding, from: 0 },
  { field: "dilation", label: "Dilation", axes: true, low: 1, slide: 6, high: LARGEST.dilation, from: 0, when: (s) => s.op !== "avgpool" },
  { field: "outputPadding", label: "Output padding", axes: true, low: 0, slide: 7, high: LARGEST.stride, from: 0, when: (s) => s.op === "transposed" },
  { field: "groups", label: "Groups", low: 1, slide: 64, high: LARGEST.channels, from: 0, when: (s) => !isPool(s) && s.pair === "none" },
];
const FLAGS = [
  { field: "bias", label: "Bias", when: (s) => !isPool(s) },
  { field: "ceil", label: "Ceil mode: keep a last window that hangs over the edge", when: isPool },
  { field: "countPad", label: "Count padding in the average", when: (s) => s.op === "avgpool" },
];

export function createControls(host, store) {
  const parts = [operationPart(store), connectionPart(store), ...NUMBERS.map((number) => numberPart(store, number)), flagPart(store)];
  fill(host, parts.map((part) => part.element));
  const update = () => parts.forEach((part) => part.update(store.settings));
  update();
  return { update, destroy() {} };
}

/** Buttons of which one is pressed; `options` is { value: { title, hint } }. */
export function buttonRow(label, options, onChoose) {
  const buttons = Object.entries(options).map(([value, { title, hint }]) =>
    make("button", { type: "button", class: "button", title: hint, "data-value": value, onclick: () => onChoose(value) }, title),
  );
  const element = make("div", { class: "button-row", role: "group", "aria-label": label }, buttons);
  return {
    element,
    update(value) {
      buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.value === String(value))));
    },
  };
}

function operationPart(store) {
  const select = make("select", { "aria-label": "Operation", onchange: () => store.set(changeOperation(store.settings, select.value)) });
  fill(select, Object.entries(OPERATIONS).map(([value, title]) => make("option", { value }, title)));
  const dims = buttonRow("Dimensions", { 1: { title: "1-D", hint: "A sequence" }, 2: { title: "2-D", hint: "A picture" } }, (value) =>
    store.set({ dims: +value, pin: null, ...(+value === 1 && store.settings.pair === "spatial" ? { pair: "none" } : {}) }),
  );
  return {
    element: make("div", { class: "control operation" }, select, dims.element),
    update(settings) {
      select.value = settings.op;
      select.classList.toggle("hidden", settings.tab === "stack");
      dims.update(settings.dims);
    },
  };
}

function connectionPart(store) {
  const row = buttonRow("How channels are connected", CONNECTIONS, (name) => store.set({ ...CONNECTIONS[name].change(store.settings), pin: null }));
  const hint = make("p", { class: "muted small" });
  const element = make("div", { class: "control connection" }, make("div", { class: "label" }, "Channels are connected"), row.element, hint);
  return {
    element,
    update(settings) {
      element.classList.toggle("hidden", !isConv(settings) || settings.tab === "stack");
      const name = connectionOf(settings);
      row.update(name);
      say(hint, CONNECTIONS[name].hint);
    },
  };
}

function numberPart(store, number) {
  const { field, label, axes } = number;
  const rows = (axes ? [0, 1] : [null]).map((axis) => numberRow(store, number, axis));
  const link = axes && make("button", { type: "button", class: "link", onclick: () => toggleLink(store, field) });
  const words = field === "padding" && paddingChoice(store);
  const title = make("div", { class: "label" }, make("span", {}, label), link || null);
  const element = make("div", { class: "control", "data-field": field }, title, words ? words.element : null, rows.map((row) => row.element));
  return {
    element,
    update(settings) {
      const idle = settings.tab === "stack" && !number.stack; // the layers of the stack have fields of their own
      element.classList.toggle("hidden", idle || Boolean(number.when && !number.when(settings)));
      const flat = settings.dims === 1;
      const linked = flat || !settings.unlinked.includes(field);
      if (link) {
        link.classList.toggle("hidden", flat);
        link.setAttribute("aria-pressed", String(linked));
        link.setAttribute("aria-label", `${label}: same for height and width`);
        say(link, linked ? "height = width" : "height, width apart");
      }
      if (words) words.update(settings);
      const named = typeof settings[field] === "string";
      rows.forEach((row, index) => row.update(settings, { shown: !named && (index === 0 || !linked), linked, flat }));
    },
  };
}

function toggleLink(store, field) {
  const { unlinked, [field]: value } = store.settings;
  if (!unlinked.includes(field)) return store.set({ unlinked: [...unlinked, field] });
  const same = Array.isArray(value) ? { [field]: [value[1], value[1]] } : {};
  store.set({ unlinked: unlinked.filter((name) => name !== field), ...same });
}

function numberRow(store, number, axis) {
  const { field, label, low, slide, high, from } = number;
  const slider = make("input", { type: "range", min: low, max: slide, step: 1 });
  const typed = make("input", { type: "number", inputmode: "numeric", min: from, max: high, step: 1 });
  const message = make("div", { class: "field-message small", role: "status" });
  const axisName = make("span", { class: "axis muted small" });
  const element = make("div", { class: "number-row" }, axisName, slider, typed, message);
  const current = () => {
    const value = store.settings[field];
    return axis === null ? value : Array.isArray(value) ? value[store.settings.dims === 1 ? 1 : axis] : low;
  };
  const put = (value) => store.set(changesFor(store.settings, field, value, axis));
  slider.oninput = () => {
    const settings = store.settings;
    const values =
      field === "groups" ? commonDivisors(settings.cin, settings.cout) : workingValues(settings, field, +slider.min, +slider.max, axis);
    const value = nextWorking(values, +slider.value, current());
    slider.value = value;
    put(value);
  };
  typed.oninput = () => {
    const value = Number(typed.value);
    const fine = typed.value !== "" && Number.isInteger(value) && value >= from && value <= high;
    say(message, fine ? "" : `Enter a whole number from ${from} to ${high}; the lab still uses ${current()}.`);
    typed.setAttribute("aria-invalid", String(!fine));
    if (fine) put(value);
  };
  typed.onblur = () => {
    if (typed.getAttribute("aria-invalid") !== "true") return;
    typed.value = current();
    typed.setAttribute("aria-invalid", "false");
    say(message, "");
  };
  return {
    element,
    update(settings, { shown, linked, flat } = { shown: true, linked: true, flat: true }) {
      element.classList.toggle("hidden", !shown);
      const name = axis === null ? label : `${label} ${flat ? "" : linked ? "" : axis ? "width" : "height"}`.trim();
      say(axisName, axis === null || flat || linked ? "" : axis ? "width" : "height");
      slider.setAttribute("aria-label", name);
      typed.setAttribute("aria-label", `${name}, any number`);
      const value = current();
      if (+slider.max !== Math.max(slide, value)) slider.max = Math.max(slide, value);
      if (+slider.value !== value) slider.value = value;
      if (typed.getAttribute("aria-invalid") !== "true" && typed.value !== String(value)) typed.value = value;
    },
  };
}

function paddingChoice(store) {
  const row = buttonRow(
    "Padding given as",
    {
      number: { title: "number", hint: "So many cells on each side" },
      same: { title: "same", hint: "As much as keeps the size (needs stride 1)" },
      valid: { title: "valid", hint: "None: only places where the kernel fits" },
    },
    (value) => store.set({ padding: value === "number" ? [0, 0] : value }),
  );
  const mode = make("select", { "aria-label": "What the padding is filled with", onchange: () => store.set({ padMode: mode.value }) });
  fill(mode, PADDING_MODES.map((value) => make("option", { value }, value)));
  const element = make("div", { class: "padding-choice" }, row.element, mode);
  return {
    element,
    update(settings) {
      element.classList.toggle("hidden", !isConv(settings));
      row.update(Array.isArray(settings.padding) ? "number" : settings.padding);
      mode.value = settings.padMode;
    },
  };
}

function flagPart(store) {
  const boxes = FLAGS.map(({ field, label, when }) => {
    const box = make("input", { type: "checkbox", onchange: () => store.set({ [field]: box.checked }) });
    return { field, when, box, element: make("label", { class: "flag" }, box, label) };
  });
  return {
    element: make("div", { class: "control flags" }, boxes.map((flag) => flag.element)),
    update(settings) {
      boxes.forEach(({ field, when, box, element }) => {
        element.classList.toggle("hidden", !when(settings) || settings.tab === "stack");
        box.checked = settings[field];
      });
    },
  };
}
