// The course on the home page: what is due for review, and the lessons in order with how far the learner is.
//
// It shows what the server counted, in the words that it sends; it knows no lesson's text.

import { make } from "./dom.js";

/** The sections with what is due and with the lessons; none where there are no lessons. */
export function createCourse({ title, lessons, reviews }) {
  if (!lessons?.length) return [];
  const list = make("ol", { class: "course" }, lessons.map(entry));
  return [due(reviews), make("section", {}, make("h2", {}, title), list)];
}

function entry({ title, address, details, summary }) {
  return make(
    "li",
    {},
    make("a", { href: address, class: "course-title" }, title),
    make("span", { class: "muted small" }, details),
    summary ? make("span", { class: "small" }, summary) : null,
  );
}

function due({ title, why, lessons }) {
  if (!lessons) return null;
  const list = make("ul", { class: "reviews" }, lessons.map(review));
  return make("section", { class: "panel" }, make("h2", {}, title), make("p", { class: "small" }, why), list);
}

function review({ title, links }) {
  const go = links.map(({ text, address }) => make("a", { href: address, "aria-label": `${title}: ${text}` }, text));
  return make("li", {}, make("span", {}, title), make("span", { class: "review-links" }, go));
}
