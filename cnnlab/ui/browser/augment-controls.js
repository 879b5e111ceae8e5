// The policy as sliders: one for each transform, from "off" to as far as it can go, and the presets.
//
// It sets `store.settings.policy` and, for what the hand is on, `at`. It knows no pixels.

import { fill, make } from "./dom.js";
import { createSlider } from "./layers-controls.js";

const PRESET_TITLES = { none: "None", light: "Light", strong: "Strong" };

/** A strength as learners read it; 0 is "off". */
export function strengthText({ unit }, by) {
  if (!by) return "off";
  return unit === "share" ? `${+(100 * by).toFixed(1)}\u00a0%` : `${+by.toFixed(3)}${unit}`;
}

export function createPolicyControls(host, store, { transforms, presets }) {
  const everyNone = Object.fromEntries(transforms.map(({ name }) => [name, 0]));
  const buttons = Object.entries(presets).map(([name, policy]) =>
    make("button", { type: "button", class: "button", "data-preset": name, onclick: () => store.set({ policy: { ...everyNone, ...policy } }) }, PRESET_TITLES[name] ?? name),
  );
  const sliders = transforms.map((transform) => sliderOf(store, transform));
  const group = (title, wanted) =>
    make("div", { class: "augment-sliders", role: "group", "aria-label": title }, make("h3", {}, title), sliders.filter(({ transform }) => transform.geometric === wanted).map(({ element }) => element));
  fill(
    host,
    make("h2", {}, "The policy"),
    make("div", { class: "button-row", role: "group", "aria-label": "Presets" }, buttons),
    group("What moves", true),
    group("Colours, hiding, mixing", false),
  );
  return {
    update() {
      const { policy, at } = store.settings;
      for (const button of buttons) {
        const preset = { ...everyNone, ...presets[button.dataset.preset] };
        button.setAttribute("aria-pressed", String(transforms.every(({ name }) => preset[name] === policy[name])));
      }
      for (const { transform, slider, element } of sliders) {
        slider.update(policy[transform.name]);
        element.classList.toggle("at", transform.name === at);
        element.classList.toggle("off", !policy[transform.name]);
      }
    },
  };
}

function sliderOf(store, transform) {
  const { name, title, most, step } = transform;
  const set = (by) => store.set({ at: name, policy: { ...store.settings.policy, [name]: by } });
  const slider = createSlider(title, { min: 0, max: most, step, text: (by) => strengthText(transform, by) }, set);
  slider.element.addEventListener("focusin", () => store.set({ at: name }));
  slider.element.dataset.transform = name;
  return { transform, slider, element: slider.element };
}
