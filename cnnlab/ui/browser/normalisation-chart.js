// How batch norm's running mean and variance of one channel approach those of its batches: two small line drawings.
//
// It is handed the numbers.

import { make, say } from "./dom.js";
import { place, svg } from "./svg.js";
import { decimal } from "./normalisation-text.js";

const [WIDTH, HEIGHT, EDGE] = [220, 90, 6];
const QUANTITIES = { mean: "Running mean", variance: "Running variance" };

export function createRunningChart() {
  const charts = Object.entries(QUANTITIES).map(([name, title]) => {
    const line = svg("polyline", { class: "norm-line-drawn", fill: "none" });
    const goal = svg("line", { class: "norm-goal", x1: EDGE, x2: WIDTH - EDGE });
    const end = svg("circle", { r: 3.5, class: "norm-end" });
    const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" }, goal, line, end);
    const caption = make("figcaption", { class: "small" });
    return { name, title, line, goal, end, drawing, caption, element: make("figure", { class: "norm-chart" }, drawing, caption) };
  });
  return {
    element: make("div", { class: "norm-charts" }, charts.map(({ element }) => element)),
    /** `history` and `goals` as the running view has them, for one channel. */
    update(history, goals, channel) {
      for (const { name, title, line, goal, end, drawing, caption } of charts) {
        const [numbers, target] = [history.map((running) => running[name][channel]), goals[name][channel]];
        const [low, high] = [Math.min(0, target, ...numbers), Math.max(0, target, ...numbers)];
        const x = (k) => EDGE + ((WIDTH - 2 * EDGE) * k) / Math.max(10, numbers.length - 1);
        const y = (value) => HEIGHT - EDGE - ((HEIGHT - 2 * EDGE) * (value - low)) / (high - low || 1);
        place(line, { points: numbers.map((value, k) => `${x(k).toFixed(1)},${y(value).toFixed(1)}`).join(" ") });
        place(goal, { y1: y(target), y2: y(target) });
        place(end, { cx: x(numbers.length - 1), cy: y(numbers.at(-1)) });
        place(drawing, { "aria-label": `${title} of channel ${channel} after each batch, ending at ${decimal(numbers.at(-1))}; the block’s is ${decimal(target)}` });
        say(caption, `${title} of channel ${channel}: ${decimal(numbers.at(-1))}; dashed, the block’s: ${decimal(target)}`);
      }
    },
  };
}
