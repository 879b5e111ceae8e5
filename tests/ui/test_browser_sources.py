"""Are the numbers that flow in those of the pictures, pixel for pixel, and do drawings survive a link?"""

import base64
import hashlib
import io
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from cnnlab.inspection.samples import SAMPLES, sample_picture, sample_png
from tests.ui.values_page import export, values_page

TABLE = """async () => {
  const { SOURCES, KINDS } = await import("/sources.js");
  const { PATTERNS } = await import("/inputs.js");
  return { sources: SOURCES, kinds: Object.keys(KINDS), patterns: Object.keys(PATTERNS) };
}"""
DIGESTS = """async (names) => {
  const { loadPicture } = await import("/sources.js");
  const found = {};
  for (const source of names) {
    const store = { settings: { source }, notify() {} };
    await loadPicture(store);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", store.picture.rgb));
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    found[source] = [store.picture.height, store.picture.width, hex];
  }
  return found;
}"""
LOAD = """async ([source, data]) => {
  const { loadPicture } = await import("/sources.js");
  const store = { settings: { source }, picture: null, told: [], notify(name) { store.told.push(name); } };
  await loadPicture(store, data);
  const picture = store.picture && { ...store.picture, rgb: [...store.picture.rgb] };
  return { picture, problem: store.pictureProblem, told: store.told };
}"""
SKETCH = """async (cells) => {
  const { encodeSketch, decodeSketch } = await import("/sketch.js");
  const text = encodeSketch(Uint8Array.from(cells));
  return [text, [...decodeSketch(text)]];
}"""


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    with values_page(browser) as page:
        yield page


def inputs(modules: Page, **changes: Any) -> np.ndarray:
    """Return channels × height × width (1-D: channels × width)."""
    settings = {"kernel": [1, 1], "cin": 1, **changes}
    [numbers] = export(modules, [settings])
    assert numbers["ready"]
    sizes = settings["input"] if settings.get("dims", 2) == 2 else settings["input"][1:]
    return np.array(numbers["inputs"]).reshape(-1, *sizes)


def test_the_bundled_pictures_are_credited_as_their_module_credits_them(modules: Page) -> None:
    sources = {source["name"]: source for source in modules.evaluate(TABLE)["sources"]}
    for name, sample in SAMPLES.items():
        told = {key: sources[name][key] for key in ("title", "source", "licence", "alt")}
        assert told == {key: getattr(sample, key) for key in told}
    assert set(SAMPLES) == {
        name for name, s in sources.items() if s["kind"] in ("digit", "photograph", "shape")
    }


def test_every_source_has_a_kind_and_every_pattern_its_rule(modules: Page) -> None:
    table = modules.evaluate(TABLE)
    assert {source["kind"] for source in table["sources"]} == set(table["kinds"])
    assert [s["name"] for s in table["sources"] if s["kind"] == "pattern"] == table["patterns"]
    assert all(source["alt"] for source in table["sources"])


def test_pictures_are_decoded_to_the_very_pixels(modules: Page) -> None:
    expected = {}
    for name in SAMPLES:
        pixels = sample_picture(name).pixels
        expected[name] = [*pixels.shape[:2], hashlib.sha256(pixels.tobytes()).hexdigest()]
    assert modules.evaluate(DIGESTS, list(SAMPLES)) == expected


def area_mean(pixels: np.ndarray, height: int, width: int) -> np.ndarray:
    """Enlarge until both sizes divide, then take plain block means: the mean over each cell's area."""
    large = pixels.repeat(height, axis=0).repeat(width, axis=1).astype(np.float64)
    return large.reshape(height, pixels.shape[0], width, pixels.shape[1], 3).mean(axis=(1, 3))


@pytest.mark.parametrize(("name", "size"), [("cat", (8, 8)), ("coins", (5, 7)), ("horse", (13, 9))])
def test_a_picture_is_shrunk_to_the_mean_of_the_area_under_each_cell(
    modules: Page, name: str, size: tuple[int, int]
) -> None:
    expected = area_mean(sample_picture(name).pixels, *size)
    colours = inputs(modules, source=name, input=list(size), cin=3)
    assert np.abs(colours - expected.transpose(2, 0, 1)).max() <= 0.5 + 1e-6
    assert (colours == np.round(colours)).all()
    grey = inputs(modules, source=name, input=list(size))
    assert np.abs(grey[0] - expected.mean(axis=2)).max() <= 0.5 + 1e-6


def test_a_digit_is_enlarged_by_repeating_the_pixel_under_the_middle_of_each_cell(modules: Page) -> None:
    # Cell i of 12 has its middle at (i + 1/2) · 8/12 pixels: 0.33, 1, 1.67, 2.33, 3, 3.67, …
    rows = [0, 1, 1, 2, 3, 3, 4, 5, 5, 6, 7, 7]
    columns = [pixel for pixel in range(8) for _ in range(2)]
    expected = sample_picture("digit-5").pixels[rows][:, columns, 0]
    np.testing.assert_array_equal(inputs(modules, source="digit-5", input=[12, 16])[0], expected)


