// Which settings near an impossible one work: one field changed if that is enough, else two, or more.
//
// It searches in the same order as nearest.py and candidates.py in cnnlab/arithmetic, so both name the same settings;
// every suggestion has been tried against the rules.

import { FIELDS, INPUT, LARGEST, isPossible, problems } from "./rules.js";
import { grouped } from "./units.js";
import { gcd, paddingPairs } from "./windows.js";

const MOST = 4;
const FIELDS_AT_ONCE = 5;
const KEPT = 12;
const STEP_BY_STEP = 32;
const HIDING = 1000;
const UNUSABLE = new Set(["not-positive", "negative", "too-large", "padding-word", "padding-mode"]);
const BEYOND_REPAIR = new Set(["dims", "axis-count", "input-axes", "not-whole"]);

/**
 * Up to four changes that make the layer work, the smallest first: [{ changes, sentence }]. `changes.input` is the sizes
 * of the input without its channels; `changes.inputChannels` is their number where `cin` does not change with it.
 */
export function suggestions(layer, inputShape) {
  if ([...problems(layer, inputShape)].some((one) => BEYOND_REPAIR.has(one.rule))) return [];
  const distance = (changes) => distanceOf(layer, inputShape, changes);
  let level = [{}];
  for (let count = 0; count < FIELDS_AT_ONCE; count += 1) {
    const next = [...further(layer, inputShape, level)];
    const working = next.filter((changes) => isPossible(...apply(layer, inputShape, changes)));
    if (working.length) {
      const sorted = distinct(working.sort((one, other) => distance(one) - distance(other)));
      return sorted.slice(0, MOST).map((changes) => ({
        changes: published(layer, inputShape, changes),
        sentence: sentence(layer, inputShape, changes),
      }));
    }
    level = next.sort((one, other) => distance(one) - distance(other)).slice(0, KEPT);
  }
  return [];
}

/** Change one more field of each, and keep what breaks fewer rules than before. */
function* further(layer, shape, level) {
  for (const changes of level) {
    const [changed, size] = apply(layer, shape, changes);
    const broken = weigh(problems(changed, size));
    for (const move of moves(changed, size)) {
      if (Object.keys(move).some((name) => name in changes)) continue;
      if (weigh(problems(...apply(changed, size, move))) < broken) yield { ...changes, ...move };
    }
  }
}

function* moves(layer, shape) {
  for (const field of FIELDS[layer.op]) {
    if (!field.spread) yield* scalarValues(layer, shape, field);
    else if (typeof layer[field.name] !== "string") yield* spreadValues(layer, shape, field);
  }
  yield* wordValues(layer);
  yield* spreadValues(layer, shape, INPUT);
}

/** Move the field on every axis that has a problem to the nearest value without one, or with fewer. */
function* spreadValues(layer, shape, field) {
  const values = field === INPUT ? shape.slice(1) : [...layer[field.name]];
  const before = [...values];
  const broken = [...problems(layer, shape)];
  const axes = [...new Set(broken.map((one) => one.axis).filter((axis) => axis !== null))].sort((a, b) => a - b);
  for (const axis of axes.filter((one) => one < values.length)) {
    const weighed = (value) => {
      const trial = values.map((old, place) => (place === axis ? value : old));
      const changes = { [field.name]: field === INPUT ? [shape[0], ...trial] : trial };
      return weigh(problems(...apply(layer, shape, changes)), axis);
    };
    const now = weighed(values[axis]);
    const found =
      scan(values[axis], field.least, (value) => weighed(value) === 0) ?? scan(values[axis], field.least, (value) => weighed(value) < now);
    if (found !== null) values[axis] = found;
  }
  if (!same(values, before)) yield { [field.name]: field === INPUT ? [shape[0], ...values] : values };
}

/** The value nearest to `start` that works, the smaller of two; null if there is none. */
function scan(start, least, works) {
  for (let distance = 1; distance <= STEP_BY_STEP; distance += 1) {
    for (const value of [start - distance, start + distance]) {
      if (value >= least && value <= LARGEST && works(value)) return value;
    }
  }
  const [below, above] = [far(start, -1, least, works), far(start, 1, least, works)];
  if (below === null || above === null) return below ?? above;
  return Math.abs(above - start) < Math.abs(below - start) ? above : below;
}

function far(start, sign, least, works) {
  const room = sign < 0 ? start - least : LARGEST - start;
  let [near, end] = [STEP_BY_STEP, 2 * STEP_BY_STEP];
  while (near < room && !works(start + sign * Math.min(end, room))) [near, end] = [end, 2 * end];
  if (near >= room) return null;
  end = Math.min(end, room);
  while (end - near > 1) {
    const middle = Math.floor((near + end) / 2);
    if (works(start + sign * middle)) end = middle;
    else near = middle;
  }
  return start + sign * end;
}

