// The input of a stack with what one unit sees of it: the rectangle, the cells really read, what lies in the padding,
// and the rectangles of the layers in between.
//
// It draws what stack.js computes.

import { make } from "./dom.js";
import { createInputs } from "./inputs.js";
import { inputShapeOf } from "./settings.js";
import { sketchPicture } from "./sketch.js";
import { middleOf, runsOf, seenBy, unitNearest } from "./stack.js";
import { createRaster, gridLines } from "./stack-raster.js";
import { place, svg } from "./svg.js";

export function createInputDrawing(store) {
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
    update(stack, depth, { unit, reached, sentence }) {
      const sizes = stack.shapes[0].slice(1);
      const view = createRaster(sizes, seenBy(stack.fields[depth], unit));
      place(element, { viewBox: `0 0 ${view.width} ${view.height}`, "aria-label": sentence });
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

const pathOf = ({ x, y, width, height }) => (width > 0 && height > 0 ? `M${x} ${y}h${width}v${height}h${-width}z` : "");

function overlap(a, b) {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return { x, y, width: Math.min(a.x + a.width, b.x + b.width) - x, height: Math.min(a.y + a.height, b.y + b.height) - y };
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
