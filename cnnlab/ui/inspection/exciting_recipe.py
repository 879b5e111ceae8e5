"""How a picture that excites a channel is to be made: the controls, explained, and what is set beside what.

It knows recipes (`cnnlab.inspection.exciting`), not how they are carried out.
"""

from dataclasses import replace

import streamlit as st

from cnnlab.inspection.exciting import STEPS, Recipe, possible_sizes, usual_size

BESIDE = {
    "one": "One picture",
    "moves": "With and without moves",
    "waves": "Waves and pixels",
}
IDEAS = {
    "one": "The picture begins as faint noise. At each step the gradient says how every pixel should change "
    "so that the channel's value grows.",
    "moves": "An experiment: both pictures are made alike, but only the first one was shifted, turned and "
    "scaled by chance before each step. Guess first: which one reaches the larger value, and which one still "
    "has it when it is moved a little?",
    "waves": "An experiment: the first picture is made of waves, the second of single pixels. The network "
    "is the same, and so is the way uphill.",
}
AIMS = {"channel": "The whole channel", "unit": "One unit, in the middle"}
EXPLANATION = """
**Aim.** *The whole channel*: the mean of its map, where negative values count as 0, as behind a ReLU. It
gives textures. *One unit*: the value in the middle of the map. It gives one thing in the middle, as large as
what the unit sees. A score of a category is one value; both are the same for it.

**Moves.** Before each step the picture is shifted by up to 8 pixels, turned by up to 5° and scaled by 0.9 to
1.1, by chance. What works only at one exact place is lost on the way.

**Waves.** The picture is a sum of waves, and long ones change fastest, as photographs have most of their
contrast in long waves; red, green and blue are mixed as in photographs. With *pixels*, each one goes its
own way.

**Start number.** The noise in the beginning and the moves follow from it: the same number gives the same
picture.

After C. Olah, A. Mordvintsev and L. Schubert,
[Feature Visualization](https://distill.pub/2017/feature-visualization) (2017). Channels that are silent are
woken: as long as the value is 0, ReLUs let a part of the gradient through.
"""


def choose_recipes(key: str, model: str, layer: str) -> tuple[dict[str, Recipe], str]:
    """Let the learner say how; return recipes by what stands above their pictures, and the idea."""
    beside = st.segmented_control(
        "Make",
        list(BESIDE),
        format_func=BESIDE.__getitem__,
        default="one",
        required=True,
        key="beside",
        bind="query-params",
    )
    with st.expander("Settings"):
        recipe = _settings(key, model, layer)
        st.markdown(EXPLANATION)
    if beside == "moves":
        both = {
            "With moves": replace(recipe, moved=True),
            "Without moves": replace(recipe, moved=False),
        }
        return both, IDEAS["moves"]
    if beside == "waves":
        both = {"Waves": replace(recipe, waves=True), "Pixels": replace(recipe, waves=False)}
        return both, IDEAS["waves"]
    return {"": recipe}, IDEAS["one"]


def _settings(key: str, model: str, layer: str) -> Recipe:
    left, right = st.columns(2)
    with left:
        aim = st.segmented_control(
            "Aim",
            list(AIMS),
            format_func=AIMS.__getitem__,
            default="channel",
            required=True,
            key="aim",
            bind="query-params",
        )
        moved = st.toggle("Moves", True, key="moves", bind="query-params")
        waves = st.toggle("Waves instead of pixels", True, key="waves", bind="query-params")
    with right:
        steps = st.slider("Steps", *STEPS, 96, 16, key="steps", bind="query-params")
        sizes, usual = possible_sizes(model, layer), usual_size(model, layer)
        # With a value from session state instead, a browser that misses the one run in which it is set
        # answers with the first of the sizes at the next press.
        size = st.selectbox(
            "Side of the picture, pixels",
            sizes,
            sizes.index(usual) if usual in sizes else 0,
            key=f"{key}.side.{model}.{layer}",
        )
        seed = st.number_input("Start number", 0, 9999, 0, key="start", bind="query-params")
    chosen = "unit" if aim == "unit" else "channel"
    return Recipe(steps, 0 if size == usual else size or 0, chosen, moved, waves, seed)
