// What a chosen unit of the stack sees: its field drawn on the input, and the map of its layer to choose a unit from.
//
// It draws what stack.js computes. Places count from 0 at the first cell of the input; cells outside are padding.

import { fill, make, say } from "./dom.js";
import { createInputs } from "./inputs.js";
import { inputShapeOf } from "./settings.js";
import { sketchPicture } from "./sketch.js";
import { reachedCells, runsOf, seenBy, unitNearest } from "./stack.js";
import { place, svg } from "./svg.js";

const SIDE = 320; // the longer side of a drawing, in its own units
const BAR = 40; // how tall a sequence is drawn
const LINES_FROM = 6; // grid lines where a cell is at least so wide

/** Both drawings, the slider for the layer, and the sentence. */
export function createStackView(store, { stackOf, depthOf }) {
  const slider = make("input", { type: "range", min: 1, step: 1, "aria-label": "Layer whose unit looks at the input" });
  const depthName = make("strong", { class: "number" });
  const input = createInputDrawing(store);
  const output = createOutputDrawing(store, { stackOf, depthOf });
  const sentence = make("p", { class: "stack-sentence", "aria-live": "polite" });
  const [main, detail] = [make("span"), make("span", { class: "muted" })];
  sentence.append(main, " ", detail);
  slider.oninput = () => chooseDepth(store, stackOf(), depthOf(), +slider.value - 1);
  const drawings = make(
    "div",
    { class: "stack-drawings" },
    make("figure", {}, make("figcaption", {}, "The input, and what the unit sees of it"), input.element),
    make("figure", {}, output.caption, output.element, output.hint),
  );
  const element = make("section", { class: "stack-view", "aria-label": "What one unit sees" }, make("h2", {}, "What one unit sees"), make("label", { class: "stack-depth" }, make("span", {}, "Look from ", depthName), slider), sentence, drawings);
  return {
    element,
    update() {
      const stack = stackOf();
      const depth = depthOf();
      element.classList.toggle("hidden", depth < 0);
      if (depth < 0) return;
      drawings.classList.toggle("stack-flat", store.settings.dims === 1);
      slider.max = stack.fields.length;
      slider.value = depth + 1;
      slider.disabled = stack.fields.length === 1;
      say(depthName, `layer ${depth + 1} of ${stack.fields.length}`);
      const unit = unitOf(store.settings, stack, depth);
      const reached = reachedCells(stack, depth, unit);
      say(main, sentenceOf(stack, depth, unit));
      say(detail, detailOf(stack, depth, { unit, reached }));
      input.update(stack, depth, { unit, reached });
      output.update(stack, depth, unit);
    },
  };
}

/** The unit that the settings name, brought into the map of the layer; the middle one if they name none. */
export function unitOf(settings, stack, depth) {
  const sizes = stack.shapes[depth + 1].slice(1);
  if (!settings.unit) return sizes.map((size) => (size - 1) >> 1);
  const wanted = sizes.length === 1 ? [settings.unit[1]] : settings.unit;
  return wanted.map((value, axis) => Math.min(value, sizes[axis] - 1));
}

const asSetting = (unit) => (unit.length === 1 ? [0, unit[0]] : unit);
const middleOf = (field, unit) => field.map(({ size, jump, start }, axis) => start + unit[axis] * jump + (size - 1) / 2);

/** Look from another layer: at the unit whose field is centred where the present one is. */
export function chooseDepth(store, stack, from, to) {
  const unit = unitOf(store.settings, stack, from);
  const next = unitNearest(stack.fields[to], stack.shapes[to + 1].slice(1), middleOf(stack.fields[from], unit));
  store.set({ depth: to + 1, unit: asSetting(next) });
}

const AXIS_WORDS = { 1: [["position", "positions"]], 2: [["row", "rows"], ["column", "columns"]] };
const signed = (value) => String(value).replace("-", "−");

