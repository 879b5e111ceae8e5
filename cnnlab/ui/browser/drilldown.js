// From one cell down to the products: which numbers were multiplied and added to make it.
//
// It shows what values.js computes for a cell and says it in a sentence; it computes no values of its own.

import { fill, make, say, scroll } from "./dom.js";
import { shortNumber } from "./painting.js";

const MOST_CHANNELS = 8;

export function createDrilldown(host, store) {
  const title = make("h2", {});
  const partials = make("div", { class: "button-row partials", role: "group", "aria-label": "Partial result of each input channel" });
  const table = scroll("The products");
  const sum = make("p", { class: "formula sum" });
  fill(host, title, partials, table, sum);

  /** Show a focused cell; returns the sentence that says it. */
  function show(scene, map, cell, found) {
    if (!scene.ok) return tell("No output", "The window does not fit: the settings above that work are one press away.");
    if (map === "kernel") return showWeight(cell, found);
    if (scene.transposed ? map === "input" : map === "output") return scene.transposed ? showStamp(scene, cell) : showOutput(scene, cell);
    return scene.transposed ? showStampedOutput(scene, cell) : showInput(scene, cell, found);
  }

  function tell(heading, sentence) {
    say(title, heading);
    fill(partials);
    fill(table);
    say(sum, sentence);
    return sentence;
  }

  function showWeight([ky, kx], found) {
    if (!Number.isInteger(ky) || !Number.isInteger(kx)) return tell("A hole of the dilated kernel", "Nothing is read here: dilation leaves a gap between the weights.");
    return tell(`Weight at row ${ky}, column ${kx}`, `This one weight is used at every position of the window: it multiplies the ${found.input.length.toLocaleString("en")} marked input values.`);
  }

  function showInput(scene, [row, col], found) {
    const [y, x] = [row - scene.input.top, col - scene.input.left];
    const padded = y < 0 || x < 0 || y >= scene.shape[0] || x >= scene.shape[1];
    const name = padded ? "Padding cell" : `Input at row ${y}, column ${x}`;
    const count = found.output.length;
    return tell(name, count ? `It reaches ${count} output value${count === 1 ? "" : "s"}, each time through another weight (marked on the kernel).` : "No window ever reads it.");
  }

  function showOutput(scene, [y, x]) {
    const { settings, derived } = store;
    const stage = Math.min(settings.stage, derived.layers.length - 1);
    const pool = scene.layer.op.endsWith("pool");
    const channel = pool ? settings.inChannel : settings.outChannel;
    const result = store.values().cell(stage, channel, y, x);
    say(title, `Output channel ${channel}, row ${y}, column ${x}`);
    showPartials(result, pool);
    const chosen = result.partials.some((part) => part.c === settings.inChannel) ? settings.inChannel : result.partials[0]?.c;
    if (result.sum === null) return tell(title.textContent, "This one value needs too many products to add them up here.");
    fill(table, tapTable(scene, result.taps.filter((tap) => tap.c === chosen), result.taps.find((tap) => tap.inside && result.argmax === tap.y * scene.shape[1] + tap.x)));
    const text = pool ? poolSum(scene, result) : convolutionSum(result);
    say(sum, text);
    return `Output row ${y}, column ${x}: ${text}`;
  }

  function showPartials(result, pool) {
    if (pool || result.partials.length < 2) return fill(partials);
    const shown = result.partials.slice(0, MOST_CHANNELS);
    const rest = result.partials.slice(MOST_CHANNELS);
    const buttons = shown.map(({ c, sum: part }) =>
      make(
        "button",
        { type: "button", class: "button number", "aria-pressed": String(c === store.settings.inChannel), onclick: () => store.set({ inChannel: c }) },
        `channel ${c}: ${shortNumber(part)}`,
      ),
    );
    const others = rest.length ? make("span", { class: "muted small" }, `… ${rest.length} more channels: ${shortNumber(total(rest))}`) : null;
    fill(partials, buttons, others);
  }

  function showStamp(scene, [y, x]) {
    const { settings } = store;
    const weights = store.values().weights(settings.stage, settings.outChannel, settings.inChannel);
    const value = store.values().input(settings.inChannel)[y * scene.shape[1] + x];
    say(title, `Input channel ${settings.inChannel}, row ${y}, column ${x}: ${shortNumber(value)}`);
    fill(partials);
    if (!weights) return tell(title.textContent, "This output channel does not read this input channel.");
    fill(table, productTable(scene.kernel, (ky, kx) => {
      const weight = weights[ky * scene.kernel[1] + kx];
      return [`${shortNumber(value)} · ${shortNumber(weight)}`, shortNumber(value * weight)];
    }));
    const text = `The value ${shortNumber(value)} times the whole kernel is stamped into the output; where stamps overlap they are added.`;
    say(sum, text);
    return text;
  }

  function showStampedOutput(scene, [row, col]) {
    const [y, x] = [row - scene.output.top, col - scene.output.left];
    if (y < 0 || x < 0 || y >= scene.size[0] || x >= scene.size[1]) return tell("Cut off", "Padding of a transposed convolution removes this border from the output.");
    const { settings } = store;
    const result = store.values().cell(settings.stage, settings.outChannel, y, x);
    say(title, `Output channel ${settings.outChannel}, row ${y}, column ${x}`);
    showPartials(result, false);
    fill(table);
    if (result.sum === null) return tell(title.textContent, "This one value needs too many products to add them up here.");
    const text = result.taps.length ? convolutionSum(result) : `Nothing is stamped here: it holds the bias, ${shortNumber(result.bias)}.`;
    say(sum, text);
    return text;
  }

  return { show };
}

