// The notation explained, with lines that insert themselves, and networks to start from.
//
// It is told both, and knows no notation.

import { fill, make, say } from "./dom.js";

/** `rules` are { form, meaning, lines }. */
export function createGuide(host, rules, editor) {
  const wide = matchMedia("(min-width: 60rem)").matches;
  const row = ({ form, meaning, lines }) => make("li", {},
    make("code", {}, form),
    make("span", { class: "guide-meaning" }, meaning),
    make("button", { type: "button", class: "button", "aria-label": `Insert ${lines}`, title: `Insert “${lines}” behind the line of the cursor`, onclick: () => editor.insert(lines) }, "Insert"));
  fill(host, make("details", { open: wide }, make("summary", {}, "The notation"),
    make("div", { class: "scroll guide-scroll", tabindex: "0", role: "region", "aria-label": "The notation" }, make("ul", { class: "guide" }, rules.map(row)))));
}

/** `examples` are { name, title, idea, text }. Choosing one keeps what was there before within reach. */
export function createExamples(host, examples, editor) {
  let mine = "";
  const idea = make("p", { class: "muted small", role: "status" });
  const back = make("button", { type: "button", class: "button hidden", onclick: ({ target }) => take(mine, "Your text is back.", target) }, "Back to my text");
  function take(text, sentence, button) {
    const before = editor.text();
    if (before.trim() && !examples.some((one) => one.text === before)) mine = before;
    editor.replace(text);
    button.focus({ preventScroll: true });
    back.classList.toggle("hidden", !mine || text === mine);
    say(idea, sentence);
  }
  fill(host, make("div", { class: "button-row", role: "group", "aria-label": "Start from" },
    make("span", { class: "label" }, "Start from"),
    examples.map((one) => make("button", { type: "button", class: "button", title: one.idea, onclick: ({ target }) => take(one.text, one.idea, target) }, one.title)), back), idea);
}
