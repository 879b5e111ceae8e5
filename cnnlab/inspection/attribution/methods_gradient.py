"""The methods that follow gradients, told to a learner: plain ones, averaged ones, ones with other rules.

Formulas are those of the papers; f is the score before softmax. How they are computed is in `gradients` and
`rules`.
"""

from cnnlab.inspection.attribution.method import BASELINE, SEED, Cost, Method, Setting, always

GRADIENT_METHODS = (
    Method(
        name="saliency",
        title="Saliency",
        group="gradient",
        idea=(
            "How much would the score change if a pixel changed a little? The map shows the size of the "
            "gradient, wherever a tiny nudge, up or down, would matter most."
        ),
        formula=r"S_i = \left|\frac{\partial f(x)}{\partial x_i}\right|",
        paper="Simonyan, Vedaldi, Zisserman 2013",
        passes=always(1, 1),
        signed=False,
    ),
    Method(
        name="input_x_gradient",
        title="Input × gradient",
        group="gradient",
        idea=(
            "A pixel counts if the score is sensitive to it and if there is something in it: the gradient is "
            "multiplied with the pixel's own value. It is the first-order guess of what the pixel adds."
        ),
        formula=r"S_i = x_i\,\frac{\partial f(x)}{\partial x_i}",
        paper="Shrikumar et al. 2016",
        passes=always(1, 1),
    ),
    Method(
        name="integrated_gradients",
        title="Integrated gradients",
        group="gradient",
        idea=(
            "The picture is faded in from a baseline, and the gradients on the way are added up. So a pixel "
            "gets its share of everything that the score gained, even where the gradient at the end is flat."
        ),
        formula=(
            r"S_i = (x_i - x'_i)\int_0^1 \frac{\partial f\big(x' + \alpha(x - x')\big)}{\partial x_i}"
            r"\,d\alpha"
        ),
        paper="Sundararajan, Taly, Yan 2017",
        passes=lambda settings, _side: Cost(int(settings["steps"]) + 2, int(settings["steps"])),
        settings=(
            BASELINE,
            Setting(
                "steps",
                "Steps",
                "How many pictures between baseline and picture stand for the whole way. More steps bring "
                "the sum closer to the difference of the scores.",
                20,
                2,
                200,
            ),
            SEED,
        ),
        complete=True,
    ),
    Method(
        name="smoothgrad",
        title="SmoothGrad",
        group="gradient",
        idea=(
            "Gradients jump from pixel to pixel. Adding noise to the picture several times and averaging the "
            "saliency maps keeps what is stable and smooths the rest away."
        ),
        formula=(
            r"S_i = \frac{1}{n}\sum_{k=1}^{n}\left|\frac{\partial f(x + \epsilon_k)}{\partial x_i}\right|,"
            r"\quad \epsilon_k \sim \mathcal{N}(0, \sigma^2)"
        ),
        paper="Smilkov et al. 2017",
        passes=lambda settings, _side: Cost(int(settings["samples"]) + 1, int(settings["samples"])),
        settings=(
            Setting(
                "samples",
                "Noisy copies",
                "How many maps are averaged. The grain gets finer with the square root of their number.",
                16,
                2,
                100,
            ),
            Setting(
                "sigma",
                "Strength of the noise",
                "The noise's standard deviation, as a share of the range of the picture's values. Too much "
                "drowns the picture, too little smooths nothing.",
                0.15,
                0.01,
                0.5,
                0.01,
            ),
            SEED,
        ),
        signed=False,
    ),
    Method(
        name="deeplift",
        title="DeepLift",
        group="rules",
        idea=(
            "Every unit is compared with what it gives for a baseline, and the difference is handed back to "
            "its inputs in one pass. Slopes are taken between the two values rather than at one point, so "
            "saturated units count, too."
        ),
        formula=(
            r"S_i = (x_i - x'_i)\,m_i,\qquad m_{\text{in}} = m_{\text{out}}\,"
            r"\frac{\sigma(z) - \sigma(z')}{z - z'}\ \text{at each nonlinearity}"
        ),
        paper="Shrikumar, Greenside, Kundaje 2017 (rescale rule)",
        passes=always(2, 1),
        settings=(BASELINE, SEED),
        complete=True,
    ),
    Method(
        name="guided_backprop",
        title="Guided backpropagation",
        group="rules",
        idea=(
            "The gradient goes back, but each ReLU lets only positive values through. Sharp, pretty maps "
            "come out; whether they explain the category is another question: test it."
        ),
        formula=r"R^{l} = \mathbf{1}[z^{l} > 0]\;\mathbf{1}[R^{l+1} > 0]\;R^{l+1}",
        paper="Springenberg et al. 2014",
        passes=always(1, 1),
    ),
    Method(
        name="deconvolution",
        title="Deconvolution",
        group="rules",
        idea=(
            "The network is run backward, with a ReLU applied to what comes back instead of to what went "
            "forward. What the units saw matters only through max pooling's choices."
        ),
        formula=r"R^{l} = \mathbf{1}[R^{l+1} > 0]\;R^{l+1}",
        paper="Zeiler, Fergus 2013",
        passes=always(1, 1),
    ),
    Method(
        name="lrp",
        title="Layer-wise relevance propagation",
        group="rules",
        idea=(
            "The score is a quantity that is passed back, layer by layer, and divided among the inputs of a "
            "unit by what each of them contributed. Nothing should be lost on the way."
        ),
        formula=r"R_j = \sum_k \frac{a_j\,\rho(w_{jk})}{\epsilon + \sum_{j'} a_{j'}\,\rho(w_{j'k})}\,R_k",
        paper="Bach et al. 2015",
        passes=always(2, 1),
        settings=(
            Setting(
                "rule",
                "Rule",
                "How weights count in the division: as they are (epsilon), with the positive ones favoured "
                "(gamma), or the positive ones only (alpha-beta). In deep networks only the last one keeps "
                "the sum.",
                "alpha-beta",
                choices=("alpha-beta", "epsilon", "gamma"),
            ),
        ),
        complete=True,
        complete_to="score",
    ),
)
