"""The browser's numbers as Python lists: inputs, weights, maps and cells, for many settings at once.

Not a test itself. Pictures are answered from the bundled samples, so no server runs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, Route

from cnnlab.inspection.samples import sample_png
from tests.ui.module_page import ADDRESS, module_page

# settings → all numbers of every layer; cells are compared with maps where they are made, to the last bit.
EXPORT = """async ([all, wantsTaps]) => {
  const { derive } = await import("/store.js");
  const { DEFAULTS } = await import("/settings.js");
  const { createValues } = await import("/values.js");
  const { loadPicture } = await import("/sources.js");
  const range = (n) => Array.from({ length: n }, (_, i) => i);
  const list = (numbers) => (numbers ? [...numbers] : null);
  const exported = [];
  for (const changes of all) {
    const store = { settings: { ...DEFAULTS, ...changes }, picture: null, notify() {} };
    await loadPicture(store);
    const { layers, shapes, ok } = derive(store.settings);
    const values = createValues(store.settings, layers, shapes, store.picture);
    const layerNumbers = ([layer, i]) => {
      const [height, width] = shapes[i + 1].length === 2 ? [1, shapes[i + 1][1]] : shapes[i + 1].slice(1);
      const cells = (o) => range(height).flatMap((y) => range(width).map((x) => values.cell(i, o, y, x)));
      const maps = range(layer.cout).map((o) => values.outputChannel(i, o));
      const wrong = range(layer.cout).flatMap((o) =>
        cells(o).filter((cell, k) => cell.sum !== maps[o].values[k] || cell.argmax !== maps[o].argmax?.[k]));
      return {
        layer, shape: shapes[i], output: shapes[i + 1], wrong: wrong.slice(0, 1),
        weights: range(layer.cout).map((o) => range(layer.cin).map((c) => list(values.weights(i, o, c)))),
        bias: range(layer.cout).map((o) => values.bias(i, o)),
        maps: maps.map((map) => ({ values: list(map.values), argmax: list(map.argmax) })),
        cells: wantsTaps ? cells(0) : [],
      };
    };
    exported.push({
      ok, ready: values.ready, inputs: range(shapes[0][0]).map((c) => list(values.input(c))),
      layers: ok ? layers.map((layer, i) => layerNumbers([layer, i])) : [],
    });
  }
  return exported;
}"""


@contextmanager
def values_page(browser: Browser, width: int = 1000) -> Iterator[Page]:
    """Open a page on which modules can be imported and the bundled pictures are at hand."""
    with module_page(browser, width) as page:
        page.route(f"{ADDRESS}/pictures/*.png", _answer_picture)
        yield page


def _answer_picture(route: Route) -> None:
    name = route.request.url.rpartition("/")[2].removesuffix(".png")
    route.fulfill(content_type="image/png", body=sample_png(name))


def export(page: Page, settings: list[dict[str, Any]], wants_taps: bool = False) -> list[dict[str, Any]]:
    """Return all numbers of the browser for each of the settings, in one call."""
    return page.evaluate(EXPORT, [settings, wants_taps])
