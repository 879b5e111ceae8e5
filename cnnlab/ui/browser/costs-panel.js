// The Costs tab: the formulas with the lab's numbers put in, and the same step in six designs beside each other.
//
// It shows what the reports and designs.js say, and computes nothing but the length of bars.

import { createComparison } from "./costs-comparison.js";
import { fill, make, say } from "./dom.js";

export function createCostsPanel(host, store) {
  const comparison = createComparison(store);
  const others = make("p", { class: "muted" });
  const compared = make("section", { class: "costs-part", "aria-label": "The same step in other designs" }, comparison.element, others);
  const formulas = make("div", { class: "costs-formulas" });
  const intro = make("p", { class: "muted" });
  const worked = make("section", { class: "costs-part", "aria-label": "The formulas with numbers" }, make("h2", {}, "How the numbers come about"), intro, formulas);
  fill(host, make("div", { class: "costs-view" }, compared, worked));
  let shown = "";
  const update = () => {
    const { settings, derived } = store;
    const conv = settings.op === "conv";
    comparison.element.classList.toggle("hidden", !conv);
    others.classList.toggle("hidden", conv);
    if (conv) comparison.update();
    else say(others, sentenceFor(settings.op));
    say(intro, derived.ok ? "One multiply–add (MAC) is one product added to a sum. FLOPs are 2 × MACs; adding a bias is not counted." : "The setting is impossible, so there is nothing to count.");
    const text = JSON.stringify(derived.reports.map((report) => report.steps));
    if (text !== shown) fill(formulas, derived.ok ? derived.layers.map((layer, index) => layerSteps(derived, index)) : []);
    shown = text;
  };
  update();
  return { update, destroy() {} };
}

const sentenceFor = (op) =>
  ({
    transposed: "Separable designs beside each other: choose the operation “Convolution”. What this transposed convolution costs is worked out below.",
    maxpool: "Pooling has no weights: it costs comparisons only, which are not multiply–adds. To compare designs, choose the operation “Convolution”.",
    avgpool: "Average pooling has no weights to learn. To compare designs, choose the operation “Convolution”.",
  })[op];

/** The steps of one layer as a table: quantity, formula with the numbers put in, result. */
function layerSteps({ layers, shapes, reports }, index) {
  const title = layers.length > 1 ? make("h3", {}, `Stage ${index + 1}: ${layers[index].kernel.join("×")}, ${shapes[index].join("×")} → ${shapes[index + 1].join("×")}`) : null;
  const rows = reports[index].steps.map(({ quantity, formula, substituted, result, note }) =>
    make(
      "div",
      { class: "costs-step" },
      make("dt", {}, quantity),
      make(
        "dd",
        {},
        make("div", { class: "formula" }, formula),
        substituted && substituted !== formula ? make("div", { class: "formula" }, "= ", substituted) : null,
        make("div", { class: "costs-result number" }, "= ", make("strong", {}, String(result))),
        note ? make("div", { class: "muted small" }, note) : null,
      ),
    ),
  );
  return make("div", {}, title, make("dl", { class: "costs-steps" }, rows));
}
