// What is inside of a network after an epoch: its first filters, what counted in a few pictures, feature maps, gradients.
//
// Everything comes from the server, as sheets of small pictures; the theme colours the maps.

import { buttonRow } from "./controls.js";
import { fill, make, say } from "./dom.js";
import { rounded } from "./finetune-facts.js";
import { ask } from "./finetune-mistakes.js";
import { readTheme } from "./painting.js";

const LOOKS = {
  cam: { title: "Grad-CAM", hint: "Where the last maps speak for the right class; brighter is stronger" },
  saliency: { title: "Saliency", hint: "Where a small change of a pixel changes the right class's score most" },
};
const MAPS = { early: "Early", middle: "In the middle", late: "Late" };

export function createInsideView(data, pictures) {
  const local = { epoch: 0, told: null, look: "cam" };
  const filters = make("img", { class: "finetune-filters", alt: "" });
  const filterBox = make("section", {}, make("h3", {}, "First filters"), make("p", { class: "muted small" }, "Grey is 0, all epochs on one scale. Frozen layers do not change."), filters);
  const looks = buttonRow("What counted", LOOKS, (look) => {
    local.look = look;
    draw();
  });
  const probes = make("div", { class: "finetune-probes" });
  const gradients = make("section");
  const element = make("div", { class: "finetune-inside" }, filterBox, make("section", { class: "finetune-look" }, make("h3", {}, "What counted in four pictures"), looks.element, probes), gradients);

  async function show(epoch) {
    if (local.epoch === epoch && local.told) return draw();
    local.epoch = epoch;
    const told = await ask(`${data.address}/epoch/${epoch}.json`);
    if (local.epoch !== epoch) return;
    local.told = told;
    filters.src = `${data.address}/filters/${epoch}.png`;
    filters.alt = `The filters of the first convolution after epoch ${epoch}`;
    draw();
  }
  filters.onerror = () => filterBox.classList.add("hidden");
  filters.onload = () => filterBox.classList.remove("hidden");

  function draw() {
    const { told, look, epoch } = local;
    looks.update(look);
    drawGradients(gradients, told.gradients ?? [], epoch);
    if (!told.probes) return fill(probes, make("p", { class: "muted" }, told.problem ?? "Of this epoch no maps were kept."));
    const theme = readTheme(element);
    const parts = told.probes.pictures.map((one, row) => {
      const over = make("canvas", { class: "probe-over", "aria-hidden": "true" });
      paintCells(over, `${data.address}/maps/${epoch}/${look}.png`, told.probes.sides[look], [row, 0], theme, look === "cam" ? 0.6 : 1);
      const words = one.top ? `${nameOf(one)}` : "";
      const maps = told.probes.places.map((place) => make("div", { class: "probe-maps" }, place.channels.map((channel, column) => {
        const canvas = make("canvas", { class: "probe-map", role: "img", "aria-label": `${MAPS[place.name]}, ${place.layer}, channel ${channel}`, title: `${place.layer}, channel ${channel}` });
        paintCells(canvas, `${data.address}/maps/${epoch}/${place.name}.png`, place.size, [row, column], theme, 1);
        return canvas;
      })));
      return make("div", { class: "probe" }, make("div", { class: "probe-picture" }, pictures.draw(one.picture, `Validation picture ${one.picture}`), over), make("p", { class: "small" }, words), make("div", { class: "probe-all" }, maps));
    });
    const names = told.probes.places.map(({ name, layer }) => `${MAPS[name].toLowerCase()}: ${layer}`).join("; ");
    fill(probes, make("p", { class: "muted small" }, `${LOOKS[look].hint}. Below, feature maps, the same channels in all epochs (${names}).`), make("div", { class: "probe-list" }, parts));
  }

  const nameOf = ({ right, label, top }) => {
    const { classes } = local.told;
    const name = (number) => classes[number] ?? `class ${number}`;
    return `${name(label)}: ${Math.round(100 * right)} %${top[0][0] === label ? "" : `; taken for ${name(top[0][0])}`}`;
  };

  return { element, show };
}

function drawGradients(host, list, epoch) {
  if (!list.length) return fill(host);
  const known = list.filter(([, norm]) => norm > 0).map(([, norm]) => Math.log10(norm));
  const [low, high] = [Math.min(...known) - 0.3, Math.max(...known)];
  const share = (norm) => (norm > 0 ? (Math.log10(norm) - low) / (high - low || 1) : 0);
  const line = ([name, norm]) => make("li", {}, make("span", { class: "gradient-name" }, name), make("span", { class: "gradient-track" }, make("span", { class: "gradient-bar", style: `width: ${(100 * share(norm)).toFixed(1)}%` })), make("span", { class: "number" }, rounded(norm, 2)));
  fill(host, make("h3", {}, "How large the gradients are, layer by layer"), make("p", { class: "muted small" }, `The gradient's norm in epoch ${epoch}, from the picture to the scores; the bars are logarithmic. A layer that does not learn has none.`), make("ol", { class: "finetune-gradients", tabindex: 0, "aria-label": "Gradient norms by layer" }, list.map(line)));
}

const sheets = new Map();
const MOST_SHEETS = 80;

/** Paint one cell of a grey sheet in the theme's colours. */
async function paintCells(canvas, address, [height, width], [row, column], theme, alpha) {
  Object.assign(canvas, { width, height });
  const image = await sheetAt(address);
  if (!image) return;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, column * width, row * height, width, height, 0, 0, width, height);
  const pixels = context.getImageData(0, 0, width, height);
  for (let i = 0; i < pixels.data.length; i += 4) {
    const value = pixels.data[i];
    const { r, g, b } = theme.sequential[value];
    pixels.data.set([r, g, b, Math.round(255 * (alpha < 1 ? alpha * (value / 255) : 1))], i);
  }
  context.putImageData(pixels, 0, 0);
}

function sheetAt(address) {
  if (!sheets.has(address)) {
    if (sheets.size > MOST_SHEETS) sheets.delete(sheets.keys().next().value);
    const image = new Image();
    image.src = address;
    sheets.set(address, image.decode().then(() => image).catch(() => null));
  }
  return sheets.get(address);
}
