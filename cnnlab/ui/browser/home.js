// The home page in the browser: a small convolution at work beside the way into the lab, and cards for what one can do.
//
// Streamlit mounts it through `render` and takes it away through `dispose`. It tells the server nothing.

import { fill, make } from "./dom.js";
import { createCards, labAddress } from "./home-cards.js";
import { createCourse, createReviews } from "./home-course.js";
import { createNetworkCards } from "./home-networks.js";
import { createMachine } from "./home-machine.js";
import { DEFAULTS } from "./settings.js";
import { createStore } from "./store.js";

const homes = new WeakMap();

/** Mount the page, or paint it again: Streamlit calls this at every rerun and at every change of theme. */
export function render(component) {
  const host = component.parentElement;
  if (homes.has(host)) homes.get(host).paint();
  else homes.set(host, createHome(host.querySelector(".lab"), component.data));
}

/** Stop what moves after the page has been left. */
export function dispose(host) {
  homes.get(host)?.destroy();
  homes.delete(host);
}

function createHome(root, { lab, layers, left, course, networks }) {
  const store = createStore(DEFAULTS);
  const enter = make("a", { class: "button primary", href: lab }, "Open the convolution lab");
  const follow = () => enter.setAttribute("href", labAddress(lab, store.settings));
  store.subscribe(follow);
  const words = make(
    "div",
    { class: "hero-words" },
    make("p", { class: "hero-sentence" }, "Change a kernel: the output, its cost and what it sees follow your hand."),
    make("p", { class: "muted" }, "One is at work here: move the slider, or point at a cell."),
    make("div", { class: "button-row" }, enter, backLink(lab, left)),
  );
  const hero = make("section", { class: "hero", "aria-label": "What CNN Lab is" }, words);
  const [list, nets] = [make("ul", { class: "cards" }), make("ul", { class: "cards networks" })];
  createNetworkCards(nets, networks);
  fill(root, make("div", { class: "home" }, [createReviews(course), hero, make("section", {}, make("h2", {}, "Try it"), list), make("section", {}, make("h2", {}, "Networks"), nets), createCourse(course)].filter(Boolean)));
  const parts = [createMachine(hero, store), createCards(list, { convolution: lab, layers })];
  root.dataset.ready = "true";
  return { paint: () => parts.forEach((part) => part.paint()), destroy: () => parts.forEach((part) => part.destroy()) };
}

/** A link to where the learner left the lab, if there is such a place. */
function backLink(lab, left) {
  const query = new URLSearchParams(left ?? {}).toString();
  return query ? make("a", { class: "button", href: `${lab}?${query}` }, "Continue where you left") : null;
}
