// The drawing of the normalisation card: a block of maps, and in turn those that share a mean in each kind.
//
// A preview as home-previews.js describes it. It does not know when it moves.

import { fill, make } from "./dom.js";
import { computeBlock } from "./normalisation-block.js";
import { setsOf } from "./normalisation.js";
import { KINDS } from "./normalisation-settings.js";
import { createScale, paintFrame, prepare, readTheme } from "./painting.js";

const CELL = 10;
const GAP = 8;

export function normalisationPreview(host, store) {
  const canvas = make("canvas");
  const name = make("span", { class: "small" });
  fill(host, canvas, name);
  const { values, layer } = computeBlock(store.settings);
  const kinds = Object.keys(KINDS);
  const scale = createScale("diverging", 0, Math.max(...values));
  return {
    steps: kinds.length,
    rest: 0,
    draw(step) {
      const sets = setsOf({ ...layer, kind: kinds[step], groups: 2 });
      paintMaps(canvas, { values, layer, scale, theme: readTheme(host), lit: (n, c) => sets.of(n, c) === 0 });
      name.textContent = KINDS[kinds[step]].title;
    },
  };
}

function paintMaps(canvas, { values, layer: { shape }, scale, theme, lit }) {
  const [samples, channels, height, width] = shape;
  const [across, down] = [width * CELL + GAP, height * CELL + GAP];
  const context = prepare(canvas, samples * across, channels * down);
  values.forEach((value, index) => {
    const [n, c] = [Math.floor(index / (channels * height * width)), Math.floor(index / (height * width)) % channels];
    const [y, x] = [Math.floor(index / width) % height, index % width];
    context.fillStyle = theme.diverging[scale.index(value)].css;
    context.fillRect(n * across + GAP / 2 + x * CELL, c * down + GAP / 2 + y * CELL, CELL - 1, CELL - 1);
  });
  for (let map = 0; map < samples * channels; map += 1) {
    const [n, c] = [Math.floor(map / channels), map % channels];
    if (!lit(n, c)) continue;
    context.save();
    context.translate(n * across + 1, c * down + 1);
    paintFrame(context, { top: 0, left: 0, rows: 1, cols: width / height }, height * CELL + GAP - 2, theme.accent);
    context.restore();
  }
}
