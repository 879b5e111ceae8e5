// The proof on the spot that a 1×1 convolution is a dense layer at every pixel, with the lab's real numbers.
//
// It shows both results beside each other; the dense one comes from pointwise.js, the convolution from the lab's values.

import { fill, make, say } from "./dom.js";
import { shortNumber } from "./painting.js";
import { compareEverywhere, denseLayer, isPointwise, matrixOf } from "./pointwise.js";

const MOST = { rows: 6, columns: 8, narrowColumns: 3 };
const NARROW_PX = 480;
const BUDGET = 3_000_000; // multiply-adds for the comparison of all pixels
const PAUSE_MS = 120;

export function createPointwiseProof(store) {
  const words = make("p", {});
  const tryIt = make("button", { type: "button", class: "button", onclick: () => store.set(pointwiseSettings(store.settings)) }, "Try it with a 1×1 kernel");
  const mix = make("button", { type: "button", class: "button", onclick: () => store.set({ kernelPreset: "random", weights: "" }) }, "Use random weights");
  const steppers = [0, 1].map((axis) => pixelField(store, axis));
  const table = make("table", { class: "channels-proof number" });
  const scroll = make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "The dense layer beside the convolution" }, table);
  const verdict = make("p", { class: "channels-verdict", role: "status" });
  const proof = make("div", {}, make("div", { class: "channels-pixel" }, make("span", {}, "Pixel"), steppers.map((stepper) => stepper.element), mix), scroll, verdict);
  const element = make("section", { class: "channels-pointwise", "aria-label": "1×1 is a dense layer at every pixel" }, make("h2", {}, "1×1 is a dense layer at every pixel"), words, tryIt, proof);
  let timer = 0;
  let checked = null;
  let most = MOST.columns;
  const panel = {
    element,
    update() {
      const { settings, derived } = store;
      const [layer] = derived.layers;
      const fits = derived.ok && derived.layers.length === 1 && isPointwise(layer);
      say(words, wordsFor(fits, layer));
      tryIt.classList.toggle("hidden", fits);
      proof.classList.toggle("hidden", !fits);
      clearTimeout(timer);
      if (!fits) return;
      const sizes = derived.shapes[1].slice(1);
      const pixel = pixelOf(settings, sizes);
      steppers.forEach((stepper) => stepper.update(pixel, sizes));
      mix.classList.toggle("hidden", settings.kernelPreset === "random" && !settings.weights);
      const values = store.values();
      showProof(table, { layer, values, pixel, width: sizes.at(-1), most });
      if (values === checked) return;
      say(verdict, "Comparing all pixels …");
      timer = setTimeout(() => {
        checked = values;
        say(verdict, verdictOf(layer, compareEverywhere(values, layer, sizes.reduce((a, b) => a * b, 1), BUDGET)));
      }, PAUSE_MS);
    },
    destroy() {
      clearTimeout(timer);
      watch.disconnect();
    },
  };
  const watch = new ResizeObserver(([{ contentRect }]) => {
    const fitting = contentRect.width > 0 && contentRect.width < NARROW_PX ? MOST.narrowColumns : MOST.columns;
    if (fitting === most) return;
    most = fitting;
    panel.update();
  });
  watch.observe(element);
  return panel;
}

/** Settings that make the lab's layer a 1×1 convolution with enough channels to see something. */
const pointwiseSettings = ({ cin, cout }) => ({
  op: "conv", pair: "none", groups: 1, kernel: [1, 1], stride: [1, 1], padding: [0, 0], dilation: [1, 1],
  cin: cin === 1 ? 3 : cin, cout: cout === 1 ? 4 : cout, stage: 0,
  kernelPreset: "random", weights: "",
});

function wordsFor(fits, layer) {
  if (fits) return "The numbers of all channels at one pixel are a vector x. The 1×1 kernels, one row for each output channel, are a matrix W. The convolution computes W·x + b at each pixel: a dense layer that slides over the picture.";
  if (layer.op.endsWith("pool")) return "A 1×1 kernel looks at one pixel, but at all its channels. Pooling never mixes channels.";
  return "A 1×1 kernel looks at one pixel, but at all its channels: it mixes channels and looks at no neighbours. With kernel 1, stride 1, no padding and one group, it is exactly a dense layer at every pixel; see it with real numbers:";
}

