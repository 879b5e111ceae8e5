// The maps of the Dropout tab: the values, one training pass over them, and the mean of many passes.
//
// Channels lie two beside each other with a gap between. It paints given numbers and draws no mask.

import { fill, make } from "./dom.js";
import { SHAPE } from "./dropout.js";
import { createPointing } from "./layers-controls.js";
import { createMap } from "./map.js";
import { createScale, readTheme } from "./painting.js";

const [CHANNELS, HEIGHT, WIDTH] = SHAPE;
const COLUMNS = 2;
const [ROWS, COLS] = [(CHANNELS / COLUMNS) * (HEIGHT + 1) - 1, COLUMNS * (WIDTH + 1) - 1];
const WIDE_PX = 720;

/** Where a cell of the drawn grid is in the values, channel by channel; −1 in a gap. */
export function placeOf(row, col) {
  const [y, x] = [row % (HEIGHT + 1), col % (WIDTH + 1)];
  if (y === HEIGHT || x === WIDTH) return -1;
  const channel = Math.floor(row / (HEIGHT + 1)) * COLUMNS + Math.floor(col / (WIDTH + 1));
  return (channel * HEIGHT + y) * WIDTH + x;
}

/** `onPoint(place)` hears the value that is pointed at, or −1. */
export function createDropMaps({ onPoint }) {
  const maps = {
    input: createMap("drop-input", "Values that come in"),
    pass: createMap("drop-pass", "One pass"),
    mean: createMap("drop-mean", "Mean of all passes"),
  };
  const element = make("div", { class: "drop-maps" });
  const pointing = createPointing(element, Object.values(maps), {
    rows: ROWS,
    cols: COLS,
    label: "The maps: arrow keys walk over their values",
    isCell: (cell) => placeOf(...cell) >= 0,
    onPoint: (cell) => onPoint(cell ? placeOf(...cell) : -1),
  });
  fill(element, Object.values(maps).map((map) => map.element));
  return {
    element,
    /** `numbers` has { input, pass, mean }, `kept(place)` says whether the pass keeps a value, `titles` what the maps are. */
    paint({ numbers, kept, titles, high }) {
      const theme = readTheme(element);
      const width = element.clientWidth || 900;
      const cell = Math.max(14, Math.min(34, Math.floor((width < WIDE_PX ? width : (width - 56) / 3) / COLS)));
      const scale = createScale("sequential", 0, high);
      for (const [name, map] of Object.entries(maps)) {
        map.paint({ rows: ROWS, cols: COLS, cell, theme, look: lookOf(numbers[name], { theme, scale, kept: name === "pass" ? kept : null }) });
        map.describe(titles[name], null);
      }
      pointing.again();
    },
  };
}

function lookOf(values, { theme, scale, kept }) {
  return (row, col) => {
    const place = placeOf(row, col);
    if (place < 0) return { colour: { css: theme.paper } };
    const value = values[place];
    if (kept && !kept(place)) return { value, hatch: "overhang" };
    return { value, colour: theme.sequential[scale.index(value)] };
  };
}
