// The Pooling tab: something on a field is shifted by whole cells; which numbers stay after pooling, which do not?
//
// It shows what pooling-shift.js reports. It loads the picture that is shifted, and nothing else.

import { fill, make, say } from "./dom.js";
import { createSlider, decimalText, onResize, percentText } from "./layers-controls.js";
import { OBJECTS, SHIFTED_PHOTOGRAPHS } from "./layers-others.js";
import { createShiftMaps } from "./pooling-shift-maps.js";
import { FIELD, fieldOf, shiftReport } from "./pooling-shift.js";
import { isBundled, loadPicture, sourceNamed } from "./sources.js";

const HONEST = "Pooling tolerates small shifts; it does not make a network blind to them. Only a shift by a multiple of the stride is passed on exactly, and only global pooling forgets the place altogether: it forgets where everything is, so it comes last.";

export function createPoolingShiftPanel(host, store) {
  // The picture belongs to this tab: its own little store, as sources.js wants one.
  const shelf = { settings: { source: store.settings.poolSource }, picture: null, notify: () => update(["picture"]) };
  const view = { report: null, cell: null };
  const maps = createShiftMaps({ onShift: (cells) => store.set(shiftedBy(store.settings, cells)), onPoint: point });
  const controls = createControls(store);
  const story = make("div", { class: "shift-story", role: "status" });
  const readout = make("p", { class: "shift-readout muted", "aria-live": "polite" });
  const table = make("table", { class: "shift-table" });
  const problem = make("p", { class: "field-message", role: "status" });
  fill(
    host,
    make("p", {}, "Move what is on the field: drag the shifted input, use its arrow keys, or the sliders. Which numbers are still the same after pooling? Try one cell more to the right, then one to the left instead."),
    controls.element,
    problem,
    maps.element,
    readout,
    make("p", { class: "small muted" }, "Framed: the same number as before the shift, and not 0. Black is 0, white the largest value; what comes in at the edge is 0."),
    story,
    make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "What stays the same, in numbers" }, table),
    make("p", { class: "others-note" }, HONEST),
  );

  function point(name, cell, step) {
    if (!view.report) return;
    const size = view.report.size;
    if (step) cell = (view.cell ?? [0, 0]).map((place, axis) => Math.max(0, Math.min(size - 1, place + (view.cell ? step[axis] : 0))));
    view.cell = name === "input" ? null : cell;
    maps.mark(name, view.cell);
    say(readout, readoutFor(view, name, store.settings));
  }
  function draw() {
    const { settings, picture } = { settings: store.settings, picture: shelf.picture };
    const field = fieldOf(settings.poolSource, picture);
    if (!field && shelf.settings.source === settings.poolSource && !shelf.pictureProblem) return; // the old one stays until it is here
    const pool = { kernel: settings.poolKernel, stride: settings.poolStride };
    view.report = field && shiftReport(field, [settings.poolDown, settings.poolRight], pool);
    view.cell = null;
    maps.paint(view.report, settings);
    say(readout, readoutFor(view, "input", settings));
    fill(story, view.report ? storyOf(view.report, settings).map((sentence) => make("p", {}, sentence)) : []);
    showTable(table, view.report);
  }
  function update(changed = []) {
    const { settings } = store;
    if (shelf.settings.source !== settings.poolSource || !changed.length) {
      shelf.settings = { source: settings.poolSource };
      loadPicture(shelf);
    }
    say(problem, shelf.pictureProblem ?? "");
    controls.update(settings);
    draw();
  }
  const stop = onResize(maps.element, draw);
  update();
  return { update, code: () => poolingCode(store.settings), destroy: stop };
}

/** The changes that moving by [down, right] cells means. */
function shiftedBy({ poolDown, poolRight }, [down, right]) {
  const within = (value) => Math.max(-FIELD, Math.min(FIELD, value));
  return { poolDown: within(poolDown + down), poolRight: within(poolRight + right) };
}

function createControls(store) {
  const digits = Array.from({ length: 10 }, (_, n) => [`digit-${n}`, `Digit ${n}`]);
  const photographs = SHIFTED_PHOTOGRAPHS.map((name) => [name, sourceNamed(name).title]);
  const option = ([value, title]) => make("option", { value }, title);
  const group = (label, options) => make("optgroup", { label }, options.map(option));
  const select = make(
    "select",
    { onchange: () => store.set({ poolSource: select.value }) },
    group("Small objects", Object.entries(OBJECTS)),
    group("Digits on an empty field", digits),
    group("Photographs that fill it", photographs),
  );
  const slider = (label, field, min, max, text) => [field, createSlider(label, { min, max, text }, (value) => store.set({ [field]: value }))];
  const size = (value) => `${value} × ${value}`;
  const sliders = Object.fromEntries([
    slider("Pooling window", "poolKernel", 1, 8, size),
    slider("Stride", "poolStride", 1, 8),
    slider("Shift down", "poolDown", -8, 8, signed),
    slider("Shift to the right", "poolRight", -8, 8, signed),
  ]);
  const back = make("button", { type: "button", class: "button", onclick: () => store.set({ poolDown: 0, poolRight: 0 }) }, "Back to the start");
  const what = make("label", { class: "others-choice" }, make("span", { class: "others-label" }, "What is on the field"), select);
  return {
    element: make("div", { class: "others-controls" }, what, Object.values(sliders).map(({ element }) => element), back),
    update(settings) {
      select.value = settings.poolSource;
      for (const [field, one] of Object.entries(sliders)) {
        const reach = Math.max(8, Math.abs(settings[field]));
        one.update(settings[field], field.endsWith("Down") || field.endsWith("Right") ? { min: -reach, max: reach } : {});
      }
      back.disabled = !settings.poolDown && !settings.poolRight;
    },
  };
}

