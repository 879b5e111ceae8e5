// The real numbers of the convolution lab: inputs, weights, and every output with the products that make it.
//
// Coordinates count from 0 at the first cell of the input without padding. Sums run channel by channel, and within one
// over the kernel's rows; a map and a cell add up in the same order, so that they agree to the last bit.
// All of it belongs to one set of settings; the last one is remembered. It draws nothing.

import { axesOf, hitsAt, isInside, reachAlong, usesOf, windowLength } from "./axes.js";
import { createInputs } from "./inputs.js";
import { averageMap, largestMap, sumMap } from "./maps.js";
import { sketchPicture } from "./sketch.js";
import { createWeights } from "./weights.js";

/** The most multiply-adds that one map, or one cell, may take. */
export const BUDGET = 8_000_000;
/** The most taps that a cell lists one by one; its sums are still over all of them. */
export const MOST_TAPS = 4096;

/**
 * The values of the lab for one set of settings; `layers` and `shapes` as in `derive`, `picture` as in the store.
 *
 * ready                     false while the picture has not arrived (its values are 0 until then)
 * input(c)                  Float64Array of input channel c, row by row
 * reads(layer, o)           { first, count }: the input channels that output channel o reads
 * weights(layer, o, c)      Float64Array kh × kw, or null where o does not read c, and for pools
 * bias(layer, o), presetName(layer, o), isEdited(layer, o)
 * outputChannel(layer, o)   { values, argmax? } row by row, or null beyond BUDGET and for impossible layers
 * cell(layer, o, y, x)      see `cell` below
 * reach(layer, y, x)        the outputs that an input position (padding: negative or past the end) flows into:
 *                           [{ y, x, ky, kx, fromY, fromX }]; an input cell also through its copies in the padding
 * tapUses(layer, ky, kx)    { rows, columns }: one weight touches every pair of these input positions, each
 *                           { index: output position, position, source, inside, padded }
 */
export function createValues(settings, layers, shapes, picture) {
  const { source, drawing, kernelPreset, pair, weights, bias, biasValue } = settings;
  const fed = [source, source === "drawing" && drawing, shapes[0]];
  const inputs = lastInputs([fed, picture], () =>
    createInputs(source, shapes[0], source === "drawing" ? sketchPicture(drawing) : picture),
  );
  const key = [[layers, shapes, kernelPreset, pair, weights, bias, biasValue], inputs];
  return lastValues(key, () => makeValues(settings, { layers, shapes, inputs }));
}

/** Remember what was made last, for a key of something written as JSON and one object. */
function lastOne() {
  let [text, object, made] = [null, null, null];
  return ([described, identity], make) => {
    const next = JSON.stringify(described);
    if (next !== text || identity !== object) [text, object, made] = [next, identity, make()];
    return made;
  };
}
const lastInputs = lastOne();
const lastValues = lastOne();

function makeValues(settings, { layers, shapes, inputs }) {
  const made = createWeights(settings, layers);
  const axes = layers.map((layer, i) => (shapes[i + 1] ? axesOf(layer, shapes[i], shapes[i + 1]) : null));
  const lab = { layers, axes, inputs, made, maps: new Map() };
  return {
    ready: inputs.ready,
    input: inputs.channel,
    ...made,
    outputChannel: (layer, o) => outputChannel(lab, layer, o),
    cell: (layer, o, y, x) => (axes[layer] ? cell(lab, layer, o, [y, x]) : null),
    reach: (layer, y, x) => (axes[layer] ? reach(axes[layer], y, x) : []),
    tapUses: (layer, ky, kx) =>
      axes[layer] ? { rows: usesOf(axes[layer][0], ky), columns: usesOf(axes[layer][1], kx) } : { rows: [], columns: [] },
  };
}

const product = (numbers) => numbers.reduce((all, number) => all * number, 1);
const tapsOf = ({ axes }, layer) => product(axes[layer].map((axis) => axis.kernel));

// What a map or a cell costs, with all that has to be known before it.
function mapCost(lab, layer, o) {
  const { count } = lab.made.reads(layer, o);
  const places = lab.layers[layer].op === "transposed" ? "size" : "out";
  const own = count * product(lab.axes[layer].map((axis) => axis[places])) * tapsOf(lab, layer);
  return own + count * (layer ? mapCost(lab, layer - 1, 0) : product(lab.axes[0].map((axis) => axis.size)));
}
function cellCost(lab, layer, o) {
  const own = lab.made.reads(layer, o).count * tapsOf(lab, layer);
  return layer ? own * (1 + cellCost(lab, layer - 1, 0)) : own;
}

function outputChannel(lab, layer, o) {
  if (!lab.axes[layer] || mapCost(lab, layer, o) > BUDGET) return null;
  const key = `${layer}.${o}`;
  if (!lab.maps.has(key)) lab.maps.set(key, makeMap(lab, layer, o));
  return lab.maps.get(key);
}

