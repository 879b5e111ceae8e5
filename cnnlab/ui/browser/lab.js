// The convolution lab in the browser: puts the panels together, keeps them in step with the settings, and tells the
// server the settings once they have settled.
//
// Streamlit mounts it through `render` and takes it away through `dispose`; it knows no arithmetic.

import { createControls } from "./controls.js";
import { fill, make } from "./dom.js";
import { createGridPanel } from "./grid-panel.js";
import { createKernelEditor } from "./kernel-editor.js";
import { createLater } from "./later.js";
import { mountable } from "./mounting.js";
import { program } from "./pytorch-code.js";
import { createResults } from "./results.js";
import { inputShapeOf, readSettings, TABS, writeSettings } from "./settings.js";
import { createSettling, showProblems } from "./settling.js";
import { createShare } from "./share.js";
import { createSourcePanel } from "./source-panel.js";
import { loadPicture } from "./sources.js";
import { computeStack } from "./stack.js";
import { createStore } from "./store.js";
import { createTabs } from "./tabs.js";
import { unknownNames } from "./unknown-names.js";

const NARROW_PX = 752; // as in lab.css: 47rem
const QUIET_MS = 120;
// Panels that are fetched when they are first wanted, so that the grid is there at once.
const LATER = {
  channels: async () => (await import("./channels-panel.js")).createChannelsPanel,
  costs: async () => (await import("./costs-panel.js")).createCostsPanel,
  stack: async () => (await import("./stack-panel.js")).createStackPanel,
  challenge: async () => (await import("./challenge-panel.js")).createChallengePanel,
  banner: async () => (await import("./challenge-panel.js")).createChallengeBanner,
};
export const { render, dispose } = mountable(createLab);

function createLab(root, component) {
  const { settings, problems } = readSettings(component.data.settings);
  const store = createStore(settings);
  const settling = createSettling(component, writeSettings);
  const bring = () => loadPicture(store, { upload: settling.component.data.upload });
  root.classList.toggle("compact", Boolean(component.data.compact)); // inside a lesson: the lab without its surroundings
  const regions = layOut(root);
  const panels = createPanels(regions, store);
  showProblems(regions.problems, [...problems, ...unknownNames(settings)]);
  const tabs = createTabs(regions, store, TABS);
  const follow = (changed) => {
    tabs.update();
    for (const { panel, tab } of panels) {
      if (!tab || tab === store.settings.tab) panel.update(changed);
    }
    if (changed.includes("source") || changed.includes("upload")) bring();
    settling.follow(store.settings);
  };
  store.subscribe(follow);
  tabs.update();
  bring();
  root.dataset.ready = "true";
  return {
    store,
    receive(next) {
      const fresh = next.data.upload?.png !== settling.component.data.upload?.png;
      settling.component = next;
      if (fresh) store.notify("upload");
    },
    changeTheme: () => store.notify("theme"),
    destroy() {
      settling.stop();
      panels.forEach(({ panel }) => panel.destroy());
    },
  };
}

function layOut(root) {
  const region = (name, tag = "div", attributes = {}) => make(tag, { class: name, ...attributes });
  const regions = {
    banner: region("banner"),
    problems: region("link-problems"),
    results: region("results", "section", { "aria-label": "Results" }),
    controls: region("controls", "section", { "aria-label": "Settings" }),
    tabs: region("tabs", "div", { role: "tablist", "aria-label": "Views of the layer" }),
    share: region("share"),
  };
  for (const name of Object.keys(TABS)) regions[name] = region(`tab-panel ${name}`, "div", { role: "tabpanel", id: `panel-${name}` });
  const views = Object.keys(TABS).map((name) => regions[name]);
  const main = make("div", { class: "lab-main" }, regions.results, regions.tabs, views, regions.share);
  const settings = make("details", { class: "settings", open: true }, make("summary", {}, "Settings"), regions.controls);
  fill(root, regions.banner, regions.problems, make("div", { class: "lab-body" }, settings, main));
  foldWhereNarrow(root, settings);
  return regions;
}

/** Beside the views the settings are always open; above them, on a narrow page, they start folded. */
function foldWhereNarrow(root, settings) {
  let narrow = null;
  new ResizeObserver(() => {
    const now = root.clientWidth > 0 && root.clientWidth <= NARROW_PX;
    if (now !== narrow) settings.open = !now;
    narrow = now;
  }).observe(root);
}

function createPanels(regions, store) {
  const inGrid = (name) => regions.grid.appendChild(make("div", { class: name }));
  return [
    { panel: createControls(regions.controls, store) },
    { panel: createResults(regions.results, store) },
    { panel: createGridPanel(inGrid("grid-panel"), store), tab: "grid" },
    { panel: whenQuiet(createKernelEditor(inGrid("panel kernel-editor"), store)), tab: "grid" },
    { panel: createSourcePanel(inGrid("panel source-panel"), store), tab: "grid" },
    ...Object.keys(LATER).map((name) => panelForLater(regions[name], store, name)),
    { panel: createShare(regions.share, sharedOf(store)) },
  ];
}

/** A panel with much to rebuild that waits until a drag pauses. */
function whenQuiet(panel) {
  let timer = 0;
  let waiting = new Set();
  const now = () => {
    const changed = [...waiting];
    waiting = new Set();
    panel.update(changed);
  };
  return {
    update(changed) {
      changed.forEach((name) => waiting.add(name));
      clearTimeout(timer);
      timer = setTimeout(now, QUIET_MS);
    },
    destroy() {
      clearTimeout(timer);
      panel.destroy();
    },
  };
}

/** What can be taken elsewhere: the settings, and the shown layers as code. */
const sharedOf = (store) => ({
  parameters: () => writeSettings(store.settings),
  code() {
    const { layers, ok } = store.settings.tab === "stack" ? computeStack(store.settings) : store.derived;
    return { text: program(layers, inputShapeOf(store.settings)), ok };
  },
  remark: () => (store.settings.source === "upload" ? "Your picture stays here: whoever opens the link is asked for one." : ""),
});

/** A panel that is fetched when its tab is first shown; the banner when a challenge has been chosen. */
function panelForLater(host, store, name) {
  const wanted = () => (name === "banner" ? store.settings.challenge : store.settings.tab === name);
  const panel = createLater(host, { wanted, create: async () => (await LATER[name]())(host, store) });
  return { panel, tab: name === "banner" ? null : name };
}
