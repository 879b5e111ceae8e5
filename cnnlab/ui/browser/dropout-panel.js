// The Dropout tab: values, channels or whole blocks are dropped in training; what stays the same in the mean, and what
// is different in evaluation?
//
// It shows what dropout.js computes.

import { buttonRow } from "./controls.js";
import { fill, make, say } from "./dom.js";
import { createDropMaps } from "./dropout-maps.js";
import { droppedInput, dropPass, keptUnits, meanPass, scaleFor, unitAt, unitsOf, usualError } from "./dropout.js";
import { createSlider, decimalText, onResize, percentText } from "./layers-controls.js";
import { DROPS, MOST_MASKS } from "./layers-others.js";
import { createDepthView } from "./stochastic-depth-view.js";
import { grouped } from "./units.js";

const PHASES = {
  true: { title: "Training", hint: "model.train()" },
  false: { title: "Evaluation", hint: "model.eval()" },
};
const INTRO = {
  element: "In training, each value is set to 0 with probability p, and the others are scaled up. Draw many masks: where does their mean go?",
  channel: "In training, whole channels are set to 0 with probability p. Neighbours in a feature map tell nearly the same, so dropping single values would hide little.",
  depth: "In training, whole residual blocks are skipped, and the network is shorter each time. In evaluation all of them are there.",
};

export function createDropoutPanel(host, store) {
  const intro = make("p", {});
  const controls = createControls(store);
  const values = createValuesView(store);
  const depth = createDepthView(store);
  fill(host, make("div", { class: "drop-choices" }, controls.kinds.element, controls.phases.element), intro, controls.passes.element, values.element, depth.element);
  const update = () => {
    const { settings } = store;
    const blocks = settings.dropKind === "depth";
    say(intro, INTRO[settings.dropKind]);
    controls.update(settings);
    values.element.classList.toggle("hidden", blocks);
    depth.element.classList.toggle("hidden", !blocks);
    (blocks ? depth : values).update(settings);
  };
  const stop = onResize(host, update);
  update();
  return { update, code: () => dropoutCode(store.settings), destroy: stop };
}

function createControls(store) {
  const kinds = buttonRow("What is dropped", DROPS, (kind) => store.set({ dropKind: kind }));
  const phases = buttonRow("Training or evaluation", PHASES, (phase) => store.set({ dropTraining: phase === "true" }));
  const more = [1, 10, 1000].map((count) =>
    make("button", { type: "button", class: "button", onclick: () => store.set({ dropMasks: Math.min(MOST_MASKS, store.settings.dropMasks + count) }) }, count === 1 ? "1 more pass" : `${count} more`),
  );
  const anew = make("button", { type: "button", class: "button", onclick: () => store.set({ dropSeed: (store.settings.dropSeed % 99999) + 1, dropMasks: 1 }) }, "New masks");
  const counter = make("strong", { class: "number" });
  const element = make("div", { class: "button-row drop-passes" }, anew, more, counter);
  return {
    kinds,
    phases,
    passes: { element },
    update({ dropKind, dropTraining, dropMasks }) {
      kinds.update(dropKind);
      phases.update(dropTraining);
      element.classList.toggle("hidden", !dropTraining);
      more.forEach((button) => (button.disabled = dropMasks >= MOST_MASKS));
      say(counter, `${grouped(dropMasks)} ${dropMasks === 1 ? "pass" : "passes"} drawn${dropMasks >= MOST_MASKS ? ", which is the most" : ""}`);
    },
  };
}

function createValuesView(store) {
  const input = droppedInput();
  const slider = createSlider("Dropped with probability p", { min: 0, max: 95, step: 5, text: (value) => decimalText(value / 100) }, (value) => store.set({ dropPercent: value }));
  const view = { numbers: null };
  const readout = make("p", { class: "drop-readout muted", "aria-live": "polite" });
  const maps = createDropMaps({ onPoint: (place) => say(readout, readoutFor(view, place)) });
  const story = make("div", { role: "status" });
  const element = make(
    "section",
    { "aria-label": "Dropout of values or channels" },
    make("div", { class: "others-controls drop-probability" }, slider.element),
    maps.element,
    readout,
    story,
  );
  return {
    element,
    update(settings) {
      const mask = { kind: settings.dropKind, seed: settings.dropSeed, drop: settings.dropPercent / 100 };
      const { dropTraining: training, dropMasks: passes } = settings;
      const kept = keptUnits(mask, passes - 1);
      const numbers = training ? { input, pass: dropPass(input, mask, passes - 1), mean: meanPass(input, mask, passes) } : { input, pass: input, mean: input };
      Object.assign(view, { numbers, training });
      slider.update(settings.dropPercent);
      maps.paint({ numbers, kept: (place) => !training || kept[unitAt(mask.kind, place)], titles: titlesFor(settings), high: Math.max(...input, ...numbers.pass, ...numbers.mean) });
      const said = training ? trainingSentences({ mask, passes, kept, numbers }) : evaluationSentences(mask);
      fill(story, said.map((sentence) => make("p", {}, sentence)));
    },
  };
}

