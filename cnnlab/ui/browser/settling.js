// Telling the server a lab's settings once they have settled, and the learner what a link said wrongly.
//
// It knows when, not what: `write` turns settings into the parameters of an address.

import { fill, make } from "./dom.js";

const SETTLED_MS = 250;

/** Returns { component, follow(settings), stop() }; assign `component` anew whenever Streamlit hands a new one over. */
export function createSettling(component, write) {
  let sent = JSON.stringify(component.data.settings);
  let timer = 0;
  const settling = {
    component,
    follow(settings) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const parameters = write(settings);
        const text = JSON.stringify(parameters);
        if (text === sent) return;
        sent = text;
        settling.component.setStateValue("settings", parameters);
      }, SETTLED_MS);
    },
    stop: () => clearTimeout(timer),
  };
  return settling;
}

/** Show sentences about a link until the learner has understood them. */
export function showProblems(host, problems) {
  if (!problems.length) return;
  const close = make("button", { type: "button", class: "button", onclick: () => fill(host) }, "Understood");
  fill(host, make("div", { class: "problem", role: "status" }, problems.map((sentence) => make("p", {}, sentence)), close));
}
