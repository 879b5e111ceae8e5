// The Layers page in the browser: one tab for each kind of layer, kept in step with the settings and with the address.
//
// Streamlit mounts it through `render` and takes it away through `dispose`; it knows no arithmetic.

import { fill, make } from "./dom.js";
import { createLater } from "./later.js";
import { readSettings, TABS, writeSettings } from "./layers-settings.js";
import { mountable } from "./mounting.js";
import { tidyNormalisation } from "./normalisation-settings.js";
import { createSettingsStore } from "./settings-store.js";
import { createSettling, showProblems } from "./settling.js";
import { createShare } from "./share.js";
import { createTabs } from "./tabs.js";

const TITLES = Object.fromEntries(Object.entries(TABS).map(([name, { title }]) => [name, title]));
export const { render, dispose } = mountable(createLab);

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
  return {
    receive(next) {
      settling.component = next;
    },
    changeTheme: () => store.notify("theme"),
    destroy() {
      settling.stop();
      Object.values(panels).forEach((panel) => panel.destroy());
    },
  };
}

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
