// How the normalisation lab says its numbers, sets and shapes.
//
// It computes nothing.

/** A number with at most four decimals, or three digits where it is smaller than that. */
export function decimal(value) {
  if (!Number.isFinite(value)) return "–";
  const rounded = value !== 0 && Math.abs(value) < 0.001 ? value.toPrecision(3) : String(+value.toFixed(4));
  return rounded.replace(/e-0?/, "e−").replace(/^-/, "−");
}
/** The same inside a sum or a product, where a minus sign needs brackets. */
export const factor = (value) => (value < 0 ? `(${decimal(value)})` : decimal(value));

/** The name of a set: A, B, … Z, and then AA, AB, … */
export const letterOf = (set) => (set < 26 ? "" : String.fromCharCode(64 + Math.floor(set / 26))) + String.fromCharCode(65 + (set % 26));

/** What the set of sample n and channel c is made of. */
export function membersText({ kind, shape: [samples, channels], groups }, n, c) {
  const all = samples === 1 ? "the one sample" : `all ${samples} samples`;
  if (kind === "batch") return `channel ${c} of ${all}`;
  if (kind === "layer") return `all channels of sample ${n}`;
  if (kind === "instance") return `channel ${c} of sample ${n}`;
  const width = channels / groups;
  const first = Math.floor(c / width) * width;
  return `${width === 1 ? `channel ${first}` : `channels ${first} to ${first + width - 1}`} of sample ${n}`;
}

// Which axes a mean runs over, as letters and as the sizes that multiply.
export function averagedAxes({ kind, shape: [samples, channels, height, width], groups }) {
  if (kind === "batch") return { letters: ["N", "H", "W"], sizes: [samples, height, width] };
  if (kind === "layer") return { letters: ["C", "H", "W"], sizes: [channels, height, width] };
  if (kind === "instance") return { letters: ["H", "W"], sizes: [height, width] };
  return { letters: ["C/G", "H", "W"], sizes: [channels / groups, height, width] };
}
