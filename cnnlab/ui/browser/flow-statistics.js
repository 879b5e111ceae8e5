// A step's output in numbers, as a histogram, and, at the end, as what the network takes the picture for.
//
// It draws what it is told and computes nothing but lengths of bars.

import { fill, make, scroll } from "./dom.js";
import { numberText } from "./flow-values.js";
import { svg } from "./svg.js";
import { grouped } from "./units.js";

const [WIDTH, HEIGHT] = [260, 84];

export function createFlowStatistics(host) {
  const numbers = make("dl", { class: "flow-numbers" });
  const chart = make("div");
  const likely = make("div", { class: "flow-likely" });
  fill(host, make("h3", {}, "All values of this step"), numbers, chart, likely);
  return {
    draw(step, run) {
      fill(numbers,
        entry("Mean", numberText(step.mean)), entry("Standard deviation", numberText(step.deviation)),
        entry("Smallest", numberText(step.low)), entry("Largest", numberText(step.high)),
        entry("Exactly 0", percent(step.zeros)), entry("Channels that are all 0", `${grouped(step.dead)} of ${grouped(step.channels)}`),
        step.odd ? entry("Not finite", grouped(step.odd)) : null);
      fill(chart, histogram(step));
      fill(likely, run.likely.length && step.step === run.outcome ? categories(run.likely) : null);
    },
  };
}

const entry = (title, text) => make("div", {}, make("dt", {}, title), make("dd", { class: "number" }, text));
const percent = (share) => (share === 0 ? "none" : share < 0.001 ? "< 0.1 %" : `${(100 * share).toFixed(1)} %`);

function histogram({ histogram: counts, low, high, zeros }) {
  const most = Math.max(...counts, 1);
  const wide = WIDTH / counts.length;
  const bars = counts.map((count, index) => {
    const tall = count ? Math.max(1, (count / most) * HEIGHT) : 0;
    return svg("rect", { x: index * wide, y: HEIGHT - tall, width: Math.max(1, wide - 1), height: tall });
  });
  const at = high > low ? ((0 - low) / (high - low)) * WIDTH : 0;
  const zero = low < 0 && high > 0 ? svg("line", { x1: at, x2: at, y1: 0, y2: HEIGHT, class: "zero" }) : null;
  const words = `Histogram from ${numberText(low, 3)} to ${numberText(high, 3)}: the fullest of ${counts.length} bins holds ${grouped(most)} values.`;
  const label = (x, anchor, text) => svg("text", { x, y: HEIGHT + 14, "text-anchor": anchor }, text);
  const apart = at > 50 && at < WIDTH - 50;
  return [
    svg("svg", { class: "flow-histogram", viewBox: `0 0 ${WIDTH} ${HEIGHT + 18}`, role: "img", "aria-label": words }, bars, zero,
      label(0, "start", numberText(low, 3)), zero && apart ? label(at, "middle", "0") : null, label(WIDTH, "end", numberText(high, 3))),
    make("p", { class: "muted small" }, zeros > 0 ? "How often each value occurs; exact zeros are left out." : "How often each value occurs."),
  ];
}

function categories(likely) {
  const rows = likely.map(({ name, probability }) => {
    const bar = make("span", { class: "flow-probability" });
    bar.style.width = `${(100 * probability).toFixed(1)}%`;
    return make("tr", {}, make("td", {}, name), make("td", { class: "number" }, `${(100 * probability).toFixed(1)} %`), make("td", { class: "flow-bar", "aria-hidden": "true" }, bar));
  });
  return [
    make("h3", {}, "What it takes the picture for"),
    scroll("What the network takes the picture for", make("table", {}, make("thead", {}, make("tr", {}, ["Category", "Probability", ""].map((title) => make("th", { scope: "col" }, title)))), make("tbody", {}, rows))),
    make("p", { class: "muted small" }, "The five largest of the 1,000 categories of ImageNet, after softmax."),
  ];
}
