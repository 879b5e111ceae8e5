// What settings name that does not exist: a kernel, or a list of layers that cannot be read.
//
// settings.js checks the form of what an address says; this looks the names up. It changes nothing.

import { PRESETS } from "./kernels.js";
import { isReadableStack } from "./stack.js";

/** Sentences, one for each name in the settings that leads nowhere. */
export function unknownNames({ kernelPreset, stack }) {
  const problems = [];
  if (!PRESETS.some(({ name }) => name === kernelPreset)) {
    const names = PRESETS.map(({ name }) => name).join(", ");
    problems.push(`The link asks for a kernel called “${kernelPreset}”; there are ${names}. The lab uses “${PRESETS[0].name}”.`);
  }
  if (stack && !isReadableStack(stack)) {
    problems.push(`The link’s list of layers, “${stack.slice(0, 40)}”, cannot be read; the Stack tab starts with its own.`);
  }
  return problems;
}
