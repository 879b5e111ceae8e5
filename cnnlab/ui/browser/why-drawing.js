// Drawing one attribution map: alone, over its picture, or as lines around its strongest parts; and as a file.
//
// It knows values, colours and canvases; it does not know which method made a map.

import { numberText } from "./flow-values.js";
import { contour, levelOf, smooth, STRONGEST } from "./why-numbers.js";

const SHARP = 448; // px that the longer side of a canvas has at least, so that lines are fine

/** Draw a map on a canvas: { values, size, view, opacity, scale, theme, picture: an image or null }. */
export function drawMap(canvas, map) {
  const [rows, cols] = map.size;
  const factor = Math.max(1, Math.ceil(SHARP / Math.max(rows, cols)));
  if (canvas.width !== cols * factor || canvas.height !== rows * factor) Object.assign(canvas, { width: cols * factor, height: rows * factor });
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.filter = "none";
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (map.view !== "alone") drawPicture(context, map, canvas);
  if (map.view === "contour") drawLines(context, map, factor);
  else drawColours(context, map, canvas);
}

function drawPicture(context, { picture, theme, view }, { width, height }) {
  context.fillStyle = theme.panel;
  context.fillRect(0, 0, width, height);
  if (!picture) return;
  context.filter = view === "overlay" ? "grayscale(1)" : "none"; // its own colours would mix with those of the map
  context.drawImage(picture, 0, 0, width, height);
  context.filter = "none";
}

/** Where a map is weak, the picture shows through; alone, every pixel has its full colour. */
function drawColours(context, { values, size: [rows, cols], view, opacity, scale, theme }, { width, height }) {
  const image = new ImageData(cols, rows);
  const colours = theme[scale.kind];
  for (let i = 0, at = 0; i < values.length; i += 1, at += 4) {
    const { r, g, b } = colours[scale.index(values[i]) || 0];
    image.data.set([r, g, b, view === "alone" ? 255 : 255 * opacity * Math.sqrt(Math.min(1, Math.abs(values[i]) / (scale.to || 1)))], at);
  }
  const small = new OffscreenCanvas(cols, rows);
  small.getContext("2d").putImageData(image, 0, 0);
  context.drawImage(small, 0, 0, width, height);
}

/** White lines with a dark rim can be seen on every picture; those around what speaks against the class are dashed. */
function drawLines(context, { values, size }, factor) {
  const even = smooth(values, size, Math.max(1, Math.round(Math.max(...size) / 40)));
  const against = even.map((value) => -value);
  STRONGEST.forEach((share, index) => {
    const level = levelOf(even, share);
    if (!level) return;
    for (const [side, dashes] of [[even, []], [against, [7, 6]]]) {
      const path = new Path2D();
      for (const [x0, y0, x1, y1] of contour(side, size, level)) {
        path.moveTo(x0 * factor, y0 * factor);
        path.lineTo(x1 * factor, y1 * factor);
      }
      context.setLineDash(dashes);
      for (const [colour, width] of [["#000", 5], ["#fff", 3 - index]]) {
        context.strokeStyle = colour;
        context.lineWidth = Math.max(1, width);
        context.stroke(path);
      }
    }
  });
}

/** The text of a legend's ends and middle. */
export function legendTexts({ kind, from, to, beyond }) {
  const [low, high] = [`${beyond[0] ? "≤ " : ""}${numberText(from, 2)}`, `${beyond[1] ? "≥ " : ""}${numberText(to, 2)}`];
  return kind === "diverging" ? [low, "0", high] : [low, high];
}

/** The colours of a scale from its low to its high end, for a gradient. */
export const stopsOf = (scale, theme) => [0, 32, 64, 96, 128, 160, 191, 223, 255].map((index) => theme[scale.kind][index].css);

/** A map with its title and legend as a picture of its own: a canvas that can be saved. */
export function asFile(canvas, { title, subtitle, scale, theme, view }) {
  const [margin, line, bar] = [16, 22, 14];
  const file = Object.assign(document.createElement("canvas"), { width: canvas.width + 2 * margin, height: canvas.height + 2 * margin + 3 * line + bar + 6 });
  const context = file.getContext("2d");
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, file.width, file.height);
  context.drawImage(canvas, margin, margin + 2 * line);
  context.fillStyle = theme.ink;
  context.textBaseline = "top";
  for (const [index, [text, weight]] of [[title, 600], [subtitle, 400]].entries()) {
    context.font = `${weight} 15px ${theme.font}`;
    context.fillText(text, margin, margin - 4 + index * line, canvas.width);
  }
  if (view === "contour") return file;
  const top = margin + 2 * line + canvas.height + 6;
  const gradient = context.createLinearGradient(margin, 0, margin + canvas.width, 0);
  stopsOf(scale, theme).forEach((colour, index, all) => gradient.addColorStop(index / (all.length - 1), colour));
  context.fillStyle = gradient;
  context.fillRect(margin, top, canvas.width, bar);
  context.fillStyle = theme.ink;
  legendTexts(scale).forEach((text, index, all) => {
    const share = index / (all.length - 1);
    context.textAlign = share === 0 ? "left" : share === 1 ? "right" : "center";
    context.fillText(text, margin + share * canvas.width, top + bar + 4);
  });
  return file;
}
