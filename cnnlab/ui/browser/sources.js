// Where the numbers of the input come from: the table of sources, and how a picture is fetched and decoded.
//
// It does not know how pixels become input channels (inputs.js does).

import { SAMPLES } from "./samples.js";

const pattern = (name, title, alt) => ({ name, title, kind: "pattern", alt });

/** The groups in the order in which they are offered. */
export const KINDS = {
  digit: "Digits",
  photograph: "Photographs",
  shape: "Shapes",
  pattern: "Patterns",
  drawing: "Draw",
  upload: "Upload",
};

export const SOURCES = [
  ...SAMPLES,
  pattern("numbers", "Numbers 0–9", "Small whole numbers without a plan: easy to check by hand."),
  pattern("ramp", "Ramp", "Rises by 1 from column to column; each further channel starts 1 higher."),
  pattern("impulse", "Single 1", "A single 1 in the middle. The output shows the kernel itself, turned by 180°; a transposed convolution stamps it the right way round."),
  pattern("checker", "Checkerboard", "0 and 1 in turn; each further channel starts with the other colour."),
  pattern("sine", "Sine wave", "Two waves from left to right, −100 to 100; each further channel is one column ahead."),
  pattern("step", "Step", "0 on the left half, 100 on the right; each further channel is one column ahead."),
  { name: "drawing", title: "Draw", kind: "drawing", alt: "Your own drawing of 28 × 28 cells." },
  { name: "upload", title: "Upload", kind: "upload", alt: "A picture of yours." },
];

const BY_NAME = new Map(SOURCES.map((source) => [source.name, source]));
export const sourceNamed = (name) => BY_NAME.get(name);
export const isBundled = (name) => ["digit", "photograph", "shape"].includes(BY_NAME.get(name)?.kind);

/** Decode a picture file exactly, without colour management → { name, width, height, rgb }. */
export async function decodePicture(blob, name) {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const { width, height } = bitmap;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const rgb = new Uint8ClampedArray(width * height * 3);
  for (let i = 0, j = 0; i < data.length; i += 4) {
    rgb[j++] = data[i];
    rgb[j++] = data[i + 1];
    rgb[j++] = data[i + 2];
  }
  return { name, width, height, rgb };
}

/** The address of the bundled pictures, with a slash at the end; it follows from where this module was loaded from. */
export const PICTURES = new URL("../../pictures/", import.meta.url).href;
const fetched = new Map();

/**
 * Bring `store.picture` to what `store.settings.source` names, and tell the store's listeners ("picture").
 *
 * `upload` is { png: base64, name, notes } as Python read it, or null; `pictures` the address of the folder of pictures,
 * ending in a slash; `own(source)` is the address of a picture of a learner's set, null for others. A picture has { name, width, height, rgb }, an uploaded one also { title, notes }; it is null for
 * patterns, drawings, and while there is none. `store.pictureProblem` is a sentence, or "".
 */
export async function loadPicture(store, { upload = null, pictures = PICTURES, own = () => null } = {}) {
  const { source } = store.settings;
  const address = isBundled(source) ? `${pictures}${source}.png` : source === "upload" ? upload : own(source);
  store.wantedPicture = address;
  let [picture, problem] = [null, ""];
  try {
    if (address) picture = await remembered(address, source);
  } catch {
    fetched.delete(address.png ?? address);
    problem = "This picture could not be loaded. Choose it again, or choose another.";
  }
  if (store.wantedPicture !== address) return;
  const changed = store.picture !== picture || (store.pictureProblem ?? "") !== problem;
  Object.assign(store, { picture, pictureProblem: problem });
  if (changed) store.notify("picture");
}

const MOST_REMEMBERED = 40;
function remembered(address, name) {
  const key = typeof address === "string" ? address : address.png;
  if (!fetched.has(key)) {
    if (fetched.size >= MOST_REMEMBERED) fetched.delete(fetched.keys().next().value);
    fetched.set(key, typeof address === "string" ? fetchPicture(address, name) : readUpload(address));
  }
  return fetched.get(key);
}

async function fetchPicture(address, name) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return decodePicture(await answer.blob(), name);
}

async function readUpload({ png, name, notes }) {
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const picture = await decodePicture(new Blob([bytes], { type: "image/png" }), "upload");
  return { ...picture, title: name, notes };
}