function* scalarValues(layer, shape, field) {
  const now = layer[field.name];
  const linked = field.name === "cin" && layer.op !== "dense" && now === shape[0];
  const changed = (value) => (linked ? { cin: value, input: [value, ...shape.slice(1)] } : { [field.name]: value });
  if (now < field.least || now > LARGEST) {
    yield changed(now < field.least ? field.least : LARGEST);
  } else if (field.name === "groups") {
    for (const value of divisorsBeside(now, gcd(layer.cin, layer.cout))) yield { groups: value };
  } else if (layer.op !== "dense" && layer.groups >= 1 && now % layer.groups) {
    const whole = Math.floor(now / layer.groups) * layer.groups;
    yield changed(whole);
    yield changed(whole + layer.groups);
  }
  if (field.name !== "cin") return;
  if (layer.op !== "dense" && now !== shape[0]) {
    yield { cin: shape[0] };
    yield { input: [now, ...shape.slice(1)] };
  }
  if (layer.op === "dense" && now !== shape.at(-1)) {
    yield { cin: shape.at(-1) };
    yield { input: [...shape.slice(0, -1), now] };
  }
}

function* wordValues(layer) {
  if (layer.op !== "conv" && layer.op !== "transposed") return;
  const word = typeof layer.padding === "string";
  if (layer.op === "transposed") {
    if (word) yield { padding: layer.kernel.map(() => 0) };
  } else if (layer.padding === "same") {
    yield { padding: paddingPairs(layer).map(([left]) => left) };
    yield { padding: "valid" };
  } else if (word) {
    yield { padding: "valid" };
  }
  if (layer.padMode !== "zeros") yield { padMode: "zeros" };
}

/** The largest divisor of `whole` below `number` and the smallest above it. */
function divisorsBeside(number, whole) {
  if (!(whole >= 1 && whole <= LARGEST)) return [];
  let [below, above] = [0, Infinity];
  const see = (divisor) => {
    if (divisor < number) below = Math.max(below, divisor);
    if (divisor > number) above = Math.min(above, divisor);
  };
  for (let divisor = 1; divisor * divisor <= whole; divisor += 1) {
    if (whole % divisor) continue;
    see(divisor);
    see(whole / divisor);
  }
  return [below, above].filter((divisor) => divisor > 0 && divisor < Infinity);
}

function apply(layer, shape, changes) {
  const { input, ...settings } = changes;
  return [{ ...layer, ...settings }, input ?? shape];
}

/** Count the broken rules (of one axis); a number that is none at all hides others, so it weighs more. */
function weigh(broken, axis = undefined) {
  let total = 0;
  for (const one of broken) if (axis === undefined || one.axis === axis) total += UNUSABLE.has(one.rule) ? HIDING : 1;
  return total;
}

/** How far the numbers move, added up; a word counts as one. */
function distanceOf(layer, shape, changes) {
  let total = 0;
  for (const [name, value] of Object.entries(changes)) {
    const old = name === "input" ? shape : layer[name];
    if (Array.isArray(value) && Array.isArray(old)) value.forEach((one, place) => (total += Math.abs(one - old[place])));
    else total += typeof value === "number" && typeof old === "number" ? Math.abs(value - old) : 1;
  }
  return total;
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const distinct = (found) => found.filter((one, place) => !found.slice(0, place).some((before) => sameChanges(before, one)));
const sameChanges = (one, other) =>
  Object.keys(one).length === Object.keys(other).length && Object.keys(one).every((name) => same(one[name], other[name]));

function sentence(layer, shape, changes) {
  const labels = Object.fromEntries([...FIELDS[layer.op], INPUT].map(({ name, label }) => [name, label]));
  labels.padMode = "padding mode";
  const parts = [];
  for (const [name, value] of Object.entries(changes)) {
    const old = name === "input" ? shape : layer[name];
    if (name === "input" && "cin" in changes && same(value.slice(1), old.slice(1))) continue;
    parts.push(`${labels[name]} ${text(value)} instead of ${text(old)}`);
  }
  return parts.join(" and ");
}

const text = (value) => (Array.isArray(value) ? value.map(grouped).join("×") : typeof value === "number" ? grouped(value) : String(value));

function published(layer, shape, { input, ...changes }) {
  if (!input) return changes;
  if (layer.op === "dense") return { ...changes, input };
  if (!same(input.slice(1), shape.slice(1))) changes = { ...changes, input: input.slice(1) };
  if (input[0] !== shape[0] && !("cin" in changes)) changes = { ...changes, inputChannels: input[0] };
  return changes;
}
