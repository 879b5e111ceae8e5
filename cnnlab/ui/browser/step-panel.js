// One step of a network in full: what it does, what goes in and comes out, its settings, what it costs and why.
//
// The numbers are the server's (`cnnlab/ui/architectures`); it draws and computes nothing but shares of the total.

import { fill, make } from "./dom.js";
import { operationName, shortName } from "./operation-names.js";
import { bytesText, countText, grouped } from "./units.js";
import { drawVolumes } from "./volumes.js";

const SETTINGS = {
  kernel: "kernel", stride: "stride", padding: "padding", dilation: "dilation", groups: "groups", bias: "bias", ceil_mode: "ceil mode",
  output_padding: "output padding", count_include_pad: "padding counted", in_channels: "channels in", out_channels: "channels out",
  in_features: "features in", out_features: "features out",
};
const MOVING = /^(flatten|reshape|unflatten|permute|transpose|movedim|squeeze|unsqueeze|expand|getitem|chunk|split|unbind|channel_shuffle|pixel_(un)?shuffle|roll|flip|pad|pad_same)$/;
const USUAL = { stride: "1", padding: "0", dilation: "1", groups: "1", ceil_mode: "no", output_padding: "0", bias: "yes" };

export function createStepPanel(host, store) {
  let shown = "";
  const body = make("div", { class: "panel step-body" });
  fill(host, body);
  const update = () => {
    const { network, settings } = store;
    if (!network) return;
    const key = `${network.name} ${network.input} ${settings.step}`;
    if (key === shown) return;
    shown = key;
    const step = network.steps[settings.step];
    fill(body, step ? stepParts(network, step, settings.step) : inputParts(network));
    if (step) bringFormulas(store, settings.step, body.querySelector(".step-formulas"), () => shown === key);
  };
  update();
  return { update, destroy() {} };
}

function stepParts(network, step, index) {
  const notes = network.notes?.[index] ?? [];
  return [
    make("h2", {}, step.name, make("span", { class: "muted" }, ` ${operationName(step.op)}`)),
    make("p", { class: "muted small step-block" }, placeOf(network, step)),
    ...notes.map((note) => make("p", { class: "step-note" }, note)),
    make("div", { class: "scroll", tabindex: "0", "data-own-keys": true, "aria-label": "Sizes as a drawing" }, drawVolumes(step.in, step.out, shortName(step.op))),
    make("p", { class: "muted small" }, "Height and width on one scale, channels on another."),
    settingsOf(step),
    metrics(network, step),
    make("details", { class: "step-why", open: true }, make("summary", {}, "Why these numbers?"), make("div", { class: "step-formulas" }, make("p", { class: "muted" }, "Loading…"))),
  ];
}

function inputParts(network) {
  const [channels, height, width] = network.input;
  const first = network.steps[0];
  return [
    make("h2", {}, "The input"),
    make("p", {}, `A picture of ${height} × ${width} pixels with ${channels === 1 ? "one channel of grey" : `${channels} channels`}. ${first ? `The first step is ${first.name}, ${operationName(first.op)}.` : ""}`),
    make("dl", { class: "step-metrics" }, metric("Whole network", `${network.steps.length} steps`), metric("Parameters", grouped(network.parameters)), metric("MACs", grouped(network.macs)), metric("Memory of all outputs", bytesText(network.memory))),
    network.unused ? make("p", { class: "muted small" }, `${grouped(network.unused)} more parameters belong to parts that are used in training only.`) : null,
  ];
}

/** "In layer1.0 (BasicBlock), in layer1 (Sequential)": the modules around a step, the innermost first. */
function placeOf(network, step) {
  const parts = step.path.split(".").slice(0, -1);
  const around = parts.map((_, i) => parts.slice(0, parts.length - i).join("."));
  const words = around.map((path) => `${path}${network.modules[path] ? ` (${network.modules[path]})` : ""}`);
  const from = step.from.map((index) => (index < 0 ? "the input" : network.steps[index].name));
  return `${words.length ? `In ${words.join(", in ")}. ` : ""}It reads ${from.join(" and ")}.`;
}

function settingsOf(step) {
  const entries = Object.entries(step.settings).filter(([name, value]) => SETTINGS[name] && writing(value) !== USUAL[name]);
  if (!entries.length) return null;
  return make("p", { class: "step-settings" }, entries.map(([name, value]) => make("span", { class: "setting" }, `${SETTINGS[name]} `, make("strong", {}, writing(value)))));
}

function writing(value) {
  if (Array.isArray(value)) return value.every((one) => one === value[0]) ? String(value[0]) : value.join(" × ");
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}

function metrics(network, step) {
  return make("dl", { class: "step-metrics" },
    metric("Output", step.out.join(" × ")),
    metric("Parameters", countOrNone(step.parameters), shareOf(step.parameters, network.parameters)),
    metric("MACs", countOrNone(step.macs), shareOf(step.macs, network.macs)),
    metric("Memory of the output", step.memory ? bytesText(step.memory) : "none of its own", shareOf(step.memory, network.memory)),
    metric("Receptive field", fieldText(step.field)));
}

const metric = (title, value, share = "") => make("div", {}, make("dt", {}, title), make("dd", { class: "number" }, value, share ? make("span", { class: "muted small" }, ` ${share}`) : null));
const countOrNone = (number) => (number ? (number < 1e6 ? grouped(number) : `${countText(number)}`) : "none");

/** "12.5 % of the network"; "" where there is nothing to share. */
export function shareOf(part, whole) {
  if (!part || !whole) return "";
  const percent = (100 * part) / whole;
  return `${percent < 0.1 ? "< 0.1" : percent.toFixed(1)} % of all`;
}

function fieldText(field) {
  if (!field) return "–";
  if (!field.local) return "the whole picture";
  const size = field.size.join(" × ");
  return `${size}${field.whole ? "; through a gate the whole picture" : ""}${field.aligned ? "" : "; branches are not aligned"}`;
}

/** Fetch the formulas of the network, and show those of a step if it is still the one that is looked at. */
async function bringFormulas(store, index, host, stillWanted) {
  const { network, settings } = store;
  const told = await store.networks.formulas(network.name, settings.input).catch((error) => ({ error: error.message }));
  if (!stillWanted()) return;
  const rows = told.formulas?.[index] ?? [];
  if (told.error) return fill(host, make("p", { class: "problem" }, told.error));
  const operation = network.steps[index].op;
  if (!rows.length) return fill(host, make("p", { class: "muted" }, MOVING.test(operation) ? "This step only moves numbers; nothing is computed." : "There is no formula for this step here; its sizes and its cost stand above."));
  fill(host, rows.map(([quantity, formula, substituted, result, remark]) =>
    make("div", { class: "formula-row" },
      make("span", { class: "small quantity" }, quantity),
      make("span", { class: "formula" }, formula === substituted ? "" : `${formula} = `, substituted === result ? "" : `${substituted} = `, make("strong", {}, result)),
      remark ? make("span", { class: "muted small" }, remark) : null)));
}
