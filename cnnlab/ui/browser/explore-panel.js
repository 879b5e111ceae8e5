// The network step by step: the walk through its steps, and the views that follow it.
//
// Space and the arrow keys walk; each view is { update(changed), destroy() } and reads `store.network` and
// `store.settings.step`. It draws no view itself.

import { fill, make } from "./dom.js";
import { createLater } from "./later.js";
import { createStepTable } from "./step-table.js";
import { createWalk } from "./walk.js";

// name → the view's maker, fetched after the walk is there.
const VIEWS = {
  "network-graph": async () => (await import("./network-graph.js")).createNetworkGraph,
  step: async () => (await import("./step-panel.js")).createStepPanel,
  flow: async () => (await import("./flow-panel.js")).createFlowPanel,
  "step-table": async () => createStepTable,
};

/** `names` are the views that are wanted, all of them if none are named. */
export function createExplorePanel(host, store, names = Object.keys(VIEWS)) {
  const walkHost = make("div", { class: "walk" });
  const regions = Object.fromEntries(names.map((name) => [name, make("section", { class: name })]));
  fill(host, walkHost, make("div", { class: "explore-views" }, Object.values(regions)));
  const walk = createWalk(walkHost, store, host);
  const views = Object.entries(regions).map(([name, region]) =>
    createLater(region, { wanted: () => Boolean(store.network), create: async () => (await VIEWS[name]())(region, store) }),
  );
  const update = (changed) => {
    walk.update();
    views.forEach((view) => view.update(changed));
  };
  update([]);
  return {
    update,
    destroy() {
      walk.destroy();
      views.forEach((view) => view.destroy());
    },
  };
}
