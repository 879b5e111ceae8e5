"""The small networks that come trained with CNN Lab: the facts."""

from cnnlab.zoo.records import Facts, Family
from cnnlab.zoo.table.classics import LENET_PAPER
from cnnlab.zoo.table.resnet import PAPER as RESNET_PAPER
from cnnlab.zoo.table.vgg import PAPER as VGG_PAPER
from cnnlab.zoo.table.writing import here

SMALL = Family(
    "small",
    "Small networks of CNN Lab",
    "Small enough to be trained in minutes and to come with the app: to look inside without a download.",
    (
        Facts(
            name="shapes_plain",
            title="Shapes, plain",
            family="small",
            builder=here("shapes_plain.ShapesPlain"),
            input_shape=(3, 64, 64),
            paper=VGG_PAPER,
            introduced="VGG's manner, small: 3 × 3 convolutions, maximum pooling and more channels at every "
            "halving, with batch normalisation and first kernels large enough to be looked at.",
            before=("vgg11",),
            after=("shapes_residual",),
            remark="Trained by this project to tell 21 drawn shapes; the paper has no such network.",
        ),
        Facts(
            name="shapes_residual",
            title="Shapes, residual",
            family="small",
            builder=here("shapes_residual.ShapesResidual"),
            input_shape=(3, 64, 64),
            paper=RESNET_PAPER,
            introduced="ResNet's blocks, small: what two convolutions make is added to what came in. Maps "
            "are halved by maximum pooling, and the largest value of each last map is classified.",
            before=("shapes_plain", "resnet18"),
            remark="Trained by this project to tell 21 drawn shapes; the paper has no such network.",
        ),
        Facts(
            name="digits_lenet",
            title="Digits, LeNet-5",
            family="small",
            builder=here("lenet.LeNet5"),
            input_shape=(1, 32, 32),
            paper=LENET_PAPER,
            introduced="LeNet-5 with today's parts, as above, trained on the 8 × 8 digits of scikit-learn, "
            "enlarged to 32 × 32.",
            before=("lenet5",),
            after=("shapes_plain",),
            remark="Trained by this project; the paper's own weights were never published.",
        ),
    ),
)
