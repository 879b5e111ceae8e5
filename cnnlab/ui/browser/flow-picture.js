// The picture as the network reads it, and on it the frame of what a unit sees.
//
// It draws what it is told and computes no field.

import { fill, make, say } from "./dom.js";
import { svg } from "./svg.js";

export function createFlowPicture(host) {
  const image = svg("image", { x: 0, y: 0 });
  const shade = svg("path", { class: "flow-shade", "fill-rule": "evenodd" });
  const outer = svg("rect", { class: "flow-frame outer" });
  const frame = svg("rect", { class: "flow-frame" });
  const drawing = svg("svg", { class: "flow-picture", role: "img", "aria-label": "The picture as the network reads it" }, image, shade, outer, frame);
  const words = make("p", { class: "small flow-seen", role: "status" });
  fill(host, make("h3", {}, "The picture"), drawing, words);
  return {
    /** Show a picture of [height, width] cells from an address. */
    show(address, [height, width]) {
      drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
      Object.entries({ width, height, href: address }).forEach(([name, value]) => image.getAttribute(name) !== String(value) && image.setAttribute(name, value));
    },
    /** Frame what a unit sees (`seenBy`), and say it. */
    frame(seen, text, [height, width]) {
      const box = seen?.known && seen.inside;
      drawing.classList.toggle("framed", Boolean(box));
      if (box) {
        const { left: x, top: y, width: w, height: h } = box;
        for (const one of [outer, frame]) Object.entries({ x, y, width: w, height: h }).forEach(([name, value]) => one.setAttribute(name, value));
        shade.setAttribute("d", `M0 0H${width}V${height}H0Z M${x} ${y}h${w}v${h}h${-w}Z`);
      }
      say(words, text);
    },
  };
}
