// Names the places of a lesson, so that links lead to them, and leads to one: in sight, and with the focus on it.
//
// Streamlit draws a page bit by bit, and labs grow when they are there; for a moment the way is taken again whenever
// something above has moved, unless the reader has begun to do something. It does not know what stands at a place.

const PATIENCE_MS = 5000;
const BELOW_THE_MENU = "5rem";
const DEEDS = ["wheel", "touchstart", "pointerdown", "keydown"];
const FOCUS = "2px solid color-mix(in srgb, currentColor 70%, transparent)";

const lessons = new Map(); // by the key of who draws: the places, how far the last journey was, and where one is going

function nameAll(lesson) {
  for (const [box, id, label] of lesson.places) {
    const element = document.querySelector(`.st-key-${CSS.escape(box)}`);
    if (!element) continue;
    if (element.id !== id) element.id = id;
    if (element.getAttribute("aria-label") === label) continue;
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", label);
  }
  for (const link of document.querySelectorAll('a[href^="#note-"]')) {
    const call = `call-${link.hash.slice("#note-".length)}`;
    if (!document.getElementById(call)) link.id = call;
  }
  if (lesson.going && document.getElementById(lesson.going.to)) {
    const { to, gently } = lesson.going;
    lesson.going = null;
    arrive(document.getElementById(to), gently);
  }
}

function arrive(element, gently) {
  element.style.scrollMarginTop = BELOW_THE_MENU;
  const isBox = !element.matches("a, button");
  if (isBox) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.style.setProperty("outline", FOCUS, "important"); // Streamlit takes it from what a mouse has led to
  element.style.outlineOffset = "2px";
  const leave = () =>
    setTimeout(() => {
      if (document.activeElement === element) return; // it has only been lost for a moment, as in a rerun
      element.removeEventListener("blur", leave);
      element.style.outline = "";
      if (isBox) element.removeAttribute("tabindex"); // a click on its text is none on the box
    }, 300);
  element.addEventListener("blur", leave);
  const { top } = element.getBoundingClientRect();
  if (!gently || top < 0 || top > innerHeight * 0.6) stayAt(element);
}

function stayAt(element) {
  const page = element.closest('[data-testid="stMainBlockContainer"]') ?? document.body;
  const watcher = new ResizeObserver(() => element.scrollIntoView({ block: "start" }));
  const stop = () => {
    watcher.disconnect();
    for (const deed of DEEDS) removeEventListener(deed, stop, true);
  };
  for (const deed of DEEDS) addEventListener(deed, stop, { capture: true, passive: true });
  watcher.observe(page);
  setTimeout(stop, PATIENCE_MS);
}

/** Follow a link inside the page: `#question-sizes`, `#sizes`, `#note-1`. */
function follow() {
  const name = decodeURIComponent(location.hash.slice(1));
  for (const lesson of lessons.values()) {
    const known = lesson.places.map(([, id]) => id);
    const to = [name, `question-${name}`].find((id) => known.includes(id));
    if (to) lesson.going = { to }; // by the one that names it: another may look before it has its name
  }
  if (/^call-\d+$/.test(name)) [...lessons.values()].at(0).going = { to: name };
  lessons.forEach(nameAll);
}

export default function ({ data }) {
  const [{ key, places, go }] = data;
  const isNew = !lessons.has(key);
  const lesson = lessons.get(key) ?? { count: null };
  lesson.places = places;
  lessons.set(key, lesson);
  const journey = go && `${go.to} ${go.count}`;
  if (journey && journey !== lesson.journey) lesson.going = go;
  lesson.journey = journey;
  if (isNew) {
    lesson.watcher = new MutationObserver(() => nameAll(lesson));
    lesson.watcher.observe(document.body, { childList: true, subtree: true });
    lesson.follow = follow;
    addEventListener("hashchange", follow);
    if (location.hash && places.length) follow();
  }
  nameAll(lesson);
  return () => {
    lesson.watcher.disconnect();
    lessons.delete(key);
    if (!lessons.size) removeEventListener("hashchange", follow);
  };
}
