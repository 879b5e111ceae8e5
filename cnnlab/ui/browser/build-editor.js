// The text of a network: a field with numbered lines, in which mistakes are marked where they are.
//
// `onInput(text)` hears every change. It knows no notation; what is wrong it is told.

import { fill, make, say } from "./dom.js";

const LEAST_ROWS = 12;
const MOST_ROWS = 26;

export function createEditor(host, { text, onInput }) {
  const numbers = make("div", { class: "editor-numbers", "aria-hidden": "true" });
  const under = make("div", { class: "editor-under", "aria-hidden": "true" });
  const area = make("textarea", {
    class: "editor-text", id: "network-text", spellcheck: "false", autocapitalize: "off", autocomplete: "off", autocorrect: "off", wrap: "off",
    "aria-describedby": "network-text-help network-mistakes",
  });
  const label = make("label", { class: "label", for: "network-text" }, "Your network, a layer a line");
  const help = make("p", { class: "muted small", id: "network-text-help" }, "Checked as you type. The Tab key leaves the field.");
  let marks = []; // { line, column, length }
  let here = 0;
  area.value = text;
  fill(host, label, make("div", { class: "editor-box" }, numbers, make("div", { class: "editor-ground" }, under, area)), help);

  const lines = () => area.value.split("\n");
  function draw() {
    const all = lines();
    area.rows = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, all.length + 1));
    const wrong = new Set(marks.map(({ line }) => line));
    fill(numbers, all.map((_, index) => {
      const line = index + 1;
      const sign = wrong.has(line) ? "✕" : here === line ? "▸" : "";
      return make("div", { class: `${wrong.has(line) ? "wrong" : ""} ${here === line ? "here" : ""}` }, make("span", {}, sign), String(line));
    }));
    fill(under, all.map((line, index) => make("div", {}, underlined(line, marks.filter((mark) => mark.line === index + 1)))));
    area.setAttribute("aria-invalid", String(marks.length > 0));
    follow();
  }
  function follow() {
    numbers.scrollTop = area.scrollTop;
    under.scrollTop = area.scrollTop;
    under.scrollLeft = area.scrollLeft;
  }
  function changed() {
    marks = [];
    draw();
    onInput(area.value);
  }
  /** Put a text in place of a part, so that the browser can undo it. */
  function put(start, end, piece) {
    const byTouch = matchMedia("(pointer: coarse)").matches; // there, a focus brings up the keyboard
    if (!byTouch) area.focus({ preventScroll: true });
    area.setSelectionRange(start, end);
    if (byTouch || !document.execCommand("insertText", false, piece)) {
      area.setRangeText(piece, start, end, "end");
      changed();
    }
  }
  area.addEventListener("input", changed);
  area.addEventListener("scroll", follow);
  draw();
  return {
    text: () => area.value,
    /** Show which places are wrong. */
    mark(places) {
      marks = places;
      draw();
    },
    /** Show which line the step belongs to; 0 is none. */
    point(line) {
      if (here === line) return;
      here = line;
      draw();
    },
    /** Go to a place, with what is wrong there selected. */
    select({ line, column, length }) {
      const before = lines().slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
      const whole = lines()[line - 1] ?? "";
      const start = before + unitsOf(whole, column - 1);
      area.focus();
      area.setSelectionRange(start, before + unitsOf(whole, column - 1 + length));
    },
    replace: (piece) => put(0, area.value.length, piece),
    /** Put lines behind the line of the cursor. */
    insert(piece) {
      const end = area.value.indexOf("\n", area.selectionEnd);
      const at = end < 0 ? area.value.length : end;
      const empty = at === 0 || area.value[at - 1] === "\n";
      put(at, at, empty ? piece : `\n${piece}`);
    },
  };
}

/** How many units of a text its first so many signs are: the server counts signs, the browser halves of some. */
const unitsOf = (text, signs) => [...text].slice(0, signs).join("").length;

/** A line in pieces, what is wrong as `mark`; a line is never empty, so that it keeps its height. */
function underlined(line, marks) {
  const signs = [...line];
  const pieces = [];
  let at = 0;
  for (const { column, length } of marks) {
    const start = column - 1;
    if (start < at) continue;
    pieces.push(signs.slice(at, start).join(""), make("mark", {}, signs.slice(start, start + length).join("") || " "));
    at = start + length;
  }
  return [...pieces, signs.slice(at).join("") || "\u200b"];
}

/** What the checking says: the whole in a sentence, and each mistake with a way to its place. */
export function createFindings(host, editor) {
  const summary = make("p", { class: "findings-summary", role: "status" });
  const list = make("ul", { class: "findings" });
  fill(host, summary, list);
  host.id = "network-mistakes";
  return {
    /** `findings` are { line, column, length, text }; `sentence` says the whole. */
    show(sentence, findings) {
      say(summary, sentence);
      const lines = editor.text().split("\n");
      fill(list, findings.map((one) => make("li", { class: "problem" },
        make("button", { type: "button", class: "link", onclick: () => editor.select(one) }, `Line ${one.line}, column ${one.column}`),
        make("p", {}, spoken(one.text)),
        lines[one.line - 1]?.trim() ? make("pre", { class: "finding-line", "aria-hidden": "true" }, caretLine(lines[one.line - 1], one)) : null)));
    },
  };
}

/** A sentence with what stands between backticks as code. */
const spoken = (text) => text.split("`").map((piece, index) => (index % 2 ? make("code", {}, piece) : piece));

/** The line and below it carets under what is wrong; what stands before is cut where it is long. */
function caretLine(line, { column, length }) {
  const signs = [...line];
  const start = Math.max(0, column - 1 - 24);
  const shown = signs.slice(start, start + 60).join("");
  return `${shown}\n${" ".repeat(column - 1 - start)}${"^".repeat(Math.max(1, Math.min(length, 60 - (column - 1 - start))))}`;
}