def test_further_channels_are_the_colours_again_moved_to_the_right(modules: Page) -> None:
    found = inputs(modules, source="astronaut", input=[4, 6], cin=8)
    for c in range(8):
        np.testing.assert_array_equal(found[c], np.roll(found[c % 3], c // 3, axis=1))
    assert (found[0] != found[1]).any()
    np.testing.assert_array_equal(inputs(modules, source="astronaut", input=[4, 6], cin=2), found[:2])


def test_a_sequence_is_the_middle_row_of_the_picture(modules: Page) -> None:
    found = inputs(modules, source="digit-3", dims=1, input=[1, 8])
    np.testing.assert_array_equal(found[0], sample_picture("digit-3").pixels[4, :, 0])


def test_patterns_hold_the_numbers_they_promise(modules: Page) -> None:
    size = {"input": [5, 8], "cin": 2}
    np.testing.assert_array_equal(inputs(modules, source="ramp", **size)[1], [[*range(1, 9)]] * 5)
    impulse = inputs(modules, source="impulse", **size)
    assert impulse.sum() == 2
    assert impulse[:, 2, 4].tolist() == [1, 1]
    checker = inputs(modules, source="checker", **size)
    assert checker[0].tolist() == [[(x + y) % 2 for x in range(8)] for y in range(5)]
    np.testing.assert_array_equal(checker[1], 1 - checker[0])
    assert inputs(modules, source="sine", **size)[0, 0].tolist() == [0, 100, 0, -100] * 2
    assert inputs(modules, source="step", **size)[0, 0].tolist() == [0] * 4 + [100] * 4
    numbers = inputs(modules, source="numbers", input=[32, 32])
    assert set(numbers.ravel()) == set(range(10))


def test_a_single_one_shows_the_kernel_turned_round(modules: Page) -> None:
    given = {"source": "impulse", "input": [3, 3], "padding": [1, 1], "weights": "0:1,2,3,4,5,6,7,8,9"}
    [numbers] = export(modules, [given])
    assert numbers["layers"][0]["maps"][0]["values"] == [9, 8, 7, 6, 5, 4, 3, 2, 1]


def test_a_drawing_survives_the_link_in_fewer_than_three_hundred_letters(modules: Page) -> None:
    cells = np.random.default_rng(5).integers(0, 4, 784).tolist()
    text, back = modules.evaluate(SKETCH, cells)
    assert back == cells
    assert len(text) == 262
    assert set(text) <= set(base64.urlsafe_b64encode(bytes(range(256))).decode())
    assert modules.evaluate(SKETCH, [0] * 784) == ["", [0] * 784]


def test_a_drawing_is_what_flows_in(modules: Page) -> None:
    cells = np.zeros((28, 28), dtype=int)
    cells[3, 20], cells[27, 27] = 2, 3
    text, _ = modules.evaluate(SKETCH, cells.ravel().tolist())
    found = inputs(modules, source="drawing", drawing=text, input=[28, 28])
    np.testing.assert_array_equal(found[0], cells * 85)


def test_an_upload_is_decoded_and_keeps_its_name_and_notes(modules: Page) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (3, 5, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    upload = {"png": base64.b64encode(file.getvalue()).decode(), "name": "me.tiff", "notes": ["Turned."]}
    loaded = modules.evaluate(LOAD, ["upload", {"upload": upload}])
    picture = loaded["picture"]
    assert (picture["height"], picture["width"], picture["title"]) == (3, 5, "me.tiff")
    assert picture["rgb"] == pixels.ravel().tolist()
    assert picture["notes"] == ["Turned."]
    assert loaded["told"] == ["picture"]


def test_a_picture_that_cannot_be_had_is_a_sentence_and_zeros(modules: Page) -> None:
    loaded = modules.evaluate(LOAD, ["cat", {"pictures": "/nowhere/"}])
    assert loaded["picture"] is None
    assert loaded["problem"] == "This picture could not be loaded. Choose it again, or choose another."
    [numbers] = export(modules, [{"source": "upload", "input": [2, 2], "kernel": [1, 1]}])
    assert (numbers["ready"], numbers["inputs"]) == (False, [[0, 0, 0, 0]])


def test_the_server_answers_sample_pictures_for_browsers_to_keep(app_server: str) -> None:
    with urllib.request.urlopen(f"{app_server}/pictures/coffee.png", timeout=10) as answer:
        assert answer.read() == sample_png("coffee")
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["cache-control"] == "public, max-age=604800"


def test_an_unknown_picture_is_not_found_and_the_answer_names_those_there_are(app_server: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404") as caught:
        urllib.request.urlopen(f"{app_server}/pictures/dragon.png", timeout=10)
    assert "dragon" in caught.value.read().decode()
