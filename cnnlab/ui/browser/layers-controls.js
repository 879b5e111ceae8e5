// Small controls that the tabs of the Layers page share: a labelled slider that says its value, and pointing at
// cells by pointer and by keys.
//
// They know labels and numbers, not what is set with them.

import { make, say } from "./dom.js";
import { readTheme } from "./painting.js";

/** A slider with its value in words beside the label → { element, update(value, { min, max, label }) }; `text` writes a value. */
export function createSlider(label, { min, max, step = 1, text = String }, onInput) {
  const input = make("input", { type: "range", min, max, step, "aria-label": label });
  const shown = make("span", { class: "number" });
  const name = make("span", {}, label);
  const element = make("label", { class: "others-slider" }, make("span", { class: "others-label" }, name, shown), input);
  input.oninput = () => onInput(Number(input.value));
  return {
    element,
    update(value, limits = {}) {
      if (limits.min !== undefined) input.min = limits.min;
      if (limits.max !== undefined) input.max = limits.max;
      if (Number(input.value) !== value) input.value = value;
      if (limits.label !== undefined) say(name, limits.label);
      if (limits.label !== undefined) input.setAttribute("aria-label", limits.label);
      say(shown, text(value));
      input.setAttribute("aria-valuetext", text(value));
    },
  };
}

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Hear the arrow keys on an element: `onStep([rows, columns])`. */
export function onArrows(element, onStep) {
  element.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onStep(step);
  });
}

/** Frame the pointed cell of a map of `cols` columns so that it is seen on any colour: an ink line on a paper one. */
export function framePointed(map, [row, col], cols, { ink, paper }) {
  const canvas = map.element.querySelector(".marks");
  const cell = canvas.clientWidth / cols;
  const context = canvas.getContext("2d");
  for (const [colour, width] of [[paper, 5], [ink, 2.5]]) {
    Object.assign(context, { strokeStyle: colour, lineWidth: width });
    context.strokeRect(col * cell + 2, row * cell + 2, cell - 5, cell - 5);
  }
}

/**
 * One pointed cell on several maps of the same size: by pointer, by touch, and by arrow keys on `element`, which holds
 * them. `onPoint(cell | null)` hears it; cells that `isCell` denies are stepped over. Call `again` after each paint.
 */
export function createPointing(element, maps, { rows, cols, label, isCell = () => true, onPoint }) {
  let at = null;
  const point = (cell) => {
    at = cell && isCell(cell) ? cell : null;
    const theme = readTheme(element);
    for (const map of maps) {
      map.mark({ cells: [], now: [], window: null, accent: theme.ink });
      if (at) framePointed(map, at, cols, theme);
    }
    onPoint(at);
  };
  const inside = ([row, col]) => row >= 0 && col >= 0 && row < rows && col < cols;
  for (const map of maps) {
    map.onHover = point;
    map.onPress = (cell, touch) => touch && point(cell);
  }
  for (const [name, value] of Object.entries({ tabindex: "0", role: "group", "aria-label": label })) element.setAttribute(name, value);
  onArrows(element, (step) => {
    if (!at) return point([0, 0]);
    let next = at;
    do next = next.map((place, axis) => place + step[axis]);
    while (inside(next) && !isCell(next));
    if (inside(next)) point(next);
  });
  element.addEventListener("blur", () => point(null));
  return { again: () => point(at) };
}

/** Call `redraw` whenever the element's width (or the screen's sharpness) has changed; returns what stops it. */
export function onResize(element, redraw) {
  let drawnFor = "";
  const observer = new ResizeObserver(() => {
    const now = `${element.clientWidth} at ${devicePixelRatio}`;
    if (element.clientWidth && now !== drawnFor) redraw();
    drawnFor = now;
  });
  observer.observe(element);
  return () => observer.disconnect();
}

/** A number as a reader sees it: at most `places` decimals, a real minus sign. */
export const decimalText = (value, places = 3) => String(+value.toFixed(places) || 0).replace("-", "−");

/** A share in whole percent; a small one is not called 0, and nearly all is not called 100. */
export function percentText(count, total) {
  if (!total) return "–";
  const percent = (100 * count) / total;
  if (percent > 0 && percent < 1) return "under 1\u00a0%";
  if (percent > 99 && percent < 100) return "over 99\u00a0%";
  return `${Math.round(percent)}\u00a0%`;
}
