// Drawing a network's graph: frames, boxes of blocks and layers, the ways of tensors with their sizes.
//
// It draws a layout (network-layout.js) and knows neither keys nor pointers; what is chosen is marked by others.

import { HEADER, pathOf } from "./network-layout.js";
import { isBlock } from "./network-tree.js";
import { kindOfBlock, sizeText, wordsOf } from "./network-words.js";
import { kindOf } from "./operation-names.js";
import { place as set, svg } from "./svg.js";

const TITLE = 7; // px a letter of a title
const REST = 5.9;
const WIDEST = 250;
const ROOM = 26;

/** The kind of a node, by which it is coloured and shaped. */
export const kindOfNode = (node) => (isBlock(node) || node.kind === "input" ? "block" : kindOf(node.type));

/** [width, height] of a closed node, from its words. */
export function sizeOfNode(words, node) {
  const letters = Math.max(words.title.length * TITLE, words.rest.length * REST, words.cost.length * REST);
  const sign = isBlock(node) ? 22 : 0;
  const width = Math.min(WIDEST, Math.max(isBlock(node) ? 130 : 70, Math.round(letters + ROOM + sign)));
  return [width, 14 + 15 * [words.title, words.rest, words.cost].filter(Boolean).length + (isBlock(node) ? 6 : 0)];
}

/** The width that the title of an open block needs. */
export const headerWidth = (words) => Math.min(360, Math.max(words.title.length * TITLE, words.rest.length * REST + 12) + 56);

/** All nodes of a layout as groups: [{ node, element }]. `about` is { tree, network, colour }. */
export const drawNodes = (layout, about) =>
  layout.boxes.filter(({ node }) => node !== about.tree.root).map((box) => ({ node: box.node, box, element: box.open ? drawFrame(box) : drawBox(box, about) }));

function drawFrame({ x, y, width, height }) {
  return svg("g", { class: "node kind-block", transform: `translate(${x} ${y})` },
    svg("rect", { class: "frame", width, height, rx: 8 }),
    svg("rect", { class: "handle", width, height: HEADER, fill: "transparent" }),
    svg("text", { class: "fold", x: 14, y: 19 }, "−"));
}

/** The titles of open blocks, to be drawn over the ways that cross them. */
export const drawTitles = (layout, { tree, network }) =>
  layout.boxes.filter(({ node, open }) => open && node !== tree.root).flatMap(({ node, x, y, width }) => {
    const { title } = wordsOf(node, tree, network);
    const rest = kindOfBlock(node, tree);
    return [
      svg("text", { class: "title over", x: x + 26, y: y + 17 }, cut(title, width - 34, TITLE)),
      rest && rest !== title ? svg("text", { class: "cost over", x: x + 26, y: y + 31 }, cut(rest, width - 34, REST)) : null,
    ];
  }).filter(Boolean);

function drawBox({ node, width, height, x, y }, about) {
  const words = wordsOf(node, about.tree, about.network);
  const kind = kindOfNode(node);
  const lines = [["title", words.title, TITLE], ["rest", words.rest, REST], ["cost", words.cost, REST]].filter(([, text]) => text);
  const room = width - 12 - (isBlock(node) ? 20 : 0);
  const middle = isBlock(node) ? (width - 18) / 2 + 18 : width / 2;
  const parts = [
    isBlock(node) ? svg("rect", { class: "behind", x: 4, y: 4, width, height, rx: 8 }) : null,
    shapeOf(kind, width, height, "box"), tinted(shapeOf(kind, width, height, "tint"), node, about),
    isBlock(node) ? svg("text", { class: "fold", x: 14, y: 20 }, "+") : null,
    lines.map(([name, text, letter], index) => svg("text", { class: name, x: middle, y: 19 + 15 * index, "text-anchor": "middle" }, cut(text, room, letter))),
    isBlock(node) ? shareBar(node, width, height, about) : null,
  ];
  return svg("g", { class: `node kind-${kind}`, transform: `translate(${x} ${y})` }, parts.flat());
}

