// Which input channels an output channel reads, which outputs an input feeds, and which of them there is room to draw.
//
// It knows layers and their groups, no values and no page. Channels count from 0, groups from 1.

import { readsOf } from "./weights.js";

export const MOST_DRAWN = 16;
const isPool = (layer) => layer.op.endsWith("pool");

/** How many groups a layer's channels fall into; a pool keeps every channel by itself. null where they do not fit. */
export function groupsIn(layer) {
  if (isPool(layer)) return layer.cin;
  const { cin, cout, groups } = layer;
  return groups >= 1 && cin % groups === 0 && cout % groups === 0 ? groups : null;
}

/** The channels of group g (from 0): { inputs: [first, count], outputs: [first, count] }. */
export function groupOf(layer, g) {
  const groups = groupsIn(layer);
  const [ins, outs] = [layer.cin / groups, layer.cout / groups];
  return { inputs: [g * ins, ins], outputs: [g * outs, outs] };
}

/** The group (from 0) that a channel of one side ("in" or "out") belongs to. */
export function groupAt(layer, side, channel) {
  const all = side === "in" ? layer.cin : layer.cout;
  return Math.floor(channel / (all / groupsIn(layer)));
}

/** The channels on the other side that a channel is joined to: { first, count }. */
export function partners(layer, side, channel) {
  if (side === "out") return readsOf(layer, channel);
  const [first, count] = groupOf(layer, groupAt(layer, "in", channel)).outputs;
  return { first, count };
}

/** "Output channel 5 reads input channels 2–3 (group 2 of 4): 2 of 8. It has 2 · 3 · 3 = 18 weights and 1 bias." */
export function sentenceFor(layer, side, channel) {
  if (isPool(layer)) return `Output channel ${channel} is made from input channel ${channel} alone: pooling works channel by channel and has no weights.`;
  const groups = groupsIn(layer);
  const { first, count } = partners(layer, side, channel);
  const [what, verb, all] = side === "out" ? ["input", "reads", layer.cin] : ["output", "feeds", layer.cout];
  const span = count === 1 ? `channel ${first}` : `channels ${first}–${first + count - 1}`;
  const group = groups > 1 ? ` (group ${groupAt(layer, side, channel) + 1} of ${groups})` : "";
  const start = `${side === "out" ? "Output" : "Input"} channel ${channel} ${verb} ${what} ${span}${group}: ${count === all ? `all ${all}` : `${count} of ${all}`}.`;
  if (side === "in") return start;
  const weights = layer.kernel.reduce((total, size) => total * size, count);
  return `${start} It has ${[count, ...layer.kernel].join(" · ")} = ${weights.toLocaleString("en-GB")} ${weights === 1 ? "weight" : "weights"} and ${layer.bias ? "1 bias" : "no bias"}.`;
}

/**
 * What to draw of one side, top to bottom: [{ group, rows: [{ channel }|{ more, text }] }] and summaries of whole
 * groups { more, text } in between. All channels where there are at most MOST_DRAWN, else those around `focus`.
 */
export function drawnChannels(layer, side, focus) {
  const groups = groupsIn(layer);
  const large = Math.max(layer.cin, layer.cout) / groups;
  const all = side === "in" ? layer.cin : layer.cout;
  const per = all / groups;
  const room = Math.max(layer.cin, layer.cout) <= MOST_DRAWN ? groups : Math.max(1, Math.floor((MOST_DRAWN - 2) / large));
  const first = Math.max(0, Math.min(groups - room, focus.group - (room >> 1)));
  const last = Math.min(groups, first + room) - 1;
  const shown = [];
  if (first > 0) shown.push(groupsLeft(per, 0, first - 1));
  for (let group = first; group <= last; group += 1) {
    shown.push({ group, rows: rowsOf(group * per, per, focus.group === group ? focus[side] : group * per) });
  }
  if (last < groups - 1) shown.push(groupsLeft(per, last + 1, groups - 1));
  return shown;
}

function groupsLeft(per, from, to) {
  const more = per * (to - from + 1);
  const which = from === to ? `group ${from + 1}` : `groups ${from + 1}–${to + 1}`;
  return { more, text: `… ${more} more in ${which}` };
}

function rowsOf(first, count, focus) {
  if (count <= MOST_DRAWN) return Array.from({ length: count }, (_, i) => ({ channel: first + i }));
  const room = MOST_DRAWN - 3;
  const from = Math.max(first, Math.min(first + count - room, focus - (room >> 1)));
  const rows = Array.from({ length: room }, (_, i) => ({ channel: from + i }));
  const left = (more) => ({ more, text: `… ${more} more of the same group` });
  if (from > first) rows.unshift(left(from - first));
  if (from + room < first + count) rows.push(left(first + count - from - room));
  return rows;
}