function makeMap(lab, layer, o) {
  const { axes, layers, made } = lab;
  const plane = (c) => (layer ? outputChannel(lab, layer - 1, c).values : lab.inputs.channel(c));
  if (layers[layer].op === "maxpool") return largestMap(axes[layer], plane(o));
  if (layers[layer].op === "avgpool") return { values: averageMap(axes[layer], plane(o), layers[layer].countPad) };
  const { first, count } = made.reads(layer, o);
  const planes = Array.from({ length: count }, (_, i) => first + i);
  const joined = planes.map((c) => ({ values: plane(c), weights: made.weights(layer, o, c) }));
  return { values: sumMap(axes[layer], joined, made.bias(layer, o)) };
}

/** A function (c, y, x) → the value that flows into a layer there; null if it would take too long. */
function readerFor(lab, layer, o) {
  if (layer === 0) return cellCost(lab, 0, o) > BUDGET ? null : lab.inputs.at;
  const { count } = lab.made.reads(layer, o);
  const width = lab.axes[layer][1].size;
  if (count * mapCost(lab, layer - 1, 0) <= BUDGET) {
    return (c, y, x) => outputChannel(lab, layer - 1, c).values[y * width + x];
  }
  return cellCost(lab, layer, o) > BUDGET ? null : (c, y, x) => cell(lab, layer - 1, c, [y, x]).sum;
}

/**
 * How one output came about: { taps, partials, bias, sum, divisor?, argmax? }; `sum` is the output's value.
 *
 * taps      [{ c, ky, kx, y, x, padY, padX, inside, padded, input, weight, product }], at most MOST_TAPS. (y, x) is
 *           where the value is taken from, (−1, −1) for zeros; (padY, padX) counts from the first padded cell
 *           (transposed: the input cell that stamps onto this output, without padding).
 * partials  [{ c, sum }] for each input channel it reads.
 * divisor   average pooling: what the partial sum is divided by. argmax: max pooling: y × width + x of the winner.
 * sum is null and taps empty where even one cell needs more than BUDGET multiply-adds.
 */
function cell(lab, layer, o, [y, x]) {
  const read = readerFor(lab, layer, o);
  const bias = lab.made.bias(layer, o);
  if (!read) return { taps: [], partials: [], bias, sum: null };
  const hits = [hitsAt(lab.axes[layer][0], y), hitsAt(lab.axes[layer][1], x)];
  const { first, count } = lab.made.reads(layer, o);
  const [taps, partials] = [[], []];
  for (let c = first; c < first + count; c++) {
    const added = tapsOfChannel(lab, { layer, o, c, hits, read });
    if (taps.length + added.length <= MOST_TAPS) taps.push(...added);
    partials.push({ c, sum: added.reduce((sum, tap) => sum + tap.product, 0) });
  }
  const sum = partials.reduce((all, partial) => all + partial.sum, 0) + bias;
  if (lab.layers[layer].op === "maxpool") return largestCell(taps, lab.axes[layer][1].size);
  if (lab.layers[layer].op !== "avgpool") return { taps, partials, bias, sum };
  const { countPad } = lab.layers[layer];
  const divisor = windowLength(lab.axes[layer][0], y, countPad) * windowLength(lab.axes[layer][1], x, countPad);
  return { taps, partials, bias, sum: sum / divisor, divisor };
}

function tapsOfChannel(lab, { layer, o, c, hits, read }) {
  const axes = lab.axes[layer];
  const weights = lab.made.weights(layer, o, c);
  const none = lab.layers[layer].op === "maxpool" ? -Infinity : 0;
  const shift = axes.map((axis) => (axis.op === "transposed" ? 0 : axis.padding[0]));
  return hits[0].flatMap((row) =>
    hits[1].map((column) => {
      const known = row.source >= 0 && column.source >= 0;
      const input = known ? read(c, row.source, column.source) : none;
      const weight = weights ? weights[row.tap * axes[1].kernel + column.tap] : 1;
      const inside = row.inside && column.inside;
      return {
        c, ky: row.tap, kx: column.tap,
        y: known ? row.source : -1, x: known ? column.source : -1,
        padY: row.position + shift[0], padX: column.position + shift[1],
        inside, padded: !inside, input, weight, product: input * weight,
      };
    }),
  );
}

function largestCell(taps, width) {
  const inside = taps.filter((tap) => tap.inside);
  const winner = inside.reduce((best, tap) => (tap.input > best.input ? tap : best), inside[0]);
  const sum = winner ? winner.input : -Infinity;
  return { taps, partials: [{ c: taps[0].c, sum }], bias: 0, sum, argmax: winner ? winner.y * width + winner.x : -1 };
}

function reach(axes, y, x) {
  const copied = isInside(axes[0], y) && isInside(axes[1], x);
  const columns = reachAlong(axes[1], x, copied);
  return reachAlong(axes[0], y, copied).flatMap((row) =>
    columns.map((column) => ({
      y: row.index, x: column.index, ky: row.tap, kx: column.tap, fromY: row.position, fromX: column.position,
    })),
  );
}
