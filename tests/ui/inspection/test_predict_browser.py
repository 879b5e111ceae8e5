"""The lens Predict in a real browser: what it shows is torchvision's; a blocked download is a sentence."""

import re
from collections.abc import Iterator

import pytest
import torch
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from torchvision import transforms
from torchvision.models import SqueezeNet1_1_Weights, squeezenet1_1

from cnnlab.inspection.samples import sample_picture
from tests.running_app import IDLE, running_app
from tests.ui.module_page import module_page

WEIGHTS = SqueezeNet1_1_Weights.IMAGENET1K_V1
CATEGORIES = WEIGHTS.meta["categories"]
SECONDS = 120_000  # PyTorch is loaded by the first prediction, on a machine that may be busy
MATHS = """async ([voices, temperature]) => {
  const m = await import("/guesses.js");
  const shares = m.together(voices, temperature);
  return { shares, likely: m.likely(shares, 5), many: m.asManyAs(shares) };
}"""


@pytest.mark.parametrize("temperature", [0.1, 1.0, 3.16])
def test_the_browser_averages_softmaxes_as_torch_does(browser: Browser, temperature: float):
    generator = torch.Generator().manual_seed(4)
    voices = torch.randn(3, 1000, generator=generator, dtype=torch.float64) * 8
    with module_page(browser) as page:
        found = page.evaluate(MATHS, [voices.tolist(), temperature])
    wanted = (voices / temperature).softmax(1).mean(0)
    assert found["shares"] == pytest.approx(wanted.tolist(), rel=1e-9, abs=1e-15)
    assert [one["category"] for one in found["likely"]] == wanted.topk(5).indices.tolist()
    entropy = torch.distributions.Categorical(probs=wanted).entropy()
    assert found["many"] == pytest.approx(entropy.exp().item(), rel=1e-9)


@pytest.fixture(scope="module")
def model() -> torch.nn.Module:
    """Return a network with seeded weights whose scores are far apart."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(11)
        made = squeezenet1_1().eval()
    with torch.no_grad():
        made.get_parameter("classifier.1.weight").mul_(15)
    return made


@pytest.fixture(scope="module")
def server(model: torch.nn.Module, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the app on a machine with the weights of SqueezeNet 1.1 and no way to any other."""
    home = tmp_path_factory.mktemp("torch_home")
    folder = home / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    torch.save(model.state_dict(), folder / WEIGHTS.url.rpartition("/")[2])
    nowhere = {"https_proxy": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}
    with running_app(home / "log", environment={"TORCH_HOME": str(home), **nowhere}) as app:
        yield app.url
        assert "Traceback" not in app.log.read_text()


def opened(page: Page, server: str, query: str) -> None:
    page.goto(f"{server}/look-inside?lens=predict&pic=coffee&{query}")
    page.wait_for_selector(IDLE, timeout=SECONDS)


def bars(page: Page) -> list[tuple[str, str]]:
    rows = page.locator(".guess-bars li")
    expect(rows).to_have_count(5, timeout=SECONDS)
    names = rows.locator(".guess-name").all_inner_texts()
    return list(zip(names, rows.locator(".number").all_inner_texts(), strict=True))


def written(shares: torch.Tensor) -> list[tuple[str, str]]:
    best = shares.topk(5)
    texts = [f"{100 * share:.1f} %" if share >= 0.0005 else "< 0.1 %" for share in best.values]
    return [(CATEGORIES[i], text) for i, text in zip(best.indices, texts, strict=True)]


@torch.no_grad()
def test_a_prediction_and_its_temperature_by_keyboard(page: Page, server: str, model: torch.nn.Module):
    opened(page, server, "model=squeezenet1_1")
    image = Image.fromarray(sample_picture("coffee").pixels)
    scores = model(WEIGHTS.transforms()(image)[None])[0].double()
    assert bars(page) == written(scores.softmax(0))
    slider = page.get_by_role("slider", name="Temperature")
    slider.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".guess-temperature")).to_contain_text("T = 2.00")
    assert bars(page) == written((scores / 10**0.3).softmax(0))
    page.wait_for_url(re.compile(r"[?&]t=1\.995"))
    page.reload()
    assert bars(page) == written((scores / 10**0.3).softmax(0))
    page.get_by_role("button", name="Back to 1").click()
    assert bars(page) == written(scores.softmax(0))


@torch.no_grad()
def test_ten_crops_each_with_its_verdict(page: Page, server: str, model: torch.nn.Module):
    opened(page, server, "model=squeezenet1_1")
    bars(page)
    page.get_by_role("radio", name="Ten crops").click()
    image = Image.fromarray(sample_picture("coffee").pixels)
    crops = transforms.TenCrop(224)(transforms.Resize(256)(image))
    each = (
        torch.cat([model(WEIGHTS.transforms(resize_size=224)(one)[None]) for one in crops])
        .double()
        .softmax(1)
    )
    voices = page.locator(".guess-voice")
    expect(voices).to_have_count(11, timeout=SECONDS)
    assert bars(page) == written(each.mean(0))
    told = voices.locator(".guess-verdict").all_inner_texts()
    assert told == [CATEGORIES[i] for i in (each.mean(0).argmax(), *each.argmax(1))]
    expect(page.locator(".crop-frame")).to_have_count(10)
    page.get_by_role("button", name=re.compile("^Bottom right, mirrored")).click()
    assert bars(page) == written(each[7])
    expect(page.locator(".guess-picture")).to_contain_text(
        "224 × 224 pixels from row 32 and column 32, mirrored"
    )


def test_an_offline_download_is_a_sentence_and_nothing_is_predicted(page: Page, server: str):
    opened(page, server, "model=resnet18")
    expect(page.get_by_text("ResNet-18 is not trained here")).to_be_visible(timeout=SECONDS)
    assert page.locator(".guess-bars").count() == 0
    page.get_by_role("button", name="Download 44.7 MiB").click()
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("does not reach its server. Is it offline?", timeout=SECONDS)
    expect(problem).to_contain_text("copy the file into")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.get_by_role("button", name="SqueezeNet 1.1").click()
    assert len(bars(page)) == 5
