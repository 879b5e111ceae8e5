// What a run learned: one slider through its epochs, two views of the chosen one, and single steps.
//
// It follows the newest epoch until an older one is chosen. What a view shows is fetched when it is looked at.

import { buttonRow } from "./controls.js";
import { make, say } from "./dom.js";
import { createInsideView } from "./finetune-inside.js";
import { createMistakesView } from "./finetune-mistakes.js";
import { createStepView } from "./finetune-step.js";
import { createPictures } from "./finetune-pictures.js";

const VIEWS = {
  mistakes: { title: "Mistakes", hint: "Which classes it takes for which, and the pictures" },
  inside: { title: "Inside, epoch by epoch", hint: "Filters, feature maps, what counted, gradients" },
  step: { title: "One batch under the microscope", hint: "Single steps, one at a time" },
};

export function createViews(data) {
  const local = { kept: null, epoch: null, view: "mistakes", seen: -1 };
  const pictures = createPictures(data.address);
  const choices = buttonRow("What it learned", VIEWS, (view) => {
    local.view = view;
    show();
  });
  const panels = { mistakes: createMistakesView(data, pictures), inside: createInsideView(data, pictures), step: createStepView(data) };
  const slider = make("input", { type: "range", min: 0, step: 1, "aria-label": "Epoch that is looked at", oninput: () => choose(Number(slider.value)) });
  const shown = make("output", { class: "number finetune-epoch" });
  const bar = make("div", { class: "finetune-scrub" }, make("span", {}, "Epoch"), slider, shown);
  const element = make("section", { class: "finetune-views hidden", "aria-label": "What it learned" }, make("h2", {}, "What it learned"), bar, choices.element, Object.values(panels).map((one) => one.element));

  const listed = () => (local.view === "inside" && local.kept.probes.length ? local.kept.probes : local.kept.validation);
  const current = () => nearest(listed(), local.epoch ?? Infinity);

  function choose(place) {
    const list = listed();
    local.epoch = place === list.length - 1 ? null : list[place]; // at the end, it follows
    show();
  }

  function show() {
    const list = listed();
    const epoch = current();
    choices.update(local.view);
    bar.classList.toggle("hidden", local.view === "step");
    slider.max = list.length - 1;
    slider.value = list.indexOf(epoch);
    slider.disabled = list.length < 2;
    slider.setAttribute("aria-valuetext", `Epoch ${epoch}`);
    say(shown, `${epoch}${local.epoch === null ? ", the newest" : ""}`);
    for (const [name, panel] of Object.entries(panels)) {
      panel.element.classList.toggle("hidden", name !== local.view);
      if (name === local.view) panel.show(epoch, local.kept);
    }
  }

  async function refresh(count) {
    local.seen = count;
    const kept = await fetch(`${data.address}/epochs.json`).then((answer) => answer.json()).catch(() => null);
    if (!kept?.validation?.length) {
      local.seen = -1; // not written yet: asked again
      return;
    }
    local.kept = kept;
    pictures.settle(kept.thumbs);
    element.classList.remove("hidden");
    show();
  }

  return {
    element,
    draw({ epochs, over }) {
      const count = epochs.length + (over ? 0.5 : 0);
      if (epochs.length && count !== local.seen) refresh(count);
    },
    paint: () => local.kept && show(),
    destroy: () => panels.step.destroy(),
  };
}

/** The largest of a list that is not above a number; the first where all are. */
export const nearest = (list, wanted) => list.findLast((one) => one <= wanted) ?? list[0];

