// Softmax by hand: five scores that can be moved, the probabilities they become, and how each changes with one score.
//
// It shows what activations.js computes.

import { softmax, softmaxSlopes } from "./activations.js";
import { make, say } from "./dom.js";
import { createSlider, decimalText } from "./layers-controls.js";

export const SCORE_NAMES = ["A", "B", "C", "D", "E"];

export function createScores(store) {
  const rows = SCORE_NAMES.map((name, index) => createRow(store, { name, index }));
  const sentence = make("p", { role: "status" });
  const element = make("section", { class: "act-scores", "aria-label": "Scores and probabilities" }, make("h3", {}, "Five scores become five probabilities"));
  element.append(...rows.map((row) => row.element), sentence);
  return {
    element,
    update({ actScores: scores, actScore: chosen }) {
      const shares = softmax(scores);
      const slopes = softmaxSlopes(scores, chosen);
      rows.forEach((row, i) => row.update({ score: scores[i], share: shares[i], slope: slopes[i], chosen: i === chosen }));
      const sum = shares.reduce((all, share) => all + share, 0);
      say(sentence, `The probabilities add up to ${decimalText(sum)}, the slopes to ${decimalText(slopes.reduce((all, slope) => all + slope, 0))}: what ${SCORE_NAMES[chosen]} gains when its score rises, the others lose. Adding the same number to every score changes nothing.`);
    },
  };
}

function createRow(store, { name, index }) {
  const put = (value) => store.set({ actScores: store.settings.actScores.map((score, i) => (i === index ? value : score)), actScore: index });
  const choose = make("button", { type: "button", class: "button", "aria-label": `Follow score ${name}`, onclick: () => store.set({ actScore: index }) }, name);
  const slider = createSlider(`Score ${name}`, { min: -8, max: 8, step: 0.1, text: (value) => decimalText(value, 3) }, put);
  const bar = make("div", { class: "act-bar" });
  const share = make("span", { class: "number" });
  const slope = make("span", { class: "number muted small" });
  const element = make("div", { class: "act-score" }, choose, slider.element, make("div", { class: "act-share" }, make("div", { class: "act-track" }, bar), share, slope));
  return {
    element,
    update(now) {
      choose.setAttribute("aria-pressed", String(now.chosen));
      slider.update(now.score);
      bar.style.width = `${100 * now.share}%`;
      say(share, `${decimalText(100 * now.share, 1)} %`);
      say(slope, `slope ${decimalText(now.slope, 3)}`);
    },
  };
}
