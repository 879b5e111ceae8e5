// The Layers page in the browser: one tab for each kind of layer, kept in step with the settings and with the address.
//
// Streamlit mounts it through `render` and takes it away through `dispose`; it knows no arithmetic.

import { fill, make } from "./dom.js";
import { createLater } from "./later.js";
import { readSettings, TABS, writeSettings } from "./layers-settings.js";
import { tidyNormalisation } from "./normalisation-settings.js";
import { createSettingsStore } from "./settings-store.js";
import { createSettling, showProblems } from "./settling.js";
import { createShare } from "./share.js";
import { createTabs } from "./tabs.js";

const TITLES = Object.fromEntries(Object.entries(TABS).map(([name, { title }]) => [name, title]));
const labs = new WeakMap();

/** Mount the lab, or hand new data to it. Streamlit calls this at every rerun of the page. */
export function render(component) {
  const host = component.parentElement;
  if (!labs.has(host)) labs.set(host, createLab(host.querySelector(".lab"), component));
  labs.get(host).receive(component);
}

/** Stop what runs on after the lab has left the page. */
export function dispose(host) {
  labs.get(host)?.destroy();
  labs.delete(host);
}

function createLab(root, component) {
  const { settings, problems } = readSettings(component.data.settings);
  const store = createSettingsStore(settings, tidyNormalisation);
  const settling = createSettling(component, writeSettings);
  root.classList.toggle("compact", Boolean(component.data.compact)); // inside a lesson: one tab without its surroundings
  const regions = layOut(root);
  showProblems(regions.problems, problems);
  const tabs = createTabs(regions, store, TITLES);
  const panels = Object.fromEntries(Object.keys(TABS).map((name) => [name, panelOf(regions[name], store, name, () => share.update())]));
  const share = createShare(regions.share, {
    parameters: () => writeSettings(store.settings),
    code: () => panels[store.settings.tab].panel?.code?.() ?? { text: "", ok: false },
  });
  store.subscribe((changed) => {
    tabs.update();
    panels[store.settings.tab].update(changed);
    share.update();
    settling.follow(store.settings);
  });
  tabs.update();
  root.dataset.ready = "true";
  let paper = paperOf(root);
  return {
    receive(next) {
      settling.component = next;
      if (paper !== paperOf(root)) store.notify("theme");
      paper = paperOf(root);
    },
    destroy() {
      settling.stop();
      Object.values(panels).forEach((panel) => panel.destroy());
    },
  };
}

// The page's background tells one theme from another.
const paperOf = (root) => getComputedStyle(root).getPropertyValue("--st-background-color");

function panelOf(host, store, name, onReady) {
  const create = async () => (await TABS[name].create())(host, store);
  return createLater(host, { wanted: () => store.settings.tab === name, create, onReady });
}

function layOut(root) {
  const region = (name, attributes = {}) => make("div", { class: name, ...attributes });
  const regions = {
    problems: region("link-problems"),
    tabs: region("tabs", { role: "tablist", "aria-label": "Kinds of layer" }),
    share: region("share"),
  };
  for (const name of Object.keys(TABS)) regions[name] = region(`tab-panel ${name}`, { role: "tabpanel", id: `panel-${name}`, "aria-label": TITLES[name] });
  fill(root, regions.problems, make("div", { class: "layers-main" }, regions.tabs, Object.keys(TABS).map((name) => regions[name]), regions.share));
  return regions;
}
