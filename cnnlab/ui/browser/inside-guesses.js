// What a network takes a picture for: the most probable categories as bars, at a temperature that follows the hand;
// with several voices (crops, networks) what each says alone, and where crops lie on the picture.
//
// It gets scores from the server and tells it the temperature and the voice once they are settled.

import { fill, make, say } from "./dom.js";
import { asManyAs, likely, probabilities, together } from "./guesses.js";
import { createCropPicture } from "./inside-crops.js";
import { createSlider } from "./layers-controls.js";
import { mountable } from "./mounting.js";

export const { render, dispose } = mountable(createGuesses);

const SHOWN = 5;
const TENTHS = 20; // the slider's steps from T = 1 to T = 10

function createGuesses(root) {
  const state = { data: null, temperature: 1, voice: -1 };
  let tell = () => {};
  const settle = () => tell("settled", { temperature: state.temperature, voice: state.voice });
  const bars = make("ol", { class: "guess-bars" });
  const title = make("h3", {});
  const temperature = createTemperature((value) => (Object.assign(state, { temperature: value }), draw()), settle);
  const voices = make("div", { class: "guess-voices" });
  const picture = createCropPicture();
  const choose = (voice) => (Object.assign(state, { voice }), draw(), settle());
  const draw = () => drawGuesses({ state, bars, title, temperature, voices, picture, choose });
  fill(root, make("div", { class: "guesses" }, make("section", { class: "guess-main" }, title, bars, temperature.element), picture.element, voices));
  return {
    receive({ data, setTriggerValue }) {
      tell = setTriggerValue;
      const fresh = state.data?.asked !== data.asked;
      if (fresh) Object.assign(state, { temperature: data.temperature, voice: Math.min(data.voice, data.voices.length - 1) });
      state.data = data;
      draw();
      root.dataset.ready = "true";
    },
    changeTheme() {},
    destroy() {},
  };
}

function drawGuesses({ state, bars, title, temperature, voices, picture, choose }) {
  const { data, voice, temperature: heat } = state;
  bars.closest(".guesses").dataset.alone = String(data.voices.length === 1);
  const all = data.voices.map(({ scores }) => scores);
  const shares = voice < 0 ? together(all, heat) : probabilities(all[voice], heat);
  const alone = all.length === 1;
  say(title, alone ? "Most probable" : voice < 0 ? `Most probable, ${data.average}` : `Most probable: ${data.voices[voice].title}`);
  fill(bars, likely(shares, SHOWN).map(({ category, share }) => createBar(data.categories[category], share)));
  temperature.update(heat, shares, alone || voice >= 0);
  voices.classList.toggle("hidden", alone);
  if (!alone) drawVoices(voices, { data, voice, heat, all, choose });
  picture.element.classList.toggle("hidden", !data.picture);
  if (data.picture) picture.update(data, voice, choose);
}

function createBar(name, share) {
  const track = make("span", { class: "guess-track" }, make("span", { class: "guess-bar", style: `width:${100 * share}%` }));
  return make("li", {}, make("span", { class: "guess-name" }, name), track, make("span", { class: "number" }, percent(share)));
}

/** The voices as buttons; each says what it alone takes the picture for. Buttons stay, so the focus stays. */
function drawVoices(host, { data, voice, heat, all, choose }) {
  const names = [`All, ${data.average}`, ...data.voices.map(({ title }) => title)];
  if (host.dataset.asked !== data.asked) {
    const button = (name, i) => make("button", { type: "button", class: "guess-voice", onclick: () => choose(i - 1) }, make("span", {}, name), make("span", { class: "guess-verdict" }), make("span", { class: "number" }));
    fill(host, make("h3", {}, data.heading), make("div", { role: "group", "aria-label": data.heading, class: "guess-list" }, names.map(button)));
    host.dataset.asked = data.asked;
  }
  host.querySelectorAll("button").forEach((button, i) => {
    const [best] = likely(i === 0 ? together(all, heat) : probabilities(all[i - 1], heat), 1);
    button.setAttribute("aria-pressed", String(i - 1 === voice));
    say(button.children[1], data.categories[best.category]);
    say(button.children[2], percent(best.share));
  });
}

function createTemperature(onInput, onSettled) {
  const text = (step) => `T = ${written(heatOf(step))}`;
  const slider = createSlider("Temperature", { min: -TENTHS, max: TENTHS, text }, (step) => onInput(heatOf(step)));
  slider.element.querySelector("input").onchange = onSettled;
  const back = make("button", { type: "button", class: "button", onclick: () => (onInput(1), onSettled()) }, "Back to 1");
  const words = make("p", { class: "small", role: "status" });
  const element = make("div", { class: "guess-temperature" }, make("div", { class: "guess-slider" }, slider.element, back), words);
  return {
    element,
    update(heat, shares, keepsOrder) {
      slider.update(Math.round(TENTHS * Math.log10(heat)));
      back.disabled = heat === 1;
      const many = asManyAs(shares);
      const effect = heat === 1 ? "These are the probabilities as the network was trained to give them." : heat > 1 ? "Scores are divided by more than 1: the probabilities come closer to each other." : "Scores are divided by less than 1: the most probable gains.";
      const order = heat === 1 ? "" : keepsOrder ? " The order stays as it is." : " The order of averages may change.";
      say(words, `${effect}${order} As unsure as between ${many < 10 ? many.toFixed(1) : Math.round(many)} equally probable categories.`);
    },
  };
}

const heatOf = (step) => 10 ** (step / TENTHS);
const written = (heat) => (heat < 10 ? heat.toFixed(2) : "10");

function percent(share) {
  if (share >= 0.0005) return `${(100 * share).toFixed(1)} %`;
  return share > 0 ? "< 0.1 %" : "0 %";
}
