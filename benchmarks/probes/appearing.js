// Times how long a text takes to appear after a key or a pointer step, anywhere in the page outside shadow roots.
//
// `bench.watch(selector)` names whose text counts. A sample: { change, frame, text }: to the first change of the
// document with a new text, and to the frame that shows it; both from the event's timeStamp.

(() => {
  let began = 0;
  let last = null;
  const start = (event) => (began = event.timeStamp);
  bench.watch = (selector, type) => {
    const read = () => document.querySelector(selector)?.textContent ?? "";
    last = read();
    addEventListener(type, start, true);
    new MutationObserver(() => {
      const text = read();
      if (!began || !text || text === last) return;
      last = text;
      const sample = { change: performance.now() - began, text };
      const from = began;
      began = 0;
      bench.afterFrame((now) => {
        sample.frame = now - from;
        bench.samples.push(sample);
      });
    }).observe(document, { childList: true, characterData: true, subtree: true });
  };
})();
