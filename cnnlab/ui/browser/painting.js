// Painting a grid of values on a canvas: colours from the theme, numbers in the cells where there is room.
//
// It knows rows, columns and values; it does not know what they mean.

const parse = (colour) => {
  const hex = colour.trim().replace("#", "");
  return [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16));
};
const ramps = new Map();
const MOST_PIXELS = 1024;
const MOST_MARKS = 20_000;

/** Black or white, whichever can be read better on a colour (WCAG relative luminance). */
function readable(...rgb) {
  const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}

/** 256 colours that run evenly through a comma-separated list: { r, g, b, css, ink }, `ink` being what can be read on it. */
function ramp(text) {
  if (ramps.has(text)) return ramps.get(text);
  const stops = text.split(",").map(parse);
  const colours = Array.from({ length: 256 }, (_, i) => {
    const place = (i / 255) * (stops.length - 1);
    const low = Math.min(Math.floor(place), stops.length - 2);
    const [r, g, b] = stops[low].map((v, k) => Math.round(v + (stops[low + 1][k] - v) * (place - low)));
    return { r, g, b, css: `rgb(${r} ${g} ${b})`, ink: readable(r, g, b) };
  });
  ramps.set(text, colours);
  return colours;
}

/** The theme's colours, read from an element of the lab. */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    ink: read("--st-text-color"),
    paper: read("--st-background-color"),
    panel: read("--st-secondary-background-color"),
    line: read("--st-border-color"),
    accent: read("--st-primary-color"),
    warn: read("--st-orange-text-color"),
    font: read("--st-font"),
    diverging: ramp(read("--st-chart-diverging-colors") || "#08458c,#ffffff,#8f3f04"),
    sequential: ramp(read("--st-chart-sequential-colors") || "#440154,#fde725"),
    grey: ramp("#000000,#ffffff"),
  };
}

/** A scale for values: "grey" from 0 to 255, "sequential" from low to high, "diverging" always centred on 0. */
export function createScale(kind, low, high) {
  const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const [from, to] = kind === "diverging" ? [-reach, reach] : kind === "grey" ? [0, Math.max(255, high)] : [low, high];
  const width = to - from || 1;
  return {
    kind,
    from,
    to,
    index: (value) => Math.max(0, Math.min(255, Math.round(((value - from) / width) * 255))),
  };
}

/** A number short enough for a cell. */
export function shortNumber(value) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "–";
  const size = Math.abs(value);
  const text = Number.isInteger(value) || size >= 100 ? Math.round(value) : size >= 10 ? value.toFixed(1) : size >= 1 ? +value.toFixed(2) : +value.toPrecision(2);
  return String(text).replaceAll("-", "−");
}

