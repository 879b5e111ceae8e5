// What a chosen unit of the stack sees: its field drawn on the input, and the map of its layer to choose a unit from.
//
// It draws what stack.js computes. Places count from 0 at the first cell of the input; cells outside are padding.

import { make, say } from "./dom.js";
import { asSetting, middleOf, reachedCells, seenBy, unitNearest, unitOf } from "./stack.js";
import { createInputDrawing } from "./stack-input.js";
import { createOutputDrawing } from "./stack-output.js";

/** Both drawings, the slider for the layer, and the sentence. */
export function createStackView(store, { stackOf, depthOf }) {
  const slider = make("input", { type: "range", min: 1, step: 1, "aria-label": "Layer whose unit looks at the input" });
  const depthName = make("strong", { class: "number" });
  const input = createInputDrawing(store);
  const output = createOutputDrawing(store, { stackOf, depthOf });
  const text = make("p", { class: "stack-sentence", "aria-live": "polite" });
  const [main, detail] = [make("span"), make("span", { class: "muted" })];
  text.append(main, " ", detail);
  slider.oninput = () => chooseDepth(store, stackOf(), depthOf(), +slider.value - 1);
  const drawings = make(
    "div",
    { class: "stack-drawings" },
    make("figure", {}, make("figcaption", {}, "The input, and what the unit sees of it"), input.element),
    make("figure", {}, output.caption, output.element, output.hint),
  );
  const element = make("section", { class: "stack-view", "aria-label": "What one unit sees" }, make("h2", {}, "What one unit sees"), make("label", { class: "stack-depth" }, make("span", {}, "Look from ", depthName), slider), text, drawings);
  return {
    element,
    update() {
      const stack = stackOf();
      const depth = depthOf();
      element.classList.toggle("hidden", depth < 0);
      if (depth < 0) return;
      drawings.classList.toggle("stack-flat", store.settings.dims === 1);
      slider.max = stack.fields.length;
      slider.value = depth + 1;
      slider.disabled = stack.fields.length === 1;
      say(depthName, `layer ${depth + 1} of ${stack.fields.length}`);
      const unit = unitOf(store.settings, stack, depth);
      const reached = reachedCells(stack, depth, unit);
      const sentence = sentenceOf(stack, depth, unit);
      say(main, sentence);
      say(detail, detailOf(stack, depth, { unit, reached }));
      input.update(stack, depth, { unit, reached, sentence });
      output.update(stack, depth, unit);
    },
  };
}

/** Look from another layer: at the unit whose field is centred where the present one is. */
export function chooseDepth(store, stack, from, to) {
  const unit = unitOf(store.settings, stack, from);
  const next = unitNearest(stack.fields[to], stack.shapes[to + 1].slice(1), middleOf(stack.fields[from], unit));
  store.set({ depth: to + 1, unit: asSetting(next) });
}

const AXIS_WORDS = { 1: [["position", "positions"]], 2: [["row", "rows"], ["column", "columns"]] };
const signed = (value) => String(value).replace("-", "−");

/** "Unit (2, 5) of layer 3 sees 13 × 13 cells of the input: rows 0–9 and columns 4–16. 3 rows … are padding." */
export function sentenceOf(stack, depth, unit) {
  const field = stack.fields[depth];
  const sizes = stack.shapes[0].slice(1);
  const words = AXIS_WORDS[field.length];
  const seen = seenBy(field, unit);
  const spans = seen.map(([from, to], axis) => spanText(Math.max(0, from), Math.min(sizes[axis] - 1, to), words[axis]));
  const outside = seen.map(([from, to], axis) => Math.min(to - from + 1, Math.max(0, -from) + Math.max(0, to - sizes[axis] + 1)));
  const padding = outside.map((count, axis) => (count ? `${count} ${words[axis][count === 1 ? 0 : 1]}` : null)).filter(Boolean);
  const more = padding.length ? ` ${padding.join(" and ")} of it ${outside.reduce((a, b) => a + b, 0) === 1 ? "lies" : "lie"} outside, in the padding.` : " None of it is padding.";
  return `This unit of layer ${depth + 1} (${unit.map((value, axis) => `${words[axis][0]} ${value}`).join(", ")}) has a field of ${field.map(({ size }) => size).join(" × ")}: ${spans.join(" and ")} of the input.${more}`;
}

const spanText = (from, to, [one, many]) => (to < from ? `no ${many}` : from === to ? `${one} ${signed(from)}` : `${many} ${signed(from)}–${signed(to)}`);

/** Whether there are holes in the field, and how far apart neighbouring units look. */
function detailOf({ fields, shapes }, depth, { unit, reached }) {
  const field = fields[depth];
  const words = AXIS_WORDS[field.length];
  if (!reached[0].length) return "Only padding reaches it: it reads nothing of the input.";
  const holes = seenBy(field, unit).flatMap(([from, to], axis) => {
    const inside = Math.min(to, shapes[0][axis + 1] - 1) - Math.max(0, from) + 1;
    return reached[axis].length < inside ? [`only ${reached[axis].length} of the ${inside} ${words[axis][1]}`] : [];
  });
  const jumps = field.map(({ jump }) => jump);
  const far = jumps.every((jump) => jump === 1) ? "Its neighbour looks 1 cell further." : `Its neighbour looks ${[...new Set(jumps)].join(" or ")} cells further (the jump).`;
  return holes.length ? `${far} There are holes: it really reads ${holes.join(" and ")}.` : far;
}
