// Which picture is distorted: the kinds of picture, and the pictures of the chosen kind.
//
// It sets `store.settings.source`; the field for an upload is the page's, which own sets there are is known by `own`.

import { isOwn, setOf } from "./augment-own.js";
import { kindOf } from "./augment-pictures.js";
import { fill, make, say } from "./dom.js";
import { SAMPLES } from "./samples.js";
import { PICTURES } from "./sources.js";

const KINDS = { photograph: "Photographs", shape: "Shapes", digit: "Digits", own: "Your sets", upload: "Upload" };

export function createChoice(host, store, own) {
  const last = {};
  const first = (kind) => (kind === "own" ? own.first(own.sets[0]) : SAMPLES.find((sample) => sample.kind === kind)?.name ?? "upload");
  const offered = Object.entries(KINDS).filter(([kind]) => kind !== "own" || own.sets.length);
  const kinds = offered.map(([kind, title]) =>
    make("button", { type: "button", class: "button", "data-kind": kind, onclick: () => store.set({ source: last[kind] ?? first(kind) }) }, title),
  );
  const sets = createSets(store, own);
  const thumbnails = make("div", { class: "thumbnails", role: "group", "aria-label": "Pictures" });
  const said = make("p", { class: "muted small", role: "status" });
  fill(host, make("div", { class: "button-row", role: "group", "aria-label": "Kinds of picture" }, kinds), sets.element, thumbnails, said);
  let shown = "";
  return {
    update() {
      const { source } = store.settings;
      const kind = kindOf(source);
      last[kind] = source;
      sets.update(source);
      const group = setOf(source) ?? kind;
      if (group !== shown) {
        shown = group;
        thumbnails.dataset.kind = kind;
        const alike = SAMPLES.filter((sample) => sample.kind === kind).map((sample) => thumbnail(store, { ...sample, src: `${PICTURES}${sample.name}.png` }));
        fill(thumbnails, kind === "own" ? own.shown(source).map((name) => thumbnail(store, { name, kind, title: own.titleOf(name), src: own.thumbnail(name) })) : alike);
      }
      kinds.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.kind === kind)));
      for (const button of thumbnails.children) button.setAttribute("aria-pressed", String(button.dataset.source === source));
      say(said, store.pictureProblem || wordsOn(source, store.picture, own));
    },
  };
}

/** The list of own sets, shown where there are several to choose from. */
function createSets(store, own) {
  const list = make("select", { "aria-label": "Your sets", onchange: () => store.set({ source: own.first(own.sets.find(({ name }) => name === list.value)) }) });
  fill(list, own.sets.map(({ name, title }) => make("option", { value: name }, title)));
  return {
    element: make("div", {}, list),
    update(source) {
      list.parentElement.classList.toggle("hidden", !isOwn(source) || own.sets.length < 2);
      list.value = setOf(source) ?? "";
    },
  };
}

function thumbnail(store, { name, title, kind, src }) {
  const label = make("span", { class: kind === "digit" ? "sr-only" : "small" }, title);
  const image = make("img", { src, alt: "" });
  return make("button", { type: "button", class: "thumbnail", "data-source": name, title, onclick: () => store.set({ source: name }) }, image, label);
}

function wordsOn(source, picture, own) {
  const sample = SAMPLES.find(({ name }) => name === source);
  if (sample) return `${sample.alt} From: ${sample.source}. Licence: ${sample.licence}.`;
  if (isOwn(source)) return picture ? `A picture of the class “${own.titleOf(source)}” of “${own.setTitle(source)}”.` : "";
  return picture ? `Your picture “${picture.title ?? ""}”; the square in its middle is taken.` : "Choose a file in the field above the lab.";
}