/** Give a canvas its size in CSS pixels, sharp on this screen; returns its cleared context. */
export function prepare(canvas, width, height) {
  const ratio = Math.max(1, window.devicePixelRatio || 1);
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/**
 * Paint rows × cols cells of `cell` pixels. `look(row, col)` gives { value, colour, hatch, hole } for a cell:
 * colour is one of a theme's, hatch ("padding", "overhang", "missing", "cropped") marks what is not data.
 */
export function paintCells(canvas, { rows, cols, cell, look, theme, numbers }) {
  const context = prepare(canvas, cols * cell, rows * cell);
  const gap = cell >= 8 ? 1 : cell >= 4 ? 0.5 : 0;
  const write = numbers && cell >= 21;
  // Setting a font makes the browser lay out the whole page, so it is left alone where no number fits.
  if (write) context.font = `${Math.min(15, Math.max(9, cell * 0.34))}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let row = 0; row < rows; row += 1) {
    for (let col = 0; col < cols; col += 1) {
      const { value, colour, hatch, hole } = look(row, col);
      const [x, y] = [col * cell, row * cell];
      if (hole) {
        paintHole(context, x, y, cell, theme);
        continue;
      }
      const size = cell - gap || cell;
      context.fillStyle = colour && !hatch ? colour.css : theme.panel;
      context.fillRect(x, y, size, size);
      if (hatch) paintHatch(context, x, y, size, hatch, theme);
      if (hatch && colour) paintInset(context, x, y, size, colour);
      if (write && value !== undefined) {
        context.fillStyle = colour ? colour.ink : theme.ink;
        context.fillText(shortNumber(value), x + (cell - gap) / 2, y + cell / 2 + 0.5, cell - 3);
      }
    }
  }
}

function paintHole(context, x, y, cell, theme) {
  context.fillStyle = theme.line;
  context.beginPath();
  context.arc(x + cell / 2, y + cell / 2, Math.max(0.8, cell * 0.06), 0, 7);
  context.fill();
}

// A value that is not data of its own (mirrored, or added) sits smaller in its hatched cell.
function paintInset(context, x, y, size, colour) {
  context.fillStyle = colour.css;
  context.fillRect(x + size * 0.13, y + size * 0.13, size * 0.74, size * 0.74);
}

function paintHatch(context, x, y, size, hatch, theme) {
  if (size < 3) return;
  context.save();
  context.beginPath();
  context.rect(x, y, size, size);
  context.clip();
  context.strokeStyle = hatch === "missing" ? theme.warn : theme.ink;
  context.globalAlpha = hatch === "padding" ? 0.28 : 0.5;
  context.lineWidth = hatch === "missing" ? 2 : 1;
  context.beginPath();
  const step = Math.max(4, size / 4);
  for (let offset = -size; offset < size; offset += step) {
    if (hatch === "overhang") {
      context.moveTo(x, y + offset + step / 2);
      context.lineTo(x + size, y + offset + step / 2);
    } else {
      context.moveTo(x + offset, y + size);
      context.lineTo(x + offset + size, y);
    }
  }
  context.stroke();
  context.restore();
}

/** Paint a whole map pixel by pixel, for cells too small to draw one by one; a huge map is sampled. */
export function paintPixels(canvas, { rows, cols, cell, look, theme }) {
  const [height, width] = [Math.min(rows, MOST_PIXELS), Math.min(cols, MOST_PIXELS)];
  const image = new ImageData(width, height);
  const { data } = image;
  const [r, g, b] = parse(theme.panel.startsWith("#") ? theme.panel : "#888888");
  const empty = { r, g, b };
  for (let y = 0, at = 0; y < height; y += 1) {
    const row = height === rows ? y : Math.floor((y * rows) / height);
    for (let x = 0; x < width; x += 1, at += 4) {
      const colour = look(row, width === cols ? x : Math.floor((x * cols) / width)).colour ?? empty;
      data[at] = colour.r;
      data[at + 1] = colour.g;
      data[at + 2] = colour.b;
      data[at + 3] = 255;
    }
  }
  const small = new OffscreenCanvas(width, height);
  small.getContext("2d").putImageData(image, 0, 0);
  const context = prepare(canvas, cols * cell, rows * cell);
  context.imageSmoothingEnabled = cell < 1;
  context.drawImage(small, 0, 0, cols * cell, rows * cell);
}

/** Mark cells on an overlay: filled softly and outlined, so that colour is not the only sign. */
export function paintMarks(context, cells, cell, colour, { strong = true } = {}) {
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1, Math.min(3, cell / 9));
  const inset = context.lineWidth / 2;
  if (cells.length > MOST_MARKS) return paintArea(context, cells, cell);
  for (const [row, col] of cells) {
    context.globalAlpha = cell >= 21 ? 0.12 : strong ? 0.35 : 0.22;
    context.fillRect(col * cell, row * cell, cell, cell);
    context.globalAlpha = 1;
    if (cell >= 5 && (strong || cells.length <= 400)) {
      context.strokeRect(col * cell + inset, row * cell + inset, Math.max(1, cell - 2 * inset), Math.max(1, cell - 2 * inset));
    }
  }
  context.globalAlpha = 1;
}

// So many cells are smaller than pixels: the area from the first to the last.
function paintArea(context, cells, cell) {
  const [[top, left], [bottom, right]] = [cells[0], cells.at(-1)];
  context.globalAlpha = 0.22;
  context.fillRect(left * cell, top * cell, (right - left + 1) * cell, (bottom - top + 1) * cell);
  context.globalAlpha = 1;
}

/** Draw the frame around a window of cells. */
export function paintFrame(context, { top, left, rows, cols }, cell, colour) {
  context.strokeStyle = colour;
  context.lineWidth = Math.max(2, Math.min(4, cell / 8));
  context.strokeRect(left * cell + 1, top * cell + 1, Math.max(2, cols * cell - 2), Math.max(2, rows * cell - 2));
}
