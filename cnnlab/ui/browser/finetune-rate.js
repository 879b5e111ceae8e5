// The loss over the learning rates that were tried, the rate on a logarithmic axis, with the one that is suggested.
//
// It draws the numbers it is told.

import { fill, make } from "./dom.js";
import { rounded } from "./finetune-facts.js";
import { mountable } from "./mounting.js";
import { svg } from "./svg.js";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [420, 200, 44, 12, 12, 34];

export const { render, dispose } = mountable((root) => ({
  receive: ({ data }) => fill(root, draw(data)),
  changeTheme() {},
  destroy() {},
}));

function draw({ rates, losses, smoothed, suggestion }) {
  const [low, high] = [Math.log10(rates[0]), Math.log10(rates.at(-1))];
  const most = 1.1 * Math.min(Math.max(...smoothed), 2.5 * smoothed[0]);
  const x = (rate) => LEFT + ((WIDTH - LEFT - RIGHT) * (Math.log10(rate) - low)) / (high - low || 1);
  const y = (loss) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.min(loss, most) / most);
  const points = (list) => list.map((loss, index) => `${x(rates[index]).toFixed(1)},${y(loss).toFixed(1)}`).join(" ");
  const powers = [];
  for (let power = Math.ceil(low); power <= high; power += 1) powers.push(power);
  const words = `Loss over learning rates from ${rounded(rates[0], 2)} to ${rounded(rates.at(-1), 2)}. Suggested: ${rounded(suggestion, 2)}, a tenth of the rate with the least loss.`;
  const ticks = [0, 0.5, 1].map((share) => share * most);
  const chart = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "finetune-chart", "aria-label": words },
    ...ticks.flatMap((loss) => [svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(loss), y2: y(loss), class: "curve-grid" }), svg("text", { x: LEFT - 6, y: y(loss) + 4, "text-anchor": "end" }, rounded(loss, 2))]),
    ...powers.map((power) => svg("text", { x: x(10 ** power), y: HEIGHT - 18, "text-anchor": "middle" }, rounded(10 ** power, 1))),
    svg("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 3, "text-anchor": "middle" }, "learning rate"),
    svg("polyline", { points: points(losses), fill: "none", class: "curve faint" }),
    svg("polyline", { points: points(smoothed), fill: "none", class: "curve training" }),
    svg("line", { x1: x(suggestion), x2: x(suggestion), y1: TOP, y2: HEIGHT - BOTTOM, class: "curve validation" }));
  return make("figure", { class: "finetune-figure finetune-rate" }, chart, make("figcaption", { class: "small" }, words));
}
