"""Choosing methods: chips, and for each one its idea, formula, settings, cost, and whether it holds here.

It does not run methods.
"""

from collections.abc import Sequence

import streamlit as st

from cnnlab.inspection.attribution.method import BASELINE, SEED
from cnnlab.inspection.attribution.methods import METHODS, Cost, Method, Setting
from cnnlab.inspection.attribution.running import Question
from cnnlab.inspection.attribution.verdicts import verdict
from cnnlab.inspection.models import Entry
from cnnlab.ui.inspection.why_asking import cost_of
from cnnlab.ui.inspection.why_choice import MOST_METHODS, choice, choose, choose_setting
from cnnlab.ui.inspection.why_words import remark

GROUPS = {
    "gradient": "follow the gradient",
    "rules": "go back through the layers by rules of their own",
    "layer": "look at a layer",
    "masking": "cover parts of the picture",
}
BY_CHANCE = frozenset(("smoothgrad", "shapley", "lime"))
WORDS = {
    "holds": "Holds on this network.",
    "approximate": "Approximate on this network: ",
    "refused": "Not on this network: ",
}


def choose_methods(key: str) -> tuple[str, ...]:
    """Let the learner choose methods; return their names."""
    field = f"{key}.methods"
    st.session_state[field] = list(choice().methods)
    st.pills(
        "Methods, several at once if you like",
        list(METHODS),
        format_func=lambda name: METHODS[name].title,
        selection_mode="multi",
        key=field,
        on_change=lambda: _chosen(st.session_state[field]),
    )
    if len(choice().methods) == MOST_METHODS:
        remark(f"{MOST_METHODS} methods at once are the most that can be compared.")
    return choice().methods


def _chosen(names: Sequence[str]) -> None:
    """Keep those that were chosen before in their order; new ones come last."""
    before = [name for name in choice().methods if name in names]
    choose(by=".".join([*before, *(name for name in names if name not in before)][:MOST_METHODS]))


def explain_methods(key: str, names: Sequence[str], network: Entry, asked: Sequence[Question]) -> None:
    """Show a part that folds out for each method, and above it what is refused, with what works instead."""
    costs = {one.method: cost_of(one) for one in asked}
    for name in names:
        found = verdict(name, network.name)
        if found.kind == "refused":
            title = METHODS[name].title
            said = f"**{title}** is not made on {network.title}: {found.reason}"
            st.warning(f"{said} {_others(name, network)}")
    for name in names:
        kind = verdict(name, network.name).kind
        cost = f" · {cost_text(costs[name])}" if name in costs else ""
        mark = {"approximate": " · approximate here", "refused": " · not on this network"}.get(kind, "")
        with st.expander(f"{METHODS[name].title}{cost}{mark}", key=f"{key}.about.{name}"):
            _about(METHODS[name], network)
            for setting in METHODS[name].settings:
                if setting.name != SEED.name or _draws(name):
                    _field(key, name, setting)


def _about(method: Method, network: Entry) -> None:
    st.markdown(method.idea)
    st.latex(method.formula)
    remark(
        "$f$: the category's score before softmax; $x$: the picture; $x'$: the baseline. "
        f"From: {method.paper}. It belongs to the methods that {GROUPS[method.group]}."
    )
    found = verdict(method.name, network.name)
    st.markdown(f"**{WORDS[found.kind]}**{found.reason}")


def _draws(name: str) -> bool:
    """Whether chance has a part in a method's map, with the settings as they are."""
    return name in BY_CHANCE or choice().of(name).get(BASELINE.name) == "random"


def _field(key: str, name: str, setting: Setting) -> None:
    """Draw one setting with its explanation."""
    field = f"{key}.{name}.{setting.name}"
    st.session_state[field] = choice().of(name)[setting.name]

    def changed() -> None:
        choose_setting(name, setting.name, st.session_state[field])

    if setting.choices:
        st.selectbox(setting.title, setting.choices, key=field, on_change=changed)
    else:
        as_whole = int if isinstance(setting.default, int) else float
        least, most, step = (as_whole(one) for one in (setting.least, setting.most, setting.step))
        st.slider(setting.title, least, most, step=step, key=field, on_change=changed)
    remark(setting.explanation)


def cost_text(cost: Cost) -> str:
    """Return a cost in words."""
    about = "" if cost.exact else "about "
    if not cost.backward:
        return f"{about}{cost.forward} forward {'pass' if cost.forward == 1 else 'passes'}"
    passes = "pass" if cost.backward == 1 else "passes"
    return f"{about}{cost.forward} forward, {cost.backward} backward {passes}"


def total_text(asked: Sequence[Question]) -> str:
    """Return what several maps cost together."""
    costs = [cost_of(one) for one in asked]
    whole = Cost(
        sum(one.forward for one in costs),
        sum(one.backward for one in costs),
        all(one.exact for one in costs),
    )
    return cost_text(whole)


def _others(name: str, network: Entry) -> str:
    """Name methods of the same kind that do work, else any."""
    works = [one for one in METHODS.values() if verdict(one.name, network.name).kind == "holds"]
    works.sort(key=lambda one: one.group != METHODS[name].group)
    return f"These hold there: {', '.join(one.title for one in works[:4])}." if works else ""
