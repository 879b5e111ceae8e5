// Which picture is distorted: the kinds of picture, and the pictures of the chosen kind.
//
// It sets `store.settings.source`; the field for an upload is the page's.

import { kindOf } from "./augment-pictures.js";
import { fill, make, say } from "./dom.js";
import { SAMPLES } from "./samples.js";
import { PICTURES } from "./sources.js";

const KINDS = { photograph: "Photographs", shape: "Shapes", digit: "Digits", upload: "Upload" };

export function createChoice(host, store) {
  const last = {};
  const first = (kind) => SAMPLES.find((sample) => sample.kind === kind)?.name ?? "upload";
  const kinds = Object.entries(KINDS).map(([kind, title]) =>
    make("button", { type: "button", class: "button", "data-kind": kind, onclick: () => store.set({ source: last[kind] ?? first(kind) }) }, title),
  );
  const thumbnails = make("div", { class: "thumbnails", role: "group", "aria-label": "Pictures" });
  const said = make("p", { class: "muted small", role: "status" });
  fill(host, make("div", { class: "button-row", role: "group", "aria-label": "Kinds of picture" }, kinds), thumbnails, said);
  let shown = "";
  return {
    update() {
      const { source } = store.settings;
      const kind = kindOf(source);
      last[kind] = source;
      if (kind !== shown) {
        shown = kind;
        thumbnails.dataset.kind = kind;
        fill(thumbnails, SAMPLES.filter((sample) => sample.kind === kind).map((sample) => thumbnail(store, sample)));
      }
      kinds.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.kind === kind)));
      for (const button of thumbnails.children) button.setAttribute("aria-pressed", String(button.dataset.source === source));
      say(said, store.pictureProblem || wordsOn(source, store.picture));
    },
  };
}

function thumbnail(store, { name, title, kind }) {
  const label = make("span", { class: kind === "digit" ? "sr-only" : "small" }, title);
  const image = make("img", { src: `${PICTURES}${name}.png`, alt: "" });
  return make("button", { type: "button", class: "thumbnail", "data-source": name, title, onclick: () => store.set({ source: name }) }, image, label);
}

function wordsOn(source, picture) {
  const sample = SAMPLES.find(({ name }) => name === source);
  if (sample) return `${sample.alt} From: ${sample.source}. Licence: ${sample.licence}.`;
  return picture ? `Your picture “${picture.title ?? ""}”; the square in its middle is taken.` : "Choose a file in the field above the lab.";
}
