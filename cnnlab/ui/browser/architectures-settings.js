// What a learner can set on the Architectures page, its defaults, and how it is written in an address.
//
// One flat object; panels bring fields of their own into this table. It knows no network.

import { choice, defaultsOf, flag, readFields, text, whole, writeFields } from "./fields.js";

export const COLOURS = { kind: "Kind of layer", macs: "Multiply-adds", parameters: "Parameters", memory: "Memory", channels: "Channels" };

// name → { title, create }: the panel is fetched when its tab is first shown; { update(changed), destroy() }.
export const TABS = {
  explore: { title: "Step through", create: async () => (await import("./explore-panel.js")).createExplorePanel },
  idea: { title: "The idea", create: async () => (await import("./idea-panel.js")).createIdeaPanel },
  scale: { title: "Scale", create: async () => (await import("./scale-panel.js")).createScalePanel },
  about: { title: "About", create: async () => (await import("./facts-panel.js")).createFactsPanel },
};

// field → [name in the address, default, its form]
export const FIELDS = {
  tab: ["tab", "explore", choice(Object.keys(TABS))],
  network: ["net", "resnet18", text(/^[\w.:-]{1,100}$/, "the name of a network, such as resnet18")],
  input: ["input", "", text(/^(\d{1,5}x\d{1,5}x\d{1,5})?$/, "channels x height x width, such as 3x224x224")],
  step: ["step", 0, whole(-1, 99999)], // -1 is the input itself
  go: ["go", "", text(/^[\w.]{0,100}$/, "the name of a step")], // until the network is there; then it is a step
  opened: ["open", "", text(/^[\w.,-]{0,2000}$/, "a list of blocks")], // paths of opened blocks, with commas between
  flow: ["flow", false, flag], // whether a picture flows through
  picture: ["pic", "", text(/^[\w-]{0,40}$/, "the name of a picture, or upload")], // "" is the network's usual one
  flowSort: ["sort", "number", choice(["number", "strength", "deviation", "highest"])],
  ownScale: ["own", false, flag],
  place: ["ch", 0, whole(0, 999999)], // of the chosen channel, in that order
  unit: ["at", "50000,50000", text(/^\d{1,6},\d{1,6}$/, "a place in a map: down, across, in hundred-thousandths")],
  family: ["family", "mobilenet", text(/^[a-z0-9-]{1,40}$/, "the name of a family, such as mobilenet")],
  knob: ["knob", -1, whole(-1, 50)], // the place of the family's setting; -1 is the one it is known for
  side: ["side", 0, whole(0, 4096)], // of the input of the scaled network; 0 is the size it was made for
  idea: ["idea", "", text(/^[a-z]{0,20}$/, "the name of an experiment, such as residual")], // "" is the network's own
  turns: ["turn", "", text(/^[\d.,]{0,80}$/, "the experiment's settings, with commas between")],
  colour: ["colour", "kind", choice(Object.keys(COLOURS))],
};

export const DEFAULTS = defaultsOf(FIELDS);
export const readSettings = (parameters) => readFields(FIELDS, parameters);
export const writeSettings = (settings) => writeFields(FIELDS, settings);
