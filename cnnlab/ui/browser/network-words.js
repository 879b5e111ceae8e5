// What stands on the blocks and layers of a network's graph, in words: titles, contents, costs.
//
// It knows the tree's nodes and the steps' settings; it draws nothing and computes shares only.

import { isBlock, isContainer } from "./network-tree.js";
import { kindOf, operationName } from "./operation-names.js";
import { countText } from "./units.js";

const SHORT = { batch_norm: "batch norm", layer_norm: "layer norm", group_norm: "group norm", local_response_norm: "local response norm", linear: "dense layer", dropout: "dropout", dropout2d: "dropout" };
const LONGEST = 34; // letters of what is in a block
const WHOLE = /^adaptive_(avg|max)_pool2d$/;

/** { title, rest, cost }: up to three lines for a node; "" where there is nothing to say. */
export function wordsOf(node, tree, network) {
  if (node.kind === "input") return { title: "input", rest: sizeText(network.input), cost: "" };
  if (isBlock(node)) return { title: titleOf(node, tree), rest: contents(node, tree), cost: costOf(node, network) };
  const step = tree.steps[node.first];
  return { title: layerTitle(step), rest: layerRest(step), cost: "" };
}

/** C × H × W without blanks, as in "64×112×112". */
export const sizeText = (shape) => shape.join("×");

/** A block's name; a number alone, as in "0", is told with the module that it is in. */
export function titleOf(node, tree) {
  if (node.kind === "run") return `${node.children.length} × ${isContainer(node.type) ? "the same block" : typeText(node.type)}`;
  if (node.kind === "stage") return node.name;
  if (!/^\d+$/.test(node.name)) return node.name;
  const parts = node.path.split(".");
  const near = parts.findLastIndex((part) => !/^\d+$/.test(part));
  return parts.slice(Math.max(0, near)).join(".") || tree.root.name;
}

/** A class without the underscores of what is private. */
const typeText = (type) => type.replace(/^_+/, "");

/** The one layer of a block that computes; or its class; or "3 × Bottleneck"; or how many convolutions are in it. */
function contents(node, tree) {
  if (node.kind === "run") return node.name;
  const computing = stepsOf(node, tree).filter(({ op }) => /convolution|dense/.test(kindOf(op)));
  if (computing.length === 1) return onlyLayer(computing[0]);
  if (!isContainer(node.type)) return typeText(node.type);
  return classesIn(node.children.flatMap((child) => (child.kind === "run" ? child.children : [child]))) || countsIn(node, tree);
}

const stepsOf = (node, tree) => tree.steps.slice(node.first, node.last + 1);

/** "convolution 3×3, stride 2 → 64": the one layer of a block that computes. */
function onlyLayer(step) {
  const out = step.settings?.out_channels ?? step.settings?.out_features;
  return out ? `${layerTitle(step)} → ${out}` : layerTitle(step);
}

/** What stands under the title of an open block: its class, or what is in it. */
export const kindOfBlock = (node, tree) => (isContainer(node.type) || node.kind === "run" ? contents(node, tree) : typeText(node.type));

/** "InceptionB, 4 × InceptionC": the classes of blocks in a row, where that is short. */
function classesIn(children) {
  const found = [];
  for (const child of children) {
    if (!isBlock(child) || isContainer(child.type)) return "";
    if (found.at(-1)?.type === child.type) found.at(-1).count += 1;
    else found.push({ type: child.type, count: 1 });
  }
  const text = found.map(({ type, count }) => (count > 1 ? `${count} × ${typeText(type)}` : typeText(type))).join(", ");
  return text.length <= LONGEST ? text : "";
}

function countsIn(node, tree) {
  const counts = { convolution: 0, dense: 0, pooling: 0, joining: 0 };
  for (let step = node.first; step <= node.last; step += 1) {
    const kind = kindOf(tree.steps[step].op);
    if (kind in counts) counts[kind] += 1;
  }
  const words = [["convolution", "convolution", "convolutions"], ["dense", "dense layer", "dense layers"], ["pooling", "pooling", "poolings"]];
  const found = words.filter(([kind]) => counts[kind]).map(([kind, one, many]) => `${counts[kind]} ${counts[kind] === 1 ? one : many}`);
  return found.slice(0, 2).join(", ") || `${node.last - node.first + 1} steps`;
}

function costOf(node, network) {
  const parameters = node.parameters ? `${countText(node.parameters)} parameters` : "no parameters";
  const share = percent(node.macs, network.macs);
  return share ? `${parameters} · ${share} of MACs` : parameters;
}

/** "12.5 %", "< 0.1 %", or "" for nothing. */
export function percent(part, whole) {
  if (!part || !whole) return "";
  const share = (100 * part) / whole;
  return share < 0.1 ? "< 0.1 %" : `${share.toFixed(share < 10 ? 1 : 0)} %`;
}

/** A layer in plain words: "convolution 7×7, stride 2", "max pooling 3×3, stride 2", "ReLU". */
export function layerTitle(step) {
  const settings = step.settings ?? {};
  const name = SHORT[step.op] ?? operationName(step.op).replace(/ \(.*\)$/, "");
  if (WHOLE.test(step.op) || step.op === "mean") return step.out?.length === 1 || step.out?.at(-1) === 1 ? `${step.op === "adaptive_max_pool2d" ? "max" : "average"} of each channel` : name;
  if (!settings.kernel) return name;
  const words = step.op === "conv2d" && settings.groups > 1 && settings.groups === settings.in_channels ? "depthwise conv" : name;
  const stride = pair(settings.stride);
  const kernel = pair(settings.kernel);
  const hops = stride && stride !== "1×1" ? `, stride ${stride.split("×")[0] === stride.split("×")[1] ? stride.split("×")[0] : stride}` : "";
  const dilation = pair(settings.dilation ?? 1);
  return `${words} ${kernel}${hops}${dilation !== "1×1" ? `, dilation ${dilation.split("×")[0]}` : ""}`;
}

const pair = (value) => (Array.isArray(value) ? (value.length === 1 ? [value[0], value[0]] : value).join("×") : value === undefined ? "" : `${value}×${value}`);

function layerRest(step) {
  const settings = step.settings ?? {};
  const kind = kindOf(step.op);
  if (kind !== "convolution" && kind !== "dense") return "";
  const groups = settings.groups > 1 && settings.groups !== settings.in_channels ? `, ${settings.groups} groups` : "";
  const out = settings.out_channels ? `${settings.in_channels} → ${settings.out_channels} channels` : settings.out_features ? `${settings.in_features} → ${settings.out_features}` : "";
  return out + groups;
}

/** The whole of a node in a sentence, for a screen reader. */
export function sentenceOf(node, tree, network, open) {
  const { title, rest, cost } = wordsOf(node, tree, network);
  if (node.kind === "input") return `The input, ${network.input.join(" by ")}`;
  const end = tree.steps[node.last];
  const out = end.out ? `puts out ${end.out.join(" by ")}` : "is not reached";
  if (!isBlock(node)) return [title, end.name, rest, out, end.parameters ? `${countText(end.parameters)} parameters` : "", end.macs ? `${countText(end.macs)} MACs` : ""].filter(Boolean).join(", ");
  return [`${open ? "Open" : "Closed"} block ${title}`, rest === title ? "" : rest, `${node.last - node.first + 1} steps`, out, cost, node.macs ? `${countText(node.macs)} MACs` : ""].filter(Boolean).join(", ");
}
