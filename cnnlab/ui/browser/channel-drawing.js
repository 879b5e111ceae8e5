// The drawing of one layer's channels: inputs left, outputs right, a line wherever an output reads an input.
//
// Channels are buttons on a fixed raster with the lines behind them; pointing at one, focusing it or tapping it lights
// up what it is joined to. It knows no values.

import { drawnChannels, groupAt, groupsIn, partners, sentenceFor } from "./channels.js";
import { fill, make, say } from "./dom.js";
import { place, svg } from "./svg.js";

const ROW = 28;
const GAP = 10; // between groups
const WIDE = 100; // the lines' own unit across
const PALETTE = 6; // colours for groups; they repeat, so brackets and labels name the groups too
const MANY_LINES = 48; // from so many on they are drawn fainter

export function createChannelDrawing(store, stage) {
  const title = make("h3", {});
  const faint = svg("g", { class: "channels-faint" });
  const lit = svg("g", { class: "channels-lit" });
  const lines = svg("svg", { class: "channels-lines", preserveAspectRatio: "none", "aria-hidden": "true" }, faint, lit);
  const sides = { in: make("div", { class: "channels-side channels-in", role: "group", "aria-label": "Input channels" }), out: make("div", { class: "channels-side channels-out", role: "group", "aria-label": "Output channels" }) };
  const heads = make("div", { class: "channels-heads small muted", "aria-hidden": "true" }, make("span", {}, "inputs"), make("span", {}, "outputs"));
  const board = make("div", { class: "channels-board" }, sides.in, lines, sides.out);
  const sentence = make("p", { class: "channels-sentence", role: "status" });
  const element = make("div", { class: "channels-stage", "data-stage": stage }, title, sentence, heads, board);
  const drawing = { store, stage, sides, faint, lit, lines, sentence, layer: null, drawn: "", places: null, pointed: null };
  board.onpointerover = (event) => point(drawing, event.target.closest("button"));
  board.onpointerleave = () => point(drawing, board.querySelector("button:focus-visible"));
  board.onfocusin = (event) => point(drawing, event.target.closest("button"));
  board.onfocusout = () => point(drawing, null);
  board.onkeydown = (event) => moveFocus(drawing, event);
  board.onclick = (event) => choose(drawing, event.target.closest("button"));
  return {
    element,
    update(layer, stages) {
      element.classList.toggle("hidden", !layer);
      if (!layer) return;
      drawing.layer = layer;
      say(title, titleOf(layer, stage, stages));
      const fits = groupsIn(layer) !== null;
      [board, heads].forEach((part) => part.classList.toggle("hidden", !fits));
      if (!fits) return say(sentence, `– ${layer.cin} input and ${layer.cout} output channels cannot be split into ${layer.groups} equal groups.`);
      redraw(drawing);
      light(drawing);
    },
  };
}

function titleOf(layer, stage, stages) {
  const counts = `${layer.cin} → ${layer.cout} channels`;
  return stages === 1 ? counts : `Stage ${stage + 1}: ${layer.kernel.join("×")}${layer.groups > 1 ? " depthwise" : ""}, ${counts}`;
}

/** The output channel that is chosen in the lab, where this drawing is of the stage that the lab shows. */
function chosenOf({ store, stage, layer }) {
  const { settings } = store;
  if (settings.stage !== stage) return null;
  return Math.min(layer.op.endsWith("pool") ? settings.inChannel : settings.outChannel, layer.cout - 1);
}

/** Lay the channels out anew where the layer or what is in view has changed. */
function redraw(drawing) {
  const { layer, sides } = drawing;
  const chosen = chosenOf(drawing) ?? 0;
  const group = groupAt(layer, "out", chosen);
  const focus = { group, out: chosen, in: partners(layer, "out", chosen).first };
  const shown = { in: drawnChannels(layer, "in", focus), out: drawnChannels(layer, "out", focus) };
  const key = JSON.stringify([layer.cin, layer.cout, groupsIn(layer), shown]);
  if (key === drawing.drawn) return;
  drawing.drawn = key;
  drawing.pointed = null;
  const heights = blockHeights(shown);
  const total = heights.reduce((sum, height) => sum + height + GAP, 0);
  drawing.places = { in: new Map(), out: new Map() };
  for (const side of ["in", "out"]) fill(sides[side], blocks(drawing, { side, shown: shown[side], heights }));
  place(drawing.lines, { viewBox: `0 0 ${WIDE} ${total}` });
  [drawing.lines, sides.in, sides.out].forEach((part) => (part.style.height = `${total}px`));
  const all = faintLines(drawing);
  drawing.faint.replaceChildren(...all);
  drawing.faint.classList.toggle("channels-many", all.length > MANY_LINES);
  takeColours(drawing.lines.parentNode);
}

/** The theme's colours for categories as --group-0 … on the board. */
function takeColours(board) {
  const colours = getComputedStyle(board).getPropertyValue("--st-chart-categorical-colors").split(",");
  for (let i = 0; i < PALETTE; i += 1) board.style.setProperty(`--group-${i}`, colours[i % colours.length].trim() || "currentColor");
}

const rowsIn = (block) => (block.rows ? block.rows.length : 1);
/** Blocks of both sides that belong together get the same height, so that groups stand opposite each other. */
const blockHeights = (shown) => shown.in.map((block, index) => ROW * Math.max(rowsIn(block), rowsIn(shown.out[index])));

