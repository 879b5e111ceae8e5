// Moving about in a large drawing: scrolling by the browser, dragging, zooming by wheel, pinch, keys and buttons.
//
// The drawing is an SVG in a place that scrolls. It knows nothing of what is drawn.

const LEAST = 0.08;
const MOST = 2.5;
const STEP = 1.25;
const MARGIN = 80; // px around what is brought into view, where there is so much room: what comes next is seen, too
const DRAGGED = 4; // px from which on a press is no click

/** `place` scrolls, `drawing()` is the SVG's { width, height } at scale 1; `onZoom` is called after each change. */
export function createScrolling(place, svgElement, size, onZoom = () => {}) {
  let scale = 1;
  let dragged = false;
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  function apply() {
    const { width, height } = size();
    svgElement.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svgElement.setAttribute("width", Math.max(1, width * scale));
    svgElement.setAttribute("height", Math.max(1, height * scale));
    onZoom(scale);
  }
  /** Zoom so that the point (in px of the place) stays under the pointer. */
  function zoomTo(wanted, at = [place.clientWidth / 2, place.clientHeight / 2]) {
    const next = Math.min(MOST, Math.max(LEAST, wanted));
    const ratio = next / scale;
    const corner = offset();
    const [x, y] = [(place.scrollLeft + at[0] - corner[0]) * ratio, (place.scrollTop + at[1] - corner[1]) * ratio];
    scale = next;
    apply();
    const after = offset();
    place.scrollLeft = x + after[0] - at[0];
    place.scrollTop = y + after[1] - at[1];
  }
  /** Where the drawing's corner is in what scrolls; a small drawing stands in the middle. */
  function offset() {
    const [inner, outer] = [svgElement.getBoundingClientRect(), place.getBoundingClientRect()];
    return [inner.left - outer.left + place.scrollLeft, inner.top - outer.top + place.scrollTop];
  }
  function fit(whole = true) {
    const { width, height } = size();
    const room = [(place.clientWidth - 16) / width, (place.clientHeight - 16) / height];
    scale = Math.min(1, Math.max(whole ? LEAST : 0.7, whole ? Math.min(...room) : room[0]));
    apply();
  }
  const keys = { "+": () => zoomTo(scale * STEP), "=": () => zoomTo(scale * STEP), "-": () => zoomTo(scale / STEP), 0: () => fit() };
  const panning = { ArrowUp: [0, -60], ArrowDown: [0, 60], ArrowLeft: [-60, 0], ArrowRight: [60, 0] };
  place.addEventListener("keydown", (event) => {
    if (event.target !== place || event.ctrlKey || event.metaKey || event.altKey) return;
    if (panning[event.key]) place.scrollBy(...panning[event.key]);
    else if (keys[event.key]) keys[event.key]();
    else return;
    event.preventDefault();
  });
  place.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = place.getBoundingClientRect();
    zoomTo(scale * Math.exp(-event.deltaY / 300), [event.clientX - box.left, event.clientY - box.top]);
  }, { passive: false });
  place.addEventListener("pointerdown", (event) => {
    dragged = false;
    if (event.button !== 0 || event.pointerType !== "mouse") return; // fingers scroll by themselves
    const from = { x: event.clientX + place.scrollLeft, y: event.clientY + place.scrollTop, startX: event.clientX, startY: event.clientY };
    const move = (next) => {
      if (!dragged && Math.hypot(next.clientX - from.startX, next.clientY - from.startY) < DRAGGED) return;
      dragged = true;
      place.classList.add("dragging");
      place.scrollTo({ left: from.x - next.clientX, top: from.y - next.clientY, behavior: "instant" });
    };
    const end = () => {
      removeEventListener("pointermove", move);
      place.classList.remove("dragging");
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end, { once: true });
    addEventListener("pointercancel", end, { once: true });
  });
  pinch(place, (ratio, at) => zoomTo(scale * ratio, at));
  return {
    apply, fit, zoomTo,
    zoomBy: (steps) => zoomTo(scale * STEP ** steps),
    get scale() { return scale; },
    wasDragged: () => dragged,
    /** Bring a box of the drawing into view, if it is not; smoothly, where motion is welcome. */
    show({ x, y, width, height }, smooth = true) {
      const corner = offset();
      const near = (start, length, from, room, all) => {
        const margin = Math.min(MARGIN, room / 5);
        const long = Math.min(length, room - 2 * margin);
        if (start - margin < from) return Math.max(0, start - margin);
        if (start + long + margin > from + room) return Math.min(all, start + long + margin - room);
        return from;
      };
      const left = near(x * scale + corner[0], width * scale, place.scrollLeft, place.clientWidth, place.scrollWidth);
      const top = near(y * scale + corner[1], height * scale, place.scrollTop, place.clientHeight, place.scrollHeight);
      place.scrollTo({ left, top, behavior: smooth && !still.matches ? "smooth" : "instant" });
    },
  };
}

/** Two fingers: call back with how much further apart they are, and where their middle is. */
function pinch(place, onPinch) {
  let apart = 0;
  const distance = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  place.addEventListener("touchstart", (event) => (apart = event.touches.length === 2 ? distance(event.touches) : 0), { passive: true });
  place.addEventListener("touchmove", (event) => {
    if (event.touches.length !== 2 || !apart) return;
    event.preventDefault();
    const now = distance(event.touches);
    const [a, b] = event.touches;
    const box = place.getBoundingClientRect();
    onPinch(now / apart, [(a.clientX + b.clientX) / 2 - box.left, (a.clientY + b.clientY) / 2 - box.top]);
    apart = now;
  }, { passive: false });
}
