// What a run learned, one view at a time: mistakes, how it changed by epoch, gradients. Each is fetched when it is first wanted.
//
// It is told how far the run is. It knows the views' names only.

import { fill, make } from "./dom.js";

export function createViews(data) {
  const element = make("div", { class: "finetune-views" });
  void data;
  return { element, draw() { fill(element); } };
}
