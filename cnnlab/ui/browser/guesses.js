// What several voices say together: scores become probabilities at a temperature, and these are averaged.
//
// It knows no network; a voice is a list of scores, one per category.

import { softmax } from "./activations.js";

/** Probabilities at a temperature: softmax of the scores divided by it. */
export const probabilities = (scores, temperature) => softmax(scores.map((score) => score / temperature));

/** The mean of the voices' probabilities. */
export function together(voices, temperature) {
  const sum = new Array(voices[0].length).fill(0);
  for (const scores of voices) probabilities(scores, temperature).forEach((share, i) => (sum[i] += share / voices.length));
  return sum;
}

/** The most probable categories with their probabilities, the most probable first; of equal ones the first. */
export function likely(shares, count) {
  const order = shares.map((_, i) => i).sort((a, b) => shares[b] - shares[a] || a - b);
  return order.slice(0, count).map((category) => ({ category, share: shares[category] }));
}

/** How many equally probable categories would be as unsure: 2 to the entropy in bits. */
export const asManyAs = (shares) => 2 ** shares.reduce((bits, share) => bits - (share > 0 ? share * Math.log2(share) : 0), 0);
