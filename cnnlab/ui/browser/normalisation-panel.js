// The normalisation tab: the choice of kind and of view, the block beside one of its numbers worked out, batch norm in
// training and in use, and batch norm folded into a convolution.
//
// It puts the parts together and knows which number is looked at; the parts draw, normalisation.js computes.

import { buttonRow } from "./controls.js";
import { fill, make } from "./dom.js";
import { computeBlock } from "./normalisation-block.js";
import { createCellPanel } from "./normalisation-cell.js";
import { program } from "./normalisation-code.js";
import { createNormalisationControls } from "./normalisation-controls.js";
import { createFoldingView } from "./normalisation-folding.js";
import { createBlockMaps } from "./normalisation-maps.js";
import { createNotes } from "./normalisation-notes.js";
import { createRunningView } from "./normalisation-running.js";
import { SHOWN, VIEWS } from "./normalisation-settings.js";

export function createNormalisationPanel(host, store) {
  const region = (name) => make("div", { class: name });
  const regions = { controls: region("norm-controls"), running: region("norm-running"), maps: region("norm-maps"), cell: region("panel norm-cell-panel"), folding: region("norm-folding"), notes: region("norm-notes") };
  let pointed = null;
  const views = buttonRow("What is shown", VIEWS, (normView) => store.set({ normView }));
  const shown = buttonRow("Numbers in the block", SHOWN, (normShown) => store.set({ normShown }));
  const parts = [
    createNormalisationControls(regions.controls, store),
    createRunningView(regions.running, store),
    createFoldingView(regions.folding, store),
    createNotes(regions.notes, store),
  ];
  const drawing = make("div", {});
  const maps = createBlockMaps(drawing, {
    point(place) {
      pointed = place;
      look();
    },
    choose: (normCell) => {
      pointed = null;
      store.set({ normCell });
      look();
    },
    type(text) {
      pointed = null;
      look();
      cell.type(text);
    },
  });
  const cell = createCellPanel(regions.cell, store, () => maps.focus(store.settings.normCell));
  fill(regions.maps, make("div", { class: "norm-shown" }, make("span", { class: "muted small" }, "The block shows"), shown.element), drawing);
  const block = make("div", { class: "norm-body" }, regions.maps, regions.cell);
  host.classList.add("normalisation-panel");
  fill(host, views.element, regions.controls, regions.running, block, regions.folding, regions.notes);

  let model = null;
  function look() {
    const focus = pointed ?? store.settings.normCell;
    maps.update(model, { shown: store.settings.normShown, chosen: store.settings.normCell, focus });
    cell.update(model, focus);
  }
  const update = () => {
    const { normView, normShown, normKind } = store.settings;
    pointed = null;
    model = computeBlock(store.settings);
    views.update(normView);
    shown.update(normShown);
    block.classList.toggle("hidden", normView === "folding" || (normView === "running" && normKind !== "batch"));
    parts.forEach((part) => part.update(model));
    if (normView !== "folding") look();
  };
  update();
  return { update, destroy() {}, code: () => ({ text: program(store.settings), ok: true }) };
}
