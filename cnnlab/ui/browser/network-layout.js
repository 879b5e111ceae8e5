// Where everything of a network's graph stands, with some blocks open: boxes, frames around open blocks, and ways of tensors.
//
// A block is laid out by itself (network-layers.js), the innermost first; a tensor that enters or leaves an open block goes
// through a port on its frame. It computes places in px and draws nothing.

import { flowIn } from "./network-flow.js";
import { arrange, laneOf } from "./network-layers.js";

export const HEADER = 40; // px at the top of a frame, for its title
const SIDE = 14; // px inside a frame, left and right
const FLOOR = 12;
const GAP = 22; // px between rows
const LABELLED = 34; // the same where sizes are written
const PORT = { width: 2, height: 0 };

/**
 * The layout: { width, height, boxes, ways }. A box is { node, x, y, width, height, open }, frames before what is in them; the network's
 * input has the id "#input". A way is { tensor, from, to, points, begins }: `from` and `to` are ids of boxes, or ports "in:block:tensor" and
 * "out:block:tensor"; points are [x, y], first and last at the ends; `begins` is true where it leaves a box.
 *
 * `sizeOf(node)` tells [width, height] of a closed node, `headerOf(node)` the width of an open one's title.
 */
export function layOut(tree, open, { outputs = [], sizeOf, headerOf, labelled = () => true }) {
  const input = { id: "#input", kind: "input", first: -1, last: -1, children: [], level: 1, parent: tree.root };
  const about = { tree, open, outputs, sizeOf, headerOf, labelled, input };
  const whole = measured(tree.root, about);
  const found = { boxes: [], ways: [] };
  put(whole, 0, 0, found);
  return { width: whole.width, height: whole.height, boxes: found.boxes, ways: found.ways };
}

/** A node with its size, its ports and, if it is open, the places of what is in it, from its own corner. */
function measured(node, about) {
  const isRoot = node === about.tree.root;
  if (!isRoot && (!about.open.has(node.id) || !node.children.length)) {
    const [width, height] = about.sizeOf(node);
    return { node, width, height, open: false, ins: {}, outs: {} };
  }
  const flow = flowIn(about.tree, node, about.outputs);
  const children = node.children.map((child) => measured(child, about));
  const arriving = flow.arriving.map((tensor) => (isRoot ? { ...measured(about.input, about), tensor } : { ...PORT, tensor, port: `in:${node.id}:${tensor}` }));
  const leaving = flow.leaving.map((tensor) => ({ ...PORT, tensor, leaves: true, port: `out:${node.id}:${tensor}` }));
  const boxes = [...arriving, ...children, ...leaving];
  const index = { arriving: new Map(arriving.map(({ tensor }, i) => [tensor, i])), leaving: new Map(leaving.map(({ tensor }, i) => [tensor, arriving.length + children.length + i])) };
  const edges = flow.edges.map(({ tensor, from, to }) => ({
    tensor,
    from: from === -1 ? index.arriving.get(tensor) : arriving.length + from,
    to: to === -2 ? index.leaving.get(tensor) : arriving.length + to,
  }));
  return framed(node, boxes, edges, about, isRoot);
}

function framed(node, boxes, edges, about, isRoot) {
  const found = arrange(boxes, edges);
  const lefts = boxes.map((box, i) => found.x[i] - box.width / 2).concat([...found.lanes.values()].flat().map((x) => x - 6));
  const rights = boxes.map((box, i) => found.x[i] + box.width / 2).concat([...found.lanes.values()].flat().map((x) => x + 6));
  const inner = Math.max(...rights) - Math.min(...lefts);
  const width = Math.max(inner + 2 * SIDE, isRoot ? 0 : about.headerOf(node));
  const shift = (width - inner) / 2 - Math.min(...lefts);
  const x = found.x.map((one) => one + shift);
  const rows = rowPlaces(boxes, edges, found, about, isRoot ? 4 : HEADER);
  const y = boxes.map((box, i) => rows[found.row[i]].top + (rows[found.row[i]].framed ? 0 : (rows[found.row[i]].height - box.height) / 2));
  const ways = waysOf({ node, boxes, edges, about }, found, { x, y, rows, shift });
  const height = rows.at(-1).top + rows.at(-1).height + (isRoot ? 4 : FLOOR);
  ports(boxes, y, ways, height, isRoot);
  const at = (leaves) => Object.fromEntries(boxes.flatMap((box, i) => (box.port && Boolean(box.leaves) === leaves ? [[box.tensor, x[i] - width / 2]] : [])));
  const inside = boxes.flatMap((box, i) => (box.port ? [] : [{ box, x: x[i] - box.width / 2, y: y[i] }]));
  return { node, width, height, open: true, inside, ways, ins: at(false), outs: at(true) };
}

