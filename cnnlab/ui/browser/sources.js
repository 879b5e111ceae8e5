// Where the numbers of the input come from: the table of sources, and how a picture is fetched and decoded.
//
// Names and titles of the bundled pictures are those of cnnlab/inspection/samples.py (a test compares them).
// It does not know how pixels become input channels.

const digit = (n) => ({ name: `digit-${n}`, title: `Digit ${n}`, kind: "digit" });
const photograph = (name, title) => ({ name, title, kind: "photograph" });
const pattern = (name, title, note) => ({ name, title, kind: "pattern", note });

/** The groups in the order in which they are offered. */
export const KINDS = {
  digit: "Digits",
  photograph: "Photographs",
  pattern: "Patterns",
  drawing: "Your drawing",
  upload: "Your picture",
};

export const SOURCES = [
  ...Array.from({ length: 10 }, (_, n) => digit(n)),
  photograph("astronaut", "Astronaut"),
  photograph("camera", "Photographer"),
  photograph("cat", "Cat"),
  photograph("coffee", "Coffee"),
  photograph("rocket", "Rocket"),
  photograph("coins", "Coins"),
  photograph("brick", "Brick"),
  photograph("grass", "Grass"),
  photograph("gravel", "Gravel"),
  photograph("text", "Handwriting"),
  photograph("horse", "Horse"),
  photograph("galaxies", "Galaxies"),
  pattern("numbers", "Numbers 0–9", "Small whole numbers without a plan: easy to check by hand."),
  pattern("ramp", "Ramp", "Rises by 1 from column to column; each further channel starts 1 higher."),
  pattern("impulse", "Single 1", "A single 1 in the middle. The output shows the kernel itself, turned by 180°; a transposed convolution stamps it the right way round."),
  pattern("checker", "Checkerboard", "0 and 1 in turn; each further channel starts with the other colour."),
  pattern("sine", "Sine wave", "Two waves from left to right, −100 to 100; each further channel is one column ahead."),
  pattern("step", "Step", "0 on the left half, 100 on the right; each further channel is one column ahead."),
  { name: "drawing", title: "Draw", kind: "drawing", note: "Your own drawing of 28 × 28 cells." },
  { name: "upload", title: "Upload", kind: "upload", note: "A picture of yours." },
];

const BY_NAME = new Map(SOURCES.map((source) => [source.name, source]));
export const sourceNamed = (name) => BY_NAME.get(name);
export const isBundled = (name) => ["digit", "photograph"].includes(BY_NAME.get(name)?.kind);

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

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/**
 * Keeps `store.picture` at what `settings.source` names; `base` is the address of the folder of pictures, with a slash.
 *
 * `setUpload({ png, name, notes } | null)` hands over what Python received. `upload` is what was handed over, `problem`
 * a sentence or "". Listeners of the store hear "picture" when one has arrived or failed. Call `follow()` once.
 */
export function createPictures(store, base) {
  const memory = new Map();
  const pictures = { base, upload: null, problem: "", setUpload, follow };

  function setUpload(upload) {
    if ((upload?.png ?? null) === (pictures.upload?.png ?? null)) return;
    pictures.upload = upload ?? null;
    memory.delete("upload");
    if (upload?.png) memory.set("upload", decodePicture(new Blob([bytesOf(upload.png)], { type: "image/png" }), "upload"));
    if (store.settings.source === "upload") follow();
  }

  async function follow() {
    const { source } = store.settings;
    if (isBundled(source) && !memory.has(source)) memory.set(source, fetchPicture(base, source));
    let [picture, problem] = [null, ""];
    try {
      picture = (await memory.get(source)) ?? null;
    } catch {
      memory.delete(source);
      problem = "The picture could not be loaded; choose it again, or another one.";
    }
    if (store.settings.source !== source) return;
    const changed = store.picture !== picture || pictures.problem !== problem;
    Object.assign(store, { picture });
    pictures.problem = problem;
    if (changed) store.notify("picture");
  }

  store.subscribe((changed) => {
    if (changed.includes("source")) follow();
  });
  return pictures;
}

async function fetchPicture(base, name) {
  const answer = await fetch(`${base}${name}.png`);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return decodePicture(await answer.blob(), name);
}
