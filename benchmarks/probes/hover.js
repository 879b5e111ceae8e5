// Times each step of the pointer over a map of the lab: the handlers' time, and up to the frame that shows the marks.
//
// A sample: { script, frame, focus }; `frame` counts from the event's timeStamp. Only steps that reach another cell
// count; `focus` is the cell that the panel says it shows, `marked` whether the overlay was painted anew.

(() => {
  let began = 0;
  let before = "";
  let paintings = 0;
  const clear = CanvasRenderingContext2D.prototype.setTransform;
  CanvasRenderingContext2D.prototype.setTransform = function (...matrix) {
    if (this.canvas.classList.contains("marks")) paintings += 1;
    return clear.apply(this, matrix);
  };
  const overMap = (event) => event.composedPath()[0]?.dataset?.map !== undefined;
  const focus = () => bench.panel.dataset.focus;

  addEventListener("pointermove", (event) => {
    if (!overMap(event)) return;
    bench.panel ??= bench.find(".grid-panel");
    before = focus();
    paintings = 0;
    began = performance.now();
  }, true);
  addEventListener("pointermove", (event) => {
    const script = performance.now() - began;
    if (!overMap(event) || focus() === before) return;
    const sample = { script, focus: focus(), marked: paintings >= 3 };
    bench.afterFrame((now) => {
      sample.frame = now - event.timeStamp;
      bench.samples.push(sample);
    });
  });
})();
