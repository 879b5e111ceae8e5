// The table of designs in the Costs tab: what each costs, how that compares with the standard convolution, and a
// button that sets the lab to it.
//
// It lays out what designs.js counts. The bars are logarithmic, because costs differ by factors of hundreds.

import { compareDesigns, defaultReduction, EXAMPLES, separableRatio } from "./designs.js";
import { fill, make, say } from "./dom.js";
import { LARGEST } from "./settings.js";
import { writeStack } from "./stack.js";
import { bytesText, countText } from "./units.js";

const COLUMNS = [
  ["parameters", "Parameters", countText, true],
  ["macs", "MACs", countText, true],
  ["flops", "FLOPs", countText, false],
  ["weightBytes", "Weights", bytesText, false],
  ["activationBytes", "Maps", bytesText, false],
];

export function createComparison(store) {
  const cell = (role, attributes, ...children) => make("div", { role, ...attributes }, ...children);
  const reduction = reductionField(store);
  const head = cell("row", { class: "costs-row costs-head" }, ["Design", ...COLUMNS.map(([, title]) => title), "Use"].map((title) => cell("columnheader", {}, title)));
  const rows = compareDesigns(store.settings).map(({ id }) => designRow(store, id, cell));
  const table = cell("table", { class: "costs-table", "aria-label": "Costs of six designs" }, head, rows.map((row) => row.element));
  const ratio = make("div", { class: "costs-ratio panel" });
  const scaleNote = make("p", { class: "muted small" });
  const element = make(
    "div",
    {},
    make("h2", {}, "The same step, six designs"),
    make("p", { class: "muted" }, "Same input, same output shape. × compares with the standard convolution."),
    exampleButtons(store),
    table,
    scaleNote,
    reduction.element,
    ratio,
  );
  return {
    element,
    update() {
      const { settings } = store;
      const designs = compareDesigns(settings, reduction.value());
      const scale = scaleOf(designs);
      table.style.setProperty("--decades", scale.high - scale.low);
      table.style.setProperty("--standard", `${scale.place(1)}%`);
      rows.forEach((row, index) => row.update(designs[index], settings, scale));
      say(scaleNote, scaleText(scale));
      reduction.update();
      showRatio(ratio, settings);
    },
  };
}

/** One logarithmic scale for all bars: whole powers of ten that hold every ratio and at least ×0.1 to ×10. */
function scaleOf(designs) {
  const logs = designs.flatMap(({ ratios }) => (ratios ? [ratios.parameters, ratios.macs] : [])).filter((ratio) => ratio > 0).map(Math.log10);
  const low = Math.floor(Math.min(-1, ...logs));
  const high = Math.ceil(Math.max(1, ...logs));
  return { low, high, place: (ratio) => ((Math.log10(ratio) - low) / (high - low)) * 100 };
}

const scaleText = ({ low, high }) =>
  `The bars have a logarithmic scale from ${timesText(10 ** low)} to ${timesText(10 ** high)}: the thick line is ×1 (standard), each thin line is another factor of 10. Left of it is cheaper, right is dearer. “Maps” is the memory of every map that a design makes, those in between too.`;

function designRow(store, id, cell) {
  const title = make("div", { class: "costs-title" });
  const how = make("div", { class: "muted small" });
  const cells = COLUMNS.map(([name, label, , bar]) => {
    const value = make("div", { class: "costs-value" });
    const ratio = bar ? make("div", { class: "costs-times small" }) : null;
    const track = bar ? make("div", { class: "costs-track", "aria-hidden": "true" }, make("span", { class: "costs-bar" })) : null;
    const element = cell("cell", { class: `costs-number number${bar ? " costs-barred" : ""}`, "data-cost": name }, make("span", { class: "costs-label small muted", "aria-hidden": "true" }, label), value, ratio, track);
    return { element, value, ratio, bar: track?.firstChild };
  });
  let current = null;
  const use = make("button", { type: "button", class: "button costs-use", onclick: () => store.set(useOf(current, store.settings)) });
  const element = cell("row", { class: "costs-row", "data-design": id }, cell("rowheader", { class: "costs-design" }, title, how), cells.map((each) => each.element), cell("cell", { class: "costs-action" }, use));
  return {
    element,
    update(design, settings, scale) {
      current = design;
      say(title, design.title);
      say(how, design.ok ? design.how : `– ${design.reason}`);
      COLUMNS.forEach(([name, , text], index) => showCost(cells[index], design, [name, text], scale));
      const inUse = isInUse(design, settings);
      element.classList.toggle("costs-current", inUse);
      use.disabled = !design.ok || (inUse && Boolean(design.change));
      use.classList.toggle("hidden", design.id === "dense");
      say(use, inUse ? "In use" : design.change ? "Use" : "To stack");
      use.setAttribute("aria-label", design.change ? `Use: ${design.title}` : `Open in the stack: ${design.title}`);
    },
  };
}

