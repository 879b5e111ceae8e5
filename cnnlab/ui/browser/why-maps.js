// Attribution maps beside each other: one pointer for all, one scale or each its own, alone, over the picture or as lines.
//
// How they are shown is in the settings that it reports; what the maps are comes with its data. It computes no attribution.

import { buttonRow } from "./controls.js";
import { fill, make, say } from "./dom.js";
import { mountable } from "./mounting.js";
import { readTheme } from "./painting.js";
import { createSettingsStore } from "./settings-store.js";
import { createSettling } from "./settling.js";
import { createShare } from "./share.js";
import { reachOf, valuesOf } from "./why-numbers.js";
import { createTile } from "./why-tile.js";

const VIEWS = {
  overlay: { title: "Over the picture", hint: "Where the map is weak, the picture shows through" },
  alone: { title: "Beside the picture", hint: "The map alone, every pixel in its colour" },
  contour: { title: "Contours", hint: "Lines around the strongest parts of the smoothed map" },
};
const SCALES = {
  own: { title: "Each on its own scale", hint: "The colours of two maps must not be compared" },
  one: { title: "All on one scale", hint: "The same colour is the same number in all maps" },
};
const DEFAULTS = { view: "overlay", scale: "own", opacity: 0.8, at: null };

export const { render, dispose } = mountable(createMaps);

/** Settings from the texts of an address; what is not known stays as it is by default. */
export function readView({ view, scale, opacity, at } = {}) {
  const percent = Number(opacity);
  const pixel = /^(\d{1,4})\.(\d{1,4})$/.exec(at ?? "");
  return {
    view: view in VIEWS ? view : DEFAULTS.view,
    scale: scale in SCALES ? scale : DEFAULTS.scale,
    opacity: opacity && percent >= 0 && percent <= 100 ? percent / 100 : DEFAULTS.opacity,
    at: pixel ? [Number(pixel[1]), Number(pixel[2])] : null,
  };
}

/** The texts for an address; what is as by default is left out. */
export function writeView({ view, scale, opacity, at }) {
  const written = { view, scale, opacity: String(Math.round(100 * opacity)), at: at ? at.join(".") : "" };
  const usual = { ...DEFAULTS, opacity: String(100 * DEFAULTS.opacity), at: "" };
  return Object.fromEntries(Object.entries(written).filter(([name, text]) => text !== usual[name]));
}

function createMaps(root, component) {
  const store = createSettingsStore(readView(component.data.settings));
  const settling = createSettling(component, writeView);
  store.under = null;
  const views = buttonRow("How the maps are shown", VIEWS, (view) => store.set({ view }));
  const scales = buttonRow("Scale of the colours", SCALES, (scale) => store.set({ scale }));
  const opacity = make("input", { type: "range", min: 0, max: 100, step: 5, "aria-label": "Opacity of the maps, per cent", oninput: () => store.set({ opacity: Number(opacity.value) / 100 }) });
  const amount = make("span", { class: "number small" });
  const strength = make("label", { class: "why-opacity" }, make("span", { class: "small" }, "Opacity"), opacity, amount);
  const told = make("p", { class: "muted small why-told" });
  const grid = make("div", { class: "why-grid" });
  const beside = createPictureTile();
  const bar = make("div", { class: "why-bar" }, views.element, strength, scales.element);
  const share = make("div", { class: "why-share" });
  fill(root, bar, told, grid, share);
  if (component.data.share) createShare(share, { parameters: () => new URLSearchParams(location.search), remark: () => "It opens this network, picture, category, methods and view." });
  let [tiles, shown, pictures, received] = [[], [], [], null];

  store.point = (pixel) => {
    if (String(pixel) === String(store.under)) return;
    store.under = pixel;
    tiles.forEach((tile) => tile.point());
  };
  store.subscribe((changed) => {
    settling.follow(store.settings);
    if (changed.length === 1 && changed[0] === "at") return tiles.forEach((tile) => tile.point());
    update();
    if (changed.includes("view")) layOut();
    return changed.includes("scale") ? showAll() : tiles.forEach((tile) => tile.draw());
  });

  function update() {
    const { view, scale } = store.settings;
    views.update(view);
    scales.update(scale);
    scales.element.classList.toggle("hidden", shown.length < 2);
    opacity.value = String(Math.round(100 * store.settings.opacity));
    say(amount, `${opacity.value} %`);
    strength.classList.toggle("hidden", view !== "overlay");
    say(told, sentenceOf(shown, store.settings));
  }
  /** Put the tiles into the grid; maps alone have the picture beside them. */
  function layOut() {
    grid.dataset.group = String(received?.group ?? 1);
    const picture = store.settings.view === "alone" && grid.dataset.group === "1" && pictures[0];
    if (picture) beside.show(picture);
    const elements = [picture ? beside.element : null, ...tiles.map((tile) => tile.element)].filter(Boolean);
    if (elements.length !== grid.children.length || elements.some((one, index) => one !== grid.children[index])) fill(grid, elements);
  }
  function showAll() {
    const theme = readTheme(root);
    const most = Math.max(0, ...shown.map(({ reach }) => reach));
    const own = store.settings.scale === "own";
    shown.forEach((one, index) => tiles[index].show({ ...one, reach: own ? one.reach : most, picture: pictures[one.map.picture], theme }));
  }
  async function bring(data) {
    const loaded = await Promise.all(data.pictures.map(imageOf));
    if (data !== received) return; // newer data has come in the meantime
    pictures = loaded;
    shown = data.maps.map((map) => {
      const values = valuesOf(map);
      return { map, values, reach: reachOf(values) };
    });
    while (tiles.length < shown.length) tiles.push(createTile(store));
    tiles.length = shown.length;
    layOut();
    update();
    showAll();
    root.dataset.ready = "true";
  }
  return {
    receive(next) {
      settling.component = next;
      if (next.data.stamp === received?.stamp) return;
      received = next.data;
      bring(next.data);
    },
    changeTheme: showAll,
    destroy: () => settling.stop(),
  };
}

/** What a reader has to know to compare the colours. */
function sentenceOf(shown, { view, scale }) {
  return `${aboutScales(shown, view, scale)} Point at a pixel for its value, or use the arrow keys on a map.`.trim();
}

function aboutScales(shown, view, scale) {
  if (view === "contour") return "Contours are drawn on a smoothed map and say only where it is strongest, not how strong.";
  if (shown.length < 2) return "";
  if (scale === "own") return "Each map has its own scale: compare where maps are strong, not how strong their colours are.";
  const units = new Set(shown.map(({ map }) => map.unit));
  return `All maps have one scale: the same colour is the same number.${units.size > 1 ? " They are in different units, so some are bound to be pale." : ""}`;
}

/** The picture itself, as large as a map. */
function createPictureTile() {
  const canvas = make("canvas", { role: "img", "aria-label": "The picture as the network reads it", width: 1, height: 1 });
  const element = make("section", { class: "why-tile" }, make("div", { class: "why-title" }, make("h3", {}, "The picture")), make("div", { class: "why-map still" }, canvas));
  return {
    element,
    show(image) {
      Object.assign(canvas, { width: image.width, height: image.height });
      canvas.getContext("2d").drawImage(image, 0, 0);
    },
  };
}

const imageOf = (png) => new Promise((done) => {
  const image = new Image();
  image.onload = () => done(image);
  image.onerror = () => done(null);
  image.src = `data:image/png;base64,${png}`;
});
