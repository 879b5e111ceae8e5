// The small convolution at the top of the home page: a kernel slides over a digit by itself, the output fills in, the
// sum under the window is written out, and one slider changes the kernel's size.
//
// The numbers are those of the lab's own modules. It does not know the page around it.

import { make, say } from "./dom.js";
import { createMotion, prefersStill } from "./home-motion.js";
import { createMap } from "./map.js";
import { createScale, readTheme, shortNumber } from "./painting.js";
import { createScene, linked } from "./scene.js";
import { loadPicture } from "./sources.js";

const STEP_MS = 420;
const START = 9; // of the 36 positions: a visitor sees at once that the output fills in
const HOLD = 6; // ticks that a finished map, or a change by hand, stays before it begins again
const MOST_TERMS = 6;

/** Put the machine into `host`; `store` holds the settings that it shares with the link into the lab. */
export function createMachine(host, store) {
  const view = { index: START, shown: START + 1, hold: 0, scene: null, theme: null };
  const parts = build(store);
  host.append(parts.element);
  const { maps } = parts;
  const motion = createMotion(parts.element, STEP_MS, tick);

  function tick() {
    if (view.hold > 0) {
      view.hold -= 1;
      return;
    }
    const count = view.scene.steps[0] * view.scene.steps[1];
    if (view.index + 1 >= count) [view.index, view.shown] = [0, 1];
    else [view.index, view.shown] = [view.index + 1, view.index + 2];
    if (view.index + 1 === count) view.hold = HOLD;
    paintOutput();
    focus();
  }

  /** Show one position, and the whole output around it, until the hand has been away for a moment. */
  function showAll(index) {
    const count = view.scene.steps[0] * view.scene.steps[1];
    view.index = Math.max(0, Math.min(count - 1, index));
    view.shown = count;
    view.hold = HOLD;
    paintOutput();
    focus();
  }

  function paintOutput() {
    const { scene, theme } = view;
    const { values } = store.values().outputChannel(0, 0);
    const reach = Math.max(...values.map(Math.abs));
    const scale = createScale("diverging", -reach, reach);
    const look = (row, col) => {
      const at = row * scene.output.cols + col;
      return at < view.shown ? { value: values[at], colour: theme.diverging[scale.index(values[at])] } : {};
    };
    maps.output.paint({ ...scene.output, cell: cellOf(parts), look, theme });
  }

  function focus() {
    const { scene, theme } = view;
    const cell = [Math.floor(view.index / scene.steps[1]), view.index % scene.steps[1]];
    const { window } = linked(scene, "output", ...cell);
    maps.input.mark({ cells: [], now: [], window, accent: theme.accent });
    maps.kernel.mark({ cells: [], now: [], window: null, accent: theme.accent });
    maps.output.mark({ cells: [], now: [], window: { top: cell[0], left: cell[1], rows: 1, cols: 1 }, accent: theme.accent });
    say(parts.sum, sumText(store.values().cell(0, 0, ...cell)));
    parts.element.dataset.position = cell.join(",");
  }

  function paint() {
    const { settings, derived } = store;
    view.theme = readTheme(parts.element);
    view.scene = createScene(derived.layers[0], derived.shapes[0], derived.reports[0]);
    paintGiven(maps, view, { values: store.values(), cell: cellOf(parts) });
    maps.input.describe(settings.input.join(" × "));
    maps.output.describe(derived.output.slice(1).join(" × "));
    say(parts.chosen, settings.kernel.join(" × "));
    const [height] = derived.reports[0].steps;
    say(parts.size, `Output: ${height.substituted} = ${height.result}`);
    paintOutput();
    focus();
  }

  maps.output.onHover = (cell) => cell && showAll(cell[0] * view.scene.steps[1] + cell[1]);
  maps.output.onPress = maps.output.onHover;
  maps.input.onHover = (cell) => {
    if (!cell) return;
    const [row, col] = cell.map((at, axis) => Math.max(0, Math.min(view.scene.steps[axis] - 1, at - (view.scene.kernel[axis] >> 1))));
    showAll(row * view.scene.steps[1] + col);
  };
  maps.input.onPress = maps.input.onHover;
  parts.play.onclick = () => play(!motion.wanted);

  function play(wanted) {
    if (wanted) view.hold = 0;
    motion.want(wanted);
    say(parts.play, wanted ? "Pause" : "Play");
  }

  const forget = store.subscribe((changed) => {
    paint();
    if (changed.includes("kernel")) showAll(view.scene.steps[1] + 1);
  });
  const resized = new ResizeObserver(() => paint());
  resized.observe(parts.element);
  loadPicture(store);
  paint();
  play(!prefersStill());
  if (!motion.wanted) showAll(START);
  return {
    paint,
    destroy() {
      forget();
      resized.disconnect();
      motion.destroy();
    },
  };
}

function build(store) {
  const maps = { input: createMap("input", "Input"), kernel: createMap("kernel", "Kernel"), output: createMap("output", "Output") };
  const slider = make("input", {
    type: "range", min: 1, max: 5, step: 1, value: store.settings.kernel[0], "aria-label": "Kernel size",
    oninput: () => store.set({ kernel: [+slider.value, +slider.value] }),
  });
  const chosen = make("output", { class: "number" });
  const play = make("button", { type: "button", class: "button" }, "Pause");
  const size = make("p", { class: "formula muted machine-size" });
  const sum = make("p", { class: "formula machine-sum" });
  const sign = (text) => make("span", { class: "sign", "aria-hidden": "true" }, text);
  const element = make(
    "div",
    { class: "machine panel", role: "group", "aria-label": "A convolution at work" },
    make("div", { class: "machine-controls" }, make("label", {}, "Kernel size ", slider), chosen, play),
    make("div", { class: "machine-maps" }, maps.input.element, sign("∗"), maps.kernel.element, sign("="), maps.output.element),
    sum,
    size,
  );
  return { element, maps, chosen, play, size, sum };
}

/** The size of a cell in pixels: input, kernel and output together are always 17 cells wide. */
function cellOf({ element }) {
  const room = element.clientWidth || 640;
  return room >= 560 ? Math.min(34, Math.floor((room - 116) / 17)) : Math.min(28, Math.floor((room - 70) / 13));
}

function paintGiven(maps, { scene, theme }, { values, cell }) {
  const input = values.input(0);
  const grey = createScale("grey", 0, 255);
  const given = (row, col) => ({ value: input[row * scene.input.cols + col], colour: theme.grey[grey.index(input[row * scene.input.cols + col])] });
  maps.input.paint({ ...scene.input, cell, look: given, theme });
  const weights = values.weights(0, 0, 0);
  const reach = Math.max(...weights.map(Math.abs));
  const scale = createScale("diverging", -reach, reach);
  const [rows, cols] = scene.kernel;
  const weight = (row, col) => ({ value: weights[row * cols + col], colour: theme.diverging[scale.index(weights[row * cols + col])] });
  maps.kernel.paint({ rows, cols, cell, look: weight, theme });
}

/** The sum under the window, without the products that are 0 by their weight. */
function sumText({ taps, sum }) {
  const terms = taps.filter((tap) => tap.weight !== 0).map((tap) => `${shortNumber(tap.input)}·${bracketed(tap.weight)}`);
  const more = terms.length > MOST_TERMS ? ` + … ${terms.length - MOST_TERMS + 1} more` : "";
  return `Here: ${terms.slice(0, more ? MOST_TERMS - 1 : MOST_TERMS).join(" + ")}${more} = ${shortNumber(sum)}`;
}

const bracketed = (weight) => (weight < 0 ? `(${shortNumber(weight)})` : shortNumber(weight));
