// A picture flows through the network: what comes out of the step that one is at, channel by channel.
//
// It asks the server for the run and its steps, and keeps its parts in step with the walk. Nothing is asked before the
// learner lets the picture flow, since the first time loads PyTorch. It draws and computes nothing itself.

import { fill, make, say } from "./dom.js";
import { createFlowAsking, waitingText } from "./flow-asking.js";
import { createFlowChannel } from "./flow-channel.js";
import { seenBy, seenText, unitAt } from "./flow-field.js";
import { createFlowGrid, pageSize } from "./flow-grid.js";
import { createFlowPicture } from "./flow-picture.js";
import { createFlowSources, OWN, pictureName } from "./flow-sources.js";
import { createFlowStatistics } from "./flow-statistics.js";
import { commonScale, floatsOf, scaleFor, tilesOf } from "./flow-values.js";
import { readTheme } from "./painting.js";

const SETTLED_MS = 150;
const STALE_MS = 300;
const WEIGHTS = {
  random: ["Random weights.", "Trained weights of this network are not on this machine. The maps show how sizes and edges flow, not what a trained network sees."],
  own: ["Weights as your instructor's file makes them.", "They may be random."],
};
const FLOW = ["network", "input", "picture", "flow", "described", "upload"];

export function createFlowPanel(host, store) {
  const asking = createFlowAsking(store.networks.address);
  const part = (name) => make("div", { class: name });
  const parts = { sources: part("flow-sources"), picture: part("flow-input"), channel: part("flow-channel"), statistics: part("flow-statistics"), grid: part("flow-channels") };
  const title = make("h2");
  const start = make("button", { type: "button", class: "button primary", onclick: () => store.set({ flow: true }) }, "Let the picture flow");
  const stop = make("button", { type: "button", class: "button", onclick: () => store.set({ flow: false }) }, "Stop");
  const hint = make("p", {}, "See what each step makes of a picture: every channel of it, as the real network computes it. The first time takes some seconds.");
  const weights = make("p", { class: "flow-weights" });
  const state = make("p", { class: "flow-state", role: "status" });
  const failure = make("div");
  const body = make("div", { class: "flow-body" }, make("div", { class: "flow-top" }, parts.picture, parts.channel, parts.statistics), parts.grid);
  fill(host, make("div", { class: "panel flow-panel" }, make("div", { class: "flow-head" }, title, stop), parts.sources, hint, start, weights, failure, state, body));
  const views = { sources: createFlowSources(parts.sources, store), picture: createFlowPicture(parts.picture), channel: createFlowChannel(parts.channel, store), statistics: createFlowStatistics(parts.statistics), grid: createFlowGrid(parts.grid, store) };
  const panel = { asking, store, views, parts: { title, weights, state, failure, body, host }, run: null, step: null, stepFrom: "", wanted: null, timer: 0 };

  const update = (changed) => {
    const { network, settings } = store;
    if (!network) return;
    const flowing = settings.flow && !network.problem && !(settings.picture === OWN && !store.upload);
    start.classList.toggle("hidden", settings.flow);
    hint.classList.toggle("hidden", settings.flow);
    stop.classList.toggle("hidden", !settings.flow);
    body.classList.toggle("hidden", !flowing || !panel.step);
    weights.classList.toggle("hidden", !flowing || !panel.step);
    views.sources.update();
    if (!changed.length || changed.some((one) => FLOW.includes(one))) fill(failure);
    if (!flowing) {
      panel.wanted?.abort();
      Object.assign(panel, { run: null, step: null, stepFrom: "" });
      say(title, "A picture flows through");
      return say(state, settings.flow && network.problem ? "No picture can flow through: the network cannot take this input." : "");
    }
    views.grid.update();
    bringStep(panel);
  };
  update([]);
  return {
    update,
    destroy() {
      clearTimeout(panel.timer);
      panel.wanted?.abort();
    },
  };
}

const flowOf = ({ network, settings, upload }) => ({ network: network.name, input: network.input.join("x"), picture: pictureName(settings, network, upload) });

