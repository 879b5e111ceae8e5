// The cards of the home page: each shows one thing that a lab can do, with the lab's own numbers, and links to the lab
// set to exactly that.
//
// A card's settings are the settings of its link. It does not know how previews are drawn.

import { make, fill } from "./dom.js";
import { createMotion, prefersStill } from "./home-motion.js";
import { normalisationPreview } from "./home-normalisation.js";
import { challengePreview, costsPreview, photographPreview, stackPreview, windowPreview } from "./home-previews.js";
import { CHALLENGES } from "./challenges.js";
import { compareDesigns } from "./designs.js";
import * as layersSettings from "./layers-settings.js";
import { setsOf } from "./normalisation.js";
import { layerOf } from "./normalisation-block.js";
import * as convolutionSettings from "./settings.js";
import { createSettingsStore } from "./settings-store.js";
import { loadPicture } from "./sources.js";
import { computeStack, PRESETS } from "./stack.js";
import { createStore } from "./store.js";
import { grouped } from "./units.js";

const STEP_MS = 450;
const times = (sizes) => sizes.join(" × ");
const sizesOf = ({ derived }) => derived.shapes.map((shape) => times(shape.slice(1)));

/** The labs that cards lead to: their table of settings, and how their store is made. */
export const LABS = {
  convolution: { ...convolutionSettings, createStore },
  layers: { ...layersSettings, createStore: createSettingsStore },
};

// title, the lab if it is not the convolution lab, the settings that differ from its defaults, the sentence below the
// title, and the preview
export const CARDS = [
  {
    title: "Padding keeps the size",
    settings: { padding: [1, 1] },
    says: (store) => `A frame of ${store.settings.padding[0]} around ${sizesOf(store)[0]}: kernel ${store.settings.kernel[0]} gives ${sizesOf(store)[1]} back.`,
    preview: windowPreview,
  },
  {
    title: "Stride halves it",
    settings: { padding: [1, 1], stride: [2, 2] },
    says: (store) => `In steps of ${store.settings.stride[0]} the kernel makes ${sizesOf(store)[1]} out of ${sizesOf(store)[0]}.`,
    preview: windowPreview,
  },
  {
    title: "Dilation reaches further",
    settings: { dilation: [2, 2] },
    says: ({ settings, derived }) => `${settings.kernel[0] * settings.kernel[1]} weights, spread out, see ${times(derived.reports[0].receptive.size)} cells.`,
    preview: windowPreview,
  },
  {
    title: "Transposed convolution",
    settings: { op: "transposed", input: [4, 4], stride: [2, 2], kernelPreset: "gaussian" },
    says: (store) => `Each input stamps the kernel: ${sizesOf(store)[0]} grows to ${sizesOf(store)[1]}.`,
    preview: windowPreview,
  },
  {
    title: "Edges in a photograph",
    settings: { source: "camera", input: [64, 64], kernelPreset: "sobel-x" },
    says: ({ settings, derived }) => `${grouped(derived.totals.macs)} multiply–adds with ${settings.kernel[0] * settings.kernel[1]} weights find every upright edge.`,
    preview: photographPreview,
  },
  {
    title: "Depthwise-separable",
    settings: { tab: "costs", input: [32, 32], cin: 3, cout: 64, kernel: [5, 5], pair: "depthwise" },
    says: (store) => {
      const designs = compareDesigns(store.settings);
      const count = (wanted) => grouped(designs.find(({ id }) => id === wanted).parameters);
      return `${count("separable")} parameters instead of ${count("standard")}, for the same shapes.`;
    },
    preview: costsPreview,
  },
  {
    title: "How far does a unit see?",
    settings: { tab: "stack", source: "camera", ...PRESETS.find(({ id }) => id === "dilated").change, stack: PRESETS.find(({ id }) => id === "dilated").stack },
    says: ({ settings }) => {
      const { fields } = computeStack(settings);
      return `${fields.length} layers of 3 × 3, dilated: one unit sees ${times(fields.at(-1).map(({ size }) => size))} cells.`;
    },
    preview: stackPreview,
  },
  {
    title: "Whose mean is it?",
    lab: "layers",
    settings: {},
    says({ settings }) {
      const size = (normKind) => setsOf(layerOf({ ...settings, normKind })).size;
      return `Batch norm shares one mean among ${size("batch")} numbers here, layer norm among ${size("layer")}, instance norm among ${size("instance")}.`;
    },
    preview: normalisationPreview,
  },
  {
    title: "Challenges",
    settings: { tab: "challenge" },
    says: () => `${CHALLENGES.length} goals to reach; the lab says how far off you are.`,
    preview: challengePreview,
  },
];

/** The address of a lab with some settings; `lab` is one of LABS. */
export function labAddress(address, settings, lab = LABS.convolution) {
  const query = new URLSearchParams(lab.writeSettings({ ...lab.DEFAULTS, ...settings })).toString();
  return query ? `${address}?${query}` : address;
}

/** Put one card after another into `host`, a list; `addresses` has that of each lab. */
export function createCards(host, addresses) {
  const cards = CARDS.map((card) => createCard(card, addresses));
  fill(host, cards.map(({ element }) => make("li", {}, element)));
  cards.forEach((card) => card.begin());
  return { paint: () => cards.forEach((card) => card.paint()), destroy: () => cards.forEach((card) => card.destroy()) };
}

function createCard({ title, lab = "convolution", settings, says, preview }, addresses) {
  const store = LABS[lab].createStore({ ...LABS[lab].DEFAULTS, ...settings });
  const picture = make("div", { class: "preview", "aria-hidden": "true" });
  const words = make("div", { class: "card-words" }, make("strong", { class: "card-title" }, title), make("span", { class: "muted" }, says(store)));
  const element = make("a", { class: "card", href: labAddress(addresses[lab], settings, LABS[lab]) }, picture, words);
  let [drawing, step] = [null, 0];
  const paint = () => drawing?.draw(step);
  const motion = createMotion(element, STEP_MS, () => {
    step = (step + 1) % drawing.steps;
    paint();
  });
  const move = (wanted) => {
    motion.want(wanted && drawing.steps > 1 && !prefersStill());
    if (!motion.wanted) step = drawing.rest;
    paint();
  };
  for (const [event, wanted] of [["onpointerenter", true], ["onfocus", true], ["onpointerleave", false], ["onblur", false]]) {
    element[event] = () => move(wanted);
  }
  const forget = store.subscribe(paint);
  const resized = new ResizeObserver(paint);
  return {
    element,
    paint,
    begin() {
      drawing = preview(picture, store);
      step = drawing.rest;
      resized.observe(picture);
      loadPicture(store);
    },
    destroy() {
      forget();
      resized.disconnect();
      motion.destroy();
    },
  };
}