const signed = (value) => `${value > 0 ? "+" : ""}${String(value).replace("-", "−")}`;
const cells = (count) => `${count} ${count === 1 ? "cell" : "cells"}`;

/** The shift in words: "2 cells down and 1 cell to the left"; "" for none. */
function shiftWords({ poolDown, poolRight }) {
  const way = (value, forward, back) => (value ? `${cells(Math.abs(value))} ${value > 0 ? forward : back}` : "");
  return [way(poolDown, "down", "up"), way(poolRight, "to the right", "to the left")].filter(Boolean).join(" and ");
}

/** What the numbers say, in sentences. */
function storyOf(report, settings) {
  const shift = shiftWords(settings);
  if (!shift) return ["Nothing is shifted yet, so every number is the same. Move it by one cell."];
  const share = ({ busyEqual, busy }) => `${busyEqual} of ${busy} (${percentText(busyEqual, busy)})`;
  const first = `Shifted by ${shift}. Where there is something before or after, the input keeps ${share(report.input)} of its numbers, max pooling ${share(report.max)}, average pooling ${share(report.avg)}.`;
  return [first, stepSentence(report, settings), globalSentence(report)];
}

function stepSentence({ steps, max, avg }, { poolStride }) {
  if (!steps && max.equal === max.total && avg.equal === avg.total) return "What is shifted stays inside its pooling windows: both pooled maps are exactly as before. A cell further, or the other way, it does not.";
  if (!steps) return `The shift is not a multiple of the stride ${poolStride} in both directions: the windows cut the object elsewhere, and the pooled maps are not just moved.`;
  const words = shiftWords({ poolDown: steps[0], poolRight: steps[1] }).replaceAll("cell", "place");
  if (!max.moved.compared) return `The shift is a multiple of the stride ${poolStride}; it moves everything out of the pooled maps.`;
  const all = max.moved.equal === max.moved.compared && avg.moved.equal === avg.moved.compared;
  return `The shift is a multiple of the stride ${poolStride}: both pooled maps move by ${words}${all ? ` and are otherwise the same (${max.moved.equal} of ${max.moved.compared} numbers found again one for one)` : ""}.`;
}

function globalSentence({ global, lost }) {
  const same = { max: global.before.max === global.after.max, mean: global.before.mean === global.after.mean };
  if (!lost) return `Nothing has left the field, so global pooling does not change at all: largest value ${decimalText(global.after.max)}, mean ${decimalText(global.after.mean)}.`;
  const changed = `the mean went from ${decimalText(global.before.mean)} to ${decimalText(global.after.mean)}`;
  const left = `${cells(lost)} that ${lost === 1 ? "is" : "are"} not 0 left the field`;
  return `${left[0].toUpperCase()}${left.slice(1)}: ${same.mean ? "the mean stays" : changed}, the largest value ${same.max ? "stays" : "changes too"}.`;
}

function readoutFor({ report, cell }, name, { poolKernel, poolStride }) {
  if (!report || !cell) return "Point at a pooled number, or walk there with the arrow keys, to see the window it comes from.";
  const at = cell[0] * report.size + cell[1];
  const [before, after] = [report[name].before[at], report[name].after[at]].map((value) => decimalText(value));
  const span = (place) => (poolKernel === 1 ? `${place * poolStride}` : `${place * poolStride} to ${place * poolStride + poolKernel - 1}`);
  const verdict = report[name].same[at] ? "the same" : "changed";
  return `${name === "max" ? "Max" : "Average"} pooling, row ${cell[0]}, column ${cell[1]}: ${before} at the start, ${after} shifted: ${verdict}. It reads rows ${span(cell[0])} and columns ${span(cell[1])} of the input.`;
}

function showTable(table, report) {
  if (!report) return fill(table);
  const head = ["", "numbers", "the same", "not 0 before or after", "the same"].map((text) => make("th", { scope: "col" }, text));
  const row = (title, { total, equal, busy, busyEqual }) =>
    make("tr", {}, make("th", { scope: "row" }, title), [total, `${equal} (${percentText(equal, total)})`, busy, `${busyEqual} (${percentText(busyEqual, busy)})`].map((text) => make("td", {}, String(text))));
  fill(table, make("thead", {}, make("tr", {}, head)), make("tbody", {}, row("Input", report.input), row("Max pooling", report.max), row("Average pooling", report.avg)));
}

/** The two pools and the shift as PyTorch code. */
export function poolingCode({ poolKernel, poolStride, poolDown, poolRight }) {
  const lines = [
    "import torch",
    "from torch import nn",
    "from torch.nn import functional as F",
    "",
    `max_pool = nn.MaxPool2d(kernel_size=${poolKernel}, stride=${poolStride})`,
    `avg_pool = nn.AvgPool2d(kernel_size=${poolKernel}, stride=${poolStride})`,
    "x = torch.zeros(1, 1, 16, 16)",
    "x[:, :, 6:10, 6:10] = torch.randint(1, 10, (4, 4)).float()",
    `down, right = ${poolDown}, ${poolRight}`,
    "shifted = F.pad(x, (right, -right, down, -down))  # zeros come in; a negative pad cuts off",
    "for pool in (max_pool, avg_pool, nn.AdaptiveMaxPool2d(1), nn.AdaptiveAvgPool2d(1)):",
    "    same = pool(x) == pool(shifted)",
    '    print(pool, f"{int(same.sum())} of {same.numel()} numbers are the same")',
    "",
  ];
  return { text: lines.join("\n"), ok: true };
}