/** Where each row begins and how high it is. */
function rowPlaces(boxes, edges, found, about, first) {
  const rows = Array.from({ length: found.rows }, () => ({ height: 0, framed: false, labelled: false }));
  boxes.forEach((box, i) => {
    const row = rows[found.row[i]];
    row.height = Math.max(row.height, box.height);
    row.framed ||= Boolean(box.open);
  });
  edges.forEach(({ tensor, from }) => (rows[found.row[from]].labelled ||= boxes[from].node && !boxes[from].open && about.labelled(boxes[from].node, tensor)));
  let top = first;
  for (const row of rows) {
    row.top = top;
    top += row.height + (row.labelled ? LABELLED : GAP);
  }
  return rows;
}

/** Ports stand on the frame: ways that end there end at its upper and lower edge. */
function ports(boxes, y, ways, height, isRoot) {
  if (isRoot) return;
  for (const way of ways) {
    if (way.from.startsWith("in:")) way.points[0][1] = 0;
    if (way.to.startsWith("out:")) way.points.at(-1)[1] = height;
  }
}

function waysOf({ node, boxes, edges, about }, found, { x, y, rows, shift }) {
  const drawn = new Map(); // lane → the row up to which it is drawn
  const name = (box, tensor, side) => box.port ?? (box.open ? `${side}:${box.node.id}:${tensor}` : box.node.id);
  return [...edges].sort((a, b) => found.row[a.to] - found.row[b.to]).map((edge) => {
    const [from, to] = [boxes[edge.from], boxes[edge.to]];
    const [above, below] = [found.row[edge.from], found.row[edge.to]];
    const lane = found.lanes.get(laneOf(edge))?.map((one) => one + shift) ?? [];
    const done = below - above > 1 ? (drawn.get(laneOf(edge)) ?? above) : above;
    const start = x[edge.from] + (from.outs?.[edge.tensor] ?? 0);
    const points = done === above ? [[start, y[edge.from] + from.height], [start, rows[above].top + rows[above].height]] : [[lane[done - above - 1], rows[done].top + rows[done].height]];
    for (let row = done + 1; row < below; row += 1) points.push([lane[row - above - 1], rows[row].top], [lane[row - above - 1], rows[row].top + rows[row].height]);
    if (below - above > 1) drawn.set(laneOf(edge), below - 1);
    const end = x[edge.to] + (to.ins?.[edge.tensor] ?? 0);
    points.push([end, rows[below].top], [end, y[edge.to]]);
    const begins = done === above && Boolean(from.node) && !from.open;
    return { tensor: edge.tensor, from: name(from, edge.tensor, "out"), to: name(to, edge.tensor, "in"), block: node.id, points, begins, labelled: begins && about.labelled(from.node, edge.tensor) };
  });
}

/** Enter a measured node and all in it, with places from the drawing's corner. */
function put(box, x, y, found) {
  found.boxes.push({ node: box.node, x, y, width: box.width, height: box.height, open: box.open });
  if (!box.open) return;
  for (const way of box.ways) found.ways.push({ ...way, points: way.points.map(([a, b]) => [a + x, b + y]) });
  for (const child of box.inside) put(child.box, x + child.x, y + child.y, found);
}

/** A way as the path of an SVG: straight along rows, bent between them. */
export function pathOf(points) {
  const text = (number) => String(Math.round(number * 10) / 10);
  let path = `M${text(points[0][0])} ${text(points[0][1])}`;
  points.slice(1).forEach(([x, y], index) => {
    const [beforeX, beforeY] = points[index];
    if (x === beforeX && y === beforeY) return;
    if (Math.abs(x - beforeX) < 0.75) path += `V${text(y)}`;
    else {
      const middle = (beforeY + y) / 2;
      path += `C${text(beforeX)} ${text(middle)} ${text(x)} ${text(middle)} ${text(x)} ${text(y)}`;
    }
  });
  return path;
}
