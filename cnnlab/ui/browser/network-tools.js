// The row above a network's graph: how much is open, zoom, what colours say, and the drawing as a file.
//
// It sets `store.settings.opened` and `colour`; it does not draw the graph.

import { COLOURS } from "./architectures-settings.js";
import { fill, make, say } from "./dom.js";
import { download, pngOf, svgText } from "./network-export.js";
import { allTo, deepest } from "./network-opening.js";
import { isBlock } from "./network-tree.js";

/** `graph` is { tree(), open(), drawing, size() }. */
export function createGraphTools(store, scrolling, graph) {
  const button = (label, text, onclick) => make("button", { type: "button", class: "button", "aria-label": label, title: label, onclick }, text);
  const set = (opened) => store.set({ opened });
  const first = button("The first view again", "Overview", () => set(""));
  const less = button("Close the innermost blocks", "Fold", () => set(levelOf() > 2 ? allTo(levelOf() - 1) : ""));
  const more = button("Open the blocks of one level more", "Open more", () => set(allTo(Math.min(deepest(graph.tree()), levelOf() + 1))));
  const colour = make("select", { "aria-label": "What the colours say", onchange: () => store.set({ colour: colour.value }) },
    Object.entries(COLOURS).map(([value, title]) => make("option", { value }, title)));
  const told = make("span", { class: "muted small", role: "status" });
  const name = () => `${store.network.name.replace(/[^\w.-]+/g, "-")}-${store.network.input.join("x")}`;
  const text = () => svgText(graph.drawing, graph.size(), `${store.network.title} on an input of ${store.network.input.join(" × ")}`);
  const saveSvg = () => download(new Blob([text()], { type: "image/svg+xml" }), `${name()}.svg`);
  const savePng = () => pngOf(text(), graph.size()).then((blob) => {
    download(blob, `${name()}.png`);
    say(told, "");
  }, (error) => say(told, error.message));
  const element = make("div", { class: "network-tools" });
  fill(element,
    make("div", { class: "button-row", role: "group", "aria-label": "How much is open" }, first, less, more),
    make("div", { class: "button-row", role: "group", "aria-label": "Zoom" }, button("Smaller", "−", () => scrolling.zoomBy(-1)), button("Larger", "+", () => scrolling.zoomBy(1)), button("The whole graph", "Fit", () => scrolling.fit())),
    make("label", { class: "network-colour" }, make("span", { class: "small" }, "Colour by"), colour));
  const saving = make("div", { class: "button-row small", role: "group", "aria-label": "Save the drawing" },
    make("span", { class: "muted" }, "Save the drawing:"), button("Save the graph as SVG", "SVG", saveSvg), button("Save the graph as PNG", "PNG", savePng), told);

  /** The level down to which every block is open. */
  function levelOf() {
    const [tree, open] = [graph.tree(), graph.open()];
    const closed = [...tree.nodes.values()].filter((node) => isBlock(node) && !open.has(node.id));
    return closed.length ? Math.min(...closed.map((node) => node.level)) : deepest(tree);
  }
  return {
    element, saving,
    update() {
      if (!graph.tree()) return;
      colour.value = store.settings.colour;
      first.disabled = less.disabled = !store.settings.opened;
      more.disabled = levelOf() >= deepest(graph.tree());
    },
  };
}
