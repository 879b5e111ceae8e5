// Where the boxes of one block stand: in rows from top to bottom, beside each other where they branch.
//
// A simple layered layout: rows by the longest way, a lane for each tensor that passes rows by, an order with few
// crossings, and places that keep lanes straight. It knows boxes and edges, and no network.

const LANE = 16; // px between lanes
const BESIDE = 22; // px between boxes
const MOST_SHIFT = 240; // px to the side for a straight way between wide frames; further, and the whole graph would lean
const SWEEPS = 12;
const MOST_FOR_ORDER = 1500; // points in rows; above, the first order stays

/**
 * Boxes are { width, height, ins: { tensor: dx }, outs: { tensor: dx }, row? }, edges { tensor, from, to } by index, in an order in
 * which every edge goes forward. Returns { x: [middle], row: [row], rows: number, lanes: Map(tensor/from → [x of each row passed]) }.
 */
export function arrange(boxes, edges) {
  const row = rowsOf(boxes, edges);
  const rows = makeRows(boxes, edges, row);
  order(rows);
  placeAll(rows);
  const points = rows.flat();
  const x = new Array(boxes.length);
  const lanes = new Map();
  for (const point of points) {
    if (point.lane === undefined) x[point.box] = point.x;
    else lanes.set(point.lane, [...(lanes.get(point.lane) ?? []), point.x]);
  }
  return { x, row, rows: rows.length, lanes };
}

export const laneOf = ({ tensor, from }) => `${tensor}/${from}`;

function rowsOf(boxes, edges) {
  const into = boxes.map(() => []);
  edges.forEach((edge) => into[edge.to].push(edge.from));
  const row = [];
  boxes.forEach((box, index) => row.push(into[index].reduce((most, from) => Math.max(most, row[from] + 1), box.leaves ? 1 : 0)));
  const last = boxes.reduce((most, box, index) => Math.max(most, box.leaves ? row[index] : row[index] + 1), 0);
  boxes.forEach((box, index) => box.leaves && (row[index] = last));
  return row;
}

/** For each box, over how many others the longest way from it leads: it tells the main line from a short cut. */
function waysLeft(boxes, edges) {
  const rest = new Array(boxes.length).fill(0);
  for (const { from, to } of [...edges].sort((a, b) => b.from - a.from)) rest[from] = Math.max(rest[from], rest[to] + 1);
  return rest;
}

/** Points in rows: one for each box, and one in each row that a lane passes. Neighbours in `up` and `down` with their shifts. */
function makeRows(boxes, edges, row) {
  const rows = Array.from({ length: Math.max(...row) + 1 }, () => []);
  const rest = waysLeft(boxes, edges);
  const points = boxes.map((box, index) => ({ box: index, isPort: Boolean(box.port), rest: rest[index], width: box.width, weight: box.port && index > 0 ? 0.01 : 1, up: [], down: [], x: 0 }));
  points.forEach((point, index) => rows[row[index]].push(point));
  const lanes = new Map();
  for (const edge of [...edges].sort((a, b) => a.to - b.to)) {
    const shift = { out: boxes[edge.from].outs?.[edge.tensor] ?? 0, in: boxes[edge.to].ins?.[edge.tensor] ?? 0 };
    let above = points[edge.from];
    let out = shift.out;
    if (row[edge.to] - row[edge.from] > 1) {
      const key = laneOf(edge);
      if (!lanes.has(key)) lanes.set(key, []);
      const lane = lanes.get(key);
      while (row[edge.from] + lane.length + 1 < row[edge.to]) {
        const before = lane.at(-1) ?? points[edge.from];
        const point = { lane: key, width: 2, weight: 0.01, up: [], down: [], x: 0 };
        join(before, point, before === points[edge.from] ? shift.out : 0, 0);
        rows[row[edge.from] + lane.length + 1].push(point);
        lane.push(point);
      }
      above = lane[row[edge.to] - row[edge.from] - 2];
      out = 0;
    }
    join(above, points[edge.to], out, shift.in);
  }
  return rows;
}

function join(above, below, out, into) {
  const shift = Math.abs(out - into) > MOST_SHIFT ? 0 : out - into;
  above.down.push({ point: below, shift: -shift });
  below.up.push({ point: above, shift });
}

