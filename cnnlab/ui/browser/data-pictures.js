// The pictures of one class of a learner's own set; pressing one takes it out. It knows no set.

import { fill, make } from "./dom.js";
import { mountable } from "./mounting.js";

export const { render, dispose } = mountable(create);

function create(root) {
  let tell = () => {};
  let shown = "";
  return {
    receive({ data, setTriggerValue }) {
      tell = setTriggerValue;
      const now = JSON.stringify(data);
      if (now === shown) return;
      shown = now;
      const removed = (one) => () => tell("taken", `${one.row} ${data.version} ${Date.now()}`);
      const pictures = data.pictures.map((one) =>
        make("button", { type: "button", class: "data-picture", onclick: removed(one), "aria-label": `Take out picture ${one.row + 1} of ${data.name}` },
          make("img", { src: one.src, alt: "" }), make("span", { class: "data-cross", "aria-hidden": "true" }, "×")));
      const more = data.more ? make("p", { class: "small muted" }, `and ${data.more} more`) : null;
      fill(root, make("div", { class: "data-pictures", role: "group", "aria-label": `Pictures of ${data.name}` }, pictures), more);
      root.dataset.ready = "true";
    },
    changeTheme() {},
    destroy() {},
  };
}
