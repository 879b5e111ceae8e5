// The grid: the padded input, the kernel with its holes, and the output, to scale and with their real values.
//
// Hovering (or tapping) any cell shows what belongs to it on the other two maps. It knows how to show; scene.js knows
// where things lie, values.js what they are worth.

import { createDrilldown } from "./drilldown.js";
import { fill, make, say } from "./dom.js";
import { createMap } from "./map.js";
import { createPlayback } from "./playback.js";
import { createScale, readTheme } from "./painting.js";
import { createScene, inputKind, isOutputPadding, linked, outputKind } from "./scene.js";

const TALLEST = 440;

export function createGridPanel(host, store) {
  const view = { scene: null, hover: null, theme: null };
  const maps = {
    input: createMap("input", "Input"),
    kernel: createMap("kernel", "Kernel"),
    output: createMap("output", "Output"),
  };
  const pickers = makePickers(store);
  const figure = make("div", { class: "maps", role: "group", tabindex: "0", "aria-label": "Input, kernel and output. Arrow keys move the window, Space plays, Enter pins." });
  fill(figure, Object.values(maps).map((map) => map.element));
  const transport = make("div", { class: "transport" });
  const readout = make("p", { class: "readout sr-only", role: "status", "aria-live": "polite" });
  const drill = make("div", { class: "drill panel" });
  fill(host, pickers.element, figure, transport, readout, drill);

  const playback = createPlayback(transport, store, { size: () => view.scene?.steps ?? [0, 0], onMove: () => focus() });
  const drilldown = createDrilldown(drill, store);
  figure.onkeydown = (event) => { // returns nothing: a handler that returns false takes Tab away, and nobody gets out
    if (event.target === figure) playback.key(event);
  };

  for (const [name, map] of Object.entries(maps)) {
    map.onHover = (cell) => {
      if (!view.hover) drill.style.minHeight = `${drill.offsetHeight}px`; // nothing below jumps while pointing
      view.hover = cell && { map: name, cell };
      focus();
    };
    map.onPress = (cell, touch) => {
      if (touch) view.hover = { map: name, cell };
      const home = view.scene.transposed ? "input" : "output";
      if (name === home && view.scene.ok) playback.pinAt(toStep(view.scene, cell));
      else focus();
    };
  }

  /** Show what belongs to the cell under the pointer, or else to the window's position. */
  function focus() {
    const { scene, theme } = view;
    if (!scene) return;
    const home = scene.transposed ? "input" : "output";
    const at = view.hover ?? { map: home, cell: scene.ok ? fromStep(scene, playback.position) : [0, 0] };
    const cells = inItsOwnCounting(scene, at);
    const hole = at.map === "kernel" && !cells.every(Number.isInteger);
    const found = linked(scene, hole ? "hole" : at.map, ...cells);
    for (const [name, map] of Object.entries(maps)) {
      const window = found.window?.map === name ? found.window : !scene.ok && name === "input" ? firstWindow(scene) : null;
      const list = name === "kernel" ? found.kernel.map(([ky, kx]) => [ky * scene.dilation[0], kx * scene.dilation[1]]) : found[name];
      const now = name === "input" && at.map === "kernel" && scene.ok && !hole ? [tapNow(scene, playback.position, cells)] : [];
      map.mark({ cells: list, now, window, accent: scene.ok ? theme.accent : theme.warn, soft: name !== at.map && list.length > 60 });
    }
    host.dataset.focus = `${at.map}:${cells.join(",")}`;
    host.dataset.linked = `${found.input.length},${found.kernel.length},${found.output.length}`;
    const sentence = drilldown.show(scene, at.map, cells, found);
    if (!playback.playing) say(readout, sentence);
  }

  function paint() {
    const { settings, derived } = store;
    const stage = Math.min(settings.stage, derived.reports.length - 1);
    const layer = derived.layers[stage];
    const scene = createScene(layer, derived.shapes[stage], derived.reports[stage]);
    view.scene = scene;
    figure.classList.toggle("rows", layer.dims === 1);
    view.theme ??= readTheme(host);
    const values = store.values();
    const cell = cellSize(view.width || figure.clientWidth || 640, scene);
    paintInput(maps.input, view, { values, stage, settings, cell: cell.maps });
    paintKernel(maps.kernel, view, { values, stage, settings, layer, cell: cell.kernel });
    paintOutput(maps.output, view, { values, stage, settings, layer, cell: cell.maps });
    playback.update();
    view.hover = null;
    drill.style.minHeight = "";
    focus();
  }

  const resize = new ResizeObserver(() => {
    view.width = figure.clientWidth || view.width;
    const now = `${figure.clientWidth} at ${devicePixelRatio}`;
    if (figure.clientWidth && now !== view.drawnFor) paint();
    view.drawnFor = now;
  });
  resize.observe(figure);
  const update = (changed = []) => {
    pickers.update();
    if (changed.includes("theme")) view.theme = null;
    const waiting = changed.length === 1 && changed[0] === "source" && !store.values().ready;
    if (waiting) return; // the old picture stays until the new one is here
    if (changed.length && changed.every((name) => name === "speed")) return playback.update();
    paint();
  };
  update();
  return {
    update,
    destroy() {
      resize.disconnect();
      playback.destroy();
    },
  };
}

