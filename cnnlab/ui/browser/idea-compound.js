// EfficientNet's idea: one number φ makes a net deeper, wider and its pictures larger, in fixed proportions.

import { drawLines } from "./idea-drawing.js";

const BASE = 224;
const hundredth = (value) => (value / 100).toFixed(2);
let told = null; // what EfficientNets really cost, once it has come
let asked = false;

export const cost = (alpha, beta, gamma) => alpha * beta ** 2 * gamma ** 2;

export const idea = {
  ask: "The paper searched α, β and γ on a small net under the condition α·β²·γ² ≈ 2. Move one of them up: what must the others do so that the condition holds?",
  knobs: [
    { name: "phi", label: "φ", low: 0, high: 7, start: 3 },
    { name: "alpha", label: "α, depth", low: 100, high: 200, start: 120, text: hundredth },
    { name: "beta", label: "β, width", low: 100, high: 142, start: 110, text: hundredth },
    { name: "gamma", label: "γ, resolution", low: 100, high: 142, start: 115, text: hundredth },
  ],
  /** Tan and Le 2019, equation 3, beside the multiply-adds that the recorded EfficientNets take. */
  show({ phi, ...percents }, { store, redraw }) {
    const [alpha, beta, gamma] = [percents.alpha, percents.beta, percents.gamma].map((value) => value / 100);
    const step = cost(alpha, beta, gamma);
    const phis = Array.from({ length: 8 }, (_, i) => i);
    bringReal(store, redraw);
    const lines = [{ name: "this rule", values: phis.map((one) => step ** one) }, { name: "2 to the φ", values: phis.map((one) => 2 ** one) }];
    if (told) lines.push({ name: "B0 to B7", values: told });
    const holds = Math.abs(step - 2) <= 0.1;
    return {
      drawing: drawLines(lines, { words: `Multiply-adds grow ${step.toFixed(2)} times with each step of φ.`, across: "φ, from B0 on the left to B7 on the right", first: 0, up: "multiply-adds, B0 = 1", log: true }),
      words: [
        `α·β²·γ² = ${alpha.toFixed(2)} · ${beta.toFixed(2)}² · ${gamma.toFixed(2)}² = ${step.toFixed(3)}: ${holds ? "about 2, so each step of φ about doubles the multiply-adds" : step > 2 ? "more than 2, the net grows too fast" : "less than 2, there is something left to spend"}.`,
        `At φ = ${phi}: ${(alpha ** phi).toFixed(2)} times as deep, ${(beta ** phi).toFixed(2)} times as wide, pictures of ${Math.round(BASE * gamma ** phi)} pixels a side, ${(step ** phi).toFixed(2)} times the multiply-adds.`,
        "Width and resolution count twice: a convolution's cost grows with channels in and out, and with height and width.",
        ...(told ? [`The models as published take ${told[phi].toFixed(2)} times B0's multiply-adds at B${phi}: their depths and widths are rounded, and B1 to B7 do not follow whole values of φ exactly.`] : []),
      ],
    };
  },
};

/** Bring the multiply-adds of the real models at their own sizes, once. */
function bringReal(store, redraw) {
  if (asked || !store.networks) return;
  asked = true;
  store.networks.scaled("efficientnet").then(({ sizes, variants }) => {
    const macs = variants.map((one) => one.rows[sizes.indexOf(one.own_size)][1]);
    told = macs.map((value) => value / macs[0]);
    redraw();
  }, () => (asked = false));
}
