"""What comparisons are made of, against the real networks; and the page that shows them."""

from collections import defaultdict

import pytest
import torch
import torchvision
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from cnnlab.figures.comparison import landscape, where_costs_sit
from cnnlab.tracing import recorded_names
from cnnlab.ui.architectures.comparing import all_rows, by_size
from tests.running_app import open_page, wait_until_idle

PAGE = """
from cnnlab.ui.compare import compare
compare()
"""


def test_every_recorded_network_is_a_row_with_the_parameters_and_accuracy_of_the_real_one():
    rows = {row.name: row for row in all_rows()}
    assert set(rows) == set(recorded_names())
    for name in ("vgg16", "resnet50", "mobilenet_v2", "efficientnet_b0"):
        weights = torchvision.models.get_model_weights(name)["IMAGENET1K_V1"]
        assert rows[name].parameters == weights.meta["num_params"]
        assert rows[name].top1 == weights.meta["_metrics"]["ImageNet-1K"]["acc@1"]
        assert rows[name].macs / 1e9 == pytest.approx(weights.meta["_ops"], abs=0.002)
    assert all(row.top1 is None or 50 < row.top1 < 90 for row in rows.values())


def test_parameters_by_size_are_those_of_the_real_layers():
    with torch.device("meta"):
        model = torchvision.models.vgg16().eval()
        counted: dict[tuple[int, int] | None, int] = defaultdict(int)
        for module in model.modules():
            if not list(module.children()):
                module.register_forward_hook(
                    lambda module, _, output: counted.update(
                        {size_of(output): counted[size_of(output)] + numbers_in(module)}
                    )
                )
        model(torch.empty(1, 3, 224, 224))
    assert {group.size: group.parameters for group in by_size("vgg16") if group.parameters} == {
        size: number for size, number in counted.items() if number
    }
    sizes = [group.size for group in by_size("vgg16")]
    assert sizes == [(224, 224), (112, 112), (56, 56), (28, 28), (14, 14), (7, 7), None]


def size_of(output: torch.Tensor) -> tuple[int, int] | None:
    return (output.shape[2], output.shape[3]) if output.dim() == 4 else None


def numbers_in(module: torch.nn.Module) -> int:
    return sum(one.numel() for one in module.parameters())


def test_the_landscape_has_each_network_with_an_accuracy_once_at_its_own_place():
    rows = all_rows()
    figure = landscape(rows, "macs", ["vgg16"])
    places = {
        data[0]: (x, y)
        for trace in figure.to_dict()["data"]
        for data, x, y in zip(trace["customdata"], trace["x"], trace["y"], strict=True)
    }
    assert places == {row.name: (row.macs, row.top1) for row in rows if row.top1 is not None}
    assert figure.to_dict()["layout"]["xaxis"]["type"] == "log"
    assert landscape(rows, "year").to_dict()["layout"]["xaxis"]["type"] == "linear"


def test_shares_fill_their_bars():
    figure = where_costs_sit({"one": [("7 × 7", 25.0), ("vectors", 75.0)], "two": [("7 × 7", 100.0)]}, "MACs")
    bars = [bar["x"] for bar in figure.to_dict()["data"]]
    assert [sum(values) for values in zip(*bars, strict=True)] == [100, 100]


def test_the_page_puts_two_networks_side_by_side_and_says_how_much_more_one_takes():
    at = AppTest.from_string(PAGE, default_timeout=30).run()
    assert not at.exception
    text = "\n".join(one.value for one in at.markdown)
    assert "138,357,544" in text
    assert "3,504,872" in text
    assert f"{15_470_264_320 / 300_774_272:.1f} times the multiply-adds" in text
    at.selectbox(key="compare.b.0").select("resnet50").run()
    assert "25,557,032" in "\n".join(one.value for one in at.markdown)
    at.selectbox(key="sorted").select("Parameters").run()
    table = at.markdown[-1].value.splitlines()
    assert "60,000" in table[2]
    assert "LeNet" in table[2]


def test_the_choice_is_in_the_address_and_a_mark_can_be_chosen(app_server: str, page: Page):
    open_page(page, f"{app_server}/compare?a=resnet18&b=vgg19")
    first = page.locator("table").first
    expect(first).to_contain_text("ResNet-18")
    expect(first).to_contain_text("143,667,240")
    marks = page.locator(".js-plotly-plot").last
    marks.scroll_into_view_if_needed()
    expect(marks.locator(".points path").first).to_be_visible(timeout=15_000)
    where = marks.evaluate(
        """(plot) => {
          const named = (trace) => trace.customdata.findIndex(([name]) => name === "squeezenet1_1");
          const trace = plot.data.findIndex((one) => named(one) >= 0), point = named(plot.data[trace]);
          const [x, y] = [plot.data[trace].x[point], plot.data[trace].y[point]];
          const box = plot.getBoundingClientRect(), { xaxis, yaxis } = plot._fullLayout;
          return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)];
        }"""
    )
    page.mouse.click(*where)
    page.wait_for_url("**b=squeezenet1_1**")
    wait_until_idle(page)
    expect(first).to_contain_text("1,235,496")
