"""A way from a lesson to a page that looks into networks: a link that opens it where the author wants.

The pages keep one place for the whole visit, so they are not drawn inside of lessons. They open in a tab of
their own: the lesson stays where it is.
"""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import streamlit as st

from cnnlab.inspection.attribution.methods import METHODS
from cnnlab.inspection.models import entry
from cnnlab.inspection.samples import SAMPLES
from cnnlab.language import translate_marked
from cnnlab.training.recipe import REGIMES, SETTINGS
from cnnlab.ui.addresses import address
from cnnlab.ui.inspection.lenses import LENSES
from cnnlab.ui.pages import PAGES, PageEntry
from cnnlab.ui.training.choice import PARAMETERS
from cnnlab.ui.training.run_telling import data_title

Draw = Callable[[str, Mapping[str, str]], None]
Words = Callable[[Mapping[str, str]], str]
SAID = ("decay", "dropout", "patience")  # of a recipe, besides its pictures and its regime
BACK = "It opens in a new tab; the lesson stays here."


def door(url_path: str, words: Words | None = None) -> Draw:
    """Return what draws a link to the page with this address, opened with some settings told in `words`."""
    (page,) = (one for one in PAGES if one.url_path == url_path)

    def draw(key: str, settings: Mapping[str, str]) -> None:
        with st.container(border=True, key=f"door-{key.replace('.', '-')}"):
            place = f"{address(url_path)}?{urlencode(settings)}" if settings else address(url_path)
            st.link_button(_label(page, settings, words or sight), place, icon=page.icon)
            st.caption(BACK)

    return draw


def _label(page: PageEntry, settings: Mapping[str, str], words: Words) -> str:
    title = f"**{translate_marked(page.title)}**"
    return f"Open {title}: {words(settings)}" if settings else f"Open {title}"


def sight(settings: Mapping[str, str]) -> str:
    """Return in words what the page will show."""
    lens = [one.title for one in LENSES if one.name == settings.get("lens")]
    network = [entry(settings["model"]).title] if "model" in settings else []
    layer = [f"layer {settings['layer']}"] if "layer" in settings else []
    channel = [f"channel {settings['ch']}"] if "ch" in settings else []
    methods = [METHODS[name].title for name in settings.get("by", "").split(".") if name in METHODS]
    picture = [f"picture “{_title(settings['pic'])}”"] if "pic" in settings else []
    return ", ".join([*lens, *network, *layer, *channel, *picture, *methods])


def recipe_in_words(settings: Mapping[str, str]) -> str:
    """Return in words which recipe the page Fine-tune will open with."""
    regime = [REGIMES[settings["regime"]].title.lower()] if settings.get("regime") in REGIMES else []
    pictures = [data_title(settings["data"])] if "data" in settings else []
    few = [f"{settings['n']} of each class"] if "n" in settings else []
    policy = [f"augmentation {settings['policy']}"] if "policy" in settings else []
    others = [
        f"{SETTINGS[field].title.lower()} {settings[name]}"
        for name, field in PARAMETERS.items()
        if name in settings and name in SAID
    ]
    return ", ".join([*pictures, *few, *regime, *policy, *others])


def _title(picture: str) -> str:
    return SAMPLES[picture].title if picture in SAMPLES else picture
