// What a learner can set on the Augmentation page, and how an address says it: the policy, a picture, what is shown.
//
// The transforms and presets are those of cnnlab/training/policy.py; the page hands them over. It knows no pixels.

import { isOwn } from "./augment-own.js";
import { choice, defaultsOf, readFields, whole, writeFields } from "./fields.js";
import { SAMPLES } from "./samples.js";

const NONE = "none";

/** A policy { transform: strength } as addresses and recipes have it: `flip:0.5,rotate:15`. */
export const policyText = (policy) => Object.entries(policy).filter(([, by]) => by > 0).map(([name, by]) => `${name}:${+by.toFixed(4)}`).join(",");

/** The policy that a text says, with every transform in order; undefined where it says none. */
export function policyFrom(text, { transforms, presets }) {
  if (Object.hasOwn(presets, text)) return policyFrom(policyText(presets[text]), { transforms, presets });
  const given = {};
  for (const part of text.split(",").filter(Boolean)) {
    const found = /^\s*([a-z]+):(\d*\.?\d+)\s*$/.exec(part);
    const one = found && transforms.find(({ name }) => name === found[1]);
    if (!one || +found[2] > one.most || one.name in given) return undefined;
    given[one.name] = +found[2];
  }
  return Object.fromEntries(transforms.map(({ name }) => [name, given[name] ?? 0]));
}

/** How settings are read from an address and written into it, for the transforms that there are. */
export function settingsFor(facts) {
  const policy = {
    read: (text) => policyFrom(text, facts),
    write: (value) => policyText(value) || NONE,
    hint: "a policy, such as flip:0.5,rotate:15",
  };
  const bundled = choice([...SAMPLES.map(({ name }) => name), "upload"]);
  const picture = { ...bundled, read: (text) => (isOwn(text) ? text : bundled.read(text)) };
  const fields = {
    policy: ["policy", policyFrom(facts.first, facts), policy],
    at: ["at", "rotate", choice(facts.transforms.map(({ name }) => name))],
    source: ["pic", "cat", picture],
    seed: ["draw", 7, whole(1, 99999)],
    show: ["show", "all", choice(["all", "one"])],
  };
  return {
    defaults: defaultsOf(fields),
    read: (parameters) => readFields(fields, parameters),
    write: (settings) => writeFields(fields, settings),
  };
}
