// When a drawing of the home page may move: while it is wanted, on screen, and its browser tab is in front.
//
// It does not know what moves.

/** Whether the visitor has asked the system for less motion. */
export const prefersStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Call `tick` every `pause` milliseconds while wanted: { wanted, want(bool), destroy() }. */
export function createMotion(element, pause, tick) {
  const motion = { wanted: false, want, destroy };
  let timer = 0;
  let seen = true;

  function follow() {
    const run = motion.wanted && seen && !document.hidden;
    if (run && !timer) timer = setInterval(tick, pause);
    if (run || !timer) return;
    clearInterval(timer);
    timer = 0;
  }
  function want(wanted) {
    motion.wanted = wanted;
    follow();
  }
  const watcher = new IntersectionObserver((entries) => {
    seen = entries.at(-1).isIntersecting;
    follow();
  });
  watcher.observe(element);
  document.addEventListener("visibilitychange", follow);

  function destroy() {
    want(false);
    watcher.disconnect();
    document.removeEventListener("visibilitychange", follow);
  }
  return motion;
}
