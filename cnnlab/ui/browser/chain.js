// Layers one after another: their reports, shapes, totals, and how the receptive field grows through them.
//
// It asks arithmetic.js for each layer; it does not know where the layers come from.

import { analyse } from "./arithmetic.js";

/** Analyse layers one after another: { reports, shapes, ok }; it ends at the first that is impossible. */
export function analyseChain(layers, shape) {
  const shapes = [shape];
  const reports = [];
  for (const layer of layers) {
    const report = analyse(layer, shapes.at(-1));
    reports.push(report);
    if (!report.ok) return { reports, shapes, ok: false };
    shapes.push(report.output);
  }
  return { reports, shapes, ok: true };
}

/** What a chain costs together; memory of activations is that of every map it makes. Undefined where it is impossible. */
export function totalsOf({ reports, ok }) {
  const sum = (name) => (ok ? reports.reduce((total, report) => total + report[name], 0) : undefined);
  return {
    parameters: sum("parameters"),
    macs: sum("macs"),
    flops: sum("flops"),
    weightBytes: sum("weightBytes"),
    activationBytes: sum("activationBytes"),
  };
}

/**
 * Receptive fields through layers, from each layer's own { size, stride, lo }: for each layer and axis
 * { size, jump, start } in input cells. r ← r + (k − 1)·j, j ← j·s (Araujo, Norris & Sim 2019, equation 2).
 */
export function composeFields(reports) {
  const fields = [];
  for (const { receptive, output } of reports) {
    const before = fields.at(-1) ?? output.slice(1).map(() => ({ size: 1, jump: 1, start: 0 }));
    fields.push(
      before.map(({ size, jump, start }, axis) => ({
        size: size + (receptive.size[axis] - 1) * jump,
        jump: jump * receptive.stride[axis],
        start: start + receptive.lo[axis] * jump,
      })),
    );
  }
  return fields;
}
