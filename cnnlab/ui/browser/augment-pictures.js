// The pictures of the Augmentation page as numbers: a square of the size that a network would read, and where the object is.
//
// It fetches and shrinks; it distorts nothing.

import { isOwn, setOf } from "./augment-own.js";
import { SAMPLES } from "./samples.js";
import { decodePicture, loadPicture, PICTURES } from "./sources.js";

const SIDES = { digit: 32, shape: 64, photograph: 112 };
const SMALLEST = 32;
const COARSE = 2; // masks are counted at half the side, where many draws are

export const kindOf = (name) => SAMPLES.find((sample) => sample.name === name)?.kind ?? (isOwn(name) ? "own" : "upload");
/** The axes of the colours of the set that a picture belongs to; those of the photographs where it is of none. */
export const axesFor = (name, axes) => axes[setOf(name)] ?? axes[kindOf(name)] ?? axes.photograph;
const titleOf = (name, own) => (isOwn(name) ? own.titleOf(name) : SAMPLES.find((sample) => sample.name === name)?.title ?? "Your picture");

/** The square in the middle of { width, height, rgb }, resized to `side` → { width, height, values from 0 to 1 }. */
export function squareOf({ width, height, rgb }, side) {
  const image = new ImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) image.data[4 * pixel + channel] = rgb[3 * pixel + channel];
    image.data[4 * pixel + 3] = 255;
  }
  const whole = new OffscreenCanvas(width, height);
  whole.getContext("2d").putImageData(image, 0, 0);
  const context = new OffscreenCanvas(side, side).getContext("2d", { willReadFrequently: true });
  const shorter = Math.min(width, height);
  Object.assign(context, { imageSmoothingEnabled: side !== shorter, imageSmoothingQuality: "high" });
  context.drawImage(whole, (width - shorter) / 2, (height - shorter) / 2, shorter, shorter, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  const values = new Float64Array(3 * side * side);
  for (let at = 0; at < values.length; at += 1) values[at] = data[4 * Math.floor(at / 3) + (at % 3)] / 255;
  return { width: side, height: side, values };
}

const firstChannel = ({ width, height, values }) => ({ width, height, values: values.filter((_, at) => at % 3 === 0) });

async function maskOf(name) {
  if (kindOf(name) !== "shape") return null;
  const answer = await fetch(`${PICTURES}masks/${name}.png`);
  if (!answer.ok) return null;
  const picture = await decodePicture(await answer.blob(), name);
  return { fine: firstChannel(squareOf(picture, picture.width)), coarse: firstChannel(squareOf(picture, picture.width / COARSE)) };
}

/** The name of the picture that mixup lays over this one: the next of its kind. */
function partnerOf(name, own) {
  if (isOwn(name)) return own.partnerOf(name);
  const alike = SAMPLES.filter(({ kind }) => kind === kindOf(name));
  return alike.length ? alike[(alike.findIndex((one) => one.name === name) + 1) % alike.length].name : "cat";
}

/**
 * Bring the picture that `store.settings.source` names, its partner and its mask: { picture, title, partner, partnerTitle,
 * mask, source }, or null where there is none; "shown" is notified. `upload` is as loadPicture has it, `own` as createOwn.
 */
export async function bringPictures(store, upload, own) {
  const { source } = store.settings;
  const other = partnerOf(source, own);
  const partner = { settings: { source: other }, notify() {} };
  const from = { upload, own: own.picture };
  const [mask] = await Promise.all([maskOf(source).catch(() => null), loadPicture(store, from), loadPicture(partner, from)]);
  if (store.settings.source !== source) return;
  const side = SIDES[kindOf(source)] ?? Math.max(SMALLEST, Math.min(SIDES.photograph, store.picture?.width ?? 0));
  store.shown = store.picture && {
    picture: squareOf(store.picture, side),
    partner: partner.picture && squareOf(partner.picture, side),
    title: titleOf(source, own),
    partnerTitle: titleOf(other, own),
    mask,
    source,
  };
  store.notify("shown");
}

/** Paint a picture on a canvas, a pixel for a pixel. */
export function paintPicture(canvas, { width, height, values }) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  for (let from = 0, to = 0; from < values.length; from += 3, to += 4) {
    for (let colour = 0; colour < 3; colour += 1) image.data[to + colour] = 255 * values[from + colour] + 0.5;
    image.data[to + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}
