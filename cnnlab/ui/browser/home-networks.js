// The home page's cards on networks: what becomes of a picture on its way, and what two networks cost.
//
// All numbers are the server's (`cnnlab/ui/architectures/overview.py`); it draws them.

import { fill, make } from "./dom.js";
import { svg } from "./svg.js";

const [SIDE, DEPTH, SLANT, GAP] = [62, 34, 0.45, 7];
const LEAST = 3;

/** Put a card for each entry { title, says, address, shapes, bars, lines, picture or distorted } into `host`, a list. */
export function createNetworkCards(host, entries) {
  fill(host, entries.map(({ title, says, address, shapes, bars, lines, picture, distorted, asked }) => make("li", {},
    make("a", { class: "card", href: address },
      make("div", { class: "preview", "aria-hidden": "true" }, distorted ? distortions(distorted) : picture ? seen(picture, asked) : shapes ? boxes(shapes) : bars ? rows(bars) : make("pre", { class: "formula" }, lines.join("\n"))),
      make("div", { class: "card-words" }, make("strong", { class: "card-title" }, title), make("span", { class: "muted" }, says))))));
}

/** A picture that a network looks at; with a question mark where it is asked why. */
const seen = (picture, asked) => [make("img", { class: "seen", src: picture, alt: "", loading: "lazy" }), asked ? make("span", { class: "sign" }, "?") : null];

/** A picture in several ways: as it is, mirrored, turned. */
const distortions = (picture) => ["", "mirrored", "turned"].map((way) => make("span", { class: "distorted" }, make("img", { class: way, src: picture, alt: "", loading: "lazy" })));

/** Boxes in a row: height is that of the maps, depth grows with the root of the number of channels. */
function boxes(shapes) {
  const tallest = Math.max(...shapes.map(([, height]) => height));
  const most = Math.max(...shapes.map(([channels]) => channels));
  let x = 2;
  const drawn = shapes.flatMap(([channels, height], index) => {
    const side = Math.max(LEAST, (height / tallest) * SIDE);
    const depth = Math.max(LEAST, Math.sqrt(channels / most) * DEPTH);
    const parts = box(x, side, depth, index ? "volume output" : "volume");
    x += depth + side * SLANT * 0.5 + GAP;
    return parts;
  });
  const height = SIDE + SIDE * SLANT * 0.5 + 6;
  return svg("svg", { viewBox: `0 0 ${Math.ceil(x)} ${Math.ceil(height)}`, width: Math.ceil(x), class: "network-boxes" }, drawn);
}

/** A slab: as thick as it has channels, as high as its maps, seen a little from the side. */
function box(x, side, depth, kind) {
  const middle = (SIDE + SIDE * SLANT * 0.5 + 6) / 2;
  const shift = side * SLANT * 0.5;
  const [top, bottom] = [middle - side / 2 + shift / 2, middle + side / 2 + shift / 2];
  const points = (list) => list.map((point) => point.map((one) => one.toFixed(1)).join(",")).join(" ");
  return svg("g", { class: kind },
    svg("rect", { class: "front", x, y: top, width: depth, height: bottom - top }),
    svg("polygon", { class: "top", points: points([[x, top], [x + shift, top - shift], [x + depth + shift, top - shift], [x + depth, top]]) }),
    svg("polygon", { class: "side", points: points([[x + depth, top], [x + depth + shift, top - shift], [x + depth + shift, bottom - shift], [x + depth, bottom]]) }));
}

const rows = (bars) => make("div", { class: "bars" }, bars.map(({ name, share, text }) =>
  make("div", { class: "bar-row" }, make("span", { class: "small" }, `${name}: ${text}`), make("span", { class: "bar", style: `width: ${(100 * share).toFixed(2)}%` }))));
