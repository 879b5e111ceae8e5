// One channel enlarged, with every exact value: under the pointer, or at the unit that was chosen by click or keys.
//
// It sets `store.settings.unit`, the place of that unit; it computes no values.

import { fill, make, say } from "./dom.js";
import { placeOf, unitAt } from "./flow-field.js";
import { numberText, paintMap } from "./flow-values.js";

const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function createFlowChannel(host, store) {
  let shown = null; // { title, values, size, exact, scale, theme, noun }
  const title = make("h3");
  const canvas = make("canvas", { width: 1, height: 1, "aria-hidden": "true" });
  const mark = make("span", { class: "flow-unit", "aria-hidden": "true" });
  const map = make("div", { class: "flow-map", tabindex: "0", role: "application", "aria-roledescription": "map of units", "data-own-keys": true }, canvas, mark);
  const value = make("p", { class: "flow-value number" });
  const spoken = make("p", { class: "sr-only", role: "status" });
  const legend = make("div", { class: "flow-legend legend small muted" });
  fill(host, title, make("div", { class: "flow-box" }, map), value, legend, spoken);

  const cellAt = (event) => {
    const box = map.getBoundingClientRect();
    const cell = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width].map((share, axis) => Math.floor(share * shown.size[axis]));
    return cell.every((index, axis) => index >= 0 && index < shown.size[axis]) ? cell : null;
  };
  map.onpointermove = (event) => shown && say(value, readout(shown, cellAt(event) ?? chosen(), "under the pointer"));
  map.onpointerleave = () => update();
  map.onclick = (event) => {
    const cell = shown && cellAt(event);
    if (cell) store.set({ unit: placeOf(cell, shown.size) });
  };
  map.onkeydown = (event) => {
    const by = KEYS[event.key];
    if (!by || !shown || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const cell = chosen().map((index, axis) => Math.max(0, Math.min(shown.size[axis] - 1, index + by[axis])));
    store.set({ unit: placeOf(cell, shown.size) });
    say(spoken, readout(shown, cell, ""));
  };
  const chosen = () => unitAt(store.settings.unit, shown.size);

  function update() {
    if (!shown) return;
    const [row, column] = chosen();
    const [height, width] = shown.size;
    Object.assign(mark.style, { top: `${(100 * row) / height}%`, left: `${(100 * column) / width}%`, height: `${100 / height}%`, width: `${100 / width}%` });
    say(value, readout(shown, [row, column], "chosen"));
  }
  return {
    /** Show a map: { title, values, size, exact, scale, theme }; `exact` is false while only its overview is there. */
    draw(next) {
      shown = next;
      const [height, width] = next.overview ?? next.size;
      paintMap(canvas, next.values, [height, width], next.scale, next.theme);
      const longest = Math.max(...next.size, 4); // a single number need not be large
      Object.assign(map.style, { width: `${(100 * next.size[1]) / longest}%`, height: `${(100 * next.size[0]) / longest}%` });
      map.setAttribute("aria-label", `${next.title}, ${next.size.join(" × ")} ${(next.noun ?? "Unit").toLowerCase()}s. Arrow keys choose one.`);
      map.dataset.exact = String(next.exact);
      say(title, next.title);
      drawLegend(legend, next);
      update();
    },
    update,
  };
}

function readout({ values, size, exact, noun = "Unit" }, [row, column], which) {
  const where = `${noun} ${row}, ${column}${which ? ` (${which})` : ""}`;
  return exact ? `${where}: ${numberText(values[row * size[1] + column], 7)}` : `${where}: …`;
}

function drawLegend(host, { scale, theme }) {
  const bar = make("span", { class: "ramp" });
  bar.style.background = `linear-gradient(to right, ${[0, 64, 128, 191, 255].map((index) => theme[scale.kind][index].css).join(", ")})`;
  const middle = scale.kind === "diverging" ? ", the middle is 0" : "";
  const [below, above] = scale.beyond ?? [false, false];
  fill(host, `${below ? "≤ " : ""}${numberText(scale.from, 3)}`, bar, `${above ? "≥ " : ""}${numberText(scale.to, 3)}${middle}`);
}
