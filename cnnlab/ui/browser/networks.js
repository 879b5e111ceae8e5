// Asks the server for networks, and keeps what has come.
//
// A network is what `cnnlab/ui/architectures/describing.py` says of it: { name, title, input, steps, modules, notes, … }.
// It draws nothing.

const UNREACHABLE = "The server did not answer. Check the connection and choose the network again.";

/** `address` is where they are on the server: `address/<name>.json`, and `address.json` for the list of all. */
export function createNetworks(address) {
  const known = new Map();
  const get = (place) => {
    if (!known.has(place)) {
      const answer = ask(place);
      known.set(place, answer);
      answer.catch(() => known.delete(place));
    }
    return known.get(place);
  };
  const place = (name, rest, input) => `${address}/${encodeURIComponent(name)}${rest}.json${input ? `?input=${input}` : ""}`;
  return {
    address,
    /** Promise a network on an input such as "3x224x224"; "" is its own. Rejects with a sentence. */
    fetch: (name, input = "") => get(place(name, "", input)),
    /** Promise { formulas }: for each step a list of [quantity, formula, with numbers, result, remark]. */
    formulas: (name, input = "") => get(place(name, "/formulas", input)),
    /** Promise { knobs: [{ name, title, turned, about, labels, start }] }: the families that can be scaled. */
    knobs: () => get(`${address}/scaling.json`),
    /** Promise { sizes, variants: [{ label, network, own_size, rows: [[parameters, MACs, bytes, field] or null] }] }. */
    scaled: (family) => get(`${address}/scaling/${encodeURIComponent(family)}.json`),
    /** Promise { families: [{ name, title, idea, networks }], own, own_problems }. */
    list: () => get(`${address}.json`),
  };
}

async function ask(place) {
  const answer = await fetch(place).catch(() => {
    throw new Error(UNREACHABLE);
  });
  const told = await answer.json().catch(() => ({ error: UNREACHABLE }));
  if (told.error) throw new Error(told.error);
  return told;
}
