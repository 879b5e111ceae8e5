// One step of a run under the microscope: the batch as the network reads it, its loss, and what moved.
//
// The server takes the step again, as the run did; until it is there, this asks again. Of each stage of the run the first
// steps can be looked at; the step after the last one of them is the first of the next stage.

import { buttonRow } from "./controls.js";
import { fill, make, say, scroll } from "./dom.js";
import { rounded } from "./finetune-facts.js";
import { ask } from "./finetune-mistakes.js";

const AGAIN_MS = 500;
const PARTS = {
  head: { title: "The head learns", words: "the head learns" },
  blocks: { title: "The last blocks learn", words: "the last blocks learn" },
  all: { title: "Everything learns", words: "everything learns" },
};

export function createStepView(data) {
  const local = { number: 0, told: null, stages: [], timer: 0 };
  const go = (number) => number && show(number);
  const back = make("button", { type: "button", class: "button", onclick: () => go(neighbour(local.stages, local.number, -1)) }, "Step before");
  const next = make("button", { type: "button", class: "button", onclick: () => go(neighbour(local.stages, local.number, 1)) }, "Next step");
  const status = make("p", { class: "small step-status", role: "status" });
  const which = make("p", { class: "muted small" });
  const stages = make("div", { class: "hidden" });
  const numbers = make("dl", { class: "finetune-numbers" });
  const batch = make("div");
  const layers = make("div");
  const looked = make("div", { class: "finetune-step hidden" }, numbers, batch, layers);
  const element = make("div", { class: "finetune-step" },
    make("p", {}, "Steps of this run, one at a time: the network sees a batch, finds its loss, and changes each weight a little against the gradient."),
    which, stages, make("div", { class: "button-row" }, back, next, status), looked);
  let choice = null;

  async function show(number) {
    clearTimeout(local.timer);
    local.number = number;
    choice?.update(stageOf(local.stages, number));
    back.disabled = !neighbour(local.stages, number, -1);
    next.disabled = true;
    const told = await ask(`${data.address}/step/${number}.json`);
    if (local.number !== number) return;
    if (told.waiting) {
      say(status, told.waiting);
      local.timer = setTimeout(() => show(number), AGAIN_MS);
      return;
    }
    looked.classList.toggle("hidden", Boolean(told.problem));
    if (told.problem) {
      say(status, told.problem);
      if (!local.stages.length) local.number = 0; // whoever opens the view again asks again
      return;
    }
    local.told = told;
    if (!local.stages.length) settle(told);
    next.disabled = !neighbour(local.stages, number, 1);
    draw();
  }

  /** Say which steps there are to look at, and offer the stages where there are two. */
  function settle(told) {
    local.stages = told.stages;
    const elsewhere = told.device && !told.device.startsWith("CPU") ? ` The run learned on ${told.device}; here its steps are taken again on the CPU, which rounds a little differently.` : "";
    say(which, `${canBeLookedAt(told.stages)}${elsewhere}`);
    if (told.stages.length < 2) return;
    const titles = Object.fromEntries(told.stages.map((one, stage) => [stage, { title: PARTS[one.part].title, hint: `Steps ${one.first} to ${one.end}` }]));
    choice = buttonRow("Stage of the run", titles, (stage) => go(local.stages[stage].first));
    choice.update(told.stage);
    fill(stages, choice.element);
    stages.classList.remove("hidden");
  }

  function draw() {
    const { told } = local;
    say(status, `Step ${told.number} of ${told.stages.at(-1).end}`);
    const right = (shares) => shares.filter((one, index) => best(one) === told.labels[index]).length;
    fill(numbers, [
      ["Loss of the batch", rounded(told.loss)],
      ["Learning rate", rounded(told.rate)],
      [`Right of ${told.labels.length}, before`, String(right(told.before))],
      [`Right of ${told.labels.length}, after`, String(right(told.after))],
      ["What it reads", `${told.side} × ${told.side}, mean ${rounded(told.mean)}, deviation ${rounded(told.deviation)}`],
    ].map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", { class: "number" }, text))));
    drawBatch();
    const most = Math.max(...told.layers.map(([, , weights, moved]) => moved / (weights || 1)));
    fill(layers, make("h3", {}, "How far each layer moved"), make("p", { class: "muted small" }, "The change of a layer’s weights, as a share of their size; and the gradient that it came from."),
      scroll("How far each layer moved", make("table", { class: "step-layers" }, make("thead", {}, make("tr", {}, ["Layer", "Gradient", "Weights", "Change", "Share"].map((head) => make("th", { scope: "col" }, head)))),
        make("tbody", {}, told.layers.map(([name, gradient, weights, moved]) => make("tr", {}, make("th", { scope: "row", class: "formula" }, name), ...[gradient, weights, moved].map((one) => make("td", {}, rounded(one))), make("td", { class: "step-share" }, share(moved / (weights || 1), most))))))));
  }

  const share = (part, most) => [make("span", { class: "gradient-track" }, make("span", { class: "gradient-bar", style: `width: ${(100 * part / (most || 1)).toFixed(1)}%` })), make("span", {}, `${rounded(100 * part, 2)} %`)];

  function drawBatch() {
    const { told } = local;
    const name = (number) => told.classes[number] ?? `class ${number}`;
    const items = told.labels.map((label, index) => {
      const canvas = make("canvas", { class: "finetune-thumb", width: told.shown, height: told.shown, role: "img", "aria-label": `Picture ${index + 1} of the batch: ${name(label)}` });
      const shares = [told.before[index][label], told.after[index][label]].map((one) => `${Math.round(100 * one)} %`);
      return make("li", {}, canvas, make("strong", { class: "small" }, name(label)), make("span", { class: "small number" }, shares.join(" → ")));
    });
    fill(batch, make("h3", {}, "The batch"), make("p", { class: "muted small" }, "As the network reads it, distortions included; below each, the probability of its class before and after the step."), make("ul", { class: "finetune-gallery step-batch", tabindex: 0, "aria-label": "Pictures of the batch" }, items));
    const image = new Image();
    image.onload = () => items.forEach((item, index) => {
      const [x, y] = [(index % told.columns) * told.shown, Math.floor(index / told.columns) * told.shown];
      item.firstChild.getContext("2d").drawImage(image, x, y, told.shown, told.shown, 0, 0, told.shown, told.shown);
    });
    image.src = `${data.address}/step/${told.number}.png`;
  }

  return {
    element,
    /** Begin with the first step; later, stay where it is. */
    show: () => local.number || show(1),
    destroy: () => clearTimeout(local.timer),
  };
}

/** The step before or after one among those that can be looked at, over the end of a stage, too; 0 where there is none. */
export function neighbour(stages, number, by) {
  const stage = stageOf(stages, number);
  if (stage < 0) return 0;
  if (number + by >= stages[stage].first && number + by <= stages[stage].last) return number + by;
  return by > 0 ? (stages[stage + 1]?.first ?? 0) : (stages[stage - 1]?.last ?? 0);
}

const stageOf = (stages, number) => stages.findIndex((one) => number >= one.first && number <= one.last);

/** Which steps can be looked at, in words. */
export function canBeLookedAt(stages) {
  const steps = (one) => (one.first === one.last ? `step ${one.first}` : `steps ${one.first} to ${one.last}`);
  const cut = stages.some((one) => one.last < one.end);
  if (stages.length === 1) return cut ? `Its first ${stages[0].last} steps of ${stages[0].end} can be looked at.` : `All its steps can be looked at: ${stages[0].end}.`;
  const told = stages.map((one) => `${steps(one)}, in which ${PARTS[one.part].words}`).join(", and ");
  return `The run has two stages. ${cut ? "Up to 60 steps of each can be looked at" : "All its steps can be looked at"}: ${told}.`;
}

const best = (shares) => shares.indexOf(Math.max(...shares));
