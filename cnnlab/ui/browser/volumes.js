// What goes into a step and what comes out, as boxes: height and width on one scale, channels on another.
//
// It draws shapes that it is told and computes no shape. Numbers stand beside the boxes, so the drawing adds to them only.

import { svg } from "./svg.js";

const SIDE = 120; // px of the largest height or width of this step
const DEPTH = 90; // px of the most channels of this step
const SLANT = 0.5; // how far depth goes right and up, of its length
const GAP = 70;
const LEAST = 2;
const LEAST_SCALE = 0.7; // smaller, the sizes could not be read: then it scrolls

/** [channels, height, width] of a shape of any rank; a vector is a column of channels of size 1 × 1. */
export const asVolume = (shape) => (shape.length >= 3 ? shape.slice(-3) : shape.length === 2 ? [shape[0], 1, shape[1]] : [shape[0] ?? 1, 1, 1]);

/** Sizes in px of boxes for shapes, on common scales: [{ width, height, depth }]. */
export function scaled(shapes) {
  const volumes = shapes.map(asVolume);
  const side = Math.max(...volumes.flatMap(([, height, width]) => [height, width]));
  const most = Math.max(...volumes.map(([channels]) => channels));
  const px = (size, largest, room) => Math.max(LEAST, (size / largest) * room);
  return volumes.map(([channels, height, width]) => ({
    width: px(width, side, side === 1 ? 14 : SIDE),
    height: px(height, side, side === 1 ? 14 : SIDE),
    depth: px(channels, most, DEPTH),
  }));
}

/** A drawing of what goes in, the name of what is done, and what comes out. */
export function drawVolumes(inputs, output, action) {
  const boxes = scaled([...inputs, output]);
  const shapes = [...inputs, output];
  const tallest = Math.max(...boxes.map((box) => box.height + box.depth * SLANT));
  const floor = tallest + 8;
  const parts = [];
  let x = 4;
  boxes.forEach((box, index) => {
    const isOutput = index === boxes.length - 1;
    if (isOutput) {
      parts.push(arrow(x, floor - tallest / 2, action));
      x += GAP + 20;
    } else if (index > 0) {
      parts.push(svg("text", { x: x - 12, y: floor - tallest / 2, class: "volume-plus", "text-anchor": "middle" }, "+"));
    }
    const wide = Math.max(box.width + box.depth * SLANT, 84);
    parts.push(boxAt(x, floor, box, isOutput ? "volume output" : "volume"));
    parts.push(svg("text", { x, y: floor + 18, class: "volume-size" }, shapes[index].join(" × ")));
    x += wide + (index < boxes.length - 2 ? 28 : 10);
  });
  const words = `${inputs.map((shape) => shape.join(" × ")).join(" and ")} becomes ${output.join(" × ")}`;
  return svg("svg", { viewBox: `0 0 ${Math.ceil(x)} ${Math.ceil(floor + 26)}`, width: Math.ceil(x), role: "img", "aria-label": words, class: "volumes", style: `min-width: ${Math.ceil(x * LEAST_SCALE)}px` }, parts);
}

function boxAt(x, floor, { width, height, depth }, kind) {
  const [right, up] = [depth * SLANT, depth * SLANT];
  const top = floor - height;
  const points = (list) => list.map((point) => point.map((one) => one.toFixed(1)).join(",")).join(" ");
  return svg("g", { class: kind },
    svg("polygon", { class: "top", points: points([[x, top], [x + right, top - up], [x + width + right, top - up], [x + width, top]]) }),
    svg("polygon", { class: "side", points: points([[x + width, top], [x + width + right, top - up], [x + width + right, floor - up], [x + width, floor]]) }),
    svg("rect", { class: "front", x, y: top, width, height }));
}

const arrow = (x, y, action) => svg("g", { class: "volume-arrow" },
  svg("text", { x: x + GAP / 2, y: y - 8, "text-anchor": "middle" }, action),
  svg("path", { d: `M${x} ${y} h${GAP - 4} m-7 -5 l7 5 l-7 5`, fill: "none" }));
