"""The home page's cards on networks: they lead to pages that there are, and show pictures that there are."""

from urllib.parse import parse_qs, urlsplit

from cnnlab import zoo
from cnnlab.inspection.bundled.models import bundled_names
from cnnlab.inspection.samples import sample_png
from cnnlab.ui.architectures.overview import networks_overview
from cnnlab.ui.pages import PAGES


def test_cards_lead_to_pages_networks_and_pictures_that_there_are():
    cards = networks_overview()
    assert len({card["address"] for card in cards}) == len(cards) == 6
    for card in cards:
        parts = urlsplit(card["address"])
        assert parts.path.strip("/") in {page.url_path for page in PAGES}
        named = parse_qs(parts.query)
        for parameter in ("net", "a", "b", "model"):
            assert set(named.get(parameter, [])) <= set(zoo.names())
        if "distorted" in card:
            assert card["distorted"].endswith(f"/{named['pic'][0]}.png")
            assert sample_png(named["pic"][0]).startswith(b"\x89PNG")
        if "picture" in card:
            assert named["model"][0] in bundled_names()
            assert card["picture"].endswith(f"/{named['pic'][0]}.png")
            assert sample_png(named["pic"][0]).startswith(b"\x89PNG")