/** Bring what belongs to the settings onto the page; only the newest wish counts. */
async function bringStep(panel) {
  const { asking, store, parts } = panel;
  const { settings, network } = store;
  const flow = flowOf(store);
  const step = Math.max(0, Math.min(settings.step, network.steps.length - 1));
  const count = pageSize(parts.host.clientWidth - 40);
  const query = (index) => asking.stepAddress(flow, index, { sort: settings.flowSort, page: Math.floor(settings.place / count), count });
  const from = query(step);
  if (from === panel.stepFrom && panel.step) return drawStep(panel, panel.step, count);
  panel.wanted?.abort();
  const wanted = (panel.wanted = new AbortController());
  const onWaiting = (waiting) => say(parts.state, waitingText(waiting));
  const patience = setTimeout(() => parts.body.classList.add("stale"), STALE_MS); // what is drawn was chosen before
  try {
    const options = { signal: wanted.signal, onWaiting };
    const run = asking.known(asking.runAddress(flow)) ?? (await asking.bring(asking.runAddress(flow), options));
    const told = asking.known(from) ?? (await asking.bring(from, options));
    if (wanted.signal.aborted) return;
    Object.assign(panel, { run, step: told, stepFrom: from });
    say(parts.state, "");
    drawStep(panel, told, count);
    if (step + 1 < network.steps.length) asking.bring(query(step + 1)).catch(() => {}); // the next one, before it is asked for
  } catch (error) {
    if (error.name === "AbortError" || wanted.signal.aborted) return;
    say(parts.state, "");
    Object.assign(panel, { step: null, stepFrom: "" });
    parts.body.classList.add("hidden");
    fill(parts.failure, make("div", { class: "problem", role: "alert" }, make("p", {}, error.message), make("button", { type: "button", class: "button", onclick: () => retry(panel) }, "Try again")));
  } finally {
    clearTimeout(patience);
  }
}

function retry(panel) {
  fill(panel.parts.failure);
  bringStep(panel);
}

function drawStep(panel, told, count) {
  const { store, views, parts, run } = panel;
  const { network, settings } = store;
  const theme = readTheme(parts.host);
  const step = network.steps[told.step];
  fill(parts.failure);
  [parts.body, parts.weights].forEach((one) => one.classList.remove("hidden", "stale"));
  say(parts.title, settings.step < 0 ? `A picture flows through: the first step, ${step.name}` : `A picture flows through: what comes out of ${step.name}`);
  const [strong, rest] = WEIGHTS[run.weights] ?? [`Trained weights: ${run.source}.`, ""];
  fill(parts.weights, make("strong", {}, strong), ` ${rest}`);
  parts.weights.dataset.weights = run.weights;
  const sizes = network.input.slice(-2);
  views.picture.show(panel.asking.inputAddress(flowOf(store)), sizes);
  views.statistics.draw(told, run);
  views.grid.draw(told, count, theme);
  const unit = unitAt(settings.unit, told.size);
  views.picture.frame(seenBy(step, unit, sizes), seenText(step, unit, sizes), sizes);
  drawChannel(panel, told, count, theme);
  parts.host.dataset.step = String(told.step);
}

/** Enlarge the chosen channel: its overview at once, every value as soon as it is there. */
function drawChannel(panel, told, count, theme) {
  const { store, asking, views } = panel;
  const { settings } = store;
  const index = Math.min(settings.place, told.channels - 1) - told.page * count;
  const tile = tilesOf(told)[index];
  if (!tile) return;
  const name = told.names?.[index];
  const vector = told.size[0] * told.size[1] === 1;
  const title = `${vector ? "Number" : "Channel"} ${tile.channel}${name ? `: ${name}` : ""}`;
  const scale = settings.ownScale && !vector ? scaleFor(tile.low, tile.high) : commonScale(told);
  const show = (more) => views.channel.draw({ title, size: told.size, scale, theme, ...more });
  const from = asking.channelAddress(flowOf(store), told.step, tile.channel);
  const exactly = ({ values }) => show({ values: floatsOf(values), exact: true });
  const found = asking.known(from);
  clearTimeout(panel.timer);
  if (found) return exactly(found);
  show({ values: tile.values, overview: told.tile, exact: false });
  const { signal } = panel.wanted;
  panel.timer = setTimeout(() => {
    asking.bring(from, { signal }).then((exact) => {
      const still = panel.step === told && Math.min(store.settings.place, told.channels - 1) - told.page * count === index;
      if (still && !signal.aborted) drawChannel(panel, told, count, theme);
      return exact;
    }).catch((error) => error.name === "AbortError" || say(panel.parts.state, error.message));
  }, SETTLED_MS);
}
