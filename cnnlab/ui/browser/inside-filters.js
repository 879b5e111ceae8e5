// The filters of one convolution as a grid of small pictures, one of them enlarged, and the map it makes of the picture.
//
// It is handed everything to draw, and tells the server which filter was chosen. It computes no measure.

import { fill, make, say } from "./dom.js";
import { createFlowChannel } from "./flow-channel.js";
import { floatsOf, paintMap, scaleFor } from "./flow-values.js";
import { createHistogram, numbersList } from "./inside-numbers.js";
import { createWish } from "./inside-wishes.js";
import { mountable } from "./mounting.js";
import { readTheme } from "./painting.js";

const TILE = 60; // px that a tile takes with its margin
const SHORTEST = 3; // planes of a filter that can be drawn as colours

export const { render, dispose } = mountable(createFilters);

function createFilters(root) {
  const parts = Object.fromEntries(["grid", "weights", "response", "numbers", "statistics"].map((name) => [name, make("div", { class: `inside-${name}` })]));
  const local = { data: null, tell: () => {}, plane: 0, weights: { unit: "50000,50000" }, response: { unit: "50000,50000" } };
  const storeOf = (name) => ({ get settings() { return local[name]; }, set: (change) => { Object.assign(local[name], change); views[name].update(); } });
  const planes = make("div", { class: "inside-planes", role: "group", "aria-label": "What the filter reads" });
  const whole = make("canvas", { class: "inside-whole", role: "img" });
  const map = make("div");
  fill(parts.weights, whole, map, planes);
  const views = { weights: createFlowChannel(map, storeOf("weights")), response: createFlowChannel(parts.response, storeOf("response")) };
  const wish = createWish();
  const grid = createGrid(parts.grid, (number) => {
    wish.ask(number);
    local.tell("choice", number);
  });
  fill(root, make("div", { class: "inside-filters" }, parts.grid, make("div", { class: "flow-top" }, parts.weights, parts.response, parts.numbers), parts.statistics));
  const panel = { root, parts, local, views, grid, planes, whole, map };
  return {
    receive({ data, setTriggerValue }) {
      const same = local.data && local.data.bank.layer === data.bank.layer;
      if (same && wish.isOld(data.filter.number)) return;
      if (local.data?.filter.number !== data.filter.number) local.plane = 0;
      Object.assign(local, { data, tell: setTriggerValue });
      draw(panel);
      root.dataset.ready = "true";
    },
    changeTheme: () => draw(panel),
    destroy() {},
  };
}

function draw({ root, parts, local, views, grid, planes, whole, map }) {
  const { bank, filter, response } = local.data;
  const theme = readTheme(root);
  grid.draw(bank, theme);
  drawWeights({ bank, filter, local, views, planes, whole, theme, redraw: () => drawWeights({ bank, filter, local, views, planes, whole, theme }) });
  map.classList.toggle("inside-second", bank.colour);
  parts.response.classList.toggle("hidden", !response);
  if (response) views.response.draw({ title: "Its response on the picture", size: response.size, values: floatsOf(response.values), exact: true, scale: scaleFor(response.low, response.high), theme });
  fill(parts.numbers, make("h3", {}, `Filter ${filter.number} in numbers`), numbersList(filter.numbers));
  fill(parts.statistics, make("h3", {}, "All filters of this layer"), make("div", { class: "inside-pair" }, numbersList(bank.statistics), createHistogram(bank.histogram, "filters by their norm")));
}

/** The chosen filter: in colour where it reads colours, and one of its planes with every weight. */
function drawWeights(all) {
  const { bank, filter, local, views, planes, whole, theme } = all;
  const [height, width] = bank.size;
  const weights = floatsOf(filter.planes);
  const planeOf = (index) => weights.subarray(index * height * width, (index + 1) * height * width);
  whole.classList.toggle("hidden", !bank.colour);
  if (bank.colour) {
    paintColour(whole, weights, bank.size, bank.most);
    whole.setAttribute("aria-label", `Filter ${filter.number} in colour`);
  }
  const scale = scaleFor(-bank.most, bank.most);
  local.plane = Math.min(local.plane, filter.names.length - 1);
  const choose = (index) => {
    local.plane = index;
    drawWeights(all);
    planes.querySelectorAll("button")[index]?.focus();
  };
  fill(planes, filter.names.length > 1 ? filter.names.map((name, index) => planeButton(name, index === local.plane, () => choose(index), (canvas) => paintMap(canvas, planeOf(index), bank.size, scale, theme))) : null,
    filter.all_planes > filter.names.length ? make("p", { class: "muted small" }, `The ${filter.names.length} strongest of ${filter.all_planes} input channels.`) : null);
  views.weights.draw({ title: `Filter ${filter.number} on ${filter.names[local.plane]}`, size: bank.size, values: planeOf(local.plane), exact: true, scale, theme, noun: "Weight" });
}

