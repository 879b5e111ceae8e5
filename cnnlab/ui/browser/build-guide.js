// The notation explained in a table whose lines insert themselves, and networks to start from.
//
// It is told both, and knows no notation.

import { fill, make, say } from "./dom.js";

/** `rules` are { form, meaning, lines }. */
export function createGuide(host, rules, editor) {
  const wide = matchMedia("(min-width: 60rem)").matches;
  const row = ({ form, meaning, lines }) => make("tr", {},
    make("th", { scope: "row" }, make("code", {}, form)),
    make("td", {}, meaning),
    make("td", {}, make("button", { type: "button", class: "button", "aria-label": `Insert ${lines}`, title: `Insert “${lines}” behind the line of the cursor`, onclick: () => editor.insert(lines) }, "Insert")));
  const head = ["Write", "Meaning", ""].map((title) => make("th", { scope: "col" }, title || make("span", { class: "sr-only" }, "Insert")));
  fill(host, make("details", { open: wide }, make("summary", {}, "The notation"),
    make("div", { class: "scroll guide-scroll", tabindex: "0", role: "region", "aria-label": "The notation" },
      make("table", { class: "guide" }, make("thead", {}, make("tr", {}, head)), make("tbody", {}, rules.map(row))))));
}

/** `examples` are { name, title, idea, text }. Choosing one keeps what was there before within reach. */
export function createExamples(host, examples, editor) {
  let mine = "";
  const idea = make("p", { class: "muted small", role: "status" });
  const back = make("button", { type: "button", class: "button hidden", onclick: () => take(mine, "Your text is back.") }, "Back to my text");
  function take(text, sentence) {
    const before = editor.text();
    if (before.trim() && !examples.some((one) => one.text === before)) mine = before;
    editor.replace(text);
    back.classList.toggle("hidden", !mine || text === mine);
    say(idea, sentence);
  }
  fill(host, make("div", { class: "button-row", role: "group", "aria-label": "Start from" },
    make("span", { class: "label" }, "Start from"),
    examples.map((one) => make("button", { type: "button", class: "button", title: one.idea, onclick: () => take(one.text, one.idea) }, one.title)), back), idea);
}
