// What a learner can set on the Layers page, its defaults, and how it is written in an address.
//
// One flat object; the tabs beside normalisation bring their own fields. It knows no arithmetic and no page.

import { choice, defaultsOf, readFields, writeFields } from "./fields.js";
import { OTHER_FIELDS, OTHER_TABS } from "./layers-others.js";
import { NORMALISATION_FIELDS } from "./normalisation-settings.js";

// name → { title, create }: the panel is fetched when its tab is first shown. A panel is (host, store) →
// { update(changed), destroy(), code?() }, where `code()` gives { text, ok }: what it shows, as PyTorch code.
export const TABS = {
  normalisation: { title: "Normalisation", create: async () => (await import("./normalisation-panel.js")).createNormalisationPanel },
  ...OTHER_TABS,
};

export const FIELDS = {
  tab: ["tab", "normalisation", choice(Object.keys(TABS))],
  ...NORMALISATION_FIELDS,
  ...OTHER_FIELDS,
};

export const DEFAULTS = defaultsOf(FIELDS);
export const readSettings = (parameters) => readFields(FIELDS, parameters);
export const writeSettings = (settings) => writeFields(FIELDS, settings);
