// A run that is trained on the server: where it stands, its curves, buttons to pause and stop it, and views of what it learned.
//
// It asks the server by itself for what is new, so that no page runs again; it tells Streamlit once, when the run is over.
// It computes nothing of the run.

import { fill, make, say } from "./dom.js";
import { createCurves } from "./finetune-curves.js";
import { createFacts } from "./finetune-facts.js";
import { createViews } from "./finetune-views.js";
import { mountable } from "./mounting.js";

const SOON_MS = 400;
const LATER_MS = 1500; // while it waits or is paused
const SLOW_MS = 4000; // where the server does not answer, or a run has ended that may go on, asked from elsewhere

export const { render, dispose } = mountable(createRun);

function createRun(root, component) {
  let latest = component;
  let run = null;
  const body = make("div", { class: "finetune" });
  fill(root, body);
  const begin = () => {
    run?.destroy();
    run = follow(body, () => latest);
  };
  return {
    receive(next) {
      const other = !run || next.data.run !== latest.data.run;
      latest = next;
      if (other) begin();
    },
    changeTheme: () => run?.paint(),
    destroy: () => run?.destroy(),
  };
}

/** Follow one run until it is done; one that ended before its time may go on again. */
function follow(body, component) {
  const { data } = component();
  const told = { state: {}, steps: [], epochs: [], next: { steps: 0, epochs: 0 }, over: false };
  const facts = createFacts((command) => tell(data, command));
  const curves = createCurves();
  const views = createViews(data);
  const problem = make("p", { class: "problem hidden", role: "alert" });
  fill(body, problem, facts.element, curves.element, views.element);
  let timer = 0;
  let gone = false;
  let announced = null;
  let drawn = null; // when the state was written that is drawn

  async function ask() {
    const answer = await fetchRun(data, told.next);
    if (gone) return;
    timer = setTimeout(ask, paceOf(answer));
    if (!answer) return facts.silent();
    if (answer.problem) {
      clearTimeout(timer);
      say(problem, answer.problem);
      problem.classList.remove("hidden");
      return;
    }
    take(told, answer);
    if (told.state.state === "done") clearTimeout(timer);
    if (told.over && drawn === told.state.at) return;
    drawn = told.state.at;
    paint();
    announce();
  }

  /** Let the page run again when the run has ended, or goes on again: what can be taken along has changed. */
  function announce() {
    if (told.over === component().data.over || told.over === announced) return;
    announced = told.over;
    component().setTriggerValue("over", Date.now());
  }

  function paint() {
    facts.draw(told, data);
    curves.draw(told);
    views.draw(told);
    body.dataset.state = told.state.state ?? "";
  }

  async function tell(data, command) {
    facts.busy(command);
    drawn = null;
    const answer = await fetch(`${data.address}/${command}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ learner: data.learner }) })
      .then((one) => one.json()).catch(() => ({ problem: "The server did not answer. Try again." }));
    say(problem, answer.problem);
    problem.classList.toggle("hidden", !answer.problem);
    clearTimeout(timer);
    ask();
  }

  ask();
  return {
    paint() {
      paint();
      views.paint();
    },
    destroy() {
      gone = true;
      views.destroy();
      clearTimeout(timer);
    },
  };
}

const fetchRun = (data, next) => fetch(`${data.address}.json?steps=${next.steps}&epochs=${next.epochs}`).then((answer) => answer.json()).catch(() => null);

const paceOf = (answer) => (!answer || answer.over ? SLOW_MS : answer.state?.state === "running" ? SOON_MS : LATER_MS);

/** Add what is new; a run that began anew from a checkpoint may tell an epoch twice: the later one counts. */
function take(told, answer) {
  Object.assign(told, { state: answer.state, over: answer.over, kept: answer.kept, place: answer.place, next: answer.next });
  told.steps = merged(told.steps, answer.steps, (one) => one[0]);
  told.epochs = merged(told.epochs, answer.epochs, (one) => one.epoch);
}

export function merged(before, added, numberOf) {
  if (!added.length) return before;
  const first = numberOf(added[0]);
  return [...before.filter((one) => numberOf(one) < first), ...added];
}
