// The Challenges tab: goals to reach with the lab's controls, judged while the learner works; and the banner that keeps
// the chosen goal in sight on every tab.
//
// challenges.js judges. What has been solved is remembered for this visit only, per lab.

import { CHALLENGES, challengeNamed, judge } from "./challenges.js";
import { fill, make, say } from "./dom.js";
import { svg } from "./svg.js";

const visits = new WeakMap(); // store → { solved, shown }: ids of goals, and where the focus is to go after a change of tab

function visitOf(store) {
  if (!visits.has(store)) visits.set(store, { solved: new Set(), shown: new Set(), focus: "" });
  return visits.get(store);
}

/** Judge the chosen goal and remember it once it is solved; a goal whose solution was shown counts after a new start. */
function judged(store) {
  const challenge = challengeNamed(store.settings.challenge);
  if (!challenge) return null;
  const result = judge(challenge, store.settings, store.derived);
  const { solved, shown } = visitOf(store);
  if (result.done && !shown.has(challenge.id)) solved.add(challenge.id);
  return { challenge, ...result };
}

function begin(store, challenge) {
  const visit = visitOf(store);
  visit.shown.delete(challenge.id);
  visit.focus = "banner";
  store.set({ ...challenge.start, challenge: challenge.id });
}

function showSolution(store, challenge) {
  const visit = visitOf(store);
  visit.shown.add(challenge.id);
  visit.focus = "banner";
  store.set({ ...challenge.start, ...challenge.solution, challenge: challenge.id });
}

const tick = () => svg("svg", { viewBox: "0 0 16 16", class: "challenge-tick", "aria-hidden": "true" }, svg("path", { d: "M2.5 8.5l3.5 4 7.5-9" }));

export function createChallengePanel(host, store) {
  const rows = CHALLENGES.map((challenge) => goalRow(store, challenge));
  const score = make("p", { class: "muted" });
  fill(host, make("div", { class: "challenge-panel" }, make("h2", {}, "Challenges"), score, make("ol", { class: "challenge-list" }, rows.map((row) => row.element))));
  const update = () => {
    const now = judged(store);
    const visit = visitOf(store);
    say(score, `Choose a goal and press Start; the lab judges while you change its settings. Solved this visit: ${visit.solved.size} of ${CHALLENGES.length}.`);
    rows.forEach((row) => row.update(now, visit));
    if (visit.focus !== "goal" || store.settings.tab !== "challenge") return;
    visit.focus = "";
    host.querySelector("[aria-expanded=true][data-goal]")?.focus();
  };
  update();
  return { update, destroy() {} };
}

function goalRow(store, challenge) {
  const { id, title, goal } = challenge;
  const state = make("span", { class: "challenge-state small" });
  const mark = make("span", { class: "challenge-mark" }, tick());
  const toggle = () => store.set({ challenge: store.settings.challenge === id ? "" : id });
  const head = make("button", { type: "button", class: "challenge-head", "data-goal": id, "aria-controls": `goal-${id}`, onclick: toggle }, mark, make("span", { class: "challenge-title" }, title), state);
  const verdict = make("p", { class: "challenge-verdict", "aria-live": "polite" });
  const hint = make("p", { class: "challenge-hint hidden" }, `Hint: ${challenge.hint}`);
  const button = (text, kind, action) => make("button", { type: "button", class: `button ${kind}`, onclick: action }, text);
  const hinted = button("Hint", "", () => {
    hint.classList.toggle("hidden");
    hinted.setAttribute("aria-expanded", String(!hint.classList.contains("hidden")));
  });
  hinted.setAttribute("aria-expanded", "false");
  const actions = make("div", { class: "button-row" }, button("Start", "primary", () => begin(store, challenge)), hinted, button("Show a solution", "", () => showSolution(store, challenge)));
  const body = make("div", { class: "challenge-body", id: `goal-${id}` }, make("p", { class: "challenge-goal" }, goal), verdict, hint, actions);
  const element = make("li", { class: "challenge-item" }, head, body);
  return {
    element,
    update(now, { solved, shown }) {
      const chosen = now?.challenge === challenge;
      head.setAttribute("aria-expanded", String(chosen));
      body.classList.toggle("hidden", !chosen);
      element.classList.toggle("challenge-chosen", chosen);
      element.classList.toggle("challenge-solved", solved.has(id));
      say(state, solved.has(id) ? "solved" : shown.has(id) ? "solution shown" : "open");
      if (!chosen) return;
      verdict.classList.toggle("challenge-done", now.done);
      say(verdict, verdictText(now));
    },
  };
}

const verdictText = ({ done, sentence }) => `${done ? "Reached." : "Not yet."} ${sentence}`;

/** The chosen goal above the lab, with the present judgement; nothing where no goal is chosen. */
export function createChallengeBanner(host, store) {
  const title = make("strong", {});
  const goal = make("span", {});
  const verdict = make("span", { class: "challenge-verdict", "aria-live": "polite" });
  const button = (text, action) => make("button", { type: "button", class: "button", onclick: action }, text);
  const actions = make(
    "div",
    { class: "button-row" },
    button("All challenges", () => {
      visitOf(store).focus = "goal";
      store.set({ tab: "challenge" });
    }),
    button("Stop", () => store.set({ challenge: "" })),
  );
  const element = make("aside", { class: "challenge-banner", "aria-label": "Challenge", tabindex: -1 }, make("div", { class: "challenge-words" }, make("div", {}, title, " ", goal), make("div", { class: "challenge-now" }, tick(), verdict)), actions);
  fill(host, element);
  const update = () => {
    const now = judged(store);
    element.classList.toggle("hidden", !now || store.settings.tab === "challenge");
    if (!now) return;
    say(title, `${now.challenge.title}.`);
    say(goal, now.challenge.goal);
    element.classList.toggle("challenge-done", now.done);
    say(verdict, verdictText(now));
    if (visitOf(store).focus !== "banner" || store.settings.tab === "challenge") return;
    visitOf(store).focus = "";
    element.focus();
  };
  update();
  return { update, destroy() {} };
}
