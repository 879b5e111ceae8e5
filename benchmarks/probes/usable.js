// Tells when a page can be used: `bench.usable` becomes the time of day in milliseconds at which a frame had shown it.
//
// The lab can be used once it says that it is ready and its numbers are there; the stock app once its slider and its
// text are there.

(() => {
  const ready = () => {
    const lab = bench.find(".lab[data-ready=true]");
    if (lab) return Boolean(lab.querySelector("[data-metric=output]")?.textContent.match(/\d/));
    return Boolean(document.querySelector("input[type=range]")) && document.body.innerText.includes("The value is");
  };
  const look = () => {
    if (!ready()) return requestAnimationFrame(look);
    bench.afterFrame((now) => (bench.usable = performance.timeOrigin + now));
  };
  requestAnimationFrame(look);
})();
