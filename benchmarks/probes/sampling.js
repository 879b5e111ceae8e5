// What every probe needs in the page: samples, the end of a frame, and parts of a page behind shadow roots.
// It runs before the page's own scripts and changes nothing that a visitor sees.

window.bench = {
  samples: [],
  failures: [],

  /** Call back once the frame that shows the present state has been made: after styles, layout and painting. */
  afterFrame(done) {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done(performance.now());
      channel.port2.postMessage(0);
    });
  },

  /** Find an element, also inside shadow roots. */
  find(selector, root = document) {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const element of root.querySelectorAll("*")) {
      const inside = element.shadowRoot && bench.find(selector, element.shadowRoot);
      if (inside) return inside;
    }
    return null;
  },

  /** Return the samples since the last call. */
  take() {
    return bench.samples.splice(0);
  },
};