const toStep = (scene, [row, col]) => (scene.transposed || !scene.ok ? [row, col] : [row - scene.output.top, col - scene.output.left]);
const fromStep = (scene, [row, col]) => (scene.transposed || !scene.ok ? [row, col] : [row + scene.output.top, col + scene.output.left]);
/** The input cell that the kernel's cell under the pointer multiplies at the window's present position. */
const tapNow = ({ transposed, stride, dilation }, position, cell) => (transposed ? position : position.map((place, axis) => place * stride[axis] + cell[axis] * dilation[axis]));
/** A cell of a map as scene.js counts it: kernel cells as weights (a fraction is a hole), outputs as positions. */
function inItsOwnCounting(scene, { map, cell }) {
  if (map === "kernel") return cell.map((place, axis) => place / Math.max(1, scene.dilation[axis]));
  return scene.transposed || map !== "output" ? cell : toStep(scene, cell);
}
const firstWindow = (scene) => ({ map: "input", top: 0, left: 0, rows: scene.span[0], cols: scene.span[1] });

/** One cell size for input and output, so that they compare; the kernel may be larger, so that it can be read. */
function cellSize(width, scene) {
  const { input, output, span } = scene;
  const out = output ?? { rows: 1, cols: 3 };
  const rows = Math.max(input.rows, out.rows);
  const stacked = width < 520 || rows === 1;
  const room = stacked ? width - 4 : width - 84;
  let kernel = Math.min(40, rows === 1 ? room / span[1] : 150 / Math.max(...span));
  const across = stacked ? Math.max(input.cols, out.cols) : input.cols + out.cols;
  let maps = Math.min(40, (room - (stacked ? 0 : kernel * span[1])) / across, TALLEST / rows);
  if (maps >= 3) maps = Math.floor(maps);
  if (kernel >= 3) kernel = Math.floor(kernel);
  return { maps, kernel };
}

function paintInput(map, { scene, theme }, { values, stage, settings, cell }) {
  const channel = settings.inChannel;
  const data = !values.ready ? null : stage === 0 ? values.input(channel) : scene.ok ? values.outputChannel(stage - 1, channel)?.values : null;
  const range = rangeOf(data);
  const scale = createScale(range.low < 0 ? "diverging" : range.high > 30 ? "grey" : "sequential", range.low, range.high);
  const colours = theme[scale.kind];
  const at = padLookup(scene, data, settings);
  map.paint({
    rows: scene.input.rows,
    cols: scene.input.cols,
    cell,
    theme,
    look: (row, col) => {
      const kind = inputKind(scene, row, col);
      const value = at(row, col, kind);
      const plain = kind !== "inside" && (settings.padMode === "zeros" || scene.layer.op !== "conv");
      return { value, colour: value === undefined || plain ? null : colours[scale.index(value)], hatch: kind === "inside" ? null : kind };
    },
  });
  const { input, shape } = scene;
  const padded = input.paddedRows !== shape[0] || input.paddedCols !== shape[1];
  const hangs = scene.ok && (input.rows > input.paddedRows || input.cols > input.paddedCols);
  const size = `${shape.join(" × ")}${padded ? `, padded to ${input.paddedRows} × ${input.paddedCols}` : ""}`;
  map.describe(`${size}${hangs ? "; the last windows hang over the edge" : ""}`, scale);
}

/** The value at a padded position: the mirrored, repeated or wrapped one where padding has values, 0 for zeros. */
function padLookup(scene, data, settings) {
  const { input, shape, layer } = scene;
  const fold = {
    reflect: (i, n) => (i < 0 ? -i : i >= n ? 2 * n - 2 - i : i),
    replicate: (i, n) => Math.max(0, Math.min(n - 1, i)),
    circular: (i, n) => ((i % n) + n) % n,
  }[layer.op === "conv" ? settings.padMode : "zeros"];
  return (row, col, kind) => {
    if (!data || kind === "missing" || kind === "overhang") return undefined;
    const [y, x] = [row - input.top, col - input.left];
    if (kind === "inside") return data[y * shape[1] + x];
    if (fold) return data[fold(y, shape[0]) * shape[1] + fold(x, shape[1])];
    return layer.op === "maxpool" ? -Infinity : 0;
  };
}

