// A panel that is fetched when it is first wanted, so that the first view of a lab is there at once.
//
// It says where that fails, and tries again when it is wanted again. It knows no panel.

import { fill, make } from "./dom.js";

/** `wanted()` says whether it shows now; `create()` promises the panel. Returns a panel, with the real one as `panel`. */
export function createLater(host, { wanted, create, onReady = () => {} }) {
  let asked = false;
  const later = {
    panel: null,
    update(changed) {
      if (later.panel) return later.panel.update(changed);
      if (asked || !wanted()) return;
      asked = true;
      create().then(
        (panel) => {
          later.panel = panel;
          onReady();
        },
        (error) => {
          console.error(error);
          asked = false;
          fill(host, make("p", { class: "problem", role: "alert" }, "This part could not be loaded. Check the connection and choose it again."));
        },
      );
    },
    destroy: () => later.panel?.destroy(),
  };
  later.update([]);
  return later;
}
