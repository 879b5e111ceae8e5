// Where a run stands, in words and numbers, and the buttons to pause, go on and stop.
//
// It is handed what the server told. Screen readers hear of a new epoch and a new state, not of every step.

import { fill, make, say } from "./dom.js";

const STATES = {
  queued: "Waiting",
  running: "Training",
  paused: "Paused",
  done: "Done",
  stopped: "Stopped",
  failed: "Failed",
  lost: "Lost",
};
// What can be asked of a run; one that ended early goes on from its last checkpoint.
const OFFERED = {
  queued: ["stop"],
  running: ["pause", "stop"],
  paused: ["go-on", "stop"],
  stopped: ["go-on"],
  failed: ["go-on"],
  lost: ["go-on"],
};

/** `onCommand` is told "pause", "go-on" or "stop". */
export function createFacts(onCommand) {
  const state = make("strong", { class: "finetune-state" });
  const heard = make("p", { class: "finetune-heard", role: "status" });
  const bar = make("progress", { max: 1, "aria-label": "How far the run is" });
  const numbers = make("dl", { class: "finetune-numbers" });
  const why = make("p", { class: "problem hidden" });
  const button = (command, label) => make("button", { type: "button", class: "button", onclick: () => onCommand(command) }, label);
  const buttons = { pause: button("pause", "Pause"), "go-on": button("go-on", "Go on"), stop: button("stop", "Stop the run") };
  const row = make("div", { class: "button-row finetune-buttons" }, Object.values(buttons));
  const element = make("section", { class: "finetune-facts panel", "aria-label": "Where the run stands" }, make("div", { class: "finetune-line" }, state, heard, row), bar, numbers, why);
  const enable = (which) => Object.entries(buttons).forEach(([name, one]) => one.classList.toggle("hidden", !which.includes(name)));
  return {
    element,
    busy(command) {
      Object.values(buttons).forEach((one) => (one.disabled = true));
      say(heard, { pause: "Pausing …", "go-on": "Going on …", stop: "Stopping; what it has learned is kept …" }[command]);
    },
    silent: () => say(heard, "The server did not answer; asking again …"),
    draw(told, { own }) {
      const now = told.state;
      say(state, STATES[now.state] ?? "…");
      element.dataset.state = now.state;
      say(heard, heardOf(told));
      bar.value = shareOf(told);
      bar.classList.toggle("hidden", told.over);
      fill(numbers, numbersOf(told).map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", { class: "number" }, text))));
      const message = told.over ? (now.message ?? "") : "";
      say(why, message);
      why.classList.toggle("hidden", !message);
      Object.values(buttons).forEach((one) => (one.disabled = false));
      enable(own ? (OFFERED[now.state] ?? []) : []);
    },
  };
}

export function heardOf({ state, epochs, place, kept }) {
  if (state.state === "queued") return place > 1 ? `${place - 1} before this one in the queue.` : place === 1 ? "Next in the queue." : "Starting …";
  const last = epochs.at(-1);
  if (!last) return state.state === "running" ? `${phaseOf(state)}${asked(state)} …` : "";
  const early = kept && kept !== last.epoch && epochs.find(({ epoch }) => epoch === kept);
  if (early) return `The weights are those of epoch ${kept}: ${percent(early.accuracy)} of the validation pictures are right.`;
  return `Epoch ${last.epoch}${state.epochs ? ` of ${state.epochs}` : ""}: ${percent(last.accuracy)} of the validation pictures are right.`;
}

// Frozen layers are asked before the first epoch.
const asked = ({ pictures_done: done, pictures_of: all, step }) => (all && done < all && !step ? `: ${done} of ${all} pictures` : "");

const phaseOf = ({ phase }) => (phase ? phase[0].toUpperCase() + phase.slice(1) : "Starting");

export const percent = (share) => (share === null || share === undefined ? "–" : `${(100 * share).toFixed(1)}\u00a0%`);

export const rounded = (value, digits = 3) => (value === null || value === undefined ? "–" : String(+value.toPrecision(digits)).replace("-", "−"));

function shareOf({ state, over }) {
  if (over) return 1;
  if (state.pictures_of && !state.step) return Math.min(1, state.pictures_done / state.pictures_of);
  if (state.step !== undefined && state.steps) return Math.min(1, state.step / state.steps);
  return state.epochs ? Math.min(1, (state.epoch ?? 0) / state.epochs) : 0;
}

function numbersOf({ state, steps, epochs, over }) {
  const [step, best] = [steps.at(-1), bestOf(epochs)];
  return [
    best && ["Best validation accuracy", `${percent(best.accuracy)} in epoch ${best.epoch}`],
    step && ["Step", state.steps ? `${step[0]} of ${state.steps}` : String(step[0])],
    step && !over && ["Learning rate", rounded(step[2])],
    state.images_per_second && ["Pictures a second", rounded(state.images_per_second)],
    state.seconds !== undefined && ["Time", seconds(state.seconds)],
    !over && state.seconds_left !== undefined && state.seconds_left !== null && ["Time left", seconds(state.seconds_left)],
    state.device && ["Device", state.device],
  ].filter(Boolean);
}

export const bestOf = (epochs) => epochs.reduce((best, one) => (one.accuracy !== null && (!best || one.accuracy > best.accuracy) ? one : best), null);

export function seconds(value) {
  if (value < 10) return `${value.toFixed(1)} s`;
  const whole = Math.round(value);
  return value < 90 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
