"""Do presets have their classical weights, and sensible ones at any size? Do typed weights survive a link?"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.ui.values_page import export, values_page

CLASSICAL = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "box": [[1 / 9] * 3] * 3,
    "gaussian": [[1 / 16, 1 / 8, 1 / 16], [1 / 8, 1 / 4, 1 / 8], [1 / 16, 1 / 8, 1 / 16]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "sobel-x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "sobel-y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    "edge-45": [[0, 1, 2], [-1, 0, 1], [-2, -1, 0]],
    "edge-135": [[2, 1, 0], [1, 0, -1], [0, -1, -2]],
}
ADD_UP_TO_ONE = {"identity", "box", "gaussian", "sharpen", "emboss"}
SIZES = [(1, 1), (1, 2), (1, 5), (2, 2), (4, 1), (2, 3), (4, 4), (5, 5), (6, 7), (9, 9), (16, 16), (64, 64)]
# Weights where an axis of one cell drops out, worked by hand.
SMALL = {
    ("sobel-x", 1, 5): [-1, -2, 0, 2, 1],
    ("sobel-x", 3, 1): [1, 2, 1],
    ("sobel-y", 2, 1): [-1, 1],
    ("laplacian", 1, 3): [1, -2, 1],
    ("laplacian", 2, 2): [-2, 1, 1, 0],
    ("gaussian", 1, 5): [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16],
    ("identity", 2, 4): [0, 1, 0, 0, 0, 0, 0, 0],
    ("sharpen", 1, 5): [-1, -1, 5, -1, -1],
}
WEIGHTS = """async (wanted) => {
  const { presetWeights, presetHint } = await import("/kernels.js");
  return wanted.map(([name, kh, kw, seed]) => ({
    weights: [...presetWeights(name, kh, kw, seed ?? 0)], hint: presetHint(name, kh, kw),
  }));
}"""
PRESETS = """async () => (await import("/kernels.js")).PRESETS.map(({ name, title, finds, separable }) =>
  ({ name, title, finds, separable: Boolean(separable) }))"""
PARSED = """async (texts) => {
  const { parseWeights, writeWeights } = await import("/kernels.js");
  return texts.map((text) => [parseWeights(text), writeWeights(parseWeights(text))]);
}"""


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    with values_page(browser) as page:
        yield page


def weights_of(modules: Page, *wanted: tuple[Any, ...]) -> list[np.ndarray]:
    answers = modules.evaluate(WEIGHTS, [list(one) for one in wanted])
    return [np.array(a["weights"]).reshape(w[1:3]) for a, w in zip(answers, wanted, strict=True)]


def test_at_three_by_three_every_preset_has_its_classical_weights(modules: Page) -> None:
    found = weights_of(modules, *((name, 3, 3) for name in CLASSICAL))
    assert [kernel.tolist() for kernel in found] == [CLASSICAL[name] for name in CLASSICAL]


def test_the_table_holds_these_presets_and_one_of_random_weights(modules: Page) -> None:
    presets = modules.evaluate(PRESETS)
    assert [preset["name"] for preset in presets] == [*CLASSICAL, "random"]
    assert all(preset["title"] and preset["finds"].endswith(".") for preset in presets)


def test_small_and_even_sizes_have_the_weights_worked_by_hand(modules: Page) -> None:
    found = weights_of(modules, *SMALL)
    assert [kernel.ravel().tolist() for kernel in found] == list(SMALL.values())


@pytest.mark.parametrize("name", CLASSICAL)
def test_at_any_size_blurs_keep_a_flat_area_and_edge_kernels_answer_zero_to_it(
    modules: Page, name: str
) -> None:
    wanted = [(name, kh, kw) for kh, kw in SIZES if min(kh, kw) > 1]
    for kernel in weights_of(modules, *wanted):
        assert np.isfinite(kernel).all()
        assert kernel.any()
        assert kernel.sum() == pytest.approx(1 if name in ADD_UP_TO_ONE else 0, abs=1e-9)


@pytest.mark.parametrize("name", ["identity", "box", "gaussian", "sobel-x", "sobel-y"])
def test_a_separable_preset_is_its_column_times_its_row(modules: Page, name: str) -> None:
    for kh, kw in SIZES:
        whole, column, row = weights_of(modules, (name, kh, kw), (name, kh, 1), (name, 1, kw))
        np.testing.assert_allclose(column @ row, whole, rtol=1e-12, atol=1e-15)


def test_the_presets_called_separable_are_those_of_rank_one(modules: Page) -> None:
    separable = {preset["name"] for preset in modules.evaluate(PRESETS) if preset["separable"]}
    found = dict(zip(CLASSICAL, weights_of(modules, *((name, 5, 5) for name in CLASSICAL)), strict=True))
    assert separable == {name for name, kernel in found.items() if np.linalg.matrix_rank(kernel) == 1}


def test_one_by_one_is_a_single_one_and_says_so(modules: Page) -> None:
    answers = modules.evaluate(WEIGHTS, [[name, 1, 1] for name in CLASSICAL])
    assert [answer["weights"] for answer in answers] == [[1]] * len(CLASSICAL)
    hints = {name for name, answer in zip(CLASSICAL, answers, strict=True) if "1 × 1" in answer["hint"]}
    assert hints == set(CLASSICAL) - {"identity", "box", "gaussian"}


def test_random_weights_are_tenths_from_minus_one_to_one_and_the_same_every_time(modules: Page) -> None:
    kernels = weights_of(modules, *(("random", 8, 8, seed) for seed in (*range(20), 0)))
    assert (kernels[0] == kernels[-1]).all()
    values = np.stack(kernels[:20])
    assert np.abs(values * 10 - np.round(values * 10)).max() < 1e-12
    assert {round(v, 1) for v in values.ravel()} == {round(t / 10, 1) for t in range(-10, 11)}
    assert abs(values.mean()) < 0.1
    assert len({kernel.tobytes() for kernel in kernels[:20]}) == 20


def test_typed_weights_survive_the_link_and_what_cannot_be_read_is_left_out(modules: Page) -> None:
    texts = ["0:1,0,-1;5:0.25,2", "1.3:4", "", "0:1,,2", "x:1", "0:1:2", "0:99999", "7:1e3", "0:1.23456;2:9"]
    (two, text), stage, *rest = modules.evaluate(PARSED, texts)
    assert two == [
        {"layer": 0, "channel": 0, "numbers": [1, 0, -1]},
        {"layer": 0, "channel": 5, "numbers": [0.25, 2]},
    ]
    assert text == texts[0]
    assert stage == [[{"layer": 1, "channel": 3, "numbers": [4]}], "1.3:4"]
    assert [entries for entries, _ in rest[:-1]] == [[]] * 6
    assert rest[-1] == [[{"layer": 0, "channel": 2, "numbers": [9]}], "2:9"]


def test_no_more_than_sixteen_channels_can_be_typed(modules: Page) -> None:
    [[entries, _]] = modules.evaluate(PARSED, [";".join(f"{c}:1" for c in range(40))])
    assert [entry["channel"] for entry in entries] == list(range(16))


def settings(**changes: Any) -> dict[str, Any]:
    return {"input": [6, 6], "source": "numbers", "kernelPreset": "sobel-x", **changes}


def test_channels_take_the_presets_in_turn_shared_among_the_channels_they_read(modules: Page) -> None:
    [numbers] = export(modules, [settings(cin=2, cout=3)])
    weights = numbers["layers"][0]["weights"]
    for o, name in enumerate(["sobel-x", "sobel-y", "laplacian"]):
        assert weights[o] == [(np.ravel(CLASSICAL[name]) / 2).tolist()] * 2


def test_random_weights_differ_per_input_channel_and_are_not_shared(modules: Page) -> None:
    [numbers] = export(modules, [settings(cin=2, cout=1, kernelPreset="random")])
    first, second = numbers["layers"][0]["weights"][0]
    assert first != second
    assert all(round(10 * weight) == pytest.approx(10 * weight, abs=1e-12) for weight in first + second)


def test_a_channel_reads_its_own_group_only(modules: Page) -> None:
    [numbers] = export(modules, [settings(cin=4, cout=2, groups=2)])
    read = [[kernel is not None for kernel in row] for row in numbers["layers"][0]["weights"]]
    assert read == [[True, True, False, False], [False, False, True, True]]


def test_typed_weights_count_only_at_their_size_and_come_back_with_it(modules: Page) -> None:
    typed = "0:1,2,3,4,5,6,7,8,9"
    three, two = export(modules, [settings(weights=typed, cin=2), settings(weights=typed, kernel=[2, 2])])
    assert three["layers"][0]["weights"][0] == [[1, 2, 3, 4, 5, 6, 7, 8, 9]] * 2
    assert two["layers"][0]["weights"][0] == [[-1, 1, -1, 1]]


def test_only_channel_zero_of_the_last_layer_has_the_bias_that_is_set(modules: Page) -> None:
    given = [settings(cout=2, biasValue=4), settings(cin=2, cout=2, biasValue=4, pair="depthwise")]
    single, pair = export(modules, [*given])
    assert single["layers"][0]["bias"] == [4, 0]
    assert [layer["bias"] for layer in pair["layers"]] == [[0, 0], [4, 0]]
    [off] = export(modules, [settings(biasValue=4, bias=False)])
    assert off["layers"][0]["bias"] == [0]


@pytest.mark.parametrize("name", ["identity", "box", "gaussian", "sobel-x", "sobel-y"])
def test_a_spatially_separable_pair_gives_the_map_of_the_whole_kernel(modules: Page, name: str) -> None:
    one = settings(kernelPreset=name, kernel=[3, 4], bias=False)
    whole, pair = export(modules, [one, {**one, "pair": "spatial"}])
    found = np.array(pair["layers"][1]["maps"][0]["values"])
    np.testing.assert_allclose(found, whole["layers"][0]["maps"][0]["values"], rtol=0, atol=1e-12)


def test_the_pointwise_half_of_a_pair_takes_the_mean_in_channel_zero(modules: Page) -> None:
    [numbers] = export(modules, [settings(cin=4, cout=3, pair="depthwise")])
    mixing = numbers["layers"][1]["weights"]
    assert mixing[0] == [[0.25]] * 4
    assert all(abs(weight) <= 0.5 for row in mixing[1:] for [weight] in row)
    assert mixing[1] != mixing[2]
