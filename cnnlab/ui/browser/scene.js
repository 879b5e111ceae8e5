// Where everything lies when a layer's window moves: the padded input, the kernel with its holes, the output,
// and which cells belong together.
//
// Pure integers; 1-D layers are one row high. It knows neither values nor pixels. Positions on the input are counted
// in the padded input; for a transposed convolution positions on the output are counted in the uncropped output.

const plane = (sizes) => (sizes.length === 1 ? [1, sizes[0]] : sizes);
const plain = (value, fallback) => (Array.isArray(value) ? (value.length === 1 ? [fallback, value[0]] : value) : [fallback, fallback]);

/** The geometry of one layer: { input, output, kernel, steps, transposed, … }; `output` is null where it is impossible. */
export function createScene(layer, shape, report) {
  const transposed = layer.op === "transposed";
  const [height, width] = plane(shape.slice(1));
  const kernel = plain(layer.kernel, 1);
  const stride = plain(layer.stride, 1);
  const dilation = plain(layer.dilation, 1);
  const sides = report.ok && report.padding ? report.padding : plain(layer.padding, 0).map((p) => [p, p]);
  const [vertical, horizontal] = sides.length === 1 ? [[0, 0], sides[0]] : sides.length ? sides : [[0, 0], [0, 0]];
  const over = report.ok && report.overhang ? plain(report.overhang, 0) : [0, 0];
  const span = kernel.map((k, axis) => Math.max(1, dilation[axis]) * (Math.max(1, k) - 1) + 1);
  const size = report.ok ? plane(report.output.slice(1)) : null;
  const scene = { layer, transposed, kernel, stride, dilation, span, size, ok: report.ok, shape: [height, width] };
  if (transposed) return placeTransposed(scene, vertical, horizontal);
  const rows = vertical[0] + height + vertical[1];
  const cols = horizontal[0] + width + horizontal[1];
  const fit = report.ok ? [rows + over[0], cols + over[1]] : [Math.max(rows, span[0]), Math.max(cols, span[1])];
  return {
    ...scene,
    input: { rows: fit[0], cols: fit[1], top: vertical[0], left: horizontal[0], paddedRows: rows, paddedCols: cols },
    output: size && { rows: size[0], cols: size[1], top: 0, left: 0 },
    steps: size ?? [0, 0],
  };
}

function placeTransposed(scene, vertical, horizontal) {
  const { shape, stride, span, size } = scene;
  const full = shape.map((n, axis) => (n - 1) * Math.max(1, stride[axis]) + span[axis]);
  const crop = [vertical[0], horizontal[0]];
  return {
    ...scene,
    input: { rows: shape[0], cols: shape[1], top: 0, left: 0, paddedRows: shape[0], paddedCols: shape[1] },
    output: size && {
      rows: Math.max(full[0], crop[0] + size[0]),
      cols: Math.max(full[1], crop[1] + size[1]),
      top: crop[0],
      left: crop[1],
    },
    full,
    steps: size ? shape : [0, 0],
  };
}

/** What an input cell is: "inside", "padding", "overhang" (read by ceil mode) or "missing" (the kernel does not fit). */
export function inputKind({ input, shape, ok }, row, col) {
  const inside = row >= input.top && row < input.top + shape[0] && col >= input.left && col < input.left + shape[1];
  if (inside) return "inside";
  if (row < input.paddedRows && col < input.paddedCols) return "padding";
  return ok ? "overhang" : "missing";
}

/** What an output cell is: "inside", or "cropped" where a transposed convolution cuts its border off. */
export function outputKind({ output, size }, row, col) {
  const y = row - output.top;
  const x = col - output.left;
  return y >= 0 && y < size[0] && x >= 0 && x < size[1] ? "inside" : "cropped";
}

/** Whether an output cell of a transposed convolution is one of the rows or columns that output padding adds. */
export function isOutputPadding({ transposed, layer, output, size }, row, col) {
  if (!transposed) return false;
  const [rows, cols] = plain(layer.outputPadding, 0);
  return row - output.top >= size[0] - rows || col - output.left >= size[1] - cols;
}

function eachTap({ kernel }, visit) {
  for (let ky = 0; ky < kernel[0]; ky += 1) for (let kx = 0; kx < kernel[1]; kx += 1) visit(ky, kx);
}

/** Cells that belong to one cell: { input: [[row, col]], kernel: [[ky, kx]], output: [[row, col]], window }. */
export function linked(scene, map, row, col) {
  if (!scene.ok) return { input: [], kernel: [], output: [], window: null };
  return scene.transposed ? linkedStamp(scene, map, row, col) : linkedWindow(scene, map, row, col);
}

function linkedWindow(scene, map, row, col) {
  const { stride, dilation, span, steps, input } = scene;
  const found = { input: [], kernel: [], output: [], window: null };
  if (map === "output") {
    found.output.push([row, col]);
    const [top, left] = [row * stride[0], col * stride[1]];
    found.window = { map: "input", top, left, rows: span[0], cols: span[1] };
    eachTap(scene, (ky, kx) => {
      const cell = [top + ky * dilation[0], left + kx * dilation[1]];
      if (cell[0] < input.rows && cell[1] < input.cols) {
        found.input.push(cell);
        found.kernel.push([ky, kx]);
      }
    });
    return found;
  }
  eachTap(scene, (ky, kx) => {
    if (map === "input") {
      const [y, x] = [(row - ky * dilation[0]) / stride[0], (col - kx * dilation[1]) / stride[1]];
      if (Number.isInteger(y) && Number.isInteger(x) && y >= 0 && x >= 0 && y < steps[0] && x < steps[1]) {
        found.output.push([y, x]);
        found.kernel.push([ky, kx]);
      }
    }
  });
  if (map === "input") found.input.push([row, col]);
  if (map === "kernel") {
    found.kernel.push([row, col]);
    for (let y = 0; y < steps[0]; y += 1) {
      for (let x = 0; x < steps[1]; x += 1) {
        const cell = [y * stride[0] + row * dilation[0], x * stride[1] + col * dilation[1]];
        if (cell[0] < input.rows && cell[1] < input.cols) found.input.push(cell);
      }
    }
  }
  return found;
}

function linkedStamp(scene, map, row, col) {
  const { stride, dilation, span, steps } = scene;
  const found = { input: [], kernel: [], output: [], window: null };
  if (map === "input") {
    found.input.push([row, col]);
    found.window = { map: "output", top: row * stride[0], left: col * stride[1], rows: span[0], cols: span[1] };
    eachTap(scene, (ky, kx) => {
      found.kernel.push([ky, kx]);
      found.output.push([row * stride[0] + ky * dilation[0], col * stride[1] + kx * dilation[1]]);
    });
    return found;
  }
  eachTap(scene, (ky, kx) => {
    if (map !== "output") return;
    const [y, x] = [(row - ky * dilation[0]) / stride[0], (col - kx * dilation[1]) / stride[1]];
    if (Number.isInteger(y) && Number.isInteger(x) && y >= 0 && x >= 0 && y < steps[0] && x < steps[1]) {
      found.input.push([y, x]);
      found.kernel.push([ky, kx]);
    }
  });
  if (map === "output") found.output.push([row, col]);
  if (map === "kernel") {
    found.kernel.push([row, col]);
    for (let y = 0; y < steps[0]; y += 1) {
      for (let x = 0; x < steps[1]; x += 1) {
        found.input.push([y, x]);
        found.output.push([y * stride[0] + row * dilation[0], x * stride[1] + col * dilation[1]]);
      }
    }
  }
  return found;
}
