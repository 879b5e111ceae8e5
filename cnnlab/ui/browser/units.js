// How a count or a size in bytes is written for a reader: the same text as cnnlab/arithmetic/units.py.
//
// It does not know what is being counted.

const BINARY = ["KiB", "MiB", "GiB", "TiB", "PiB"];
const DECIMAL = ["M", "G", "T"];

/** Every digit, with a comma at each thousand and a real minus sign. */
export const grouped = (number) =>
  (number < 0 ? "−" : "") + String(BigInt(Math.abs(number))).replace(/\B(?=(\d{3})+$)/g, ",");

/** number / unit with one decimal, rounded half up, in whole numbers only. */
function tenths(number, unit) {
  const rounded = (20n * BigInt(number) + BigInt(unit)) / (2n * BigInt(unit));
  return `${grouped(Number(rounded / 10n))}.${rounded % 10n}`;
}

/** Bytes in the largest fitting binary unit (1 KiB = 1,024 B): "4.8 KiB". */
export const bytesText = (number) => (number < 1024 ? `${grouped(number)} B` : scaled(number, BINARY, 1024, 1024));

/** A count in full below a million, else in millions (M), thousand millions (G) or T: "120.4 M". */
export const countText = (number) => (number < 1e6 ? grouped(number) : scaled(number, DECIMAL, 1e6, 1000));

function scaled(number, names, unit, ratio) {
  for (const name of names.slice(0, -1)) {
    if (number < ratio * unit) return `${tenths(number, unit)} ${name}`;
    unit *= ratio;
  }
  return `${tenths(number, unit)} ${names.at(-1)}`;
}
