// The map of the layer that a unit is chosen from: by click, by dragging, by arrow keys.
//
// It draws what stack.js computes, and sets the `unit` of the lab.

import { make, say } from "./dom.js";
import { asSetting, unitOf } from "./stack.js";
import { createRaster, gridLines } from "./stack-raster.js";
import { place, svg } from "./svg.js";

export function createOutputDrawing(store, { stackOf, depthOf }) {
  const sheet = svg("rect", { class: "stack-sheet" });
  const lines = svg("path", { class: "stack-lines" });
  const edge = svg("rect", { class: "stack-edge" });
  const clean = svg("rect", { class: "stack-clean" });
  const unit = svg("rect", { class: "stack-unit" });
  const element = svg("svg", { class: "stack-svg stack-pick", role: "application", tabindex: 0 }, sheet, lines, edge, clean, unit);
  const caption = make("figcaption", {});
  const hint = make("p", { class: "muted small" });
  let view = null;
  const choose = (next) => {
    const sizes = stackOf().shapes[depthOf() + 1].slice(1);
    store.set({ unit: asSetting(next.map((value, axis) => Math.max(0, Math.min(sizes[axis] - 1, value)))) });
  };
  element.onkeydown = (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step || event.altKey) return;
    event.preventDefault();
    const now = unitOf(store.settings, stackOf(), depthOf());
    choose(now.length === 1 ? [now[0] + step[1]] : now.map((value, axis) => value + step[axis]));
  };
  const pick = (event) => {
    const from = element.getScreenCTM().inverse();
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(from);
    choose(view.cellAt(x, y));
  };
  element.onpointerdown = (event) => {
    element.setPointerCapture(event.pointerId);
    pick(event);
  };
  element.onpointermove = (event) => element.hasPointerCapture(event.pointerId) && pick(event);
  return {
    element,
    caption,
    hint,
    update(stack, depth, chosen) {
      const sizes = stack.shapes[depth + 1].slice(1);
      const all = sizes.map((size) => [0, size - 1]);
      view = createRaster(sizes, all);
      place(element, { viewBox: `0 0 ${view.width} ${view.height}`, "aria-label": `Map of layer ${depth + 1}, ${sizes.join(" by ")} units; chosen: ${chosen.join(", ")}. Arrow keys choose another.` });
      [sheet, edge].forEach((shape) => place(shape, view.rect(all)));
      place(lines, { d: gridLines(view, sizes) });
      place(unit, view.rect(chosen.map((value) => [value, value])));
      say(caption, `The map of layer ${depth + 1}: ${sizes.join(" × ")} units in each of ${stack.shapes[depth + 1][0]} channels`);
      const free = unpadded(stack, depth);
      place(clean, free ? { ...view.rect(free), visibility: null } : { visibility: "hidden" });
      say(hint, `Click or use the arrow keys to choose a unit. ${free ? "Units inside the dashed line see no padding." : "Every unit sees some padding."}`);
    },
  };
}

/** The units, [first, last] per axis, whose whole field lies on the input; null if there are none. */
function unpadded({ fields, shapes }, depth) {
  const spans = fields[depth].map(({ size, jump, start }, axis) => {
    const last = Math.floor((shapes[0][axis + 1] - size - start) / jump);
    return [Math.max(0, Math.ceil(-start / jump)), Math.min(shapes[depth + 1][axis + 1] - 1, last)];
  });
  return spans.some(([from, to]) => to < from) ? null : spans;
}
