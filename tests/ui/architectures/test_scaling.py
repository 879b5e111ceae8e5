"""Families turned up and down: the recorded variants against torchvision's own networks, and the panel."""

import json
from typing import Any

import pytest
import torch
import torchvision
from playwright.sync_api import Page, expect
from torch.utils.flop_counter import FlopCounterMode

from cnnlab.tracing.variants import KNOBS, UnknownFamily, knob, record_variant, trace_of_variant
from cnnlab.ui.architectures.scaling import all_knobs, scaled
from tests.running_app import open_page

RECORDED_HERE = [
    pytest.param(variant, id=variant.network)
    for one in KNOBS
    for variant in one.variants
    if not variant.is_published
]


@pytest.mark.parametrize("variant", RECORDED_HERE)
def test_a_variant_costs_what_the_real_network_costs_at_another_size_too(variant: Any):
    with torch.device("meta"):
        model = getattr(torchvision.models, variant.maker)(**dict(variant.arguments)).eval()
        with FlopCounterMode(display=False) as counter:
            model(torch.empty(1, 3, 160, 160))
    family = next(one for one in KNOBS if variant in one.variants)
    told = scaled(family.name)
    row = next(one for one in told["variants"] if one["label"] == variant.label)["rows"]
    parameters, macs, _, _ = row[told["sizes"].index(160)]
    assert parameters == sum(one.numel() for one in model.parameters())
    assert macs == counter.get_total_flops() // 2


def test_a_recorded_variant_is_what_would_be_recorded_today():
    variant = knob("mobilenet").variants[0]
    assert record_variant(variant).steps == trace_of_variant(variant).steps


def test_every_family_starts_with_the_setting_that_it_is_known_for():
    for one in all_knobs():
        told = scaled(one["name"])
        start = told["variants"][one["start"]]
        assert start["network"], one["name"]
        assert start["rows"][told["sizes"].index(start["own_size"])]
        json.dumps(told)


def test_a_family_that_does_not_exist_is_answered_with_those_that_do():
    with pytest.raises(UnknownFamily, match="no family called `vgg20` to scale; there are vgg, resnet"):
        knob("vgg20")


def test_knob_and_size_are_turned_by_keys_and_the_costs_follow(app_server: str, page: Page):
    open_page(page, f"{app_server}/architectures?tab=scale")
    width = page.get_by_role("slider", name="Width multiplier α")
    expect(width).to_have_attribute("aria-valuetext", "1.0", timeout=20_000)
    numbers = page.locator(".scale-numbers")
    expect(numbers).to_contain_text("300,774,272")
    width.focus()
    page.keyboard.press("ArrowRight")
    expect(width).to_have_attribute("aria-valuetext", "1.3")
    expect(numbers).to_contain_text("509,")
    page.get_by_role("slider", name="Input, pixels a side").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("The side alone would give (256 / 224)² = 1.31")).to_be_visible()
    page.get_by_label("Family").select_option("efficientnet")
    expect(numbers).to_contain_text("385,814,752")
    page.get_by_role("slider", name="Compound coefficient").fill("2")
    expect(numbers).to_contain_text("1,087,529,456")  # at its own 288 pixels
    page.wait_for_url("**knob=2**")
    page.reload()
    expect(numbers).to_contain_text("1,087,529,456", timeout=20_000)
