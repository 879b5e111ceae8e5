"""The methods that cover parts of the picture, and those that look at a layer, told to a learner.

How they are computed is in `masking` and `at_layer`.
"""

from cnnlab.inspection.attribution.method import (
    BASELINE,
    SEED,
    Cost,
    Method,
    Setting,
    Settings,
    always,
    positions,
)

_PARTS = Setting(
    "segments",
    "Parts",
    "Into about how many patches of similar colour (superpixels) the picture is cut. More of them see finer "
    "and cost more.",
    49,
    4,
    200,
)
_STEPS = Setting(
    "steps", "Steps", "How many pictures between baseline and picture stand for the whole way.", 20, 2, 100
)


def _occlusion(settings: Settings, side: int) -> Cost:
    return Cost(positions(settings, side) ** 2 + 1, 0)


def _ablation(settings: Settings, _side: int) -> Cost:
    return Cost(int(settings["segments"]) + 1, 0, exact=False)


def _shapley(settings: Settings, _side: int) -> Cost:
    return Cost(int(settings["segments"]) * int(settings["orders"]) + 2, 0, exact=False)


MASKING_METHODS = (
    Method(
        name="occlusion",
        title="Occlusion",
        group="masking",
        idea=(
            "Cover a square of the picture and look how far the score falls; then move the square on. What "
            "the network misses most is what it relied on."
        ),
        formula=r"S_i = \operatorname*{mean}_{w \ni i}\,\big[f(x) - f(x \text{ without } w)\big]",
        paper="Zeiler, Fergus 2013",
        passes=_occlusion,
        settings=(
            Setting(
                "window",
                "Window, % of the side",
                "The side of the square that covers. A small one may hide too little to matter.",
                14,
                4,
                50,
            ),
            Setting(
                "stride",
                "Stride, % of the window",
                "How far the square moves on. Under 100, squares overlap, and a pixel's value is their mean.",
                100,
                25,
                100,
                25,
            ),
            BASELINE,
            SEED,
        ),
    ),
    Method(
        name="ablation",
        title="Ablation of superpixels",
        group="masking",
        idea=(
            "The picture is cut into patches that follow its edges, and one after the other is taken away. "
            "Unlike squares, the patches fit what is in the picture."
        ),
        formula=r"S_P = f(x) - f(x \text{ without the patch } P)",
        paper="patches: SLIC, Achanta et al. 2012",
        passes=_ablation,
        settings=(_PARTS, BASELINE, SEED),
    ),
    Method(
        name="shapley",
        title="Shapley values, sampled",
        group="masking",
        idea=(
            "What a patch adds depends on which patches are there already. So patches are put in one by one "
            "in random order, several times, and each gets the mean of what it added."
        ),
        formula=(
            r"S_P = \frac{1}{n}\sum_{k=1}^{n}\Big[f\big(\text{before}_k(P) \cup P\big)"
            r" - f\big(\text{before}_k(P)\big)\Big]"
        ),
        paper="Castro, Gómez, Tejada 2009",
        passes=_shapley,
        settings=(
            _PARTS,
            Setting(
                "orders",
                "Random orders",
                "How many orders are averaged. Each costs as many passes as there are parts.",
                8,
                1,
                50,
            ),
            BASELINE,
            SEED,
        ),
        complete=True,
    ),
    Method(
        name="lime",
        title="LIME",
        group="masking",
        idea=(
            "Many versions of the picture, each with half of its patches missing, are scored. A linear model "
            "is fitted to the scores, closest to the picture where most patches are left, and its "
            "coefficients are the map."
        ),
        formula=(
            r"S = \arg\min_{w}\ \sum_{k}\pi(z_k)\,\big(f(x_{z_k}) - w_0 - w^{\top} z_k\big)^2"
            r" + \lambda\lVert w\rVert^2"
        ),
        paper="Ribeiro, Singh, Guestrin 2016",
        passes=lambda settings, _side: Cost(int(settings["samples"]) + 1, 0),
        settings=(
            _PARTS,
            Setting(
                "samples",
                "Samples",
                "How many versions are scored. Take several times as many as there are parts.",
                400,
                50,
                2000,
                50,
            ),
            BASELINE,
            SEED,
        ),
    ),
)

LAYER_METHODS = (
    Method(
        name="grad_cam",
        title="Grad-CAM",
        group="layer",
        idea=(
            "Each map of a layer is weighted by how much the score gains, on average, when the map grows; "
            "then the maps are added. Only what speaks for the category is kept, coarse but about the class."
        ),
        formula=(
            r"S = \operatorname{ReLU}\Big(\sum_k \alpha_k A^k\Big),\qquad "
            r"\alpha_k = \frac{1}{HW}\sum_{i,j}\frac{\partial f}{\partial A^k_{ij}}"
        ),
        paper="Selvaraju et al. 2017",
        passes=always(1, 1),
        needs_layer=True,
        signed=False,
    ),
    Method(
        name="guided_grad_cam",
        title="Guided Grad-CAM",
        group="layer",
        idea=(
            "Grad-CAM says where, guided backpropagation says which pixels: the two are multiplied. The "
            "detail comes from the second, with its weakness."
        ),
        formula=r"S_i = G_i \cdot \operatorname{upsample}(S^{\text{Grad-CAM}})_i",
        paper="Selvaraju et al. 2017",
        passes=always(2, 2),
        needs_layer=True,
    ),
    Method(
        name="conductance",
        title="Layer conductance",
        group="layer",
        idea=(
            "The picture is faded in from a baseline, and the gain of the score is followed through one "
            "layer: how much of it flowed through each of its units. Summed over the channels it is a map."
        ),
        formula=(
            r"S_j = \int_0^1 \frac{\partial f}{\partial A_j}\,\frac{\partial A_j}{\partial \alpha}\,d\alpha,"
            r"\qquad A_j = A_j\big(x' + \alpha(x - x')\big)"
        ),
        paper="Dhamdhere, Sundararajan, Yan 2018; Shrikumar, Su, Kundaje 2018",
        passes=lambda settings, _side: Cost(int(settings["steps"]) + 2, int(settings["steps"]) + 1),
        settings=(BASELINE, _STEPS, SEED),
        needs_layer=True,
        complete=True,
    ),
)