/** "Unit (2, 5) of layer 3 sees 13 × 13 cells of the input: rows 0–9 and columns 4–16. 3 rows … are padding." */
export function sentenceOf(stack, depth, unit) {
  const field = stack.fields[depth];
  const sizes = stack.shapes[0].slice(1);
  const words = AXIS_WORDS[field.length];
  const seen = seenBy(field, unit);
  const spans = seen.map(([from, to], axis) => spanText(Math.max(0, from), Math.min(sizes[axis] - 1, to), words[axis]));
  const outside = seen.map(([from, to], axis) => Math.min(to - from + 1, Math.max(0, -from) + Math.max(0, to - sizes[axis] + 1)));
  const padding = outside.map((count, axis) => (count ? `${count} ${words[axis][count === 1 ? 0 : 1]}` : null)).filter(Boolean);
  const more = padding.length ? ` ${padding.join(" and ")} of it ${outside.reduce((a, b) => a + b, 0) === 1 ? "lies" : "lie"} outside, in the padding.` : " None of it is padding.";
  return `This unit of layer ${depth + 1} (${unit.map((value, axis) => `${words[axis][0]} ${value}`).join(", ")}) has a field of ${field.map(({ size }) => size).join(" × ")}: ${spans.join(" and ")} of the input.${more}`;
}

const spanText = (from, to, [one, many]) => (to < from ? `no ${many}` : from === to ? `${one} ${signed(from)}` : `${many} ${signed(from)}–${signed(to)}`);

/** Whether there are holes in the field, and how far apart neighbouring units look. */
function detailOf({ fields, shapes }, depth, { unit, reached }) {
  const field = fields[depth];
  const words = AXIS_WORDS[field.length];
  if (!reached[0].length) return "Only padding reaches it: it reads nothing of the input.";
  const holes = seenBy(field, unit).flatMap(([from, to], axis) => {
    const inside = Math.min(to, shapes[0][axis + 1] - 1) - Math.max(0, from) + 1;
    return reached[axis].length < inside ? [`only ${reached[axis].length} of the ${inside} ${words[axis][1]}`] : [];
  });
  const jumps = field.map(({ jump }) => jump);
  const far = jumps.every((jump) => jump === 1) ? "Its neighbour looks 1 cell further." : `Its neighbour looks ${[...new Set(jumps)].join(" or ")} cells further (the jump).`;
  return holes.length ? `${far} There are holes: it really reads ${holes.join(" and ")}.` : far;
}

