// The course on the home page: what is due for review, and the lessons in order with how far the learner is.
//
// It shows what the server counted, in the words that it sends, which are in the language of the page, unlike what is around
// it. It knows no lesson's text.

import { make } from "./dom.js";

const asThePage = () => ({ lang: document.documentElement.lang, dir: document.documentElement.dir || "ltr" });

/** A section with the lessons, or null where there are none. */
export function createCourse({ title, lessons }) {
  if (!lessons?.length) return null;
  const list = make("ol", { class: "course" }, lessons.map(entry));
  return make("section", asThePage(), make("h2", {}, title), list);
}

/** A section with what is due for review, or null where nothing is. */
export function createReviews({ reviews: { title, why, lessons } }) {
  if (!lessons) return null;
  const list = make("ul", { class: "reviews" }, lessons.map(review));
  return make("section", { class: "panel", ...asThePage() }, make("h2", {}, title), make("p", { class: "small" }, why), list);
}

function entry({ title, address, details, summary }) {
  return make(
    "li",
    {},
    make("a", { href: address, class: "course-title", dir: "auto" }, title),
    make("span", { class: "muted small" }, details),
    summary ? make("span", { class: "small", dir: "auto" }, summary) : null,
  );
}

function review({ title, links }) {
  const go = links.map(({ text, address }) => make("a", { href: address, "aria-label": `${title}: ${text}` }, text));
  return make("li", {}, make("span", {}, title), make("span", { class: "review-links" }, go));
}
