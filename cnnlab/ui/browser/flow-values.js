// Numbers that travelled as base64, and how they are coloured: centred on 0 where some are negative, else from 0 upwards.
//
// It knows bytes and colours, not where they come from.

import { createScale } from "./painting.js";

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** float32, little end first, whatever the machine. */
export function floatsOf(text) {
  const { buffer } = bytesOf(text);
  const view = new DataView(buffer);
  return Float32Array.from({ length: buffer.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** The maps of a step's page: [{ channel, values: Float32Array, low, high, dead }], each height × width = step.tile. */
export function tilesOf(step) {
  const bytes = bytesOf(step.tiles);
  const length = step.tile[0] * step.tile[1];
  return step.shown.map((channel, index) => {
    const [low, high] = [step.tile_low[index], step.tile_high[index]];
    const values = Float32Array.from(bytes.subarray(index * length, (index + 1) * length), (byte) => low + ((high - low) * byte) / 255);
    return { channel, values, low, high, dead: step.dead_shown[index] };
  });
}

/** The scale for values between two ends. */
export const scaleFor = (low, high) => createScale(low < 0 ? "diverging" : "sequential", Math.min(low, 0), Math.max(high, 0));

/**
 * The scale for all channels of a step. A few very large values would leave all others pale, so it ends at four times the
 * root of the mean square; `beyond` says whether there are values beyond it, which get the colour of its end.
 */
export function commonScale({ low, high, mean, deviation, size }) {
  const reach = size[0] * size[1] === 1 ? Infinity : 4 * Math.hypot(mean, deviation);
  const scale = scaleFor(Math.max(low, -reach), Math.min(high, reach));
  return { ...scale, beyond: [low < scale.from, high > scale.to] };
}

/** Paint a map on a canvas, one pixel a value. */
export function paintMap(canvas, values, [rows, cols], scale, theme) {
  if (canvas.width !== cols || canvas.height !== rows) Object.assign(canvas, { width: cols, height: rows });
  const colours = theme[scale.kind];
  const image = new ImageData(cols, rows);
  for (let i = 0, at = 0; i < values.length; i += 1, at += 4) {
    const { r, g, b } = colours[scale.index(values[i]) || 0];
    image.data[at] = r;
    image.data[at + 1] = g;
    image.data[at + 2] = b;
    image.data[at + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** Paint one number as a bar that stands on 0 or hangs from it. */
export function paintBar(canvas, value, { from, to }, theme) {
  const side = 64;
  if (canvas.width !== side || canvas.height !== side) Object.assign(canvas, { width: side, height: side });
  const context = canvas.getContext("2d");
  const up = (number) => 4 + ((to - number) / (to - from || 1)) * (side - 8);
  context.fillStyle = theme.panel;
  context.fillRect(0, 0, side, side);
  context.fillStyle = value < 0 ? theme.warn : theme.accent;
  context.fillRect(18, Math.min(up(0), up(value)), 28, Math.max(1, Math.abs(up(value) - up(0))));
  context.fillStyle = theme.ink;
  context.fillRect(6, Math.round(up(0)), 52, 1);
}

/** A number with enough digits to be exact for a reader, and a real minus sign. */
export function numberText(value, digits = 4) {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const text = value === 0 ? "0" : Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3 ? value.toExponential(digits - 1) : String(+value.toPrecision(digits));
  return text.replaceAll("-", "−");
}
