// Where the input comes from: the kinds of source, the pictures and patterns of the chosen kind, drawing and upload.
//
// It writes the setting `source` and says how the source becomes numbers. Loading is done by sources.js, the uploader
// itself is the page's. It computes no values.

import { createDrawing } from "./drawing.js";
import { fill, make, say } from "./dom.js";
import { createInputs } from "./inputs.js";
import { KINDS, PICTURES, SOURCES, sourceNamed } from "./sources.js";

const THUMBNAIL = 24;

export function createSourcePanel(host, store) {
  const chosen = {}; // kind → the source last used of it
  const kinds = Object.entries(KINDS).map(([kind, title]) =>
    make("button", { type: "button", class: "button", "data-kind": kind, onclick: () => store.set({ source: chosen[kind] ?? firstOf(kind) }) }, title),
  );
  const parts = {
    kinds,
    choices: make("div", { class: "thumbnails", role: "group", "aria-label": "Input" }),
    drawing: make("div", { class: "drawing" }),
    alt: make("p", {}),
    notes: make("ul", { class: "small" }),
    problem: make("p", { class: "field-message said", role: "status" }),
    becomes: make("p", { class: "muted small" }),
    credit: make("p", { class: "muted small" }),
    buttons: [],
    kind: "",
  };
  const drawing = createDrawing(parts.drawing, store);
  const row = make("div", { class: "button-row", role: "group", "aria-label": "Kinds of input" }, kinds);
  host.classList.add("source-panel");
  fill(host, make("h2", {}, "What flows in"), row, parts.choices, parts.drawing, parts.alt, parts.notes, parts.problem, parts.becomes, parts.credit);
  const update = () => {
    const source = sourceNamed(store.settings.source);
    if (source) chosen[source.kind] = source.name;
    show(parts, store, source);
    if (source?.kind === "drawing") drawing.update();
  };
  update();
  return { update, destroy: drawing.destroy };
}

const firstOf = (kind) => SOURCES.find((source) => source.kind === kind).name;

function show(parts, store, source) {
  const { settings, picture } = store;
  for (const button of parts.kinds) button.setAttribute("aria-pressed", String(button.dataset.kind === source?.kind));
  showChoices(parts, store, source);
  parts.drawing.classList.toggle("hidden", source?.kind !== "drawing");
  say(parts.problem, source ? (store.pictureProblem ?? "") : `There is no input called “${settings.source}”. Choose one of these.`);
  say(parts.alt, source ? whatItIs(source, picture) : "");
  const notes = source?.kind === "upload" ? (picture?.notes ?? []) : [];
  if (String(notes) !== parts.notes.dataset.notes) {
    parts.notes.dataset.notes = String(notes);
    fill(parts.notes, notes.map((note) => make("li", {}, note)));
  }
  parts.notes.classList.toggle("hidden", !notes.length);
  say(parts.becomes, source && source.kind !== "pattern" ? howItBecomesNumbers(settings, picture, source) : "");
  say(parts.credit, source?.licence ? `From: ${source.source}. Licence: ${source.licence}.` : "");
}

function showChoices(parts, store, source) {
  const kind = source?.kind ?? "";
  if (kind !== parts.kind) {
    parts.kind = kind;
    const offered = SOURCES.filter((other) => other.kind === kind);
    parts.buttons = offered.length > 1 ? offered.map((other) => choiceButton(store, other)) : [];
    parts.choices.dataset.kind = kind;
    fill(parts.choices, parts.buttons);
  }
  parts.choices.classList.toggle("hidden", !parts.buttons.length);
  for (const button of parts.buttons) button.setAttribute("aria-pressed", String(button.dataset.source === source.name));
}

function choiceButton(store, { name, title, kind }) {
  const image = kind === "pattern" ? patternImage(name) : make("img", { src: `${PICTURES}${name}.png`, alt: "" });
  const label = kind === "digit" ? make("span", { class: "sr-only" }, title) : make("span", { class: "small" }, title);
  const choose = () => store.set({ source: name });
  return make("button", { type: "button", class: "thumbnail", "data-source": name, title, onclick: choose }, image, label);
}

// A pattern as a small grey picture, from its smallest value (black) to its largest (white).
function patternImage(name) {
  const side = name === "numbers" || name === "checker" ? 8 : THUMBNAIL - 1;
  const canvas = make("canvas", { width: side, height: side, "aria-hidden": "true" });
  const values = createInputs(name, [1, side, side], null).channel(0);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const context = canvas.getContext("2d");
  values.forEach((value, i) => {
    const grey = Math.round(((value - low) / (high - low || 1)) * 255);
    context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
    context.fillRect(i % side, Math.floor(i / side), 1, 1);
  });
  return canvas;
}

function whatItIs(source, picture) {
  if (source.kind !== "upload") return source.alt;
  if (picture?.name !== "upload") return "Choose a file in the upload field of this page. Until it is there, every value is 0.";
  return `Your picture “${picture.title ?? ""}”, ${picture.height} × ${picture.width} pixels.`;
}

function howItBecomesNumbers(settings, picture, source) {
  const flat = settings.dims === 1;
  const [height, width] = settings.input;
  const size = flat ? `${width} cells` : `${height} × ${width} cells`;
  const from = flat ? "Its middle row" : "The whole picture";
  return `${from} becomes ${size}${howResized(settings, picture, source)}. ${whichColours(settings.cin)}`;
}

function howResized({ dims, input }, picture, { kind }) {
  const given = kind === "drawing" ? { height: 28, width: 28 } : picture;
  if (!given) return "";
  const axes = dims === 1 ? [[given.width, input[1]]] : [[given.height, input[0]], [given.width, input[1]]];
  if (axes.every(([from, to]) => from === to)) return ", one for each pixel";
  const [shrinks, grows] = [axes.some(([from, to]) => to < from), axes.some(([from, to]) => to > from)];
  const ways = [shrinks && "averaging pixels", grows && "repeating pixels"].filter(Boolean);
  return `, ${ways.join(" and ")}`;
}

function whichColours(channels) {
  if (channels === 1) return "The one channel is grey: the mean of red, green and blue, from 0 to 255, as a whole number.";
  if (channels === 2) return "Channel 0 is red and channel 1 green, from 0 to 255, as whole numbers.";
  const three = "Channels 0, 1 and 2 are red, green and blue, from 0 to 255, as whole numbers";
  return channels === 3 ? `${three}.` : `${three}; the others are the same again, each three moved one column further to the right.`;
}
