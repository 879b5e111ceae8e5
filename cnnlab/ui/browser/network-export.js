// A network's graph as a file: SVG or PNG, with light background and colours, and nothing that is fetched from elsewhere.
//
// It copies a drawing that exists. It does not know how it came about.

import { LIGHT, savedRules } from "./network-style.js";
import { svg } from "./svg.js";

const MARGIN = 16;
const SHARP = 2; // pixels of a PNG for a px of the drawing
const MOST_SIDE = 12_000; // pixels; browsers make no larger pictures
const MOST_PIXELS = 80e6;
const FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** The drawing as the text of an SVG file. */
export function svgText(drawing, { width, height }, title) {
  const copy = drawing.cloneNode(true);
  copy.querySelectorAll("style").forEach((style) => style.remove());
  copy.querySelectorAll("[tabindex]").forEach((element) => element.removeAttribute("tabindex"));
  const box = [-MARGIN, -MARGIN, width + 2 * MARGIN, height + 2 * MARGIN];
  const file = svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: box.join(" "), width: box[2], height: box[3], "font-family": FONT },
    svg("title", {}, title), svg("style", {}, savedRules()),
    svg("rect", { x: box[0], y: box[1], width: box[2], height: box[3], fill: LIGHT["--paper"] }), ...copy.childNodes);
  return new XMLSerializer().serializeToString(file);
}

/** Promise the PNG of an SVG text as a blob; a very large drawing is made smaller. Rejects with a sentence. */
export async function pngOf(text, { width, height }) {
  const [wide, high] = [width + 2 * MARGIN, height + 2 * MARGIN];
  const scale = Math.min(SHARP, MOST_SIDE / wide, MOST_SIDE / high, Math.sqrt(MOST_PIXELS / wide / high));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.ceil(wide * scale), height: Math.ceil(high * scale) });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("The drawing is too large for a PNG here. Close some blocks, or take the SVG.");
  return blob;
}

/** Hand a blob to the browser as a file to be saved. */
export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
