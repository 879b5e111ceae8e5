// The lab's state: the settings, and all that follows from them, computed once per change.
//
// Panels read `store.settings`, `store.derived` and `store.values()`, call `store.set(changes)`, and are told by `subscribe`.
// It knows neither the page nor the server.

import { analyseChain, totalsOf } from "./chain.js";
import { DEFAULTS, inputShapeOf, layersOf } from "./settings.js";
import { createSettingsStore } from "./settings-store.js";
import { createValues } from "./values.js";

/**
 * All that follows from settings: { layers, shapes, reports, ok, problem, input, output, totals }.
 * `shapes[i]` goes into layer i; `problem` is the index of the first impossible layer, or -1.
 */
export function derive(settings) {
  const layers = layersOf(settings);
  const chain = analyseChain(layers, inputShapeOf(settings));
  return {
    layers,
    ...chain,
    problem: chain.reports.findIndex((report) => !report.ok),
    output: chain.ok ? chain.shapes.at(-1) : undefined,
    totals: totalsOf(chain),
  };
}

export function createStore(initial = DEFAULTS) {
  let numbers = null;
  const store = createSettingsStore(initial, (settings, own) => {
    own.derived = derive(settings);
    return tidy(settings, own.derived);
  });
  /** The real numbers behind the settings, made when they are first asked for. */
  store.values = () => {
    const { settings, derived, picture } = store;
    if (numbers?.settings !== settings || numbers.picture !== picture) {
      numbers = { settings, picture, values: createValues(settings, derived.layers, derived.shapes, picture) };
    }
    return numbers.values;
  };
  return store;
}

/** Bring what merely points into the result (stage, shown channels, pinned position) back into range. */
function tidy(settings, { layers, shapes, ok }) {
  const next = { ...settings };
  next.stage = Math.min(next.stage, layers.length - 1);
  const layer = layers[next.stage];
  next.outChannel = Math.min(next.outChannel, Math.max(0, layer.cout - 1));
  next.inChannel = Math.min(next.inChannel, Math.max(0, layer.cin - 1));
  if (next.pin && ok) {
    const sizes = shapes[next.stage + (layer.op === "transposed" ? 0 : 1)].slice(1);
    const [height, width] = sizes.length === 1 ? [1, sizes[0]] : sizes;
    next.pin = [Math.min(next.pin[0], height - 1), Math.min(next.pin[1], width - 1)];
  }
  return next;
}
