"""The home page's cards on networks: they lead to pages that there are, and show pictures that there are."""

from urllib.parse import parse_qs, urlsplit

from cnnlab import zoo
from cnnlab.inspection.bundled.models import bundled_names
from cnnlab.inspection.samples import sample_png
from cnnlab.training.data_sets import DATA_SETS
from cnnlab.ui.architectures.overview import UNSEEN, networks_overview
from cnnlab.ui.pages import PAGES


def test_cards_lead_to_pages_networks_and_pictures_that_there_are():
    cards = networks_overview()
    assert len({card["address"] for card in cards}) == len(cards) == 7
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
            picture = card["picture"].rpartition("/")[2].removesuffix(".png")
            assert picture == named.get("pic", [UNSEEN])[0]
            assert sample_png(picture).startswith(b"\x89PNG")


def test_the_card_of_fine_tuning_leads_to_a_recipe_on_shapes_that_its_network_has_not_seen():
    (card,) = (one for one in networks_overview() if one["title"] == "Fine-tune a network")
    named = parse_qs(urlsplit(card["address"]).query)
    assert (named["data"], named["n"], named["regime"]) == (["shapes-new"], ["10"], ["frozen"])
    assert UNSEEN.removeprefix("shape-") in DATA_SETS["shapes-new"].classes
