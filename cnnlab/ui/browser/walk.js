// Walking through the steps of a network: forward, back, to either end, by itself, by button and by key.
//
// It sets `store.settings.step`; -1 is the network's input. It does not know what a step does.

import { fill, make, say } from "./dom.js";
import { operationName } from "./operation-names.js";
import { grouped } from "./units.js";

const EVERY_MS = 900;
const KEYS = { ArrowRight: 1, ArrowDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
// Elements that need these keys for themselves.
const BUSY = "input, select, textarea, summary, [role=tab], [data-own-keys]";

/** `ground` is the element inside which the keys work. */
export function createWalk(host, store, ground) {
  let timer = 0;
  const place = make("p", { class: "walk-place", role: "status", "aria-live": "polite" });
  const button = (label, text, onclick) => make("button", { type: "button", class: "button", "aria-label": label, title: label, onclick }, text);
  const first = button("To the input", "⏮", () => go(-Infinity));
  const back = button("One step back", "◀", () => go(-1));
  const next = button("One step forward", "▶", () => go(1));
  const last = button("To the last step", "⏭", () => go(Infinity));
  const play = button("Walk by itself", "Play", () => (timer ? stop() : start()));
  const scrub = make("input", { type: "range", min: "-1", step: "1", "aria-label": "Step", oninput: () => move(+scrub.value) });
  const whole = make("p", { class: "muted small walk-whole" });
  fill(host, make("div", { class: "button-row" }, first, back, play, next, last), scrub, place, whole);

  function move(step) {
    const end = (store.network?.steps.length ?? 0) - 1;
    store.set({ step: Math.max(-1, Math.min(end, step)) });
  }
  function go(by) {
    stop();
    move(store.settings.step + by);
  }
  function start() {
    if (store.settings.step >= store.network.steps.length - 1) move(-1);
    timer = setInterval(() => {
      if (store.settings.step >= store.network.steps.length - 1) return stop();
      move(store.settings.step + 1);
    }, EVERY_MS);
    update();
  }
  function stop() {
    clearInterval(timer);
    timer = 0;
    update();
  }
  function onkeydown(event) {
    const by = KEYS[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const target = event.composedPath()[0];
    if (target.closest(BUSY) || (event.key === " " && target.closest("button, a"))) return;
    event.preventDefault();
    go(by);
  }
  function update() {
    const { network, settings } = store;
    if (!network) return;
    const end = network.steps.length - 1;
    say(whole, `${network.title}: ${grouped(network.parameters)} parameters, ${grouped(network.macs)} multiply-adds. Space and the arrow keys walk.`);
    scrub.max = String(end);
    scrub.value = String(settings.step);
    const step = network.steps[settings.step];
    const words = step ? `Step ${settings.step + 1} of ${end + 1}: ${step.name}, ${operationName(step.op)}` : `The input, before ${end + 1} steps`;
    scrub.setAttribute("aria-valuetext", words);
    say(place, words);
    say(play, timer ? "Pause" : "Play");
    // Not `disabled`: a button that is switched off while it has the focus swallows the keys.
    [first, back].forEach((one) => one.setAttribute("aria-disabled", String(settings.step < 0)));
    [last, next].forEach((one) => one.setAttribute("aria-disabled", String(settings.step >= end)));
  }
  ground.addEventListener("keydown", onkeydown);
  return {
    update,
    destroy() {
      clearInterval(timer);
      ground.removeEventListener("keydown", onkeydown);
    },
  };
}