function paintKernel(map, { scene, theme }, { values, stage, settings, layer, cell }) {
  const pool = layer.op.endsWith("pool");
  const weights = pool || !scene.ok ? null : values.weights(stage, settings.outChannel, settings.inChannel);
  const range = rangeOf(weights);
  const scale = createScale("diverging", range.low, range.high);
  const { kernel, span, dilation } = scene;
  map.paint({
    rows: span[0],
    cols: span[1],
    cell,
    theme,
    look: (row, col) => {
      const [ky, kx] = [row / Math.max(1, dilation[0]), col / Math.max(1, dilation[1])];
      if (!Number.isInteger(ky) || !Number.isInteger(kx)) return { hole: true };
      const value = weights ? weights[ky * kernel[1] + kx] : undefined;
      return { value, colour: value === undefined ? null : theme.diverging[scale.index(value)] };
    },
  });
  const reach = span.join(" × ") === kernel.join(" × ") ? "" : `, reaches over ${span.join(" × ")}`;
  const none = !pool && scene.ok && !weights ? "; this output channel does not read this input channel" : "";
  map.describe(`${kernel.join(" × ")}${reach}${pool ? "; no weights" : none}`, weights ? scale : null);
}

function paintOutput(map, { scene, theme }, { values, stage, settings, layer, cell }) {
  if (!scene.ok) {
    map.paint({ rows: 1, cols: 1, cell: 1, theme, look: () => ({}) });
    return map.describe("no output: see above", null);
  }
  const data = !values.ready ? null : values.outputChannel(stage, layer.op.endsWith("pool") ? settings.inChannel : settings.outChannel)?.values;
  const range = rangeOf(data);
  const scale = createScale(range.low < 0 ? "diverging" : range.high > 30 ? "grey" : "sequential", range.low, range.high);
  const { output, size } = scene;
  const colours = theme[scale.kind];
  map.paint({
    rows: output.rows,
    cols: output.cols,
    cell,
    theme,
    look: (row, col) => {
      const kind = outputKind(scene, row, col);
      if (kind === "cropped") return { hatch: "overhang" };
      const value = data ? data[(row - output.top) * size[1] + (col - output.left)] : undefined;
      const added = isOutputPadding(scene, row, col);
      return { value, colour: value === undefined ? null : colours[scale.index(value)], hatch: added ? "padding" : null };
    },
  });
  const crop = scene.transposed && (output.rows > size[0] || output.cols > size[1]) ? "; the striped border is cut off by the padding" : "";
  const extra = scene.transposed && layer.outputPadding.some((size) => size > 0) ? "; hatched: there because of the output padding" : "";
  const heavy = data || !values.ready ? "" : "; too many products to show every value: point at a place";
  map.describe(`${size.join(" × ")}${crop}${extra}${heavy}`, data ? scale : null);
}

function rangeOf(data) {
  let [low, high] = [0, 0];
  if (data) {
    for (const value of data) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return { low, high };
}

function makePickers(store) {
  const picker = (field, label, count) => {
    const input = make("input", { type: "number", min: 0, step: 1, "aria-label": label });
    input.oninput = () => {
      const value = Number(input.value);
      if (input.value !== "" && Number.isInteger(value) && value >= 0 && value < count()) store.set({ [field]: value });
    };
    const text = make("span", { class: "muted small" });
    const element = make("label", { class: "picker" }, label, input, text);
    return {
      element,
      update() {
        element.classList.toggle("hidden", count() <= 1);
        input.max = count() - 1;
        if (input.value !== String(store.settings[field])) input.value = store.settings[field];
        say(text, `of ${count()}, counted from 0`);
      },
    };
  };
  const layer = () => store.derived.layers[store.settings.stage];
  const stage = make("select", { "aria-label": "Which layer of the pair", onchange: () => store.set({ stage: +stage.value, pin: null }) });
  const stageLabel = make("label", { class: "picker" }, "Layer", stage);
  const parts = [
    picker("inChannel", "Input channel", () => layer().cin),
    picker("outChannel", "Output channel", () => (layer().op.endsWith("pool") ? 1 : layer().cout)),
  ];
  return {
    element: make("div", { class: "pickers" }, stageLabel, parts.map((part) => part.element)),
    update() {
      const { layers } = store.derived;
      stageLabel.classList.toggle("hidden", layers.length < 2);
      const names = layers.map((one, i) => `${i + 1}: ${one.kernel.join("×")}${one.groups > 1 ? " depthwise" : ""}`);
      fill(stage, names.map((name, i) => make("option", { value: i }, name)));
      stage.value = String(store.settings.stage);
      parts.forEach((part) => part.update());
    },
  };
}

