// How a network's graph looks: one style sheet inside the drawing, so that a saved drawing looks as on the page.
//
// Colours are variables of the page (network-graph.css); a saved file gets the light ones as plain values. Kinds differ by shape and
// words, too.

export const KINDS = {
  convolution: "convolution", dense: "dense layer", normalisation: "normalisation", pooling: "pooling", activation: "activation",
  joining: "joining (add, concatenate)", attention: "attention", moving: "moving values only",
};

// variable of the page → the value in a saved file
export const LIGHT = {
  "--ink": "#1d2524", "--muted": "#59605e", "--paper": "#fdfcf9", "--panel": "#f2efe8", "--line": "#d9d4c8", "--accent": "#0b6b62", "--problem": "#8a4504",
  "--kind-convolution": "#0671ae", "--kind-dense": "#745dba", "--kind-normalisation": "#937607", "--kind-pooling": "#b95913",
  "--kind-activation": "#068663", "--kind-joining": "#a74c83", "--kind-attention": "#974946", "--kind-moving": "#6b7472",
  "--kind-block": "#656f6d",
};

export const RULES = `
.way { fill: none; stroke: var(--muted); stroke-width: 1.4; }
.way.far { stroke: var(--kind-joining); stroke-width: 1.6; }
.way.near-chosen { stroke: var(--accent); stroke-width: 2.6; }
.arrow { fill: var(--muted); }
.size { font-size: 11px; fill: var(--ink); stroke: var(--paper); stroke-width: 3px; paint-order: stroke; stroke-linejoin: round; font-variant-numeric: tabular-nums; }
.frame { fill: var(--panel); fill-opacity: 0.55; stroke: var(--kind-block); stroke-width: 1.2; }
.box { fill: var(--paper); stroke: var(--kind); stroke-width: 1.5; }
.tint { fill: var(--kind); fill-opacity: 0.13; stroke: none; }
.heat { fill: var(--accent); }
.heat ~ .cost { fill: var(--ink); }
.behind { fill: var(--paper); stroke: var(--kind); stroke-width: 1.2; }
.mark { fill: none; stroke: var(--kind); stroke-width: 1.5; }
.share { fill: var(--kind); fill-opacity: 0.85; }
.groove { fill: var(--kind); fill-opacity: 0.18; }
.title { font-size: 12px; font-weight: 600; fill: var(--ink); }
.rest { font-size: 11px; fill: var(--ink); }
.cost { font-size: 11px; fill: var(--muted); }
.over { stroke: var(--panel); stroke-width: 3px; paint-order: stroke; stroke-linejoin: round; }
.fold { font-size: 15px; font-weight: 700; fill: var(--kind); text-anchor: middle; }
.current > .box, .current > .frame { stroke: var(--accent); stroke-width: 3.5; }
.here { fill: var(--accent); }
.failed > .box, .failed > .frame { stroke: var(--problem); stroke-width: 3.5; stroke-dasharray: 6 3; }
.reason { font-size: 11px; font-weight: 700; fill: var(--problem); stroke: var(--paper); stroke-width: 3px; paint-order: stroke; }
.pale { opacity: 0.62; }
.pale > .box { stroke-dasharray: 3 3; }
`;

/** The rules with the light colours written out, for a file that stands by itself. */
export const savedRules = () =>
  Object.entries(LIGHT).reduce((rules, [name, value]) => rules.replaceAll(`var(${name})`, value), kindRules() + RULES.replaceAll(" var(--kind);", " currentColor;").replaceAll("var(--kind)", "currentColor"));

const kindRules = () => [...Object.keys(KINDS), "block"].map((kind) => `.kind-${kind} { color: var(--kind-${kind}); }\n`).join("");

/** The rules for the page. */
export const liveRules = () => kindRules() + RULES.replaceAll("var(--kind)", "currentColor");
