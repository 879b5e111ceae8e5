// The kernel of the shown output channel as a table of numbers that can be typed over, its presets and its bias.
//
// It reads weights from the store's values and writes the settings `weights`, `kernelPreset` and `biasValue`.
// It does not compute weights.

import { fill, make, say } from "./dom.js";
import { LARGEST_WEIGHT, LONGEST_TEXT, MOST_CHANNELS, PRESETS, parseWeights, presetHint, presetIndex, readWeight, writeWeights } from "./kernels.js";
import { createKernelTable, shownWeight } from "./kernel-table.js";

const MOST_CELLS = 256;
const MOST_SUMMED = 100_000;
const TOO_LONG = "These weights are too many to be kept in a link. Choose a preset, or edit fewer channels.";

export function createKernelEditor(host, store) {
  const parts = createParts(store);
  const table = createKernelTable(parts.table, (index, value) => say(parts.message, changeWeight(store, index, value)), (text) => say(parts.message, text));
  parts.renew = (changes) => {
    parts.renewals += 1;
    store.set(changes);
    update();
  };
  parts.reset.onclick = () => parts.renew({ weights: writeWeights(othersThan(look(store))) });
  host.classList.add("kernel-editor");
  fill(host, parts.title, parts.presets, parts.finds, parts.none, parts.frame, parts.message, parts.share, parts.biasRow);
  const update = (changed = []) => {
    if (changed.includes("theme")) table.forgetTheme();
    show(parts, table, look(store));
  };
  update();
  return { update, destroy() {} };
}

function createParts(store) {
  const parts = { renewals: 0 };
  const buttons = PRESETS.map(({ name, title, finds }) =>
    make("button", { type: "button", class: "button", title: finds, "data-preset": name, onclick: () => parts.renew(presetChanges(store, name)) }, title),
  );
  const bias = make("input", { type: "text", inputmode: "decimal", class: "bias-field", "aria-describedby": "bias-note" });
  const biasNote = make("span", { class: "small muted", id: "bias-note" });
  Object.assign(parts, {
    title: make("h2", {}),
    buttons,
    presets: make("div", { class: "button-row presets", role: "group", "aria-label": "Preset kernels" }, buttons),
    finds: make("p", { class: "finds" }),
    none: make("p", { class: "muted" }),
    table: make("div", { class: "kernel-scroll" }),
    reset: make("button", { type: "button", class: "button" }),
    sum: make("p", { class: "small number weight-sum" }),
    message: make("p", { class: "field-message said small", role: "status" }),
    share: make("p", { class: "muted small" }),
    bias,
    biasNote,
    biasRow: make("div", { class: "bias-row" }, make("label", {}, "Bias ", bias), biasNote),
  });
  parts.frame = make("div", { class: "kernel-frame" }, parts.table, make("div", { class: "kernel-side" }, parts.sum, parts.reset));
  bias.oninput = () => changeBias(store, parts);
  bias.onblur = () => showBias(parts, look(store), true);
  return parts;
}

/** What the editor shows for the store's settings. */
function look(store) {
  const { settings, derived } = store;
  const values = store.values();
  const { stage, outChannel } = settings;
  const layer = derived.layers[stage];
  const [kh, kw] = layer.kernel.length === 1 ? [1, layer.kernel[0]] : layer.kernel;
  const pool = layer.op.endsWith("pool");
  const { first, count } = values.reads(stage, outChannel);
  const inChannel = Math.min(Math.max(settings.inChannel, first), first + count - 1);
  return {
    settings, values, layer, stage, outChannel, inChannel, first, count, kh, kw, pool,
    mixing: stage === 1 && settings.pair === "depthwise",
    spatial: derived.layers.length === 2 && settings.pair === "spatial",
    rowOfPair: stage === 1 && settings.pair === "spatial",
    preset: PRESETS[presetIndex(values.presetName(stage, outChannel))],
    edited: !pool && values.isEdited(stage, outChannel),
    weights: pool ? null : values.weights(stage, outChannel, inChannel),
    last: stage === derived.layers.length - 1,
  };
}

function show(parts, table, seen) {
  const none = whyNone(seen);
  for (const part of [parts.presets, parts.finds, parts.frame, parts.share]) part.classList.toggle("hidden", Boolean(none));
  parts.biasRow.classList.toggle("hidden", seen.pool);
  parts.none.classList.toggle("hidden", !none);
  say(parts.none, none);
  say(parts.title, seen.pool ? "No kernel" : `Kernel of output channel ${seen.outChannel}`);
  if (seen.pool) return say(parts.message, "");
  showBias(parts, seen);
  if (none) return say(parts.message, "");
  parts.presets.classList.toggle("hidden", seen.mixing);
  for (const button of parts.buttons) {
    button.setAttribute("aria-pressed", String(!seen.edited && button.dataset.preset === seen.preset.name));
  }
  say(parts.finds, whatItFinds(seen));
  say(parts.share, howItIsShared(seen));
  say(parts.sum, whatTheSumMeans(seen));
  parts.reset.classList.toggle("hidden", !seen.edited);
  say(parts.reset, seen.mixing ? "Reset" : `Reset to ${seen.preset.title}`);
  const told = table.update(seen.weights, [seen.kh, seen.kw], `${seen.stage}.${seen.outChannel}.${parts.renewals}`);
  if (told) say(parts.message, "");
}

