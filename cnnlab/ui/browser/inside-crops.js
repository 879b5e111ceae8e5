// The picture that a network reads, or the resized one with the crops that it reads, each as a frame.
//
// It draws what it is told. It does not know what the network says of a crop.

import { make, say } from "./dom.js";
import { place, svg } from "./svg.js";

export function createCropPicture() {
  const image = svg("image", { x: 0, y: 0 });
  const shade = svg("path", { class: "crop-shade", "fill-rule": "evenodd" });
  const frames = svg("g", {});
  const drawing = svg("svg", { class: "crop-picture", role: "img" }, image, shade, frames);
  const words = make("p", { class: "small", role: "status" });
  const title = make("h3", {});
  const element = make("section", { class: "guess-picture" }, title, drawing, words);
  return {
    element,
    /** `data` has the picture and perhaps crops, and the input's size. `chosen` is −1 for all crops. */
    update({ picture, crops = [], input: [height, width] }, chosen, choose) {
      say(title, crops.length ? "Where it looks" : "What it reads");
      place(drawing, { viewBox: `-1 -1 ${picture.width + 2} ${picture.height + 2}` });
      place(image, { width: picture.width, height: picture.height, href: picture.src });
      const boxes = crops.map(({ left, top }) => ({ x: left, y: top, width, height }));
      const look = (i) => (chosen < 0 ? "crop-frame" : i === chosen ? "crop-frame chosen" : "crop-frame faint");
      const drawn = boxes.map((box, i) => svg("rect", { ...box, class: look(i), onclick: () => choose(i) }));
      frames.replaceChildren(...drawn.filter((_, i) => i !== chosen), ...drawn.slice(chosen, chosen < 0 ? 0 : chosen + 1));
      drawing.setAttribute("aria-label", crops.length ? "The picture, and on it the frames of the crops" : "The picture as the network reads it");
      const box = boxes[chosen];
      place(shade, { d: box ? `M0 0H${picture.width}V${picture.height}H0Z M${box.x} ${box.y}h${width}v${height}h${-width}Z` : "" });
      const mirrored = box && crops[chosen].mirrored;
      if (!crops.length) return say(words, `${height} × ${width} pixels (height × width).`);
      say(words, box ? `${height} × ${width} pixels from row ${box.y} and column ${box.x}${mirrored ? ", mirrored before the network sees them" : ""}.` : `Five frames of ${height} × ${width} in a picture of ${picture.height} × ${picture.width} pixels, each seen as it is and mirrored.`);
    },
  };
}