const total = (parts) => parts.reduce((all, part) => all + part.sum, 0);
const signed = (value) => (value < 0 ? `(${shortNumber(value)})` : shortNumber(value));

function convolutionSum({ partials, taps, bias, sum }) {
  const ending = ` + bias ${signed(bias)} = ${shortNumber(sum)}`;
  if (partials.length > 1) {
    const shown = partials.slice(0, MOST_CHANNELS).map((part) => signed(part.sum)).join(" + ");
    const rest = partials.length > MOST_CHANNELS ? ` + … (${partials.length - MOST_CHANNELS} more channels)` : "";
    return `${shown}${rest}${ending}`;
  }
  if (taps.length <= 9) return `${taps.map((tap) => `${signed(tap.input)}·${signed(tap.weight)}`).join(" + ")}${ending}`;
  return `${taps.length} products add up to ${signed(total(partials))}${ending}`;
}

function poolSum({ layer }, { taps, sum, divisor, partials }) {
  if (layer.op === "maxpool") return `the largest of ${taps.filter((tap) => tap.inside).length} values is ${shortNumber(sum)}`;
  return `the sum ${shortNumber(total(partials))} divided by ${divisor} is ${shortNumber(sum)}`;
}

function tapTable(scene, taps, winner) {
  const byPlace = new Map(taps.map((tap) => [`${tap.ky},${tap.kx}`, tap]));
  return productTable(scene.kernel, (ky, kx) => {
    const tap = byPlace.get(`${ky},${kx}`);
    if (!tap) return ["", "–"];
    if (scene.layer.op === "conv") return [`${signed(tap.input)} · ${signed(tap.weight)}`, shortNumber(tap.product), tap.padded];
    return [tap === winner ? "largest" : "", shortNumber(tap.input), tap.padded];
  });
}

function productTable([rows, cols], cellText) {
  const lines = Array.from({ length: rows }, (_, ky) =>
    make(
      "tr",
      {},
      Array.from({ length: cols }, (__, kx) => {
        const [above, below, padded] = cellText(ky, kx);
        return make("td", { class: padded ? "padded" : "" }, make("div", { class: "muted small" }, padded ? `${above} (padding)` : above), make("strong", {}, below));
      }),
    ),
  );
  return make("table", { class: "products" }, make("tbody", {}, lines));
}
