// A network as a tree of blocks: stage → block → layer, from the modules that its steps belong to.
//
// A block is a run of neighbouring steps, so folding blocks never makes a circle. What has one part only is passed
// through; equal neighbours and long rows are gathered. It draws nothing and does not know what is open.

import { kindOf } from "./operation-names.js";

const MOST_AT_TOP = 20; // parts of the network, before they are gathered into stages
const MOST_INSIDE = 16; // parts of a block
const REPEATED = 4; // equal neighbours, from so many on
const SHRINKS = 1.5; // how much smaller the maps are where a new stage begins

/**
 * The tree: { root, steps, nodes }. A node is { id, kind: "step" | "block" | "stage" | "run", name, path, type, first, last,
 * children, parent, level, parameters, macs, memory }; a step's `first` and `last` are its index, its id is "#12". `nodes` maps ids
 * to nodes.
 */
export function buildTree(network) {
  const steps = [...network.steps, ...(network.missing ?? [])];
  const about = { steps, modules: network.modules ?? {}, paths: steps.map(({ path }) => (path ? path.split(".") : [])), used: new Set() };
  const root = { id: "", kind: "block", name: network.title ?? network.name, path: "", type: about.modules[""] ?? "", first: 0, last: steps.length - 1 };
  root.children = gathered(parts(about, 0, steps.length - 1, 0), root, about, MOST_AT_TOP);
  const nodes = new Map();
  finish(root, null, 0, about, nodes);
  return { root, steps, nodes, modules: about.modules };
}

/** The parts of steps `first` to `last`, which all lie in one module of the given depth. */
function parts(about, first, last, depth) {
  const found = [];
  for (let start = first; start <= last; ) {
    const path = about.paths[start];
    let end = start;
    if (path.length > depth) while (end < last && about.paths[end + 1].length > depth && about.paths[end + 1][depth] === path[depth]) end += 1;
    found.push(start === end ? stepNode(about, start) : blockNode(about, start, end, depth + 1));
    start = end + 1;
  }
  return found;
}

const stepNode = ({ steps }, index) => ({ id: `#${index}`, kind: "step", name: steps[index].name, path: steps[index].path, type: steps[index].op, first: index, last: index, children: [] });

function blockNode(about, first, last, depth) {
  const children = parts(about, first, last, depth);
  const names = about.paths[first].slice(0, depth);
  const path = names.join(".");
  const type = about.modules[path] ?? "";
  if (children.length === 1) return passed(children[0], { name: names.at(-1), path, type }); // a wrapper around one part
  const node = { id: free(about.used, path), kind: "block", name: names.at(-1), path, type, first, last };
  node.children = gathered(children, node, about, MOST_INSIDE);
  return node;
}

/** What a wrapper holds, in its place; a mere container in a class with a name is known by that. */
function passed(child, { name, path, type }) {
  return child.kind === "block" && isContainer(child.type) && !isContainer(type) ? Object.assign(child, { name, path, type }) : child;
}

/** Whether a class only holds others, so that its name says nothing. */
export const isContainer = (type) => /^(|Sequential|ModuleList|ModuleDict|Module)$/.test(type);

/** The id, or the id with a number where it is taken: a module that is used again later is another block. */
function free(used, id) {
  let name = id;
  for (let count = 2; used.has(name); count += 1) name = `${id}-${count}`;
  used.add(name);
  return name;
}

/** Children with equal neighbours gathered as "×5", and rows that are still too long in stages of one size of maps. */
function gathered(children, parent, about, most) {
  const short = runs(children, about);
  return short.length > most && (parent.path === "" || isContainer(parent.type)) ? stages(short, parent, about) : short;
}

function runs(children, about) {
  const found = [];
  for (let start = 0; start < children.length; ) {
    let end = start;
    const mark = signature(children[start], about);
    while (mark && end + 1 < children.length && signature(children[end + 1], about) === mark) end += 1;
    const same = children.slice(start, end + 1);
    found.push(...(same.length < REPEATED || same.length === children.length ? same : [runNode(same, about)]));
    start = end + 1;
  }
  return found;
}

/** A text that two blocks share when they do the same to tensors of the same sizes; "" for what is never gathered. */
function signature(node, { steps }) {
  if (node.kind !== "block") return "";
  node.signature ??= steps.slice(node.first, node.last + 1)
    .map((step) => [step.op, step.out, step.settings?.kernel, step.settings?.groups, step.from.map((from) => (from < node.first ? "outside" : from - node.first))].join("/"))
    .join(";");
  return node.signature;
}

const runNode = (same, about) => ({
  id: free(about.used, `${same[0].id}-x${same.length}`), kind: "run", name: `${same[0].name} to ${same.at(-1).name}`, path: same[0].path,
  type: same[0].type, first: same[0].first, last: same.at(-1).last, children: same,
});

function stages(children, parent, about) {
  const groups = [];
  let size = null;
  for (const child of children) {
    const own = mapSize(about.steps[child.last]);
    const smaller = size !== null && (own === 0 ? size !== 0 : size / own >= SHRINKS || own / size >= SHRINKS);
    const pools = child.kind === "step" && kindOf(child.type) === "pooling" && own > 0;
    if (!groups.length || (smaller && !pools)) groups.push([]);
    groups.at(-1).push(child);
    if (smaller && pools) groups.push([]);
    size = own;
  }
  const full = groups.filter((group) => group.length);
  if (full.filter((group) => group.length > 1).length < 2) return children;
  let number = 0;
  return full.flatMap((group) => (group.length === 1 ? group : [stageNode(group, parent, about, mapSize(about.steps[group[0].last]) ? `stage ${(number += 1)}` : "classifier")]));
}

const stageNode = (group, parent, about, name) => ({
  id: free(about.used, `${parent.id || "network"}-${name.replace(" ", "")}`), kind: "stage", name, path: parent.path, type: "",
  first: group[0].first, last: group.at(-1).last, children: group,
});

/** The side of the maps that a step puts out; 0 for a vector or maps of 1 × 1, and where it is unknown. */
function mapSize({ out }) {
  const size = out?.length >= 3 ? Math.max(out.at(-1), out.at(-2)) : 0;
  return size > 1 ? size : 0;
}

/** Give each node its parent, level and sums, and enter it in `nodes`. */
function finish(node, parent, level, about, nodes) {
  Object.assign(node, { parent, level, parameters: 0, macs: 0, memory: 0 });
  nodes.set(node.id, node);
  for (const child of node.children) finish(child, node, level + 1, about, nodes);
  const sources = node.children.length ? node.children : [about.steps[node.first] ?? {}];
  for (const source of sources) {
    for (const quantity of ["parameters", "macs", "memory"]) node[quantity] += source[quantity] ?? 0;
  }
}

/** Whether a node can be opened. */
export const isBlock = (node) => node.children.length > 0;
