// The channels of a step as a grid of small maps: pages, an order, one chosen by mouse or keys; dead ones are marked.
//
// A vector's numbers are drawn as bars. It reads and sets `store.settings.place`, the chosen one's place in the order; it
// computes no values.

import { buttonRow } from "./controls.js";
import { fill, make, say } from "./dom.js";
import { commonScale, numberText, paintBar, paintMap, scaleFor, tilesOf } from "./flow-values.js";

const TILE = 76; // px that a tile takes with its margin
const ROWS = 4;
export const SORTS = {
  number: { title: "Number", hint: "In the network's own order" },
  strength: { title: "Strength", hint: "The mean of all |values|, the largest first" },
  deviation: { title: "Variation", hint: "The standard deviation within the channel, the largest first" },
  highest: { title: "Maximum", hint: "The largest value, the largest first" },
};
const MEASURES = { number: "strengths", strength: "strengths", deviation: "deviations", highest: "highest" };

/** How many channels a page holds in a host of this width. */
export const pageSize = (width) => Math.max(3, Math.floor(width / TILE)) * ROWS;

export function createFlowGrid(host, store) {
  let tiles = [];
  let shown = null;
  const sorts = buttonRow("Order of the channels", SORTS, (flowSort) => store.set({ flowSort, place: 0 }));
  const each = make("input", { type: "checkbox", onchange: () => store.set({ ownScale: each.checked }) });
  const caption = make("p", { class: "flow-count", role: "status" });
  const grid = make("div", { class: "flow-grid", role: "listbox", tabindex: "0", "aria-label": "Channels", "data-own-keys": true });
  const back = make("button", { type: "button", class: "button", onclick: () => turn(-1) }, "Previous page");
  const next = make("button", { type: "button", class: "button", onclick: () => turn(1) }, "Next page");
  const page = make("span", { class: "muted small" });
  fill(host,
    make("div", { class: "button-row" }, make("span", { class: "label" }, "Order"), sorts.element, make("label", { class: "flow-own" }, each, " each channel on its own scale")),
    caption, grid, make("div", { class: "button-row flow-pages" }, back, page, next));

  const turn = (by) => move(Math.max(0, (shown.page + by) * shown.count));
  const move = (place) => store.set({ place: Math.max(0, Math.min(shown.step.channels - 1, place)) });
  grid.onkeydown = (event) => {
    const columns = Math.max(1, Math.round(grid.clientWidth / TILE));
    const { place } = store.settings;
    const to = { ArrowRight: place + 1, ArrowLeft: place - 1, ArrowDown: place + columns, ArrowUp: place - columns, PageDown: place + (shown?.count ?? 0), PageUp: place - (shown?.count ?? 0), Home: 0, End: Infinity }[event.key];
    if (to === undefined || !shown || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move(to);
  };

  function draw(step, count, theme) {
    shown = { step, count, page: step.page };
    while (tiles.length < step.shown.length) tiles.push(createTile(tiles.length, (index) => move(shown.page * shown.count + index)));
    tiles.length = Math.max(tiles.length, step.shown.length);
    fill(grid, tiles.slice(0, step.shown.length).map((tile) => tile.element));
    const common = commonScale(step);
    const vector = step.size[0] * step.size[1] === 1;
    tilesOf(step).forEach((map, index) => {
      const scale = store.settings.ownScale && !vector ? scaleFor(map.low, map.high) : common;
      tiles[index].draw({ map, vector, scale, theme, step, measure: step[MEASURES[step.sort]][index], name: step.names?.[index] });
    });
    say(caption, captionOf(step, vector));
    say(page, step.pages > 1 ? `Page ${step.page + 1} of ${step.pages}` : "");
    back.disabled = step.page === 0;
    next.disabled = step.page >= step.pages - 1;
    choose();
  }
  /** Mark the chosen tile. */
  function choose() {
    if (!shown) return;
    const at = Math.min(store.settings.place, shown.step.channels - 1) - shown.page * shown.count;
    tiles.forEach((tile, index) => tile.choose(index === at));
    if (tiles[at]) grid.setAttribute("aria-activedescendant", tiles[at].element.id);
  }
  function update() {
    sorts.update(store.settings.flowSort);
    each.checked = store.settings.ownScale;
    choose();
  }
  update();
  return { draw, update };
}

function captionOf(step, vector) {
  const what = vector ? "numbers" : `${step.shape.length < 3 ? "map" : step.channels === 1 ? "channel" : "channels"} of ${step.size.join(" × ")}`;
  const dead = step.dead ? `; ${step.dead} ${step.dead === 1 ? "is" : "are"} 0 everywhere for this picture (marked “0”)` : "";
  const small = step.factor > 1 ? `; each cell here is the mean of ${step.factor} × ${step.factor} units` : "";
  return `${step.channels} ${what}${dead}${small}.`;
}

function createTile(index, onChoose) {
  const canvas = make("canvas", { "aria-hidden": "true", width: 1, height: 1 });
  const label = make("span", { class: "flow-label" });
  const element = make("div", { class: "flow-tile", role: "option", id: `flow-tile-${index}`, onclick: () => onChoose(index) }, canvas, label);
  return {
    element,
    draw({ map, vector, scale, theme, step, measure, name }) {
      if (vector) paintBar(canvas, map.low, scale, theme);
      else paintMap(canvas, map.values, step.tile, scale, theme);
      const value = vector ? map.low : measure;
      element.classList.toggle("dead", map.dead);
      say(label, vector ? `${map.channel}: ${numberText(map.low, 2)}` : `${map.channel}${map.dead ? " “0”" : ""}`);
      const words = vector ? `value ${numberText(value)}` : map.dead ? "0 everywhere" : `${SORTS[step.sort === "number" ? "strength" : step.sort].title.toLowerCase()} ${numberText(value)}`;
      const title = `${vector ? "Number" : "Channel"} ${map.channel}${name ? `, ${name}` : ""}: ${words}`;
      element.title = title;
      element.setAttribute("aria-label", title);
    },
    choose: (chosen) => element.setAttribute("aria-selected", String(chosen)),
  };
}