function whyNone({ layer, kh, kw, pool }) {
  if (layer.op === "maxpool") return "Max pooling has no weights: it passes on the largest value under the window.";
  if (pool) return "Average pooling has no weights to learn: it passes on the mean of the values under the window.";
  if (kh * kw === 0) return "A kernel of size 0 has no weights. Make it at least 1.";
  if (kh * kw > MOST_CELLS) return `A kernel of ${kh} × ${kw} has ${kh * kw} weights, too many to type over. Up to 16 × 16 they can be edited here.`;
  return "";
}

function whatItFinds({ edited, mixing, outChannel, preset, kh, kw, spatial, rowOfPair, inChannel }) {
  if (edited) return "Your own weights.";
  if (mixing) return outChannel === 0 && preset.name !== "random" ? "This 1 × 1 kernel mixes channels: channel 0 is their plain mean." : "This 1 × 1 kernel mixes channels with small numbers made up for it.";
  if (rowOfPair && inChannel !== outChannel) return `The row of output channel ${outChannel} goes on with input channel ${outChannel} alone; the others have the weight 0.`;
  if (!spatial) return [preset.finds, presetHint(preset.name, kh, kw)].filter(Boolean).join(" ");
  return preset.separable
    ? `${preset.finds} Split into a column and a row that together do the same.`
    : `${preset.title} cannot be split into a column and a row; this pair does something else than it does in 2-D.`;
}

function howItIsShared({ edited, mixing, rowOfPair, count, first, inChannel, preset, outChannel }) {
  const which = count === 1 ? "" : `Shown: the weights for input channel ${inChannel} of ${first} to ${first + count - 1}.`;
  if (edited) return [which, count === 1 ? "" : `Typed weights are used for each of the ${count} channels.`].filter(Boolean).join(" ");
  if (mixing) return which;
  const own = preset.name === "random" ? "They differ from channel to channel, in and out." : `Each preset weight is divided by ${count}, the number of channels read.`;
  const others = outChannel === 0 && preset.name !== "random" ? "Further output channels have the next presets of the list." : "";
  return [which, count === 1 || rowOfPair ? "" : own, others].filter(Boolean).join(" ");
}

/** The sum of the weights over all channels read, and what it does to a flat area. */
function whatTheSumMeans({ values, stage, outChannel, weights, first, count }) {
  if (count * weights.length > MOST_SUMMED) return "";
  let sum = 0;
  for (let c = first; c < first + count; c++) sum += values.weights(stage, outChannel, c).reduce((all, weight) => all + weight, 0);
  sum = Math.round(sum * 1e4) / 1e4 || 0;
  const text = `The weights${count > 1 ? ` of all ${count} channels` : ""} add up to ${shownWeight(sum)}:`;
  if (sum === 0) return `${text} a flat area gives 0.`;
  return sum === 1 ? `${text} a flat area keeps its value.` : `${text} a flat area is multiplied by that.`;
}

function showBias(parts, { settings, outChannel, last }, force = false) {
  const settable = settings.bias && outChannel === 0 && last;
  parts.bias.disabled = !settable;
  const value = settable ? settings.biasValue : 0;
  if (force || parts.bias.getAttribute("aria-invalid") !== "true") {
    if (force || readWeight(parts.bias.value) !== value) parts.bias.value = shownWeight(value);
    parts.bias.setAttribute("aria-invalid", "false");
  }
  say(parts.biasNote, whyBias(settings, outChannel, last));
}

function whyBias(settings, outChannel, last) {
  if (!settings.bias) return "Switched off in the settings.";
  if (!last) return "0 here; it can be set on the second layer.";
  return outChannel === 0 ? "Added to every output of this channel." : "0 here; it can be set for output channel 0.";
}

function changeBias(store, parts) {
  const value = readWeight(parts.bias.value);
  parts.bias.setAttribute("aria-invalid", String(value === undefined));
  say(parts.message, value === undefined ? `The bias has to be a number from −${LARGEST_WEIGHT} to ${LARGEST_WEIGHT} with at most four decimals; the lab still uses ${shownWeight(store.settings.biasValue)}.` : "");
  if (value !== undefined) store.set({ biasValue: value });
}

/** Give the shown output channel a preset; the others follow in the table's order. */
function presetChanges(store, name) {
  const { settings } = store;
  if (name === "random") return { kernelPreset: name, weights: writeWeights(othersThan(look(store))) };
  const first = (presetIndex(name) - settings.outChannel) % PRESETS.length;
  const kernelPreset = PRESETS[(first + PRESETS.length) % PRESETS.length].name;
  return { kernelPreset, weights: writeWeights(othersThan(look(store))) };
}

// Entries of other channels, and this channel's of another size, which wait until that size comes back.
function othersThan({ settings, stage, outChannel, kh, kw }) {
  return parseWeights(settings.weights).filter(
    (entry) => entry.layer !== stage || entry.channel !== outChannel || entry.numbers.length !== kh * kw,
  );
}

/** Put one typed weight into the settings; returns a sentence where that cannot be. */
function changeWeight(store, index, value) {
  const seen = look(store);
  const numbers = [...seen.weights].map((weight) => Math.round(weight * 1e4) / 1e4 || 0);
  numbers[index] = value;
  const entries = [...othersThan(seen), { layer: seen.stage, channel: seen.outChannel, numbers }];
  const text = writeWeights(entries);
  if (entries.length > MOST_CHANNELS || text.length > LONGEST_TEXT) return TOO_LONG;
  store.set({ weights: text });
  return "";
}
