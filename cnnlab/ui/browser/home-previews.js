// The small drawings on the cards of the home page, made of the same numbers as the lab's.
//
// A preview is (host, store) → { steps, rest, draw(step) }: `draw` paints the moment `step`, from 0 to steps − 1;
// `rest` is the one to show while nothing moves. It does not know which cards there are, nor when they move.

import { CHALLENGES, judge } from "./challenges.js";
import { compareDesigns } from "./designs.js";
import { fill, make } from "./dom.js";
import { createScale, paintCells, paintFrame, paintPixels, readTheme } from "./painting.js";
import { createScene, inputKind, linked, outputKind } from "./scene.js";
import { computeStack, seenBy, unitNearest } from "./stack.js";
import { createStore } from "./store.js";
import { grouped } from "./units.js";

const HEIGHT = 112; // of a drawing, in pixels
const GAP = 30;
const LARGEST_CELL = 18;

const pair = () => {
  const [left, right] = [make("canvas"), make("canvas")];
  return { left, right, arrow: make("span", { class: "sign" }, "→") };
};
const frame = (canvas, window, cell, colour) => paintFrame(canvas.getContext("2d"), window, cell, colour);

/** Input and output of one layer; the window walks along one row of positions. */
export function windowPreview(host, store) {
  const { left, right, arrow } = pair();
  fill(host, left, arrow, right);
  const { layers, shapes, reports } = store.derived;
  const scene = createScene(layers[0], shapes[0], reports[0]);
  const home = scene.transposed ? "input" : "output";
  const atTop = scene.input.top > 0;
  return {
    steps: scene.steps[1],
    rest: atTop ? 0 : 1,
    draw(step) {
      const theme = readTheme(host);
      const cell = cellFor(host, scene);
      const values = store.values();
      paintCells(left, { ...scene.input, cell, theme, look: inputLook(scene, values, theme) });
      paintCells(right, { ...scene.output, cell, theme, look: outputLook(scene, values, theme) });
      const row = atTop ? 0 : 1;
      const own = { top: row, left: step, rows: 1, cols: 1 };
      const { window, input } = linked(scene, home, row, step);
      const [near, far] = scene.transposed ? [left, right] : [right, left];
      if (scene.dilation[0] > 1) input.forEach(([top, at]) => frame(left, { top, left: at, rows: 1, cols: 1 }, cell, theme.accent));
      else frame(far, window, cell, theme.accent);
      frame(near, own, cell, theme.accent);
    },
  };
}

function cellFor(host, { input, output }) {
  const across = (host.clientWidth - GAP) / (input.cols + output.cols);
  return Math.max(4, Math.min(LARGEST_CELL, Math.floor(across), Math.floor(HEIGHT / Math.max(input.rows, output.rows))));
}

function inputLook(scene, values, theme) {
  const numbers = values.input(0);
  const scale = createScale("grey", 0, 255);
  const [top, left] = [scene.input.top, scene.input.left];
  return (row, col) => {
    const kind = inputKind(scene, row, col);
    if (kind !== "inside") return { hatch: kind };
    return { colour: theme.grey[scale.index(numbers[(row - top) * scene.shape[1] + col - left])] };
  };
}

function outputLook(scene, values, theme) {
  const numbers = values.outputChannel(0, 0).values;
  const reach = Math.max(...numbers.map(Math.abs));
  const scale = createScale("diverging", -reach, reach);
  const { top, left } = scene.output;
  return (row, col) => {
    if (outputKind(scene, row, col) !== "inside") return { hatch: "cropped" };
    return { colour: theme.diverging[scale.index(numbers[(row - top) * scene.size[1] + col - left])] };
  };
}

/** A photograph and what a kernel makes of it, pixel by pixel. */
export function photographPreview(host, store) {
  const { left, right, arrow } = pair();
  fill(host, left, arrow, right);
  const { layers, shapes, reports } = store.derived;
  const scene = createScene(layers[0], shapes[0], reports[0]);
  return {
    steps: 1,
    rest: 0,
    draw() {
      const theme = readTheme(host);
      const cell = Math.min(HEIGHT / scene.input.rows, (host.clientWidth - GAP) / (scene.input.cols + scene.output.cols));
      paintPixels(left, { ...scene.input, cell, theme, look: inputLook(scene, store.values(), theme) });
      paintPixels(right, { ...scene.output, cell, theme, look: outputLook(scene, store.values(), theme) });
    },
  };
}

/** What the parameters of some designs come to, as bars to scale. */
export function costsPreview(host, store) {
  const designs = compareDesigns(store.settings).filter(({ id }) => ["standard", "separable"].includes(id));
  const most = Math.max(...designs.map(({ parameters }) => parameters));
  const bars = designs.map(({ title, parameters }) => {
    const bar = make("span", { class: "bar" });
    bar.style.width = `${(100 * parameters) / most}%`;
    return make("div", { class: "bar-row" }, make("span", { class: "small" }, title, " ", make("strong", { class: "number" }, grouped(parameters))), bar);
  });
  fill(host, make("div", { class: "bars" }, bars));
  return { steps: 1, rest: 0, draw() {} };
}

/** What a unit of each layer of a stack sees of the input: frames that grow from layer to layer. */
export function stackPreview(host, store) {
  const canvas = make("canvas");
  fill(host, canvas);
  const { fields, shapes } = computeStack(store.settings);
  const [rows, cols] = shapes[0].slice(1);
  const seen = fields.map((field, index) => seenBy(field, unitNearest(field, shapes[index + 1].slice(1), [rows >> 1, cols >> 1])));
  return {
    steps: fields.length,
    rest: fields.length - 1,
    draw(step) {
      const theme = readTheme(host);
      const cell = HEIGHT / rows;
      const scene = { shape: [rows, cols], input: { rows, cols, top: 0, left: 0, paddedRows: rows, paddedCols: cols }, ok: true };
      paintPixels(canvas, { rows, cols, cell, theme, look: inputLook(scene, store.values(), theme) });
      for (const [[top, bottom], [left, right]] of seen.slice(0, step + 1)) {
        frame(canvas, { top, left, rows: bottom - top + 1, cols: right - left + 1 }, cell, theme.accent);
      }
    },
  };
}

/** The first goal, and what the lab says to the settings that it starts from. */
export function challengePreview(host, store) {
  const [challenge] = CHALLENGES;
  const start = createStore({ ...store.settings, ...challenge.start });
  const { sentence } = judge(challenge, start.settings, start.derived);
  fill(host, make("div", { class: "goal" }, make("strong", {}, challenge.title), make("span", { class: "small" }, "Not yet. ", sentence)));
  return { steps: 1, rest: 0, draw() {} };
}