function showCost({ value, ratio, bar }, design, [name, text], scale) {
  say(value, design.ok ? text(design[name]) : "–");
  if (!ratio) return;
  const times = design.ratios?.[name];
  say(ratio, times === undefined ? "" : timesText(times));
  const [from, to] = times > 0 ? [scale.place(1), scale.place(times)] : [0, 0];
  bar.style.left = `${Math.min(from, to)}%`;
  bar.style.width = `${Math.abs(to - from)}%`;
  bar.classList.toggle("dearer", to > from);
}

/** A ratio as ×0.07, ×1.00, ×12.3 or ×1,234: three digits that count, at most two of them decimals where that suffices. */
export function timesText(ratio) {
  if (ratio >= 100) return `×${countText(Math.round(ratio))}`;
  if (ratio >= 10) return `×${ratio.toFixed(1)}`;
  if (ratio >= 0.01) return `×${ratio.toFixed(2)}`;
  return ratio === 0 ? "×0" : `×${Number(ratio.toPrecision(2))}`;
}

const isInUse = ({ change }, settings) =>
  Boolean(change) && change.pair === settings.pair && (settings.pair !== "none" || change.groups === settings.groups);

/** What “Use” sets: the lab's own settings, or for the bottleneck the stack of its two layers. */
function useOf({ change, layers }, settings) {
  if (change) return { ...change, pin: null };
  const both = (value) => (typeof value === "string" || value.length === 2 ? value : [value[0], value[0]]);
  const entries = layers.map((layer) => ({ ...layer, kind: "conv", ...Object.fromEntries(["kernel", "stride", "padding", "dilation"].map((name) => [name, both(layer[name])])) }));
  return { stack: writeStack(entries), tab: "stack", unit: null };
}

function reductionField(store) {
  const value = () => store.settings.reduction || defaultReduction(store.settings);
  const input = make("input", { type: "number", inputmode: "numeric", min: 1, max: LARGEST.channels, step: 1 });
  const message = make("span", { class: "small costs-message", role: "status" });
  input.oninput = () => {
    const wanted = Number(input.value);
    const fine = input.value !== "" && Number.isInteger(wanted) && wanted >= 1 && wanted <= LARGEST.channels;
    input.setAttribute("aria-invalid", String(!fine));
    say(message, fine ? "" : `Enter a whole number from 1 to ${LARGEST.channels}; the table still uses ${value()}.`);
    if (fine) store.set({ reduction: wanted });
  };
  return {
    value,
    element: make("label", { class: "costs-reduction" }, make("span", {}, "The bottleneck narrows to"), input, make("span", {}, "channels"), message),
    update() {
      if (input.getAttribute("aria-invalid") !== "true" && input.value !== String(value())) input.value = value();
    },
  };
}

/** 1/C_out + 1/cells with the numbers put in, and the counted ratios beside it. */
function showRatio(host, settings) {
  const ratio = separableRatio(settings);
  if (!ratio) return fill(host, make("p", {}, "– The setting is impossible, so there is no ratio to compute."));
  const cells = settings.dims === 1 ? "K" : "(K_h · K_w)";
  const digits = (value) => value.toFixed(5);
  const verdict = ratio.agrees
    ? "The counts agree with the formula. It holds for any stride, padding and dilation: both stages of the pair make maps of the output's size."
    : "The counts differ from the formula: it assumes that both stages make maps of the same size.";
  return fill(
    host,
    make("h3", {}, "Why the pair is cheaper"),
    make("div", { class: "formula" }, `1 / C_out + 1 / ${cells} = 1/${settings.cout} + 1/${ratio.cells} = `, make("strong", { "data-ratio": "formula" }, digits(ratio.formula))),
    make(
      "p",
      { class: "small" },
      "Counted without biases, pair ÷ standard: weights ",
      make("strong", { class: "number", "data-ratio": "weights" }, digits(ratio.weights)),
      ", MACs ",
      make("strong", { class: "number", "data-ratio": "macs" }, digits(ratio.macs)),
      `. ${verdict}`,
    ),
  );
}

/** Buttons that set the lab to a worked example. */
function exampleButtons(store) {
  return make(
    "div",
    { class: "costs-examples", role: "group", "aria-label": "Worked examples" },
    EXAMPLES.map(({ id, title, promise, change }) =>
      make("button", { type: "button", class: "button", "data-example": id, onclick: () => store.set({ reduction: 0, ...change }) }, make("span", {}, title), make("span", { class: "muted small" }, promise)),
    ),
  );
}