function titlesFor({ dropTraining: training, dropMasks: passes }) {
  const shape = "4 channels of 4 × 4";
  if (!training) return { input: shape, pass: "evaluation: nothing dropped", mean: "evaluation: always the same" };
  return { input: shape, pass: `training, number ${grouped(passes)}; striped: dropped`, mean: `${grouped(passes)} of them` };
}

const sum = (values) => values.reduce((all, value) => all + value, 0);

function trainingSentences({ mask, passes, kept, numbers }) {
  const { kind, drop } = mask;
  const what = kind === "element" ? "values" : "channels";
  const dropped = kept.filter((is) => !is).length;
  const total = unitsOf(kind);
  const off = Math.sqrt(sum(numbers.input.map((value, i) => (numbers.mean[i] / value - 1) ** 2)) / numbers.input.length);
  const shown = (part) => `${decimalText(100 * part, part < 0.1 ? 1 : 0)} %`;
  return [
    `This pass drops ${dropped} of ${total} ${what} (${percentText(dropped, total)}; p expects ${decimalText(100 * drop)} %). The survivors are multiplied by 1 / (1 − p) = 1 / ${decimalText(1 - drop)} = ${decimalText(scaleFor(drop))}, so that the sum stays the same in the mean: ${decimalText(sum(numbers.input))} came in, ${decimalText(sum(numbers.pass), 1)} go out of this pass, ${decimalText(sum(numbers.mean), 1)} in the mean of all drawn.`,
    drop === 0
      ? "With p = 0 nothing is dropped: training and evaluation are the same."
      : `In the mean of ${grouped(passes)}, the values are ${shown(off)} off; as a rule it is √(p / ((1 − p) · ${grouped(passes)})) = ${shown(usualError(drop, passes))}. A hundred times as many passes bring it ten times nearer.`,
  ];
}

const evaluationSentences = ({ kind }) => [
  `In evaluation ${kind === "element" ? "nn.Dropout" : "nn.Dropout2d"} passes every value on as it is: nothing is dropped, nothing scaled, and the same input always gives the same output. That is why the survivors are scaled up in training.`,
  "A frequent mistake: forgetting model.eval() before predicting. The predictions then change from call to call.",
];

function readoutFor({ numbers, training }, place) {
  if (place < 0) return "Point at a value, or walk there with the arrow keys, to follow it from left to right.";
  const [channel, row, column] = [Math.floor(place / 16), Math.floor((place % 16) / 4), place % 4];
  const [input, pass, mean] = [numbers.input, numbers.pass, numbers.mean].map((values) => decimalText(values[place]));
  return `Channel ${channel}, row ${row}, column ${column}: ${input} comes in, ${pass} ${training ? "after this pass" : "goes out"}, ${mean} in the mean.`;
}

/** What is dropped, as PyTorch code. */
export function dropoutCode(settings) {
  return { text: (settings.dropKind === "depth" ? depthCode(settings) : valuesCode(settings)).join("\n"), ok: true };
}

const valuesCode = ({ dropKind, dropPercent, dropTraining }) => [
  "import torch",
  "from torch import nn",
  "",
  `layer = nn.Dropout${dropKind === "channel" ? "2d" : ""}(p=${dropPercent / 100})`,
  `layer.${dropTraining ? "train" : "eval"}()`,
  "x = torch.randint(1, 10, (1, 4, 4, 4)).float()  # N × C × H × W",
  "print(layer(x))",
  "print(torch.stack([layer(x) for _ in range(1000)]).mean(0) - x)  # near 0",
  "",
];

const depthCode = ({ dropBlocks, dropLastSurvival, dropMode, dropTraining }) => [
  "import torch",
  "from torch import nn",
  "from torchvision.ops import StochasticDepth",
  "",
  "class Residual(nn.Module):",
  "    def __init__(self, branch, drop):",
  "        super().__init__()",
  "        self.branch = branch",
  `        self.drop = StochasticDepth(drop, mode="${dropMode}")  # scales by 1 / (1 - drop) in training`,
  "",
  "    def forward(self, x):",
  "        return torch.relu(x + self.drop(self.branch(x)))",
  "",
  `blocks, last = ${dropBlocks}, ${dropLastSurvival / 100}  # the last block stays with this probability`,
  "survival = [1 - block / blocks * (1 - last) for block in range(1, blocks + 1)]",
  "layers = nn.Sequential(*(Residual(nn.Conv2d(8, 8, 3, padding=1), 1 - p) for p in survival))",
  `layers.${dropTraining ? "train" : "eval"}()`,
  "print(layers(torch.randn(4, 8, 16, 16)).shape)",
  'print(f"expected depth: {sum(survival):.2f} of {blocks} blocks")',
  "",
];
