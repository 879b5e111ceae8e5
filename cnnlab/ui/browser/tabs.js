// A row of tabs of which one shows its panel: by mouse, and by arrow keys as the ARIA pattern for tabs has it.
//
// It reads and sets `store.settings.tab`; it does not know what the panels show.

import { fill, make } from "./dom.js";

/** `titles` is { name: title }; `regions` has the row as `tabs` and a panel for each name. */
export function createTabs(regions, store, titles) {
  const names = Object.keys(titles);
  const buttons = names.map((name) =>
    make("button", { type: "button", class: "tab", role: "tab", "aria-controls": `panel-${name}`, onclick: () => store.set({ tab: name }) }, titles[name]),
  );
  regions.tabs.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (names.indexOf(store.settings.tab) + step + names.length) % names.length;
    store.set({ tab: names[next] });
    buttons[next].focus();
  };
  fill(regions.tabs, buttons);
  return {
    update() {
      names.forEach((name, index) => {
        const chosen = name === store.settings.tab;
        buttons[index].setAttribute("aria-selected", String(chosen));
        buttons[index].tabIndex = chosen ? 0 : -1;
        regions[name].classList.toggle("hidden", !chosen);
      });
    },
  };
}
