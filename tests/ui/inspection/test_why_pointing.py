"""The pointing game and a push in several steps on the page Why?: their numbers are plain PyTorch's."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from cnnlab.inspection.attribution.pointing_game import board
from cnnlab.inspection.flow_input import cut, numbers
from cnnlab.inspection.models import shared_models
from cnnlab.inspection.samples import sample_picture
from cnnlab.ui.inspection import working
from cnnlab.ui.inspection.why_pointing import framed

PAGE = """
from cnnlab.ui.labs.why import why
why("why")
"""


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wait for all work where it is asked for."""
    monkeypatch.setattr(working, "AT_ONCE_SECONDS", 120)
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def page(**address: str) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=200)
    for name, text in address.items():
        app.query_params[name] = text
    return app.run()


def table(app: AppTest, head: str) -> dict[str, list[str]]:
    """Return the rows of a table by their first cell."""
    (text,) = [one.value for one in app.markdown if one.value.startswith(head)]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()[2:]]
    return {row[0]: row[1:] for row in rows}


def gradient_hits(margin: int) -> int:
    """Count in how many pictures the largest gradient lies on the shape, or near it: by plain PyTorch."""
    game, model = board(), shared_models().get("shapes_plain").model
    hits = 0
    for pixels, shape, mask in zip(game.pixels, game.shapes, game.masks, strict=True):
        x = ((torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255) - 0.5) / 0.25
        x.requires_grad_()
        model(x)[0, shape].backward()
        assert x.grad is not None
        row, column = divmod(int(x.grad[0].abs().sum(0).argmax()), 64)
        rows, columns = np.nonzero(mask)
        hits += bool(((rows - row) ** 2 + (columns - column) ** 2 <= margin**2).any())
    return hits


def test_the_game_counts_what_a_loop_of_plain_pytorch_counts():
    app = page(model="shapes_plain", pic="shape-star", by="saliency", test="point")
    assert not any("Hits" in one.value for one in app.markdown)
    app.button(key="why.point.go").click().run()
    assert not app.exception
    head = "| Map | Hits, of 42 "
    assert table(app, head)["Saliency"][0] == str(gradient_hits(0))
    assert set(table(app, head)) == {"Saliency", "Edges (Sobel)", "Centre", "Random"}
    app.slider(key="why.point.margin").set_value(2).run()
    assert table(app, head)["Saliency"][0] == str(gradient_hits(2))
    assert any(
        f"The first of {42 - gradient_hits(2)} misses of Saliency" in one.value for one in app.markdown
    )
    assert app.button(key="why.point.go").disabled
    another = page(
        model="shapes_plain", pic="coffee", by="saliency", test="point", ran=app.query_params["ran"]
    )
    assert table(another, head)["Saliency"][0] == str(gradient_hits(0))  # whatever picture is looked at


def test_a_network_without_shapes_cannot_play_and_says_so():
    app = page(model="digits_lenet", pic="digit-5", by="saliency", test="point")
    assert any("only a network that has learned them can play" in one.value for one in app.info)
    assert not any(one.key == "why.point.go" for one in app.button)


def test_a_push_in_several_steps_stands_beside_one_step():
    app = page(model="digits_lenet", pic="digit-5", by="saliency", eps="16")
    app.button(key="why.go").click().run()
    app.segmented_control(key="why.way").set_value("pgd").run()
    assert app.query_params["pgd"] == "10"
    app.select_slider(key="why.steps").set_value("5").run()
    app.button(key="why.push.go").click().run()
    assert not app.exception
    before, once, after = table(app, "| Category | Before | After one step | After |")["5"]
    network = shared_models().get("digits_lenet")
    pixels = cut(sample_picture("digit-5"), (1, 32, 32), network.preparing)
    x = torch.from_numpy(numbers(pixels, network.preparing))
    unit = 1 / 255 / network.preparing.deviation[0]

    def step(from_where: torch.Tensor, far: float) -> torch.Tensor:
        there = from_where.clone().requires_grad_()
        torch.nn.functional.cross_entropy(network.model(there), torch.tensor([5])).backward()
        assert there.grad is not None
        there = from_where + far * unit * there.grad.sign()
        return x + (there - x).clamp(-16 * unit, 16 * unit).clamp(-1 - x, 1 - x)

    def said(picture: torch.Tensor) -> str:
        share = float(network.model(picture).softmax(1)[0, 5])
        return f"{100 * share:.1f} %" if share >= 0.001 else "under 0.1 %"

    start = torch.rand(x.shape, generator=torch.Generator().manual_seed(0)) * 2 - 1
    pushed = x + (16 * unit * start).clamp(-1 - x, 1 - x)
    for _ in range(5):
        pushed = step(pushed, 2.5 * 16 / 5)
    assert [before, once, after] == [said(x), said(step(x, 16)), said(pushed)]
    assert len({before, once, after}) == 3


def test_nonsense_in_the_address_is_a_push_of_one_step():
    app = page(model="digits_lenet", by="saliency", pgd="1e9")
    assert not app.exception
    assert app.segmented_control(key="why.way").value == "fgsm"


def test_the_frame_is_around_the_pixel_and_the_pixel_is_seen():
    pixels = np.full((20, 20, 3), 90, np.uint8)
    pixels[10, 4] = 200, 10, 10
    large = framed(pixels, 10, 4)
    assert large.shape == (40, 40, 3)
    assert (large[20:22, 8:10] == (200, 10, 10)).all()
    rows, columns = np.nonzero((large == 255).all(2))
    assert (rows.min() + rows.max()) / 2 == pytest.approx(20.5, abs=1)
    assert (columns.min() + columns.max()) / 2 == pytest.approx(8.5, abs=1)
