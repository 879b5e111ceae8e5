// The Architectures page in the browser: which network on which input, and a tab for each thing to do with it.
//
// It fetches the network (`store.network`) and keeps panels, address and settings in step. Streamlit mounts it through
// `render` and takes it away through `dispose`; it draws no network and computes no numbers.

import { FIELDS, readSettings, TABS, writeSettings } from "./architectures-settings.js";
import { fill, make } from "./dom.js";
import { createLater } from "./later.js";
import { mountable } from "./mounting.js";
import { createNetworkChoice } from "./network-choice.js";
import { createNetworks } from "./networks.js";
import { createSettingsStore } from "./settings-store.js";
import { createSettling, showProblems } from "./settling.js";
import { createShare } from "./share.js";
import { createTabs } from "./tabs.js";

const QUICK_MS = 400;
const SLOW = "A model that is not in the list is built and recorded when it is first asked for, which takes some seconds.";
const TITLES = Object.fromEntries(Object.entries(TABS).map(([name, { title }]) => [name, title]));
export const { render, dispose } = mountable(createLab);

function createLab(root, component) {
  const { settings, problems } = readSettings(component.data.settings);
  const store = createSettingsStore(settings, tidy);
  const settling = createSettling(component, writeSettings);
  const networks = createNetworks(component.data.networks);
  store.networks = networks;
  store.uploads = "upload" in component.data; // whether this page has a field for a picture of one's own
  store.upload = component.data.upload ?? null; // a learner's own picture: { key, name, notes }
  root.classList.toggle("compact", Boolean(component.data.compact)); // inside a lesson: without its surroundings
  const regions = layOut(root);
  showProblems(regions.problems, problems);
  const tabs = createTabs(regions, store, TITLES);
  const choice = createNetworkChoice(regions.choice, store, networks);
  const panels = Object.fromEntries(Object.keys(TABS).map((name) => [name, panelOf(regions[name], store, name)]));
  const share = createShare(regions.share, { parameters: () => writeSettings(store.settings) });
  const bring = () => bringNetwork(store, networks, root, regions.failure);
  const showChoice = () => regions.choice.classList.toggle("hidden", store.settings.tab === "scale"); // families have a choice of their own
  showChoice();
  store.subscribe((changed) => {
    showChoice();
    if (changed.includes("network") || changed.includes("input")) bring();
    tabs.update();
    choice.update(changed);
    panels[store.settings.tab].update(changed);
    share.update();
    settling.follow(store.settings);
  });
  tabs.update();
  bring();
  return {
    store,
    receive(next) {
      settling.component = next;
      const upload = next.data.upload ?? null;
      if (upload?.key !== store.upload?.key) {
        store.upload = upload;
        store.notify("upload");
      }
    },
    changeTheme: () => store.notify("theme"),
    destroy() {
      settling.stop();
      Object.values(panels).forEach((panel) => panel.destroy());
    },
  };
}

/** Fetch the chosen network, put it on the store and say "described"; while it travels the last one stays. */
async function bringNetwork(store, networks, root, failure) {
  const { network, input } = store.settings;
  const wanted = `${network} ${input}`;
  store.wanted = wanted;
  root.setAttribute("aria-busy", "true");
  const patience = setTimeout(() => fill(failure, make("p", { class: "muted", role: "status" }, `Looking for ${network}. ${SLOW}`)), QUICK_MS);
  const described = await networks.fetch(network, input).catch((error) => ({ error: String(error.message ?? error) }));
  clearTimeout(patience);
  if (store.wanted !== wanted) return; // another one has been chosen in the meantime
  root.setAttribute("aria-busy", "false");
  fill(failure, described.error && make("p", { class: "problem", role: "alert" }, described.error));
  if (!described.error) {
    store.network = described;
    store.notify("described");
    const named = described.steps.findIndex((step) => step.name === store.settings.go);
    const step = named >= 0 ? named : Math.min(store.settings.step, described.steps.length - 1);
    store.set({ step, go: "" });
  }
  root.dataset.ready = "true";
}

/** A different network begins at its first step, on its own input, with nothing opened. */
function tidy(settings, store) {
  const before = store.settings;
  if (!before || before.network === settings.network) return settings;
  const [, step] = FIELDS.step;
  return { ...settings, step, opened: "", input: settings.input === before.input ? "" : settings.input };
}

function panelOf(host, store, name) {
  const create = async () => (await TABS[name].create())(host, store);
  return createLater(host, { wanted: () => store.settings.tab === name, create });
}

function layOut(root) {
  const region = (name, attributes = {}) => make("div", { class: name, ...attributes });
  const regions = {
    problems: region("link-problems"),
    choice: region("network-choice"),
    failure: region("network-failure"),
    tabs: region("tabs", { role: "tablist", "aria-label": "What to do with the network" }),
    share: region("share"),
  };
  for (const name of Object.keys(TABS)) regions[name] = region(`tab-panel ${name}`, { role: "tabpanel", id: `panel-${name}`, "aria-label": TITLES[name] });
  const panels = Object.keys(TABS).map((name) => regions[name]);
  fill(root, regions.problems, make("div", { class: "layers-main" }, regions.choice, regions.failure, regions.tabs, panels, regions.share));
  return regions;
}