/** Sort each row by the middle of what it hangs from, a few times down and up, and keep the best. */
function order(rows) {
  const number = (list) => list.forEach((point, index) => (point.place = index));
  rows.forEach(number);
  const sortBy = (list, side) => {
    list.forEach((point) => (point.key = point[side].length ? mean(point[side].map(({ point: other }) => other.place)) : point.place));
    list.sort((a, b) => a.key - b.key || (a.lane !== undefined) - (b.lane !== undefined) || a.place - b.place);
    number(list);
  };
  rows.slice(1).forEach((list) => sortBy(list, "up"));
  if (rows.reduce((sum, list) => sum + list.length, 0) > MOST_FOR_ORDER) return;
  let best = rows.map((list) => [...list]);
  let fewest = crossings(rows);
  for (let sweep = 0; sweep < 4 && fewest > 0; sweep += 1) {
    if (sweep % 2 === 0) [...rows].reverse().slice(1).forEach((list) => sortBy(list, "down"));
    else rows.slice(1).forEach((list) => sortBy(list, "up"));
    const now = crossings(rows);
    if (now < fewest) [best, fewest] = [rows.map((list) => [...list]), now];
  }
  best.forEach((list, index) => {
    rows[index].splice(0, Infinity, ...list);
    number(rows[index]);
  });
}

const mean = (numbers) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

function crossings(rows) {
  let count = 0;
  for (const list of rows.slice(0, -1)) {
    const ends = list.flatMap((point) => point.down.map(({ point: other }) => [point.place, other.place])).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    if (ends.length > 300) continue;
    for (let i = 0; i < ends.length; i += 1) for (let j = 0; j < i; j += 1) if (ends[j][1] > ends[i][1] && ends[j][0] < ends[i][0]) count += 1;
  }
  return count;
}

/** Give every point its x: near what it hangs from and what hangs from it, lanes straight, nothing overlapping. */
function placeAll(rows) {
  for (const list of rows) settle(list, list.map((point, index) => index));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const list of rows.slice(1)) settle(list, list.map((point) => wanted(point, "up")));
    const upwards = sweep < SWEEPS - 1 ? [...rows].reverse() : rows.slice(0, 1); // at last only the first row, so that the main line is straight
    for (const list of upwards) settle(list, list.map((point) => wanted(point, "down")));
  }
  tighten(rows);
}

/** Bring each lane as near to where it begins as its neighbours let it, all rows alike. */
function tighten(rows) {
  const lanes = new Map();
  rows.forEach((list) => list.forEach((point, index) => {
    if (point.lane === undefined) return;
    if (!lanes.has(point.lane)) lanes.set(point.lane, { points: [], begin: point.up[0].point });
    lanes.get(point.lane).points.push([point, list[index - 1], list[index + 1]]);
  }));
  const away = ({ points, begin }) => points[0][0].x - begin.x;
  for (const lane of [...lanes.values()].sort((a, b) => Math.abs(away(a)) - Math.abs(away(b)))) {
    const distance = away(lane);
    const side = Math.sign(distance);
    const room = lane.points.map(([point, left, right]) => {
      const other = side > 0 ? left : right;
      return other ? Math.abs(point.x - other.x) - gapBetween(point, other) : Infinity;
    });
    const by = Math.min(Math.abs(distance), ...room);
    if (by > 0) lane.points.forEach(([point]) => (point.x -= side * by));
  }
}

/** Where a point would stand if it were alone: under (or over) boxes rather than lanes; a lane under itself. */
function wanted(point, side) {
  const all = point[side];
  let near = all.filter(({ point: other }) => other.lane === point.lane);
  if (!near.length && point.lane !== undefined) {
    const continues = side === "up" && all[0].point.down.every(({ point: other }) => other.lane !== undefined); // no box goes on from there
    near = continues ? all : (side === "up" ? point.down : point.up).filter(({ point: other }) => other.lane === point.lane);
  } else if (!near.length && side === "up") near = all;
  if (!near.length) return point.x;
  if (side === "up" && near.every(({ point: other }) => other.isPort)) near = [near.reduce((first, one) => (one.point.place < first.point.place ? one : first))]; // under the latest tensor
  const longest = Math.max(...near.map(({ point: other }) => other.rest ?? 0));
  if (side === "down") near = near.filter(({ point: other }) => (other.rest ?? 0) === longest); // over the main line
  return mean(near.map(({ point: other, shift }) => other.x + shift));
}

const isThin = (point) => point.lane !== undefined || point.isPort;
const gapBetween = (left, right) => (left.width + right.width) / 2 + (isThin(left) && isThin(right) ? LANE : BESIDE);

/** The places nearest to those wanted that keep the order and the distances (by pooling neighbours that collide). */
function settle(list, places) {
  let offset = 0;
  const pools = [];
  list.forEach((point, index) => {
    if (index) offset += gapBetween(list[index - 1], point);
    pools.push({ weight: point.weight, sum: point.weight * (places[index] - offset), members: [[point, offset]] });
    while (pools.length > 1) {
      const [before, last] = pools.slice(-2);
      if (before.sum / before.weight <= last.sum / last.weight) break;
      pools.splice(-2, 2, { weight: before.weight + last.weight, sum: before.sum + last.sum, members: [...before.members, ...last.members] });
    }
  });
  for (const { weight, sum, members } of pools) members.forEach(([point, shift]) => (point.x = sum / weight + shift));
}
