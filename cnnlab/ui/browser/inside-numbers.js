// Numbers with their names, and how often which size occurs. It draws what it is told.

import { make } from "./dom.js";
import { numberText } from "./flow-values.js";
import { svg } from "./svg.js";

const [WIDTH, HEIGHT] = [260, 84];

/** [[name, text], …] as a list. */
export const numbersList = (numbers) => make("dl", { class: "flow-numbers" }, numbers.map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", { class: "number" }, text))));

/** Bars for { counts, low, high }; `what` says what is counted. */
export function createHistogram({ counts, low, high }, what) {
  const most = Math.max(...counts, 1);
  const wide = WIDTH / counts.length;
  const bars = counts.map((count, index) => {
    const tall = count ? Math.max(1, (count / most) * HEIGHT) : 0;
    return svg("rect", { x: index * wide, y: HEIGHT - tall, width: Math.max(1, wide - 1), height: tall });
  });
  const words = `Histogram of ${what} from ${numberText(low, 3)} to ${numberText(high, 3)}: the fullest of ${counts.length} bins holds ${most}.`;
  const label = (x, anchor, text) => svg("text", { x, y: HEIGHT + 14, "text-anchor": anchor }, text);
  return make("div", {},
    svg("svg", { class: "flow-histogram", viewBox: `0 0 ${WIDTH} ${HEIGHT + 18}`, role: "img", "aria-label": words }, bars, label(0, "start", numberText(low, 3)), label(WIDTH, "end", numberText(high, 3))),
    make("p", { class: "muted small" }, `How many ${what}.`));
}
