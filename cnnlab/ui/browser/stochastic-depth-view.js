// Stochastic depth in the Dropout tab: blocks that a training pass skips, and the two ways to make up for it.
//
// It shows what dropout.js computes; the drawing is stochastic-depth.js.

import { buttonRow } from "./controls.js";
import { fill, make, say, scroll } from "./dom.js";
import { blockOutputs, expectedDepth, keptBlocks, keptTimes, survival, survivals } from "./dropout.js";
import { createSlider, decimalText, percentText } from "./layers-controls.js";
import { createDepthDrawing } from "./stochastic-depth.js";
import { grouped } from "./units.js";

const [X, F] = [4, 2]; // what the chosen block receives, and what its branch makes of it
const MODES = {
  row: { title: "each picture its own", hint: "torchvision's mode “row”, which its models use" },
  batch: { title: "one draw for the batch", hint: "torchvision's mode “batch”, and the paper" },
};

export function createDepthView(store) {
  const set = (field) => (value) => store.set({ [field]: value });
  const sliders = {
    dropBlocks: createSlider("Residual blocks", { min: 1, max: 54 }, (value) => store.set({ dropBlocks: value, dropBlock: Math.min(store.settings.dropBlock, value) })),
    dropLastSurvival: createSlider("The last block stays with", { min: 5, max: 100, step: 5, text: (value) => `${value} %` }, set("dropLastSurvival")),
    dropBlock: createSlider("Block to look at", { min: 1, max: 54 }, set("dropBlock")),
  };
  const modes = buttonRow("Which pictures share a draw", MODES, set("dropMode"));
  const drawing = createDepthDrawing(set("dropBlock"));
  const story = make("div", { role: "status" });
  const caption = make("h3", {});
  const table = make("table", { class: "depth-table" });
  const measured = make("p", { class: "small muted" });
  const element = make(
    "section",
    { "aria-label": "Stochastic depth" },
    make("div", { class: "others-controls" }, Object.values(sliders).map((slider) => slider.element), make("div", { class: "others-choice" }, make("span", { class: "others-label" }, "Skipped blocks"), modes.element)),
    drawing.element,
    make("p", { class: "small muted" }, "Filled: the picture goes through the block’s branch. Dashed: only past it, on the shortcut. Drawn as lines: the way of four pictures of a batch."),
    story,
    caption,
    scroll("What the chosen block gives", table),
    measured,
    make("p", { class: "others-note" }, "Both keep the mean: each column “mean” equals its column “evaluation”. The paper scales the branch by p when it evaluates; torchvision (StochasticDepth) scales it by 1/p when it trains, so that nothing is left to do in evaluation, as dropout does. The ReLU after the sum is left out here."),
  );
  return {
    element,
    update(settings) {
      const { dropBlocks: blocks, dropTraining: training } = settings;
      const block = Math.min(settings.dropBlock, blocks);
      const last = settings.dropLastSurvival / 100;
      for (const [field, slider] of Object.entries(sliders)) slider.update(field === "dropBlock" ? block : settings[field], field === "dropBlock" ? { max: blocks } : {});
      modes.update(settings.dropMode);
      const mask = { seed: settings.dropSeed, blocks, last, mode: settings.dropMode };
      const kept = training ? keptBlocks(mask, settings.dropMasks - 1) : [new Array(blocks).fill(true)];
      drawing.paint({ survivals: survivals(blocks, last), kept, chosen: block, training }, Math.max(260, element.clientWidth || 900));
      fill(story, sentences({ settings, kept, last }).map((sentence) => make("p", {}, sentence)));
      const p = survival(block, blocks, last);
      say(caption, `Block ${block} of ${blocks}: p = 1 − ${block}/${blocks} · (1 − ${decimalText(last)}) = ${decimalText(p)}. It receives x = ${X}, its branch gives f(x) = ${F}`);
      showTable(table, p);
      const times = keptTimes(mask, block, settings.dropMasks);
      say(measured, `In training, picture 1 went through block ${block} in ${grouped(times)} of ${grouped(settings.dropMasks)} ${settings.dropMasks === 1 ? "pass" : "passes"} (${percentText(times, settings.dropMasks)}; p expects ${decimalText(100 * p, 1)}\u00a0%).`);
    },
  };
}

function sentences({ settings, kept, last }) {
  const { dropBlocks: blocks, dropTraining: training, dropMasks: passes } = settings;
  const depth = decimalText(expectedDepth(blocks, last), 2);
  if (!training) return [`In evaluation every picture goes through all ${blocks} blocks. In training it was ${depth} of ${blocks} in the mean.`];
  const counts = kept.map((row) => row.filter(Boolean).length);
  const drawn = settings.dropMode === "batch" ? `all four pictures go through the same ${counts[0]} of ${blocks} blocks` : `the four pictures go through ${counts.slice(0, 3).join(", ")} and ${counts[3]} of ${blocks} blocks`;
  return [
    `Training pass ${grouped(passes)}: ${drawn}. Expected depth: the sum of all p = ${depth} blocks. Early blocks stay more often, since everything after builds on them (linear decay, Huang et al. 2016).`,
  ];
}

function showTable(table, p) {
  const outputs = blockOutputs(X, F, p);
  const text = (value) => decimalText(value);
  const scaled = text(p);
  const head = ["", `kept (${decimalText(100 * p, 1)}\u00a0%)`, `skipped (${decimalText(100 * (1 - p), 1)}\u00a0%)`, "mean in training", "evaluation"];
  const formulas = {
    paper: [`x + f`, "x", `x + ${scaled} · f`, `x + ${scaled} · f`],
    torchvision: [`x + f / ${scaled}`, "x", "x + f", "x + f"],
  };
  const titles = { paper: "The paper (Huang et al. 2016)", torchvision: "torchvision" };
  const cell = (value, formula) => make("td", {}, make("strong", {}, text(value)), make("div", { class: "small muted" }, formula));
  const rows = Object.entries(titles).map(([name, title]) => {
    const { kept, skipped, mean, evaluation } = outputs[name];
    return make("tr", { "data-convention": name }, make("th", { scope: "row" }, title), [kept, skipped, mean, evaluation].map((value, i) => cell(value, formulas[name][i])));
  });
  fill(table, make("thead", {}, make("tr", {}, head.map((title) => make("th", { scope: "col" }, title)))), make("tbody", {}, rows));
}
