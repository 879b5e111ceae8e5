// One attribution map on the page: its drawing, legend, value at the pixel, what there is to say of it, and its file.
//
// It reads `store.settings` and `store.under`, the pixel under the pointer; it sets `at`, the pixel that is chosen.

import { fill, make, say } from "./dom.js";
import { numberText } from "./flow-values.js";
import { asFile, drawMap, legendTexts, stopsOf } from "./why-drawing.js";
import { scaleOf } from "./why-numbers.js";

const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const FAR = 10; // pixels that an arrow moves together with Shift

export function createTile(store) {
  let shown = null; // { map, values, reach, picture, theme }
  let scale = null;
  const title = make("h3");
  const badge = make("span", { class: "why-badge small" });
  const canvas = make("canvas", { width: 1, height: 1, "aria-hidden": "true" });
  const mark = make("span", { class: "flow-unit why-mark", "aria-hidden": "true" });
  const field = make("div", { class: "why-map", tabindex: "0", role: "application", "aria-roledescription": "map of pixels", "data-own-keys": true }, canvas, mark);
  const legend = make("div", { class: "why-legend small number" });
  const value = make("p", { class: "why-value small number" });
  const spoken = make("p", { class: "sr-only", role: "status" });
  const remarks = make("div", { class: "why-remarks small" });
  const save = make("button", { type: "button", class: "button why-save", onclick: () => saveFile() }, "Save PNG");
  const element = make("section", { class: "why-tile" }, make("div", { class: "why-title" }, title, badge), field, legend, value, spoken, remarks, save);

  const pixelAt = (event) => {
    const box = field.getBoundingClientRect();
    const pixel = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width].map((share, axis) => Math.floor(share * shown.map.size[axis]));
    return inside(pixel, shown.map.size) ? pixel : null;
  };
  field.onpointermove = (event) => shown && store.point(pixelAt(event));
  field.onpointerleave = () => store.point(null);
  field.onclick = (event) => {
    const pixel = shown && pixelAt(event);
    if (pixel) store.set({ at: pixel });
  };
  field.onkeydown = (event) => {
    const by = KEYS[event.key];
    if (event.key === "Escape" && store.settings.at) return store.set({ at: null });
    if (!by || !shown || event.altKey || event.ctrlKey || event.metaKey) return undefined;
    event.preventDefault();
    const from = store.settings.at ?? shown.map.size.map((side) => Math.floor(side / 2));
    const at = from.map((index, axis) => Math.max(0, Math.min(shown.map.size[axis] - 1, index + by[axis] * (event.shiftKey ? FAR : 1))));
    store.set({ at });
    say(spoken, readout(at));
    return undefined;
  };

  function readout(at) {
    const [, cols] = shown.map.size;
    return `row ${at[0]}, column ${at[1]}: ${numberText(shown.values[at[0] * cols + at[1]], 3)}`;
  }
  /** Show which pixel is meant, and its value. */
  function point() {
    const at = store.under ?? store.settings.at;
    const known = shown && at && inside(at, shown.map.size);
    mark.classList.toggle("hidden", !known);
    if (!known) return say(value, "");
    const [rows, cols] = shown.map.size;
    Object.assign(mark.style, { top: `${(100 * at[0]) / rows}%`, left: `${(100 * at[1]) / cols}%`, height: `${100 / rows}%`, width: `${100 / cols}%` });
    return say(value, `${store.under ? "Under the pointer" : "Chosen"}: ${readout(at)}`);
  }
  function saveFile() {
    const { map, theme } = shown;
    const link = make("a", { download: `${map.file}.png`, href: asFile(canvas, { title: map.title, subtitle: map.about, scale, theme, view: store.settings.view }).toDataURL() });
    link.click();
  }
  function draw() {
    const { map, values, reach, picture, theme } = shown;
    const { view, opacity } = store.settings;
    scale = scaleOf({ values, signed: map.signed }, reach);
    drawMap(canvas, { values, size: map.size, view, opacity, scale, theme, picture });
    drawLegend(legend, { scale, theme, view });
  }
  return {
    element,
    draw,
    point,
    /** Show a map that is described by `map`, in numbers by `values`; `reach` is how far its scale goes. */
    show(next) {
      shown = next;
      const { map, values } = next;
      const empty = values.every((one) => one === 0);
      say(title, map.title);
      say(badge, map.badge ?? "");
      field.style.aspectRatio = `${map.size[1]} / ${map.size[0]}`;
      field.setAttribute("aria-label", `${map.title}: ${map.alt}. Arrow keys choose a pixel, with Shift ${FAR} at once.`);
      field.dataset.empty = String(empty);
      save.setAttribute("aria-label", `Save the map ${map.title} as PNG`);
      fill(remarks, empty ? make("p", { class: "why-empty" }, map.empty) : null, map.light && lightOf(map.light), map.remarks.map((text) => make("p", {}, text)));
      draw();
      point();
    },
  };
}

const inside = (pixel, size) => pixel.every((index, axis) => index >= 0 && index < size[axis]);

/** A traffic light whose shape and words say the same as its colour. */
function lightOf({ kind, words }) {
  const sign = { green: "●", amber: "▲", red: "■" }[kind];
  return make("p", { class: `why-light ${kind}` }, make("span", { class: "why-lamp", "aria-hidden": "true" }, sign), make("span", {}, words));
}

function drawLegend(host, { scale, theme, view }) {
  if (view === "contour") return fill(host, "Lines: the strongest 5, 15 and 30 % of the pixels; dashed: against the class");
  const bar = make("span", { class: "why-ramp", "aria-hidden": "true" });
  bar.style.background = `linear-gradient(to right, ${stopsOf(scale, theme).join(", ")})`;
  const texts = legendTexts(scale);
  return fill(host, bar, make("span", { class: "why-ends", role: "img", "aria-label": `Scale from ${texts.join(" over ")}` }, texts.map((text) => make("span", {}, text))));
}
