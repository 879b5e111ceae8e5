// What a learner can set on the page "Build a network", and how it is written in an address.
//
// The text is the network; "" stands for the example that the page begins with. It knows no notation.

import { COLOURS } from "./architectures-settings.js";
import { choice, readFields, text, whole, writeFields } from "./fields.js";

export const LONGEST = 4000;

// field → [name in the address, default, its form]
const FIELDS = {
  text: ["text", "", text(new RegExp(`^[^]{0,${LONGEST}}$`, "u"), `a network of at most ${LONGEST} signs`)],
  step: ["step", 0, whole(-1, 99999)], // -1 is the input itself
  opened: ["open", "", text(/^[\w.,-]{0,2000}$/, "a list of blocks")],
  colour: ["colour", "kind", choice(Object.keys(COLOURS))],
};

/** Whether an address can hold a text; signs are counted as the server counts them. */
export const fitsAddress = (words) => FIELDS.text[2].read(words) !== undefined;
export const readSettings = (parameters) => readFields(FIELDS, parameters);
export const writeSettings = (settings) => writeFields(FIELDS, settings);
