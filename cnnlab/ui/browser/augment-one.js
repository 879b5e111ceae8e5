// One transform on its own: the picture as it is, and as far as the transform goes, to one side and to the other.
//
// It shows what augment-colours.js computes; for PCA colour also the axes of the colours.

import { applied, mixedWith } from "./augment-colours.js";
import { strengthText } from "./augment-controls.js";
import { endsOf, toldDraw } from "./augment-draws.js";
import { brokenBy } from "./augment-breaks.js";
import { objectLeft } from "./augment-geometry.js";
import { axesFor, paintPicture } from "./augment-pictures.js";
import { fill, make, say } from "./dom.js";

/** Returns the parts to lay out: { figures, words, update() }. */
export function createOne(store, { transforms, axes }) {
  const tiles = ["As it is", "", ""].map((title) => createTile(title));
  const figures = make("div", { class: "augment-ends", role: "group", "aria-label": "One transform, as far as it goes" }, tiles.map(({ element }) => element));
  const [heading, does, note, teaches, breaks, colours] = [make("h2", {}), make("p", {}), make("p", { class: "muted small" }), make("p", {}), make("p", {}), make("div", { class: "augment-axes" })];
  const words = make("section", { class: "augment-words", "aria-label": "What the transform does" }, heading, does, note, teaches, breaks, colours);
  return {
    figures,
    words,
    update() {
      const { policy, at } = store.settings;
      const transform = transforms.find(({ name }) => name === at);
      const by = policy[at] || transform.default;
      say(heading, transform.title);
      say(does, transform.explanation);
      say(note, policy[at] ? `In the policy, up to ${strengthText(transform, by)}.` : `It is off. Shown as it is at ${strengthText(transform, by)}, a usual strength; pull its slider to use it.`);
      fill(teaches, make("strong", {}, "It teaches: "), lowered(transform.teaches));
      fill(breaks, make("strong", {}, "It breaks the label: "), lowered(transform.breaks));
      colours.classList.toggle("hidden", at !== "pca");
      const own = axesFor(store.settings.source, axes);
      if (at === "pca" && colours.dataset.of !== own.of) fill(colours, axesOf(own)).dataset.of = own.of;
      if (!store.shown) return;
      const { picture, title, partner, mask, source } = store.shown;
      const ends = endsOf(at, by);
      tiles[0].show(picture, title, []);
      ends.forEach((draw, end) => {
        const made = applied(picture, draw, own);
        const kept = draw.mixup?.[0];
        const left = mask ? objectLeft(mask.fine, draw) : null;
        tiles[end + 1].show(kept === undefined || !partner ? made : mixedWith(made, partner, kept), capital(toldDraw(draw)), kept === undefined ? brokenBy(source, draw, left) : []);
      });
    },
  };
}

const lowered = (text) => text[0].toLowerCase() + text.slice(1);
const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** A picture with a line of words below it, and what is broken: { element, show(picture, words, broken) }. */
export function createTile(title = "") {
  const canvas = make("canvas", { role: "img", "aria-label": title });
  const [caption, warning] = [make("span", { class: "small" }), make("span", { class: "augment-broken small" })];
  const element = make("figure", { class: "augment-tile" }, canvas, make("figcaption", {}, title && make("strong", { class: "small" }, title), caption, warning));
  return {
    element,
    show(picture, words, broken) {
      paintPicture(canvas, picture);
      say(caption, words);
      say(warning, broken.length ? `But: ${broken.join("; ")}.` : "");
      element.classList.toggle("broken", broken.length > 0);
      canvas.setAttribute("aria-label", [title, words, ...broken].filter(Boolean).join(", "));
    },
  };
}

/** The label of a mixed picture, as training has it. */
export const mixedLabel = ({ title, partnerTitle }, kept) => `label: ${Math.round(100 * kept)}\u00a0% ${title}, ${Math.round(100 * (1 - kept))}\u00a0% ${partnerTitle}`;

const ORDER = ["First", "Second", "Third"];
const NAMES = ["red", "green", "blue"];

/** The colour axes of the set: how much of the variance each has, and which colours it runs through. */
function axesOf({ vectors, variances, of }) {
  const total = variances.reduce((sum, value) => sum + value, 0) || 1;
  const rows = variances.map((variance, axis) => {
    const parts = vectors.map((row) => row[axis]);
    const most = Math.max(...parts.map(Math.abs));
    const end = (sign) => `rgb(${parts.map((part) => Math.round(128 + (sign * 120 * part) / most)).join(" ")})`;
    const strip = make("span", { class: "augment-axis", "aria-hidden": "true" });
    strip.style.background = `linear-gradient(to right, ${end(-1)}, rgb(128 128 128), ${end(1)})`;
    const told = parts.map((part, colour) => `${NAMES[colour]} ${part.toFixed(2).replace("-", "−")}`).join(", ");
    return make("li", {}, strip, make("span", { class: "small" }, `${ORDER[axis]} axis: ${told}. Variance ${variance.toFixed(4)}, ${((100 * variance) / total).toFixed(1)}\u00a0% of all.`));
  });
  return [make("h3", {}, "The axes of the colours"), make("p", { class: "small" }, `Computed on ${of}. A run computes those of the pictures that it learns from.`), make("ul", {}, rows)];
}
