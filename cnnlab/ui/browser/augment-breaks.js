// When does a distorted picture no longer show what its label says?
//
// What is known of the bundled pictures: letters and digits that mean something else, objects that have left. It judges
// draws and knows no pixels.

import { drawOf } from "./augment-draws.js";
import { objectLeft } from "./augment-geometry.js";

export const LEAST_LEFT = 0.5;
const MANY = 200;
const mirroredDigits = [2, 3, 4, 5, 6, 7, 9];
const upsideDownDigits = [3, 4, 7];

// picture → { transform: [is it broken by these parameters?, what is said] }
const BREAKS = {
  "shape-letter-l": {
    flip: [([is]) => is > 0, "mirrored, it is no L"],
    rotate: [([by]) => Math.abs(by) > 60, "turned so far, it is no L"],
  },
  text: { flip: [([is]) => is > 0, "mirrored, nobody can read it"] },
};
for (const digit of mirroredDigits) {
  BREAKS[`digit-${digit}`] = { flip: [([is]) => is > 0, `mirrored, it is no ${digit}`] };
}
for (const digit of upsideDownDigits) {
  BREAKS[`digit-${digit}`].rotate = [([by]) => Math.abs(by) > 90, `upside down, it is no ${digit}`];
}
for (const [digit, other] of [[6, 9], [9, 6]]) {
  BREAKS[`digit-${digit}`].rotate = [([by]) => Math.abs(by) > 120, `upside down, it is a ${other}`];
}

/** What is no longer true of a picture after a draw: sentences without capital and full stop; none where all is well. */
export function brokenBy(name, draw, left = null) {
  const rules = Object.entries(BREAKS[name] ?? {});
  const said = rules.filter(([transform, [breaks]]) => draw[transform] && breaks(draw[transform])).map(([, [, words]]) => words);
  if (left !== null && left < LEAST_LEFT) said.push(left < 0.005 ? "the object is lost" : `${Math.round(100 * left)}\u00a0% of the object is left`);
  return said;
}

/** Of 200 draws of a policy: how many break the label, and how many lose more than half of the object. */
export function countBroken(name, policy, seed, mask) {
  const counts = { of: MANY, label: 0, lost: mask ? 0 : null };
  for (let number = 0; number < MANY; number += 1) {
    const draw = drawOf(policy, seed, number);
    counts.label += brokenBy(name, draw).length > 0;
    if (mask) counts.lost += objectLeft(mask, draw) < LEAST_LEFT;
  }
  return counts;
}
