// A small net of blocks, plain or residual, and how strongly its output depends on what each block was given.
//
// Maps are C × S × S in one array; kernels 3 × 3 with padding 1, no biases, no batch norm. It draws nothing.

export const [CHANNELS, SIDE] = [4, 8];
const CELLS = SIDE * SIDE;

/** Numbers with mean 0 and deviation 1, the same for the same seed (mulberry32, Box and Muller). */
export function normals(count, seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return Float64Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()));
}

/** Two kernels for each block, drawn as He et al. 2015 say, times `scale`. */
export function weightsFor(blocks, scale, seed = 1) {
  const count = CHANNELS * CHANNELS * 9;
  const deviation = Math.sqrt(2 / (CHANNELS * 9));
  const all = normals(2 * blocks * count, seed).map((value) => value * deviation * scale);
  return Array.from({ length: 2 * blocks }, (_, i) => all.subarray(i * count, (i + 1) * count));
}

/** Slide a kernel [out][in][3][3] over a map, or, with `back`, send a gradient the other way. */
export function convolve(input, kernel, back = false) {
  const output = new Float64Array(CHANNELS * CELLS);
  for (let o = 0; o < CHANNELS; o += 1)
    for (let i = 0; i < CHANNELS; i += 1)
      for (let k = 0; k < 9; k += 1) {
        const weight = kernel[(o * CHANNELS + i) * 9 + k];
        const [down, across] = [Math.floor(k / 3) - 1, (k % 3) - 1];
        for (let y = Math.max(0, -down); y < Math.min(SIDE, SIDE - down); y += 1)
          for (let x = Math.max(0, -across); x < Math.min(SIDE, SIDE - across); x += 1) {
            const [here, there] = [o * CELLS + y * SIDE + x, i * CELLS + (y + down) * SIDE + x + across];
            if (back) output[there] += weight * input[here];
            else output[here] += weight * input[there];
          }
      }
  return output;
}

const relu = (map) => map.map((value) => (value > 0 ? value : 0));
const through = (gradient, map) => gradient.map((value, i) => (map[i] > 0 ? value : 0)); // ReLU's gradient is 0 at 0
const plus = (a, b) => a.map((value, i) => value + b[i]);

const KINDS = {
  // x → ReLU(W₂ ReLU(W₁ x))
  plain: {
    forward(x, [first, second]) {
      const inner = convolve(x, first);
      const outer = convolve(relu(inner), second);
      return { inner, outer, output: relu(outer) };
    },
    backward: (gradient, { inner, outer }, [first, second]) => convolve(through(convolve(through(gradient, outer), second, true), inner), first, true),
  },
  // x → ReLU(x + W₂ ReLU(W₁ x))
  residual: {
    forward(x, [first, second]) {
      const inner = convolve(x, first);
      const outer = plus(x, convolve(relu(inner), second));
      return { inner, outer, output: relu(outer) };
    },
    backward(gradient, { inner, outer }, [first, second]) {
      const sum = through(gradient, outer);
      return plus(sum, convolve(through(convolve(sum, second, true), inner), first, true));
    },
  },
  // x → x + W₂ ReLU(W₁ ReLU(x))
  preactivated: {
    forward(x, [first, second]) {
      const inner = convolve(relu(x), first);
      return { x, inner, output: plus(x, convolve(relu(inner), second)) };
    },
    backward: (gradient, { x, inner }, [first, second]) => plus(gradient, through(convolve(through(convolve(gradient, second, true), inner), first, true), x)),
  },
};

/**
 * Send an input through blocks of a kind, and the gradient of Σ output · direction back:
 * { output, first: what the first block gave, gradients: for each block the length of the gradient at its input }.
 */
export function run(kind, weights, input, direction) {
  const { forward, backward } = KINDS[kind];
  const pairs = Array.from({ length: weights.length / 2 }, (_, i) => [weights[2 * i], weights[2 * i + 1]]);
  const kept = [];
  let map = input;
  for (const pair of pairs) {
    kept.push(forward(map, pair));
    map = kept.at(-1).output;
  }
  const gradients = [];
  let gradient = direction;
  for (let i = pairs.length - 1; i >= 0; i -= 1) {
    gradient = backward(gradient, kept[i], pairs[i]);
    gradients.unshift(Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0)));
  }
  return { output: map, first: kept[0].output, gradients };
}
