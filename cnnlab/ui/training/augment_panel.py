"""The policy of a recipe as fields: a preset, or transforms one by one with how strong each is.

What is chosen is kept by `choice`. It distorts nothing: the page Augmentation shows what a policy does.
"""

from urllib.parse import urlencode

import streamlit as st

from cnnlab.training.own_data import PREFIX
from cnnlab.training.policy import PRESETS, Policy, policy_text, strength_of
from cnnlab.training.transforms import TRANSFORMS
from cnnlab.ui.addresses import address
from cnnlab.ui.inspection.why_words import remark
from cnnlab.ui.training.choice import choose, recipe

TITLES = {"none": "None", "light": "Light", "strong": "Strong"}


def policy_panel(key: str) -> Policy:
    """Draw the fields of the policy that is chosen, and return it."""
    chosen = recipe()[0]
    policy = chosen.augmentation
    _presets(f"{key}.preset", policy)
    _names(f"{key}.names", policy)
    for first in range(0, len(policy), 2):  # row by row, so that keys and telephones meet them in order
        for column, (name, strength) in zip(
            st.columns(2, gap="large"), policy[first : first + 2], strict=False
        ):
            with column:
                _strength(f"{key}.{name}", policy, name, strength)
    # On a page that has lost the set, the lab says so and offers others.
    shown = {"pic": f"{chosen.data}.0.0"} if chosen.data.startswith(PREFIX) else {}
    query = urlencode({**shown, "policy": policy_text(policy) or "none"})
    st.markdown(f":small[[See on pictures what this policy does]({address('augmentation')}?{query})]")
    return policy


def _presets(field: str, policy: Policy) -> None:
    st.session_state[field] = next((name for name, one in PRESETS.items() if one == policy), None)

    def changed() -> None:
        if st.session_state[field] is not None:
            choose(augmentation=PRESETS[st.session_state[field]])

    st.segmented_control(
        "How much", list(PRESETS), format_func=TITLES.__getitem__, key=field, on_change=changed
    )


def _names(field: str, policy: Policy) -> None:
    st.session_state[field] = [name for name, _ in policy]

    def changed() -> None:
        chosen = st.session_state[field]
        choose(
            augmentation=tuple(
                (name, strength_of(policy, name) or one.default)
                for name, one in TRANSFORMS.items()
                if name in chosen
            )
        )

    st.multiselect(
        "Transforms",
        list(TRANSFORMS),
        format_func=lambda name: TRANSFORMS[name].title,
        key=field,
        on_change=changed,
        placeholder="Choose one or several",
    )
    remark(
        "Each picture is distorted anew whenever it is seen, by parameters of its own; only while learning."
    )


def _strength(field: str, policy: Policy, name: str, strength: float) -> None:
    transform = TRANSFORMS[name]
    # A percentage is shown as one: sliders write their number as it is.
    factor = 100 if transform.unit == "share" else 1
    most, step = factor * transform.most, factor * transform.step
    st.session_state[field] = min(most, max(step, round(factor * strength, 6)))

    def changed() -> None:
        by = st.session_state[field] / factor
        choose(augmentation=tuple((one, by if one == name else old) for one, old in policy))

    unit = " %" if factor == 100 else transform.unit
    st.slider(
        transform.title, float(step), float(most), step=float(step), format=f"%g{unit.replace('%', '%%')}",
        key=field, on_change=changed,
    )  # fmt: skip
    remark(
        f"{transform.explanation} It breaks the label: {transform.breaks[0].lower()}{transform.breaks[1:]}"
    )
