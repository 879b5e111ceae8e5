// The block of the normalisation lab drawn so that all four axes are seen: samples side by side, channels one below the
// other, each crossing a map of numbers. The maps that share the chosen number's mean are framed and carry its letter.
//
// It shows a model as computeBlock makes it, and says which place is pointed at or chosen. It computes nothing.

import { fill, make, say } from "./dom.js";
import { indexOf } from "./normalisation-block.js";
import { decimal, letterOf } from "./normalisation-text.js";
import { createScale, readTheme, shortNumber } from "./painting.js";

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const MOST_ROOMY = 9; // columns of numbers side by side
const TYPED = /^[-0-9]$/;

/** `on` is { point(place or null), choose(place), type(text) }: pointed at, chosen, and a key that starts a new number. */
export function createBlockMaps(host, on) {
  const grid = make("div", { class: "norm-block", role: "group" });
  const legend = make("p", { class: "muted small norm-legend" });
  fill(host, make("div", { class: "scroll norm-scroll" }, grid), legend);
  let [built, maps, cells] = ["", [], []];

  function build(shape) {
    built = String(shape);
    [maps, cells] = [[], []];
    const [samples, channels] = shape;
    grid.style.gridTemplateColumns = `auto repeat(${samples}, max-content)`;
    grid.classList.toggle("dense", samples * shape[3] > MOST_ROOMY);
    grid.setAttribute("aria-label", `Block of ${samples} samples with ${channels} channels of ${shape[2]} × ${shape[3]} numbers. Arrow keys move, digits change a number.`);
    const heads = Array.from({ length: samples }, (_, n) => make("div", { class: "norm-head" }, `sample ${n}`));
    const rows = Array.from({ length: channels }, (_, c) => [
      make("div", { class: "norm-side" }, make("span", {}, "channel "), `${c}`),
      ...Array.from({ length: samples }, (__, n) => buildMap(shape, n, c)),
    ]);
    fill(grid, make("div", {}), heads, rows.flat());
  }

  function buildMap(shape, n, c) {
    const letter = make("span", { class: "norm-letter" });
    const inner = make("div", { class: "norm-cells" });
    inner.style.gridTemplateColumns = `repeat(${shape[3]}, 1fr)`;
    for (let y = 0; y < shape[2]; y += 1) {
      for (let x = 0; x < shape[3]; x += 1) {
        const place = [n, c, y, x];
        const cell = make("button", { type: "button", class: "norm-cell", tabindex: "-1", onclick: () => on.choose(place) });
        cell.onpointerenter = (event) => event.pointerType !== "touch" && on.point(place);
        cell.place = place;
        cells[indexOf(shape, place)] = cell;
        inner.append(cell);
      }
    }
    const element = make("div", { class: "norm-map" }, letter, inner);
    maps.push({ element, letter, n, c });
    return element;
  }

  grid.onpointerleave = () => on.point(null);
  grid.onkeydown = (event) => {
    const { place } = event.target;
    if (!place || event.ctrlKey || event.metaKey || event.altKey) return;
    if (TYPED.test(event.key) || event.key === "Backspace") {
      event.preventDefault();
      return on.type(event.key === "Backspace" ? "" : event.key);
    }
    if (!MOVES[event.key]) return;
    event.preventDefault();
    const next = moved(place, MOVES[event.key], built.split(",").map(Number));
    on.choose(next);
    cells.find((cell) => String(cell.place) === String(next)).focus();
  };

  return {
    /** Show one of a model's arrays ("x", "xhat" or "y"), and which place is chosen and which looked at. */
    update(model, { shown, chosen, focus }) {
      const { shape } = model.layer;
      if (built !== String(shape)) build(shape);
      paint(cells, { model, numbers: shown === "x" ? model.values : model[shown], chosen, focus, legend, theme: readTheme(grid) });
      const own = model.sets.of(focus[0], focus[1]);
      for (const { element, letter, n, c } of maps) {
        const set = model.sets.of(n, c);
        element.classList.toggle("shares", set === own);
        say(letter, letterOf(set));
      }
    },
    focus: (place) => cells.find((cell) => String(cell.place) === String(place))?.focus(),
  };
}

/** The place one step away; over the edge of a map it goes on in the next sample or channel, and stops at the block's. */
function moved([n, c, y, x], [down, right], [samples, channels, height, width]) {
  const row = Math.max(0, Math.min(channels * height - 1, c * height + y + down));
  const column = Math.max(0, Math.min(samples * width - 1, n * width + x + right));
  return [Math.floor(column / width), Math.floor(row / height), row % height, column % width];
}

function paint(cells, { model, numbers, chosen, focus, legend, theme }) {
  const reach = Math.max(...numbers.map(Math.abs));
  const scale = createScale("diverging", -reach, reach);
  const { shape } = model.layer;
  const [chosenAt, focusAt] = [indexOf(shape, chosen), indexOf(shape, focus)];
  say(legend, `Blue is below 0, orange above; the strongest colour is ${decimal(reach)}.`);
  cells.forEach((cell, index) => {
    const { css, ink } = theme.diverging[scale.index(numbers[index])];
    const [n, c, y, x] = cell.place;
    if (differs(cell, "colour", css)) Object.assign(cell.style, { backgroundColor: css, color: ink });
    if (differs(cell, "said", `${decimal(numbers[index])}, sample ${n}, channel ${c}, row ${y}, column ${x}, set ${letterOf(model.sets.of(n, c))}`)) {
      say(cell, shortNumber(Math.round(numbers[index] * 1e4) / 1e4));
      cell.setAttribute("aria-label", cell.said);
    }
    if (differs(cell, "chosen", index === chosenAt)) {
      cell.setAttribute("aria-pressed", String(cell.chosen));
      cell.tabIndex = cell.chosen ? 0 : -1;
    }
    if (differs(cell, "lookedAt", index === focusAt)) cell.classList.toggle("looked-at", cell.lookedAt);
  });
}

/** Remember what a cell shows, so that only what changed is written to the page; true where it did. */
function differs(cell, what, value) {
  if (cell[what] === value) return false;
  cell[what] = value;
  return true;
}
