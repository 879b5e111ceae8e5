// Activation functions and their slopes, as PyTorch has them, and what they do to many values at once.
//
// Slopes at a kink are those that PyTorch's autograd gives. It draws nothing.

import { hash } from "./hash.js";

export const FLAT = 0.05; // a slope nearer to 0 than this counts as flat
export const SIDE = 12; // the map of values is SIDE × SIDE
const ROOT_2 = Math.SQRT2;
const sigmoid = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

/**
 * 1 minus the error function, to full relative accuracy: up to 2 by the series 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!,
 * beyond by the continued fraction e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3/2/(x + …)))) (Abramowitz and Stegun 7.1.6, 7.1.14).
 */
export function erfc(x) {
  if (x < 0) return 2 - erfc(-x);
  if (x > 2) {
    let rest = x;
    for (let k = 100; k >= 1; k -= 1) rest = x + k / 2 / rest;
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / rest;
  }
  let [term, sum] = [x, x];
  for (let n = 1; term > 1e-17 * sum; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
const normal = (x) => 0.5 * erfc(-x / ROOT_2);
const bell = (x) => Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);

// name → { title, formula, module, value(x, slope), derivative(x, slope), kinks, note }; kinks: where the slope jumps or bends
export const ACTIVATIONS = {
  relu: {
    title: "ReLU",
    formula: "max(0, x)",
    module: () => "nn.ReLU()",
    value: (x) => Math.max(0, x),
    derivative: (x) => +(x > 0),
    kinks: [0],
    note: "Cheap, and its slope is 1 for every positive value, so gradients pass unchanged. A unit that is negative for every input gets no gradient: it is dead and cannot learn its way back.",
  },
  leaky: {
    title: "Leaky ReLU",
    formula: "x for x > 0, else a · x",
    module: (slope) => `nn.LeakyReLU(${slope})`,
    value: (x, slope) => (x > 0 ? x : slope * x),
    derivative: (x, slope) => (x > 0 ? 1 : slope),
    kinks: [0],
    note: "A small slope a on the left, so that a negative unit still gets some gradient.",
  },
  relu6: {
    title: "ReLU6",
    formula: "min(max(0, x), 6)",
    module: () => "nn.ReLU6()",
    value: (x) => Math.min(Math.max(0, x), 6),
    derivative: (x) => +(x > 0 && x < 6),
    kinks: [0, 6],
    note: "ReLU with a ceiling of 6, which keeps numbers of few bits exact enough: MobileNet v1 and v2 use it.",
  },
  sigmoid: {
    title: "Sigmoid",
    formula: "1 / (1 + e^(−x))",
    module: () => "nn.Sigmoid()",
    value: sigmoid,
    derivative: (x) => sigmoid(x) * sigmoid(-x),
    kinks: [],
    note: "Squeezes any number into 0 to 1: good for a yes–no output and for gates. Its slope is never above 0.25, so many of them in a row make gradients vanish.",
  },
  tanh: {
    title: "Tanh",
    formula: "(e^x − e^(−x)) / (e^x + e^(−x))",
    module: () => "nn.Tanh()",
    value: Math.tanh,
    derivative: (x) => (2 * Math.exp(-Math.abs(x)) / (1 + Math.exp(-2 * Math.abs(x)))) ** 2,
    kinks: [],
    note: "Like sigmoid, but from −1 to 1 and centred on 0, with slope 1 in the middle. Both ends are flat.",
  },
  silu: {
    title: "SiLU (swish)",
    formula: "x · sigmoid(x)",
    module: () => "nn.SiLU()",
    value: (x) => x * sigmoid(x),
    derivative: (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
    kinks: [],
    note: "A smooth ReLU that dips to about −0.28 near x = −1.28. EfficientNet uses it, under the name swish.",
  },
  gelu: {
    title: "GELU",
    formula: "x · Φ(x), Φ(x) the share of a standard bell curve below x",
    module: () => "nn.GELU()",
    value: (x) => x * normal(x),
    derivative: (x) => normal(x) + x * bell(x),
    kinks: [],
    note: "A smooth ReLU that dips to about −0.17 near x = −0.75. Transformers and ConvNeXt use it.",
  },
  hardswish: {
    title: "Hard-swish",
    formula: "x · min(max(0, x + 3), 6) / 6",
    module: () => "nn.Hardswish()",
    value: (x) => (x * Math.min(Math.max(0, x + 3), 6)) / 6,
    derivative: (x) => (x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1),
    kinks: [-3, 3],
    note: "Swish from straight pieces and one parabola: no exponential to compute. MobileNet v3 uses it.",
  },
};

/** Softmax of scores: e^z / Σ e^z, shifted by the largest score so that nothing overflows. */
export function softmax(scores) {
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}

/** How each probability changes with score `index`: p_i (δ − p_index). */
export function softmaxSlopes(scores, index) {
  const shares = softmax(scores);
  return shares.map((share, i) => (i === index ? share * (1 - share) : -share * shares[index]));
}

/** The function and slope of a setting: for softmax, of the chosen score, the others as they are. */
export function curveOf({ actName, actSlope, actScores, actScore }) {
  if (actName !== "softmax") {
    const { value, derivative } = ACTIVATIONS[actName];
    return { value: (x) => value(x, actSlope), derivative: (x) => derivative(x, actSlope) };
  }
  const withScore = (x) => actScores.map((score, i) => (i === actScore ? x : score));
  return {
    value: (x) => softmax(withScore(x))[actScore],
    derivative: (x) => softmaxSlopes(withScore(x), actScore)[actScore],
  };
}

// Two even hashes make one value of a bell curve (Box and Muller).
function bellValue(i) {
  const [u, v] = [(hash(311, i) + 0.5) / 2 ** 32, (hash(733, i) + 0.5) / 2 ** 32];
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}

/** The values that the function is applied to: a bell curve with this mean and spread (standard deviation). */
export const mapValues = (mean, spread) => Float64Array.from({ length: SIDE * SIDE }, (_, i) => mean + spread * bellValue(i));

/** What becomes of values: { outputs, slopes, zero, flat }; `zero` counts outputs of exactly 0, `flat` slopes below FLAT. */
export function applied(values, { value, derivative }) {
  const [outputs, slopes] = [values.map(value), values.map(derivative)];
  const count = (numbers, test) => numbers.reduce((sum, number) => sum + test(number), 0);
  return { outputs, slopes, zero: count(outputs, (y) => +(y === 0)), flat: count(slopes, (s) => +(Math.abs(s) < FLAT)) };
}
