// The pictures that a learner can look at, as rows of thumbnails, and an area to draw one.
//
// It tells the server which was chosen, or the cells of what was drawn. It loads no picture itself.

import { fill, make, say } from "./dom.js";
import { createDrawing } from "./drawing.js";
import { mountable } from "./mounting.js";
import { decodeSketch } from "./sketch.js";

export const { render, dispose } = mountable(createPictures);

function createPictures(root) {
  const rows = make("div", { class: "inside-rows" });
  const drawing = createSketch((cells) => tell("drawing", cells));
  let tell = () => {};
  let shown = "";
  fill(root, make("div", { class: "inside-pictures" }, rows, drawing.element));
  return {
    receive({ data, setTriggerValue }) {
      tell = setTriggerValue;
      const now = JSON.stringify(data.groups);
      if (now !== shown) fill(rows, data.groups.map((group) => createRow(group, (name) => choose(rows, name, tell))));
      shown = now;
      mark(rows, data.chosen);
      root.dataset.ready = "true";
    },
    changeTheme() {},
    destroy() {},
  };
}

function choose(rows, name, tell) {
  mark(rows, name);
  tell("choice", name);
}

function mark(rows, chosen) {
  for (const button of rows.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.picture === chosen));
}

function createRow({ title, pictures }, onChoose) {
  const small = title === "Digits";
  const buttons = pictures.map(({ name, title: words, src }) =>
    make("button", { type: "button", class: "thumbnail", "data-picture": name, title: words, "aria-label": words, onclick: () => onChoose(name) },
      make("img", { src, alt: "", loading: "lazy" }), small ? null : make("span", { class: "small inside-title", "aria-hidden": "true" }, words)));
  return make("div", {}, make("h3", {}, title), make("div", { class: "thumbnails", "data-kind": small ? "digit" : "photograph", role: "group", "aria-label": title }, buttons));
}

/** An area to draw on, folded in at first; `onDrawn` hears the cells once the learner wants to look at the drawing. */
function createSketch(onDrawn) {
  const host = make("div", { class: "drawing" });
  const note = make("p", { class: "small", role: "status" });
  const store = { settings: { drawing: "" }, set: (change) => (Object.assign(store.settings, change), area.update()) };
  const area = createDrawing(host, store);
  const look = () => {
    if (!store.settings.drawing) return say(note, "Nothing is drawn yet.");
    say(note, "");
    onDrawn(decodeSketch(store.settings.drawing).join(""));
  };
  area.update();
  return { element: make("details", { class: "inside-draw" }, make("summary", {}, "Draw one"), host, make("button", { type: "button", class: "button", onclick: look }, "Look at this drawing"), note) };
}
