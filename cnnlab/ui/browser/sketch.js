// A small drawing as text: 28 × 28 cells of four brightnesses, in at most 262 characters of an address.
//
// Three cells are one letter of the base64url alphabet (RFC 4648, section 5); black at the end is left out.
// It does not know how a drawing is made.

export const SIDE = 28;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Text of up to 784 cells (0 black to 3 white), three cells a letter. */
export function encodeSketch(cells) {
  let text = "";
  for (let i = 0; i < cells.length; i += 3) {
    text += LETTERS[(cells[i] << 4) | ((cells[i + 1] ?? 0) << 2) | (cells[i + 2] ?? 0)];
  }
  return text.replace(/A+$/, "");
}

/** The 784 cells that a text stands for; letters that do not belong are black. */
export function decodeSketch(text) {
  const cells = new Uint8Array(SIDE * SIDE);
  for (let i = 0; i < cells.length; i++) {
    const letter = Math.max(0, LETTERS.indexOf(text[Math.floor(i / 3)] ?? "A"));
    cells[i] = (letter >> (4 - 2 * (i % 3))) & 3;
  }
  return cells;
}

/** The drawing as a picture of 28 × 28 pixels with the values 0, 85, 170 and 255. */
export function sketchPicture(text) {
  const rgb = new Uint8ClampedArray(SIDE * SIDE * 3);
  decodeSketch(text).forEach((cell, i) => rgb.fill(cell * 85, i * 3, i * 3 + 3));
  return { name: "drawing", width: SIDE, height: SIDE, rgb };
}