/** The share of a node in what is coloured by, from 0 to 1: of the network's sum, or of the most channels. */
export function shareOf(node, { tree, network, colour }) {
  if (colour === "channels") return channelsOf(node, tree) / mostChannels(tree);
  const quantity = colour === "kind" ? "macs" : colour;
  return network[quantity] ? Math.min(1, (node[quantity] ?? 0) / network[quantity]) : 0;
}

const channelsOf = (node, tree) => tree.steps[node.last]?.out?.[0] ?? 0;
const mostChannels = (tree) => (tree.mostChannels ??= Math.max(1, ...tree.steps.map(({ out }) => out?.[0] ?? 0)));

/** A bar as long as the node's share; of multiply-adds where colours tell kinds. */
function shareBar(node, width, height, about) {
  const share = shareOf(node, about);
  const whole = width - 16;
  return svg("g", {}, svg("rect", { class: "groove", x: 8, y: height - 8, width: whole, height: 4, rx: 2 }), svg("rect", { class: "share", x: 8, y: height - 8, width: share * whole, height: 4, rx: 2 }));
}

/** The tint of a shape: its kind's colour, or the darker the larger its share. */
function tinted(shape, node, about) {
  if (about.colour === "kind" || node.kind === "input") return shape;
  return set(shape, { class: "tint heat", style: `fill-opacity: ${(0.45 * Math.sqrt(shareOf(node, about))).toFixed(3)}` });
}

/** The outline of a kind: pooling narrows, activations are round, joining is a hexagon, what only moves values is dashed. */
export function shapeOf(kind, width, height, name) {
  const polygon = (points) => svg("polygon", { class: name, points: points.map((point) => point.join(",")).join(" ") });
  if (kind === "pooling") return polygon([[0, 0], [width, 0], [width - 9, height], [9, height]]);
  if (kind === "joining") return polygon([[9, 0], [width - 9, 0], [width, height / 2], [width - 9, height], [9, height], [0, height / 2]]);
  if (kind === "dense") return polygon([[8, 0], [width, 0], [width - 8, height], [0, height]]);
  const rx = { activation: height / 2, block: 8, normalisation: 0 }[kind] ?? 3;
  const dash = kind === "moving" && name === "box" ? { "stroke-dasharray": "4 3" } : {};
  const shape = svg("rect", { class: name, width, height, rx, ...dash });
  if (kind !== "normalisation" || name === "tint") return shape;
  return svg("g", {}, shape, svg("path", { class: "mark", d: `M4 0V${height}M${width - 4} 0V${height}` }));
}

const cut = (text, room, letter) => (text.length * letter <= room + letter ? text : `${text.slice(0, Math.max(3, Math.floor(room / letter) - 1))}…`);

/** All ways of a layout, and the sizes of tensors where they change. `pale` tells tensors that are never made. */
export function drawWays(layout, about) {
  const made = (tensor) => tensor < about.network.steps.length;
  const ways = layout.ways.map((way) => {
    const far = way.points.length > 4 || (!way.begins && !way.from.startsWith("in:") && !way.from.startsWith("out:") && way.points.length > 2);
    return svg("path", { class: `way${far ? " far" : ""}${made(way.tensor) ? "" : " pale"}`, d: pathOf(way.points), "marker-end": way.to.startsWith("out:") && !way.to.startsWith("out::") ? null : "url(#head)", "data-tensor": way.tensor, "data-from": way.from, "data-to": way.to });
  });
  const told = new Set();
  const sizes = layout.ways.filter((way) => way.labelled && !told.has(way.from) && told.add(way.from)).map((way) => {
    const shape = shapeOfTensor(way.tensor, about.network);
    return shape && svg("text", { class: "size", x: way.points[0][0] + 6, y: way.points[0][1] + 15 }, sizeText(shape));
  });
  return { ways, sizes };
}

export const shapeOfTensor = (tensor, network) => (tensor < 0 ? network.input : network.steps[tensor]?.out);

/** Whether a tensor's size is written: it differs from what its maker reads. */
export function isTold(node, tensor, tree, network) {
  const shape = shapeOfTensor(tensor, network);
  if (!shape) return false;
  if (tensor < 0) return true;
  const before = tree.steps[node.first].from[0] ?? -1;
  return String(shapeOfTensor(before, network)) !== String(shape);
}
