// How the normalisation lab says its numbers, sets and shapes.
//
// It computes nothing.

/** A number with at most four decimals, or three digits where it is smaller than that. */
export function decimal(value) {
  if (!Number.isFinite(value)) return "–";
  if (value !== 0 && Math.abs(value) < 1e-6) return tiny(value);
  const rounded = value !== 0 && Math.abs(value) < 0.001 ? +value.toPrecision(3) : +value.toFixed(4);
  return String(rounded).replace(/^-/, "−");
}

/** A number below a millionth, such as 1.78·10⁻¹⁵. */
function tiny(value) {
  const [digits, exponent] = value.toExponential(2).split("e-");
  return `${digits.replace("-", "−")}·10⁻${[...exponent].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`;
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
  return `${width === 1 ? `channel ${first}` : `channels ${first} ${width === 2 ? "and" : "to"} ${first + width - 1}`} of sample ${n}`;
}

/** Which axes a mean runs over, as letters and as the sizes that multiply. */
export function averagedAxes({ kind, shape: [samples, channels, height, width], groups }) {
  if (kind === "batch") return { letters: ["N", "H", "W"], sizes: [samples, height, width] };
  if (kind === "layer") return { letters: ["C", "H", "W"], sizes: [channels, height, width] };
  if (kind === "instance") return { letters: ["H", "W"], sizes: [height, width] };
  return { letters: ["C/G", "H", "W"], sizes: [channels / groups, height, width] };
}
