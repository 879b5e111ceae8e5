// Taking the lab's state elsewhere: a link that opens exactly the same, and the layers as PyTorch code.
//
// It copies to the clipboard; where the browser refuses, it shows the text to copy by hand.

import { fill, make, say } from "./dom.js";
import { program } from "./pytorch-code.js";
import { inputShapeOf, writeSettings } from "./settings.js";
import { computeStack } from "./stack.js";

export function createShare(host, store) {
  const status = make("span", { class: "muted small", role: "status" });
  const code = make("pre", { class: "code", tabindex: "0" });
  const byHand = make("input", { type: "text", readonly: true, class: "by-hand hidden", "aria-label": "Text to copy" });
  const copy = (text, done) => copyText(text).then(
    () => say(status, done),
    () => {
      byHand.value = text;
      byHand.classList.remove("hidden");
      byHand.select();
      say(status, "This browser does not let the page copy: the text is selected, press Ctrl+C.");
    },
  );
  const uploaded = () => (store.settings.source === "upload" ? " Your uploaded picture stays here; the link opens with a sample." : "");
  const linkButton = make("button", { type: "button", class: "button", onclick: () => copy(linkTo(store.settings), `Link copied.${uploaded()}`) }, "Copy link");
  const codeButton = make("button", { type: "button", class: "button", onclick: () => copy(code.textContent, "PyTorch code copied.") }, "Copy as PyTorch");
  fill(
    host,
    make("div", { class: "button-row" }, linkButton, codeButton, status),
    byHand,
    make("details", {}, make("summary", {}, "The same in PyTorch"), code),
  );
  const update = () => {
    const { layers, ok } = store.settings.tab === "stack" ? computeStack(store.settings) : store.derived;
    say(code, program(layers, inputShapeOf(store.settings)));
    codeButton.disabled = !ok;
    say(status, "");
  };
  update();
  return { update, destroy() {} };
}

/** The address that opens the lab with these settings in any browser. */
export function linkTo(settings, place = location) {
  const query = new URLSearchParams(writeSettings(settings)).toString();
  return `${place.origin}${place.pathname}${query ? `?${query}` : ""}`;
}

async function copyText(text) {
  if (!navigator.clipboard) throw new Error("no clipboard");
  await navigator.clipboard.writeText(text);
}
