// Which part of the picture a unit of a map sees, and which unit a place in a map is.
//
// Fields are those that the server tells of a step: size, distance of neighbours and beginning, for each axis. A place is
// kept as a share of the map, so that it stays where it is while one walks through maps of other sizes. It draws nothing.

const WHOLE = 100_000;

/** The unit at a place "y,x" (in hundred-thousandths) of a map of [height, width]: [row, column]. */
export function unitAt(place, size) {
  return place.split(",").map((share, axis) => Math.max(0, Math.min(size[axis] - 1, Math.floor((+share * size[axis]) / WHOLE))));
}

/** The place of the middle of a unit, as it is written in an address. */
export const placeOf = (unit, size) => unit.map((index, axis) => Math.floor(((index + 0.5) * WHOLE) / size[axis])).join(",");

/** Whether the last two axes of a step's output are the picture's: its last unit must still see some of the picture. */
function isLaidOut(step, input) {
  if (step.out.length < 3) return false;
  return step.out.slice(-2).every((size, axis) => step.field.start[axis] + (size - 1) * step.field.stride[axis] < input.at(axis - 2));
}

/**
 * What a unit of a step's output sees: { known, whole, from: [top, left], to: [bottom, right] } in cells of the input, both included; what
 * lies outside of the input is padding, `inside` is the rest: { top, left, height, width }, null where nothing is left.
 */
export function seenBy(step, unit, input) {
  const { field } = step;
  const [height, width] = input.slice(-2);
  const everything = { top: 0, left: 0, height, width };
  const all = { from: [0, 0], to: [height - 1, width - 1], inside: everything };
  if (field && !field.local) return { known: true, whole: true, ...all };
  if (!field || field.start.some((start) => start === null) || !isLaidOut(step, input)) return { known: false, whole: false, ...all };
  const from = field.size.map((_, axis) => Math.floor(field.start[axis] + unit[axis] * field.stride[axis]));
  const to = from.map((first, axis) => first + field.size[axis] - 1);
  const top = Math.max(0, from[0]);
  const left = Math.max(0, from[1]);
  const inside = { top, left, height: Math.min(height - 1, to[0]) - top + 1, width: Math.min(width - 1, to[1]) - left + 1 };
  const gone = inside.height <= 0 || inside.width <= 0;
  return { known: true, whole: false, from, to, inside: gone ? null : inside };
}

/** The same in a sentence. */
export function seenText(step, unit, input) {
  const { field } = step;
  const seen = seenBy(step, unit, input);
  if (!seen.known) return field ? "The numbers of this step are not laid out as the picture is, so no part of it can be framed." : "Which part of the picture this unit sees is not known.";
  if (seen.whole) return "This unit sees the whole picture.";
  const [height, width] = field.size;
  const share = seen.inside ? (100 * seen.inside.height * seen.inside.width) / (input.at(-1) * input.at(-2)) : 0;
  const rows = `rows ${minus(seen.from[0])} to ${minus(seen.to[0])}, columns ${minus(seen.from[1])} to ${minus(seen.to[1])}`;
  const padding = !seen.inside || seen.inside.height < height || seen.inside.width < width;
  const gate = field.whole ? " Through a side branch it also depends on the whole picture." : "";
  const about = field.aligned ? "" : " Its branches are not aligned: this is the area that holds them all.";
  const near = field.stride.some((stride) => stride % 1) ? "about " : ""; // enlarged: units differ a little
  return `This unit sees ${near}${height} × ${width} pixels: ${rows}${padding ? "; what lies outside of the picture is padding" : ""}. That is ${shareText(share)} of the picture.${gate}${about}`;
}

const minus = (number) => String(number).replace("-", "−");
const shareText = (share) => (share >= 99.95 ? "all" : share < 0.1 ? "less than 0.1 %" : `${share.toFixed(1)} %`);
