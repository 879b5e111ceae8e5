// The feature maps of one step: all channels, one enlarged with every value, its strongest units and what they see.
//
// It is handed everything to draw, and tells the server which channel or order was chosen. The unit that is looked at is
// chosen here. It computes no map.

import { fill, make, say } from "./dom.js";
import { createFlowChannel } from "./flow-channel.js";
import { placeOf, seenBy, seenText, unitAt } from "./flow-field.js";
import { createFlowGrid } from "./flow-grid.js";
import { createFlowPicture } from "./flow-picture.js";
import { createFlowStatistics } from "./flow-statistics.js";
import { commonScale, floatsOf, numberText, scaleFor, tilesOf } from "./flow-values.js";
import { createWish } from "./inside-wishes.js";
import { mountable } from "./mounting.js";
import { readTheme } from "./painting.js";

const MIDDLE = "50000,50000";
const PATCH = 56; // px
const SETTLED_MS = 300;

export const { render, dispose } = mountable(createMaps);

function createMaps(root) {
  const parts = Object.fromEntries(["input", "channel", "statistics", "channels"].map((name) => [name, make("div", { class: `flow-${name}` })]));
  const strongest = make("div", { class: "inside-strongest" });
  const panel = { root, strongest, data: null, tell: () => {}, seen: "", views: {}, wish: createWish() };
  const store = createStore(panel);
  panel.store = store;
  panel.views = { picture: createFlowPicture(parts.input), channel: createFlowChannel(parts.channel, store), statistics: createFlowStatistics(parts.statistics), grid: createFlowGrid(parts.channels, store) };
  fill(root, make("div", { class: "inside-maps" }, parts.channels, make("div", { class: "flow-top" }, parts.input, parts.channel, parts.statistics), strongest));
  return {
    receive({ data, setTriggerValue }) {
      const same = panel.data && panel.data.described.name === data.described.name && panel.data.picture === data.picture;
      if (same && panel.wish.isOld(data.position)) return;
      const here = `${data.described.name} ${data.step.shown[data.position % data.perPage]} ${data.picture.length}`;
      const moved = here !== panel.seen;
      Object.assign(panel, { data, tell: setTriggerValue, seen: here });
      store.receive({ place: data.position, flowSort: data.step.sort, ...(moved && { unit: firstUnit(data) }) });
      draw(panel);
      root.dataset.ready = "true";
    },
    changeTheme: () => draw(panel),
    destroy: () => clearTimeout(panel.timer),
  };
}

const firstUnit = ({ unit, units: [first], step }) => unit || (first ? placeOf([first.row, first.column], step.size) : MIDDLE);

/** The settings of the parts: a channel or an order is the server's matter, the unit and the scale are not. */
function createStore(panel) {
  const settings = { place: 0, flowSort: "number", ownScale: true, unit: MIDDLE };
  return {
    settings,
    receive: (change) => Object.assign(settings, change),
    set(change) {
      const order = "flowSort" in change && change.flowSort !== settings.flowSort;
      const channel = !order && "place" in change && change.place !== settings.place;
      if (order) return panel.tell("sort", change.flowSort);
      Object.assign(settings, change);
      panel.views.grid.update();
      if (channel) {
        panel.wish.ask(settings.place);
        drawOverview(panel, settings.place);
        return panel.tell("position", settings.place);
      }
      drawChannel(panel);
      clearTimeout(panel.timer);
      if ("unit" in change) panel.timer = setTimeout(() => panel.tell("unit", settings.unit), SETTLED_MS);
    },
  };
}

function draw(panel) {
  const { data, views, root } = panel;
  views.picture.show(data.picture, data.input.slice(-2));
  views.statistics.draw(data.step, data.run);
  views.grid.draw(data.step, data.perPage, readTheme(root));
  views.grid.update();
  drawStrongest(panel);
  drawChannel(panel);
}

function drawChannel({ data, views, store, root, strongest }) {
  const { step, described, input } = data;
  const { settings } = store;
  views.channel.draw({ ...lookOf(data, data.position, settings), size: step.size, values: floatsOf(data.exact.values), exact: true, theme: readTheme(root) });
  const unit = unitAt(settings.unit, step.size);
  const sizes = input.slice(-2);
  views.picture.frame(seenBy(described, unit, sizes), seenText(described, unit, sizes), sizes);
  for (const button of strongest.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.unit === unit.join(",")));
}

/** Until the server has sent every value of a channel, its tile stands for it, if it is on this page. */
function drawOverview({ data, views, store, root }, position) {
  const tile = tilesOf(data.step)[position % data.perPage];
  if (!tile || Math.floor(position / data.perPage) !== data.step.page) return;
  views.channel.draw({ ...lookOf(data, position, store.settings), size: data.step.size, values: tile.values, overview: data.step.tile, exact: false, theme: readTheme(root) });
}

/** Title and scale of the channel at a position of the order. */
function lookOf({ step, perPage }, position, { ownScale }) {
  const index = position % perPage;
  const tile = tilesOf(step)[index];
  const vector = step.size[0] * step.size[1] === 1;
  const name = step.names?.[index];
  return { title: `${vector ? "Number" : "Channel"} ${tile.channel}${name ? `: ${name}` : ""}`, scale: ownScale && !vector ? scaleFor(tile.low, tile.high) : commonScale(step) };
}

/** The units with the largest values, each with the part of the picture that it sees. */
function drawStrongest(panel) {
  const { strongest, data, store } = panel;
  if (!data.units.length) return fill(strongest);
  const image = new Image();
  const buttons = data.units.map((unit) => {
    const canvas = make("canvas", { width: PATCH, height: PATCH, "aria-hidden": "true" });
    const where = `${unit.row},${unit.column}`;
    const choose = () => store.set({ unit: placeOf([unit.row, unit.column], data.step.size) });
    const words = `Unit ${unit.row}, ${unit.column}: ${numberText(unit.value)}`;
    return { unit, canvas, element: make("button", { type: "button", class: "inside-unit", "data-unit": where, "aria-label": words, onclick: choose }, canvas, make("span", { class: "small number" }, numberText(unit.value))) };
  });
  image.onload = () => buttons.forEach(({ unit: { seen }, canvas }) => seen && paintPatch(canvas, image, seen));
  image.src = data.picture;
  const words = make("p", { class: "muted small" });
  say(words, "The largest values of this channel, not too close together, and the part of the picture that each of these units sees.");
  fill(strongest, make("h3", {}, "Its strongest units"), words, make("div", { class: "button-row", role: "group", "aria-label": "Strongest units" }, buttons.map(({ element }) => element)));
}

function paintPatch(canvas, image, { top, left, height, width }) {
  const larger = Math.max(height, width);
  const [wide, high] = [(PATCH * width) / larger, (PATCH * height) / larger];
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = larger > PATCH;
  context.drawImage(image, left, top, width, height, (PATCH - wide) / 2, (PATCH - high) / 2, wide, high);
}