function createInputDrawing(store) {
  const pattern = svg("pattern", { id: "stack-hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("rect", { width: 2, height: 6, class: "stack-hatching" }));
  const cells = svg("image", { preserveAspectRatio: "none", class: "stack-picture" });
  const sheet = svg("rect", { class: "stack-sheet" });
  const lines = svg("path", { class: "stack-lines" });
  const edge = svg("rect", { class: "stack-edge" });
  const outside = svg("path", { fill: "url(#stack-hatch)", "fill-rule": "evenodd" });
  const read = svg("path", { class: "stack-read" });
  const nested = svg("g", { class: "stack-nested" });
  const halo = svg("rect", { class: "stack-halo" }); // keeps the frame apart from a picture of its colour
  const frame = svg("rect", { class: "stack-frame" });
  const element = svg("svg", { class: "stack-svg", role: "img" }, svg("defs", {}, pattern), sheet, cells, lines, edge, outside, read, nested, halo, frame);
  let shown = { key: "", picture: null };
  return {
    element,
    update(stack, depth, { unit, reached }) {
      const sizes = stack.shapes[0].slice(1);
      const view = frameView(sizes, seenBy(stack.fields[depth], unit));
      place(element, { viewBox: `0 0 ${view.width} ${view.height}`, "aria-label": sentenceOf(stack, depth, unit) });
      const whole = view.rect(sizes.map((size) => [0, size - 1]));
      [sheet, cells, edge].forEach((shape) => place(shape, whole));
      shown = showPicture(cells, store, shown);
      place(lines, { d: gridLines(view, sizes) });
      const field = view.rect(seenBy(stack.fields[depth], unit));
      [halo, frame].forEach((shape) => place(shape, field));
      place(outside, { d: `${pathOf(field)}${pathOf(overlap(field, whole))}` });
      place(read, { d: readPath(view, reached) });
      nested.replaceChildren(...earlierFields(stack, depth, unit).map((spans) => svg("rect", view.rect(spans))));
    },
  };
}

/** How cells become drawing units: the input and the field around it, no more than one input's length beyond each edge. */
function frameView(sizes, spans) {
  const shown = sizes.map((size, axis) => {
    const room = Math.max(4, size);
    const [from, to] = [Math.max(-room, Math.min(0, spans[axis][0])), Math.min(size + room, Math.max(size, spans[axis][1] + 1))];
    const edge = (to - from) / 80;
    return [from - edge, to + edge];
  });
  const [across] = shown.slice(-1);
  const down = shown.length === 2 ? shown[0] : [0, 1];
  const scale = SIDE / Math.max(across[1] - across[0], shown.length === 2 ? down[1] - down[0] : 0);
  const tall = shown.length === 2 ? scale : BAR;
  return {
    scale,
    width: (across[1] - across[0]) * scale,
    height: shown.length === 2 ? (down[1] - down[0]) * scale : BAR + 8,
    /** The cell, [row, column] or [column], at a point of the drawing. */
    cellAt: (x, y) => shown.map(([from], axis) => Math.floor(from + (axis === shown.length - 1 ? x : y) / scale)),
    /** The rectangle of [from, to] cells per axis. */
    rect(cells) {
      const [x0, x1] = cells.at(-1);
      const [y0, y1] = cells.length === 2 ? cells[0] : [0, 0];
      const top = cells.length === 2 ? (y0 - down[0]) * scale : 4;
      return { x: (x0 - across[0]) * scale, y: top, width: (x1 - x0 + 1) * scale, height: (y1 - y0 + 1) * tall };
    },
  };
}

const pathOf = ({ x, y, width, height }) => (width > 0 && height > 0 ? `M${x} ${y}h${width}v${height}h${-width}z` : "");

function overlap(a, b) {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return { x, y, width: Math.min(a.x + a.width, b.x + b.width) - x, height: Math.min(a.y + a.height, b.y + b.height) - y };
}

function gridLines(view, sizes) {
  if (view.scale < LINES_FROM) return "";
  const whole = view.rect(sizes.map((size) => [0, size - 1]));
  const along = Array.from({ length: sizes.at(-1) + 1 }, (_, i) => `M${whole.x + i * view.scale} ${whole.y}v${whole.height}`);
  const down = sizes.length === 1 ? [] : Array.from({ length: sizes[0] + 1 }, (_, i) => `M${whole.x} ${whole.y + i * view.scale}h${whole.width}`);
  return [...along, ...down].join("");
}

function readPath(view, reached) {
  const runs = reached.map(runsOf);
  const rows = runs.length === 2 ? runs[0] : [null];
  return rows.flatMap((row) => runs.at(-1).map((column) => pathOf(view.rect(row ? [row, column] : [column])))).join("");
}

/** What the middle unit of each earlier layer sees, from the first layer on. */
function earlierFields({ fields, shapes }, depth, unit) {
  const middle = middleOf(fields[depth], unit);
  return fields.slice(0, depth).map((field, index) => seenBy(field, unitNearest(field, shapes[index + 1].slice(1), middle)));
}

/** Show the first channel of the lab's input behind the grid, where it has arrived. */
function showPicture(image, { settings, picture }, shown) {
  const key = [settings.source, settings.drawing, settings.input, settings.dims].join();
  if (key === shown.key && picture === shown.picture) return shown;
  const [, ...sizes] = inputShapeOf(settings);
  const given = settings.source === "drawing" ? sketchPicture(settings.drawing) : picture;
  const inputs = createInputs(settings.source, [1, ...sizes], given);
  place(image, { href: inputs.ready ? greyPicture(inputs.channel(0), sizes) : null });
  return { key, picture };
}

function greyPicture(values, sizes) {
  const [height, width] = sizes.length === 2 ? sizes : [1, sizes[0]];
  const canvas = make("canvas", { width, height });
  const image = new ImageData(width, height);
  const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  values.forEach((value, at) => image.data.set([...Array(3).fill(Math.round(((value - low) / (high - low || 1)) * 255)), 255], at * 4));
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas.toDataURL();
}

function createOutputDrawing(store, { stackOf, depthOf }) {
  const sheet = svg("rect", { class: "stack-sheet" });
  const lines = svg("path", { class: "stack-lines" });
  const edge = svg("rect", { class: "stack-edge" });
  const clean = svg("rect", { class: "stack-clean" });
  const unit = svg("rect", { class: "stack-unit" });
  const element = svg("svg", { class: "stack-svg stack-pick", role: "application", tabindex: 0 }, sheet, lines, edge, clean, unit);
  const caption = make("figcaption", {});
  const hint = make("p", { class: "muted small" });
  let view = null;
  const choose = (next) => {
    const sizes = stackOf().shapes[depthOf() + 1].slice(1);
    store.set({ unit: asSetting(next.map((value, axis) => Math.max(0, Math.min(sizes[axis] - 1, value)))) });
  };
  element.onkeydown = (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step || event.altKey) return;
    event.preventDefault();
    const now = unitOf(store.settings, stackOf(), depthOf());
    choose(now.length === 1 ? [now[0] + step[1]] : now.map((value, axis) => value + step[axis]));
  };
  const pick = (event) => {
    const from = element.getScreenCTM().inverse();
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(from);
    choose(view.cellAt(x, y));
  };
  element.onpointerdown = (event) => {
    element.setPointerCapture(event.pointerId);
    pick(event);
  };
  element.onpointermove = (event) => element.hasPointerCapture(event.pointerId) && pick(event);
  return {
    element,
    caption,
    hint,
    update(stack, depth, chosen) {
      const sizes = stack.shapes[depth + 1].slice(1);
      const all = sizes.map((size) => [0, size - 1]);
      view = frameView(sizes, all);
      place(element, { viewBox: `0 0 ${view.width} ${view.height}`, "aria-label": `Map of layer ${depth + 1}, ${sizes.join(" by ")} units; chosen: ${chosen.join(", ")}. Arrow keys choose another.` });
      [sheet, edge].forEach((shape) => place(shape, view.rect(all)));
      place(lines, { d: gridLines(view, sizes) });
      place(unit, view.rect(chosen.map((value) => [value, value])));
      say(caption, `The map of layer ${depth + 1}: ${sizes.join(" × ")} units in each of ${stack.shapes[depth + 1][0]} channels`);
      const free = unpadded(stack, depth);
      place(clean, free ? { ...view.rect(free), visibility: null } : { visibility: "hidden" });
      say(hint, `Click or use the arrow keys to choose a unit. ${free ? "Units inside the dashed line see no padding." : "Every unit sees some padding."}`);
    },
  };
}

/** The units, [first, last] per axis, whose whole field lies on the input; null if there are none. */
function unpadded({ fields, shapes }, depth) {
  const spans = fields[depth].map(({ size, jump, start }, axis) => {
    const last = Math.floor((shapes[0][axis + 1] - size - start) / jump);
    return [Math.max(0, Math.ceil(-start / jump)), Math.min(shapes[depth + 1][axis + 1] - 1, last)];
  });
  return spans.some(([from, to]) => to < from) ? null : spans;
}
