// Times each step of a dragged slider of the lab: from the pointer's event to the frame that shows every number.
//
// A sample: { frame, script, metrics, shown, picture }; `frame` counts from the moment the browser got the pointer's
// event (its timeStamp), `script` is what all handlers of the step took. `picture` tells whether the output map changed.

(() => {
  const small = document.createElement("canvas");
  small.width = small.height = 16;
  let moved = 0;
  let began = 0;
  let last = "";

  const isSlider = (event) => event.composedPath()[0]?.type === "range";
  addEventListener("pointermove", (event) => (moved = event.timeStamp), true);
  addEventListener("input", (event) => isSlider(event) && (began = performance.now()), true);
  addEventListener("input", (event) => {
    if (!isSlider(event)) return;
    const sample = { script: performance.now() - began };
    const slider = event.composedPath()[0];
    const start = moved;
    bench.afterFrame((now) => {
      sample.frame = now - start;
      sample.metrics = readMetrics();
      sample.shown = Number(slider.value);
      const seen = outputPicture();
      sample.picture = seen !== last;
      last = seen;
      bench.samples.push(sample);
    });
  });

  function readMetrics() {
    const root = bench.find(".lab");
    return Object.fromEntries([...root.querySelectorAll("[data-metric]")].map((one) => [one.dataset.metric, one.textContent]));
  }

  function outputPicture() {
    const context = small.getContext("2d", { willReadFrequently: true });
    context.drawImage(bench.find(".map.output canvas"), 0, 0, 16, 16);
    return String(context.getImageData(0, 0, 16, 16).data) + bench.find(".map.output figcaption").textContent;
  }
})();
