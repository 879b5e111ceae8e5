// The Augmentation page in the browser: a picture, a policy, what one transform does, and what a network would see.
//
// Streamlit mounts it through `render` and takes it away through `dispose`. Sliders act here, without the server.

import { createChoice } from "./augment-choice.js";
import { createPolicyControls } from "./augment-controls.js";
import { createEight } from "./augment-eight.js";
import { createOne } from "./augment-one.js";
import { createOwn, isOwn } from "./augment-own.js";
import { bringPictures } from "./augment-pictures.js";
import { policyText, settingsFor } from "./augment-settings.js";
import { fill, make, say } from "./dom.js";
import { mountable } from "./mounting.js";
import { createSettingsStore } from "./settings-store.js";
import { createSettling, showProblems } from "./settling.js";
import { createShare } from "./share.js";

export const { render, dispose } = mountable(createLab);

function createLab(root, component) {
  const { compact, run } = component.data;
  const facts = { ...component.data.facts, axes: { ...component.data.facts.axes, ...component.data.own?.axes } };
  const form = settingsFor(facts);
  const { settings, problems } = form.read(component.data.settings);
  const store = createSettingsStore(settings);
  const settling = createSettling(component, form.write);
  const region = (name, attributes = {}) => make("div", { class: `augment-${name}`, ...attributes });
  const regions = { problems: region("problems"), choice: region("choice"), controls: region("controls"), eight: region("eight"), use: region("use"), share: make("div", { class: "share" }) };
  const one = createOne(store, facts);
  const own = createOwn(component.data.own);
  root.classList.toggle("compact", Boolean(compact));
  root.classList.toggle("only-one", settings.show === "one");
  const main = make("div", { class: "augment-main" }, regions.choice, one.figures, one.words, regions.eight, regions.use, regions.share);
  fill(root, regions.problems, make("div", { class: "augment-body" }, regions.controls, main));
  showProblems(regions.problems, problems);
  const share = createShare(regions.share, { parameters: () => form.write(store.settings), remark: () => remarkOn(store.settings.source) });
  const parts = [createPolicyControls(regions.controls, store, facts), createChoice(regions.choice, store, own), one, createEight(regions.eight, store, facts), createUse(regions.use, store, run), share];
  const bring = () => bringPictures(store, settling.component.data.upload, own);
  const painting = createPainting(() => {
    root.classList.toggle("no-picture", !store.shown);
    parts.forEach((part) => part.update());
  });
  store.subscribe((changed) => {
    if (changed.includes("source") || changed.includes("upload")) bring();
    painting.ask();
    settling.follow(store.settings);
  });
  parts.forEach((part) => part.update());
  bring().then(() => (root.dataset.ready = "true"));
  return {
    receive(next) {
      const fresh = next.data.upload?.png !== settling.component.data.upload?.png;
      settling.component = next;
      if (fresh) store.notify("upload");
    },
    changeTheme() {},
    destroy() {
      settling.stop();
      painting.stop();
      parts.forEach((part) => part.destroy?.());
    },
  };
}

const remarkOn = (source) => (source === "upload" ? "Your picture stays here." : isOwn(source) ? "Whoever has the link sees this picture." : "");

/** Everything is painted at most once a frame, however fast a slider is pulled. */
function createPainting(paint) {
  let asked = 0;
  return {
    ask() {
      asked ||= requestAnimationFrame(() => {
        asked = 0;
        paint();
      });
    },
    stop: () => cancelAnimationFrame(asked),
  };
}

/** The policy as text, and where it can be used. */
function createUse(host, store, run) {
  const [shown, link] = [make("code", {}), make("a", { class: "button" }, "Use it in a run")];
  fill(host, make("h2", {}, "Take the policy along"), make("p", {}, "As recipes and links have it: ", shown), run && make("p", {}, link));
  return {
    update() {
      const text = policyText(store.settings.policy);
      say(shown, text || "none");
      if (run) link.href = `${run}?${new URLSearchParams({ section: "recipe", policy: text || "none" })}`;
    },
  };
}
