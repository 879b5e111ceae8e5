// Which picture flows: the bundled photographs, shapes and digits, or one of the learner's own.
//
// It sets `store.settings.picture`; "" is the usual picture of a network. It loads none.

import { fill, make, say } from "./dom.js";
import { SAMPLES } from "./samples.js";
import { PICTURES } from "./sources.js";

export const OWN = "upload";
const GROUPS = { photograph: "Photographs", shape: "Shapes", digit: "Digits" };

/** The picture that flows into a network if none was chosen: one of the kind that it reads. */
export const usualPicture = ({ name, input }) => (input[0] === 1 && input[1] <= 64 ? "digit-5" : name.startsWith("shapes_") ? "shape-star" : "cat");

/** The name under which the server knows the chosen picture, or "" while an upload has not come. */
export const pictureName = (settings, network, upload) => (settings.picture === OWN ? (upload?.key ?? "") : settings.picture || usualPicture(network));

export function createFlowSources(host, store) {
  const choose = (picture) => store.set({ picture });
  const button = (name, title, image) => make("button", { type: "button", class: "thumbnail", "data-picture": name, title, "aria-label": title, onclick: () => choose(name) }, image, make("span", { class: "small", "aria-hidden": "true" }, title));
  const buttons = (samples) => samples.map(({ name, title }) => button(name, title, make("img", { src: `${PICTURES}${name}.png`, alt: "", loading: "lazy" })));
  const own = make("button", { type: "button", class: "button", "data-picture": OWN, onclick: () => choose(OWN) }, "Your own …");
  const about = make("p", { class: "muted small" });
  const notes = make("p", { class: "small", role: "status" });
  const all = Object.fromEntries(Object.keys(GROUPS).map((group) => [group, buttons(SAMPLES.filter(({ kind }) => kind === group))]));
  const group = ([kind, title]) => make("div", { class: "thumbnails", "data-kind": kind, role: "group", "aria-label": title }, all[kind]);
  fill(host, make("details", {}, make("summary", {}, "Choose the picture"),
    ...Object.entries(GROUPS).map(group), own), about, notes);
  const update = () => {
    if (!store.network) return;
    const chosen = store.settings.picture || usualPicture(store.network);
    for (const one of [...Object.values(all).flat(), own]) one.setAttribute("aria-pressed", String(one.dataset.picture === chosen));
    own.classList.toggle("hidden", !store.uploads);
    const sample = SAMPLES.find(({ name }) => name === chosen);
    say(about, sample ? `${sample.alt} From: ${sample.source}. Licence: ${sample.licence}.` : chosen === OWN ? "" : `There is no picture called “${chosen}”.`);
    const waiting = "Choose a file in the upload field below this part of the page.";
    say(notes, chosen !== OWN ? "" : store.upload ? [`Your own picture, “${store.upload.name}”.`, ...store.upload.notes].join(" ") : waiting);
  };
  update();
  return { update };
}
