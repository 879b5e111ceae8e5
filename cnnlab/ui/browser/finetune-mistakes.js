// Which classes a network takes for which: a table whose cells open their pictures, and the worst mistakes.
//
// Counts and orders are the server's. By keyboard: arrows move through the cells, Enter opens one.

import { fill, make, say, scroll } from "./dom.js";
import { percent } from "./finetune-facts.js";

const MOST_CLASSES = 16; // that a table shows: those with the most mistakes

export function createMistakesView(data, pictures) {
  const local = { told: null, epoch: 0, open: null, rows: [] };
  const summary = make("p");
  const table = make("div");
  const chosen = make("div", { class: "finetune-chosen", role: "region", "aria-live": "polite", "aria-label": "Pictures of the chosen cell" });
  const worst = make("div");
  const element = make("div", { class: "finetune-mistakes" }, summary, make("div", { class: "finetune-pair" }, table, chosen), worst);

  async function show(epoch) {
    if (local.told && local.epoch === epoch) return;
    local.epoch = epoch;
    const told = await ask(`${data.address}/matrix/${epoch}.json`);
    if (local.epoch !== epoch) return;
    if (told.problem) return fill(table, make("p", { class: "problem" }, told.problem));
    local.told = told;
    local.rows = shownClasses(told);
    draw();
    if (local.open) openCell(...local.open);
  }

  function draw() {
    const { told } = local;
    const all = told.cells.flat().reduce((sum, one) => sum + one, 0);
    const right = told.cells.reduce((sum, row, index) => sum + row[index], 0);
    say(summary, `After epoch ${told.epoch}, ${right} of ${all} validation pictures are right (${percent(told.accuracy)}). Rows are what a picture is, columns what it was taken for; choose a number to see its pictures.`);
    const focused = table.contains(table.getRootNode().activeElement);
    fill(table, scroll("Confusion matrix", matrix()));
    if (focused) table.querySelector("button[tabindex='0']")?.focus();
    fill(worst, make("h3", {}, "Worst mistakes"), told.worst.length ? make("p", { class: "muted small" }, "The right class got the least probability; these add most to the loss.") : make("p", { class: "muted" }, "None: every picture is right."), gallery(told.worst, (one) => `${told.classes[one.label]}, taken for ${told.classes[one.predicted]}`));
  }

  function matrix() {
    const { told, rows } = local;
    const at = local.open ?? [rows[0], rows[0]];
    const head = make("tr", {}, make("td", {}, rows.length < told.classes.length ? `${rows.length} of ${told.classes.length}` : ""), rows.map((number) => make("th", { scope: "col" }, make("span", {}, told.classes[number]))), make("th", { scope: "col", class: "share" }, "found"));
    const body = rows.map((label) => make("tr", {}, make("th", { scope: "row" }, told.classes[label]), rows.map((predicted) => make("td", {}, cell(label, predicted, at))), make("td", { class: "share number" }, percentShort(told.recall[label]))));
    const element = make("table", { class: "finetune-matrix", "data-own-keys": true }, make("thead", {}, head), make("tbody", {}, body));
    element.onkeydown = (event) => move(event, element);
    return element;
  }

  function cell(label, predicted, at) {
    const { told } = local;
    const count = told.cells[label][predicted];
    const all = told.cells[label].reduce((sum, one) => sum + one, 0);
    const kind = label === predicted ? "right" : "wrong";
    const isOpen = local.open?.[0] === label && local.open?.[1] === predicted;
    const words = `${count} of ${all} pictures of ${told.classes[label]} taken for ${told.classes[predicted]}`;
    return make("button", {
      type: "button", class: `matrix-cell ${kind}`, style: `--share: ${Math.round((100 * count) / (all || 1))}%`, "data-at": `${label}.${predicted}`,
      tabindex: at[0] === label && at[1] === predicted ? 0 : -1, "aria-pressed": String(isOpen), "aria-label": words, title: words, onclick: () => openCell(label, predicted),
    }, count ? String(count) : "·");
  }

  function move(event, element) {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    const from = event.target.closest?.(".matrix-cell");
    if (!step || !from || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const [label, predicted] = from.dataset.at.split(".").map(Number);
    const [row, col] = [local.rows.indexOf(label) + step[0], local.rows.indexOf(predicted) + step[1]];
    const to = element.querySelector(`[data-at="${local.rows[row]}.${local.rows[col]}"]`);
    if (!to) return;
    from.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  }

  async function openCell(label, predicted) {
    const { told } = local;
    local.open = [label, predicted];
    for (const one of table.querySelectorAll(".matrix-cell")) one.setAttribute("aria-pressed", String(one.dataset.at === `${label}.${predicted}`));
    const epoch = local.epoch;
    const answer = await ask(`${data.address}/cell/${epoch}/${label}/${predicted}.json`);
    if (epoch !== local.epoch || String(local.open) !== String([label, predicted])) return;
    const [is, taken] = [told.classes[label], told.classes[predicted]];
    const count = told.cells[label][predicted];
    const shown = answer.pictures ?? [];
    const words = `${count} of ${is} taken for ${taken}${shown.length < count ? `; the ${shown.length} it was surest of` : ""}`;
    fill(chosen, make("h3", {}, words), count ? gallery(shown, () => "") : make("p", { class: "muted" }, "No picture."));
  }

  function gallery(list, title) {
    const { classes } = local.told;
    return make("ul", { class: "finetune-gallery", tabindex: 0, "aria-label": "Pictures, with what they were taken for" }, list.map((one) => {
      const bars = one.top.map(([number, share]) => make("span", { class: "gallery-line" }, make("span", { class: number === one.label ? "is-right" : "" }, classes[number]), make("span", { class: "number" }, percentShort(share))));
      const name = title(one);
      return make("li", {}, pictures.draw(one.picture, `Validation picture ${one.picture}: ${classes[one.label]}`), name ? make("strong", { class: "small" }, name) : null, make("span", { class: "small gallery-bars" }, bars));
    }));
  }

  return { element, show };
}

export const ask = (address) => fetch(address).then((answer) => answer.json()).catch(() => ({ problem: "The server did not answer. Choose it again." }));

const percentShort = (share) => (share === null || share === undefined ? "–" : `${Math.round(100 * share)}\u00a0%`);

/** All classes, or where there are too many those with the most mistakes, in their order. */
export function shownClasses({ cells }) {
  const all = cells.map((_, number) => number);
  if (all.length <= MOST_CLASSES) return all;
  const wrong = all.map((number) => all.reduce((sum, other) => (other === number ? sum : sum + cells[number][other] + cells[other][number]), 0));
  return all.toSorted((a, b) => wrong[b] - wrong[a] || a - b).slice(0, MOST_CLASSES).sort((a, b) => a - b);
}
