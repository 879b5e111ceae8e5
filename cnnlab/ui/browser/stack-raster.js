// How cells of a map become places in a drawing: the raster that the drawings of the Stack tab share.
//
// It knows sizes and rectangles, no layers and no page. Places count from 0 at the first cell; negative ones are padding.

const SIDE = 320; // the longer side of a drawing, in its own units
const BAR = 40; // how tall a sequence is drawn
const LINES_FROM = 6; // grid lines where a cell is at least so wide

/** How cells become drawing units: the input and the field around it, no more than one input's length beyond each edge. */
export function createRaster(sizes, spans) {
  const shown = sizes.map((size, axis) => {
    const room = Math.max(4, size);
    const [from, to] = [Math.max(-room, Math.min(0, spans[axis][0])), Math.min(size + room, Math.max(size, spans[axis][1] + 1))];
    const edge = (to - from) / 80;
    return [from - edge, to + edge];
  });
  const [across] = shown.slice(-1);
  const down = shown.length === 2 ? shown[0] : [0, 1];
  const scale = SIDE / Math.max(across[1] - across[0], shown.length === 2 ? down[1] - down[0] : 0);
  const tall = shown.length === 2 ? scale : BAR;
  return {
    scale,
    width: (across[1] - across[0]) * scale,
    height: shown.length === 2 ? (down[1] - down[0]) * scale : BAR + 8,
    /** The cell, [row, column] or [column], at a point of the drawing. */
    cellAt: (x, y) => shown.map(([from], axis) => Math.floor(from + (axis === shown.length - 1 ? x : y) / scale)),
    /** The rectangle of [from, to] cells per axis. */
    rect(cells) {
      const [x0, x1] = cells.at(-1);
      const [y0, y1] = cells.length === 2 ? cells[0] : [0, 0];
      const top = cells.length === 2 ? (y0 - down[0]) * scale : 4;
      return { x: (x0 - across[0]) * scale, y: top, width: (x1 - x0 + 1) * scale, height: (y1 - y0 + 1) * tall };
    },
  };
}

/** The lines between cells as a path; none where cells are too small. */
export function gridLines(view, sizes) {
  if (view.scale < LINES_FROM) return "";
  const whole = view.rect(sizes.map((size) => [0, size - 1]));
  const along = Array.from({ length: sizes.at(-1) + 1 }, (_, i) => `M${whole.x + i * view.scale} ${whole.y}v${whole.height}`);
  const down = sizes.length === 1 ? [] : Array.from({ length: sizes[0] + 1 }, (_, i) => `M${whole.x} ${whole.y + i * view.scale}h${whole.width}`);
  return [...along, ...down].join("");
}