function blocks(drawing, { side, shown, heights }) {
  const { layer } = drawing;
  const several = groupsIn(layer) > 1;
  let top = 0;
  return shown.map((block, index) => {
    const start = top + (heights[index] - ROW * rowsIn(block)) / 2;
    const rows = (block.rows ?? [block]).map((row, at) => {
      const y = start + ROW * at + ROW / 2;
      if (row.channel !== undefined) drawing.places[side].set(row.channel, y);
      return rowElement(side, row, y);
    });
    const colour = block.group === undefined ? "" : `channels-colour-${block.group % PALETTE}`;
    const bracket = several && block.rows ? make("div", { class: `channels-bracket ${colour}`, style: `top:${top}px;height:${heights[index]}px` }, make("span", { class: "small" }, `group ${block.group + 1}`)) : null;
    top += heights[index] + GAP;
    return make("div", { class: colour }, bracket, rows);
  });
}

function rowElement(side, row, y) {
  const style = `top:${y - ROW / 2}px`;
  if (row.channel === undefined) return make("div", { class: "channels-more small muted", style }, row.text);
  const name = `${side === "in" ? "Input" : "Output"} channel ${row.channel}`;
  return make("button", { type: "button", class: "channels-node number", style, "data-side": side, "data-channel": row.channel, "aria-label": name, tabindex: -1 }, String(row.channel));
}

const line = ({ places }, input, output, extra = "") => {
  const [from, to] = [places.in.get(input), places.out.get(output)];
  if (from === undefined || to === undefined) return null;
  return svg("path", { d: `M0 ${from}C${WIDE / 2} ${from} ${WIDE / 2} ${to} ${WIDE} ${to}`, class: extra });
};

function faintLines(drawing) {
  return [...drawing.places.out.keys()].flatMap((output) => {
    const { first, count } = partners(drawing.layer, "out", output);
    const colour = `channels-colour-${groupAt(drawing.layer, "out", output) % PALETTE}`;
    const inputs = [...drawing.places.in.keys()].filter((input) => input >= first && input < first + count);
    return inputs.map((input) => line(drawing, input, output, colour)).filter(Boolean);
  });
}

function point(drawing, button) {
  drawing.pointed = button ? { side: button.dataset.side, channel: +button.dataset.channel } : null;
  light(drawing);
}

/** Light up the channel pointed at, else the chosen one, and all that it is joined to. */
function light(drawing) {
  const { layer, sides, lit, sentence } = drawing;
  const chosen = chosenOf(drawing);
  const { side, channel } = drawing.pointed ?? { side: "out", channel: chosen };
  const other = side === "out" ? "in" : "out";
  const { first, count } = channel === null ? { first: 0, count: 0 } : partners(layer, side, channel);
  const isLit = (at, number) => (at === side ? number === channel : number >= first && number < first + count);
  const joined = [];
  for (const button of [...sides.in.querySelectorAll("button"), ...sides.out.querySelectorAll("button")]) {
    const [at, number] = [button.dataset.side, +button.dataset.channel];
    button.classList.toggle("channels-on", channel !== null && isLit(at, number));
    if (at === "out") button.setAttribute("aria-pressed", String(number === chosen));
    if (at === other && isLit(at, number)) joined.push(number);
  }
  const path = (number) => (side === "out" ? line(drawing, number, channel) : line(drawing, channel, number));
  lit.replaceChildren(...(channel === null ? [] : joined.map(path).filter(Boolean)));
  setTabStops(sides, chosen);
  say(sentence, channel === null ? "Point at a channel to see what it is joined to." : sentenceFor(layer, side, channel));
}

/** Each side has one tab stop; the arrow keys do the rest. */
function setTabStops(sides, chosen) {
  for (const side of Object.values(sides)) {
    const buttons = [...side.querySelectorAll("button")];
    const stop = buttons.find((button) => button === button.getRootNode().activeElement) ?? buttons.find((button) => +button.dataset.channel === chosen && side === sides.out) ?? buttons[0];
    buttons.forEach((button) => (button.tabIndex = button === stop ? 0 : -1));
  }
}

function moveFocus({ sides, layer }, event) {
  const button = event.target.closest("button");
  if (!button || !["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
  event.preventDefault();
  const { side } = button.dataset;
  const buttons = [...sides[side].querySelectorAll("button")];
  const at = buttons.indexOf(button);
  const across = () => {
    const { first } = partners(layer, side, +button.dataset.channel);
    const others = [...sides[side === "in" ? "out" : "in"].querySelectorAll("button")];
    return others.find((other) => +other.dataset.channel >= first) ?? others.at(-1);
  };
  const to = {
    ArrowUp: () => buttons[at - 1],
    ArrowDown: () => buttons[at + 1],
    ArrowLeft: () => (side === "out" ? across() : null),
    ArrowRight: () => (side === "in" ? across() : null),
    Home: () => buttons[0],
    End: () => buttons.at(-1),
  }[event.key]();
  to?.focus();
}

function choose({ store, stage, layer, sides }, button) {
  if (button?.dataset.side !== "out") return;
  const channel = +button.dataset.channel;
  const pool = layer.op.endsWith("pool");
  store.set({ stage, outChannel: channel, inChannel: pool ? channel : partners(layer, "out", channel).first });
  const same = [...sides.out.querySelectorAll("button")].find((other) => +other.dataset.channel === channel);
  same?.focus(); // the drawing may have moved to where the channel is
}
