// Which network, and how large its input is: a list by families, any other model by name, and the input's size.
//
// It sets `store.settings.network` and `input`; it does not fetch networks.

import { fill, make, say } from "./dom.js";

export function createNetworkChoice(host, store, networks) {
  const list = make("select", { "aria-label": "Network", onchange: () => store.set({ network: list.value }) });
  const other = make("input", { type: "text", "aria-label": "Another model by name", placeholder: "timm:resnetv2_50", spellcheck: "false", autocapitalize: "off" });
  const open = (event) => {
    event.preventDefault();
    if (other.value.trim()) store.set({ network: other.value.trim() });
  };
  const size = make("input", { type: "number", min: "1", max: "4096", "aria-label": "Height and width of the input, in pixels", onchange: () => setSize() });
  const summary = make("p", { class: "network-summary" });
  const setSize = () => {
    const { network } = store;
    if (!network || !(+size.value >= 1 && +size.value <= 4096)) return update();
    const input = [network.own_input[0], Math.round(+size.value), Math.round(+size.value)];
    store.set({ input: String(input) === String(network.own_input) ? "" : input.join("x") });
  };
  fill(
    host,
    make("div", { class: "network-fields" },
      make("label", {}, make("span", { class: "label" }, "Network"), list),
      make("label", {}, make("span", { class: "label" }, "Input, pixels a side"), size),
      make("form", { onsubmit: open }, make("label", {}, make("span", { class: "label" }, "Any model of torchvision or timm"), other), make("button", { class: "button" }, "Open"))),
    summary,
  );
  const update = () => {
    const { network, settings } = store;
    list.value = settings.network;
    if (!list.value && list.options.length) {
      fill(named, make("option", { value: settings.network }, settings.network));
      list.append(named);
      list.value = settings.network;
    }
    if (!network) return;
    size.value = network.input.at(-1);
    say(summary, network.facts?.introduced ?? "");
  };
  const named = make("optgroup", { label: "Opened by name" });
  networks.list().then(({ families, own }) => {
    const options = (all) => all.map(({ name, title }) => make("option", { value: name }, title));
    fill(list, families.map(({ title, networks: all }) => make("optgroup", { label: title }, options(all))));
    if (own.length) list.append(make("optgroup", { label: "Your own" }, own.map((name) => make("option", { value: name }, name))));
    update();
  }, (error) => say(summary, error.message));
  return { update };
}