const pixelOf = ({ pin }, sizes) => {
  const [row, column] = pin ?? sizes.map((size) => (size - 1) >> 1);
  return sizes.length === 1 ? [0, pin ? pin[1] : (sizes[0] - 1) >> 1] : [row, column];
};

function pixelField(store, axis) {
  const input = make("input", { type: "number", inputmode: "numeric", min: 0, step: 1 });
  const name = make("span", {});
  const element = make("label", {}, name, input);
  let now = [0, 0];
  input.oninput = () => {
    const value = Number(input.value);
    if (input.value === "" || !Number.isInteger(value) || value < 0 || value > +input.max) return;
    store.set({ pin: now.map((old, at) => (at === axis ? value : old)) });
  };
  input.onblur = () => (input.value = now[axis]);
  return {
    element,
    update(pixel, sizes) {
      now = pixel;
      const flat = sizes.length === 1;
      element.classList.toggle("hidden", flat && axis === 0);
      say(name, axis === 0 ? "row" : flat ? "position" : "column");
      input.max = (flat ? sizes[0] : sizes[axis]) - 1;
      if (Number(input.value) !== pixel[axis] || input.value === "") input.value = pixel[axis];
    },
  };
}

/** x above the columns of W, and for each output W·x + b beside what the convolution gives at this pixel. */
function showProof(table, { layer, values, pixel, width, most }) {
  const at = pixel[0] * width + pixel[1];
  const x = Float64Array.from({ length: layer.cin }, (_, c) => values.input(c)[at]);
  const outputs = Math.min(layer.cout, MOST.rows);
  const { rows, biases } = matrixOf(values, layer, outputs);
  const dense = denseLayer(rows, x, biases);
  const columns = Math.min(layer.cin, most);
  const left = layer.cin - columns;
  const th = (text, scope = "col") => make("th", { scope }, text);
  const more = (text) => (left ? make("td", { class: "muted" }, text) : null);
  const head = make("thead", {}, make("tr", {}, make("td"), Array.from({ length: columns }, (_, c) => th(`in ${c}`)), left ? th(`… ${left} more`) : null, th("b"), th("W·x + b"), th("1×1 convolution")));
  const vector = make("tr", { class: "channels-vector" }, th("x", "row"), [...x.slice(0, columns)].map((value) => make("td", {}, shortNumber(value))), more("…"), make("td"), make("td"), make("td"));
  const body = rows.map((row, o) => {
    const { sum } = values.cell(0, o, ...pixel);
    const same = sum !== null && Math.abs(sum - dense[o]) <= 1e-9 * Math.max(1, Math.abs(sum));
    return make(
      "tr",
      {},
      th(`out ${o}`, "row"),
      [...row.slice(0, columns)].map((weight) => make("td", {}, weightText(weight))),
      more("…"),
      make("td", {}, shortNumber(biases[o])),
      make("td", { "data-dense": o }, resultText(dense[o])),
      make("td", { "data-cell": o }, sum === null ? "–" : `${same ? "=" : "≠"} ${resultText(sum)}`),
    );
  });
  const rest = layer.cout - outputs;
  const foot = rest ? make("tr", {}, make("td", { class: "muted", colspan: columns + 4 + (left ? 1 : 0) }, `… ${rest} more output channels`)) : null;
  fill(table, head, make("tbody", {}, vector, body, foot));
}

const minus = (text) => text.replace("-", "−");
const weightText = (value) => minus(String(+value.toFixed(3)));
const resultText = (value) => minus(String(+value.toFixed(4)));

function verdictOf(layer, result) {
  if (!result) return "– There are too many numbers to compare all pixels here; choose fewer channels or a smaller input.";
  const { compared, pixels, outputs, largest } = result;
  const which = outputs < layer.cout ? ` (the first ${outputs} of ${layer.cout} channels)` : "";
  const difference = largest === 0 ? "0" : `${largest.toExponential(1).replace("e-", " · 10^−")}, which is rounding`;
  return `All pixels and channels: ${pixels.toLocaleString("en-GB")} × ${outputs} = ${compared.toLocaleString("en-GB")} values compared${which}: largest difference ${difference}.`;
}
