// Taking a lab's state elsewhere: a link that opens exactly the same, and what it shows as PyTorch code.
//
// It copies to the clipboard; where the browser refuses, it shows the text to copy by hand. It knows no lab.

import { fill, make, say } from "./dom.js";

/**
 * `parameters()` gives the settings as an address has them, `code()` { text, ok }, where there is code to take along,
 * `remark()` a sentence on what a link cannot carry, or "".
 */
export function createShare(host, { parameters, code = null, remark = () => "" }) {
  const status = make("span", { class: "muted small", role: "status" });
  const shown = make("pre", { class: "code", tabindex: "0" });
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
  const copyLink = () => copy(addressOf(parameters()), `Link copied. ${remark()}`.trim());
  const linkButton = make("button", { type: "button", class: "button", onclick: copyLink }, "Copy link");
  const codeButton = make("button", { type: "button", class: "button", onclick: () => copy(shown.textContent, "PyTorch code copied.") }, "Copy as PyTorch");
  fill(
    host,
    make("div", { class: "button-row" }, linkButton, code && codeButton, status),
    byHand,
    code && make("details", {}, make("summary", {}, "The same in PyTorch"), shown),
  );
  const update = () => {
    if (!code) return say(status, "");
    const { text, ok } = code();
    say(shown, text);
    codeButton.disabled = !ok;
    say(status, "");
  };
  update();
  return { update, destroy() {} };
}

/** The address of this page with these parameters, for any browser. */
export function addressOf(parameters, place = location) {
  const query = new URLSearchParams(parameters).toString();
  return `${place.origin}${place.pathname}${query ? `?${query}` : ""}`;
}

async function copyText(text) {
  if (!navigator.clipboard) throw new Error("no clipboard");
  await navigator.clipboard.writeText(text);
}
