// The course on the home page: its lessons in order, how long each takes, and how far the learner is.
//
// It shows what the server counted; it knows no lesson's text.

import { make } from "./dom.js";

/** A section with the lessons, or null where there are none. */
export function createCourse(lessons) {
  if (!lessons?.length) return null;
  return make("section", {}, make("h2", {}, "The course"), make("ol", { class: "course" }, lessons.map(entry)));
}

function entry({ title, address, minutes, summary, questions, done }) {
  return make(
    "li",
    {},
    make("a", { href: address, class: "course-title" }, title),
    make("span", { class: "muted small" }, `${minutes} minutes; ${howFar(done, questions)}`),
    summary ? make("span", { class: "small" }, summary) : null,
  );
}

function howFar(done, questions) {
  if (!done) return `${questions} questions`;
  return done === questions ? `all ${questions} questions done ✓` : `${done} of ${questions} questions done`;
}
