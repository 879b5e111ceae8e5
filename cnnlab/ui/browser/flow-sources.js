// Which picture flows: the bundled photographs and digits, or one of the learner's own.
//
// It sets `store.settings.picture`; "" is the usual picture of a network. It loads none.

import { fill, make, say } from "./dom.js";
import { SAMPLES } from "./samples.js";
import { PICTURES } from "./sources.js";

export const OWN = "upload";

/** The picture that flows into a network if none was chosen: a photograph, or a digit where only grey is read. */
export const usualPicture = (input) => (input[0] === 1 && input[1] <= 64 ? "digit-5" : "cat");

/** The name under which the server knows the chosen picture, or "" while an upload has not come. */
export const pictureName = (settings, network, upload) => (settings.picture === OWN ? (upload?.key ?? "") : settings.picture || usualPicture(network.input));

export function createFlowSources(host, store) {
  const choose = (picture) => store.set({ picture });
  const button = (name, title, image) => make("button", { type: "button", class: "thumbnail", "data-picture": name, title, "aria-label": title, onclick: () => choose(name) }, image, make("span", { class: "small", "aria-hidden": "true" }, title));
  const photographs = SAMPLES.filter(({ kind }) => kind === "photograph");
  const digits = SAMPLES.filter(({ kind }) => kind === "digit");
  const buttons = (samples) => samples.map(({ name, title }) => button(name, title, make("img", { src: `${PICTURES}${name}.png`, alt: "", loading: "lazy" })));
  const own = make("button", { type: "button", class: "button", "data-picture": OWN, onclick: () => choose(OWN) }, "Your own …");
  const about = make("p", { class: "muted small" });
  const notes = make("p", { class: "small", role: "status" });
  const all = [...buttons(photographs), ...buttons(digits)];
  fill(host, make("details", {}, make("summary", {}, "Choose the picture"),
    make("div", { class: "thumbnails", role: "group", "aria-label": "Photographs" }, all.slice(0, photographs.length)),
    make("div", { class: "thumbnails", "data-kind": "digit", role: "group", "aria-label": "Digits" }, all.slice(photographs.length)), own), about, notes);
  const update = () => {
    if (!store.network) return;
    const chosen = store.settings.picture || usualPicture(store.network.input);
    for (const one of [...all, own]) one.setAttribute("aria-pressed", String(one.dataset.picture === chosen));
    own.classList.toggle("hidden", !store.uploads);
    const sample = SAMPLES.find(({ name }) => name === chosen);
    say(about, sample ? `${sample.alt} From: ${sample.source}. Licence: ${sample.licence}.` : chosen === OWN ? "" : `There is no picture called “${chosen}”.`);
    const waiting = "Choose a file in the upload field below this part of the page.";
    say(notes, chosen !== OWN ? "" : store.upload ? [`Your own picture, “${store.upload.name}”.`, ...store.upload.notes].join(" ") : waiting);
  };
  update();
  return { update };
}
