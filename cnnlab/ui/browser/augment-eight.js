// What the network would see: eight draws of the whole policy, and how often a draw breaks the label.
//
// The draws are made in augment-draws.js, the pixels in augment-colours.js.

import { brokenBy, countBroken, LEAST_LEFT } from "./augment-breaks.js";
import { applied, mixedWith } from "./augment-colours.js";
import { drawOf, toldDraw } from "./augment-draws.js";
import { objectLeft } from "./augment-geometry.js";
import { createTile, mixedLabel } from "./augment-one.js";
import { axesFor } from "./augment-pictures.js";
import { fill, make, say } from "./dom.js";

const EIGHT = 8;
const QUIET_MS = 150;
const OTHERS = 5000; // the numbers of the partners' draws

export function createEight(host, store, { axes }) {
  const tiles = Array.from({ length: EIGHT }, () => createTile());
  const again = () => store.set({ seed: (store.settings.seed % 99999) + 1 });
  const verdict = make("p", { class: "augment-verdict", role: "status" });
  fill(
    host,
    make("h2", {}, "What the network would see"),
    make("p", { class: "muted" }, "Eight draws of the policy: for each picture, each transform draws anew how far it goes."),
    make("div", { class: "button-row" }, make("button", { type: "button", class: "button", onclick: again }, "Draw again")),
    make("div", { class: "augment-tiles" }, tiles.map(({ element }) => element)),
    verdict,
  );
  let timer = 0;
  return {
    update() {
      if (!store.shown) return;
      tiles.forEach((tile, number) => showDraw(tile, store, axesFor(store.shown.source, axes), number));
      clearTimeout(timer);
      timer = setTimeout(() => say(verdict, verdictOn(store)), QUIET_MS);
    },
    destroy: () => clearTimeout(timer),
  };
}

function showDraw(tile, store, axes, number) {
  const { policy, seed } = store.settings;
  const { picture, partner, mask, source } = store.shown;
  const draw = drawOf(policy, seed, number);
  const made = applied(picture, draw, axes);
  const kept = draw.mixup?.[0];
  const broken = brokenBy(source, draw, mask ? objectLeft(mask.fine, draw) : null);
  if (kept === undefined || !partner) return tile.show(made, toldDraw(draw), broken);
  const other = applied(partner, drawOf(policy, seed, number + OTHERS), axes);
  const { mixup: _, ...others } = draw;
  return tile.show(mixedWith(made, other, kept), `${toldDraw(others)}; ${mixedLabel(store.shown, kept)}`, broken);
}

function verdictOn(store) {
  const { policy, seed } = store.settings;
  const { mask, source, title } = store.shown;
  const { of, label, lost } = countBroken(source, policy, seed, mask?.coarse);
  const sentences = [];
  if (label) sentences.push(`Of ${of} draws, ${label} are no longer what the label says, “${title}”: the network would learn what is not true.`);
  if (lost) sentences.push(`Of ${of} draws, ${lost} ${lost === 1 ? "has" : "have"} lost more than ${100 * LEAST_LEFT}\u00a0% of the object: the label names what can hardly be seen.`);
  if (!sentences.length && mask) sentences.push(`In ${of} draws, at least half of the object stays to be seen.`);
  if (!sentences.length) sentences.push("Where the object is, is not known for this picture, so crops that lose it cannot be counted: look yourself. Of the drawn shapes it is known.");
  return sentences.join(" ");
}
