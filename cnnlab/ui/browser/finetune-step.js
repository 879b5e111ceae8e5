// One step of a run under the microscope: the batch as the network reads it, its loss, and what moved.
//
// The server takes the step again, exactly as the run did; until it is there, this asks again.

import { fill, make, say, scroll } from "./dom.js";
import { rounded } from "./finetune-facts.js";
import { ask } from "./finetune-mistakes.js";

const AGAIN_MS = 500;

export function createStepView(data) {
  const local = { number: 0, told: null, timer: 0 };
  const go = (number) => show(number);
  const back = make("button", { type: "button", class: "button", onclick: () => go(local.number - 1) }, "Step before");
  const next = make("button", { type: "button", class: "button", onclick: () => go(local.number + 1) }, "Next step");
  const status = make("p", { class: "small step-status", role: "status" });
  const numbers = make("dl", { class: "finetune-numbers" });
  const batch = make("div");
  const layers = make("div");
  const element = make("div", { class: "finetune-step" },
    make("p", {}, "The first steps of this run, one at a time: the network sees a batch, finds its loss, and changes each weight a little against the gradient."),
    make("div", { class: "button-row" }, back, next, status), numbers, batch, layers);

  async function show(number) {
    clearTimeout(local.timer);
    local.number = number;
    back.disabled = number <= 1;
    next.disabled = true;
    const told = await ask(`${data.address}/step/${number}.json`);
    if (local.number !== number) return;
    if (told.waiting) {
      say(status, told.waiting);
      local.timer = setTimeout(() => show(number), AGAIN_MS);
      return;
    }
    if (told.problem) {
      say(status, told.problem);
      return;
    }
    local.told = told;
    next.disabled = number >= told.steps;
    draw();
  }

  function draw() {
    const { told } = local;
    say(status, `Step ${told.number} of ${told.steps}`);
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

const best = (shares) => shares.indexOf(Math.max(...shares));