function planeButton(name, pressed, onclick, paint) {
  const canvas = make("canvas", { "aria-hidden": "true" });
  paint(canvas);
  return make("button", { type: "button", class: "inside-plane", "aria-pressed": String(pressed), "aria-label": name, title: name, onclick }, canvas);
}

/** Paint weights on red, green and blue: grey is 0, the largest weight of the layer is the brightest. */
function paintColour(canvas, weights, [rows, cols], most) {
  Object.assign(canvas, { width: cols, height: rows });
  const image = new ImageData(cols, rows);
  const area = rows * cols;
  for (let i = 0; i < area; i += 1) {
    for (let c = 0; c < SHORTEST; c += 1) image.data[4 * i + c] = 127.5 + (127.5 * weights[c * area + i]) / (most || 1);
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function createGrid(host, onChoose) {
  let bank = null;
  const caption = make("p", { class: "muted small", role: "status" });
  const list = make("div", { class: "inside-bank", role: "listbox", tabindex: "0", "aria-label": "Filters", "data-own-keys": true });
  const back = make("button", { type: "button", class: "button", onclick: () => onChoose(bank.before) }, "Previous page");
  const next = make("button", { type: "button", class: "button", onclick: () => onChoose(bank.after) }, "Next page");
  const pages = make("div", { class: "button-row" }, back, next);
  fill(host, caption, list, pages);
  list.onkeydown = (event) => {
    const at = bank.shown.indexOf(bank.chosen);
    const columns = Math.max(1, Math.floor(list.clientWidth / TILE));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + columns, ArrowUp: at - columns, Home: 0, End: bank.shown.length - 1 }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (to < 0) return bank.page > 0 ? onChoose(bank.before) : undefined;
    if (to >= bank.shown.length) return bank.page < bank.pages - 1 ? onChoose(bank.after) : undefined;
    choose(bank.shown[to]);
  };
  const choose = (number) => {
    bank = { ...bank, chosen: number }; // at once, before the server has heard of it
    markChosen();
    onChoose(number);
  };
  const markChosen = () => {
    [...list.children].forEach((tile, index) => tile.setAttribute("aria-selected", String(bank.shown[index] === bank.chosen)));
    list.setAttribute("aria-activedescendant", `inside-filter-${bank.chosen}`);
  };
  return {
    draw(told, theme) {
      bank = told;
      const kernels = floatsOf(told.kernels);
      const length = kernels.length / told.shown.length;
      const scale = scaleFor(-told.most, told.most);
      fill(list, told.shown.map((number, index) => {
        const canvas = make("canvas", { "aria-hidden": "true" });
        const values = kernels.subarray(index * length, (index + 1) * length);
        if (told.colour) paintColour(canvas, values, told.size, told.most);
        else paintMap(canvas, values, told.size, scale, theme);
        const look = told.dead[index] ? "nearly dead" : told.looks[index];
        const words = `Filter ${number}: norm ${told.norms[index]}${look ? `, ${look}` : ""}`;
        const mark = { "Gabor-like": "G", "colour blob": "C", "nearly dead": "0" }[look] ?? "";
        return make("div", { class: "inside-tile", role: "option", id: `inside-filter-${number}`, "aria-label": words, title: words, onclick: () => choose(number) }, canvas, make("span", { class: "flow-label" }, `${number}${mark ? ` ${mark}` : ""}`));
      }));
      say(caption, captionOf(told));
      pages.classList.toggle("hidden", told.pages < 2);
      back.disabled = told.page === 0;
      next.disabled = told.page >= told.pages - 1;
      markChosen();
    },
  };
}

function captionOf({ count, pages, page, looks, dead }) {
  const marks = [looks.includes("Gabor-like") && "G: Gabor-like", looks.includes("colour blob") && "C: colour blob", dead.includes(true) && "0: nearly dead"].filter(Boolean);
  return `${count} filters${pages > 1 ? `, page ${page + 1} of ${pages}` : ""}. ${marks.length ? `${marks.join("; ")}. ` : ""}Choose one by a click or by arrow keys.`;
}
