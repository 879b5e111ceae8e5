"""An archive that trains a run's network again without CNN Lab: `standalone` with the run's own values.

Pictures are those that the run learned from, as large as it read them; the weights are those that it began
with, so nothing has to be downloaded. Networks of CNN Lab come along as source. It trains nothing itself.
"""

import ast
import io
import pprint
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from cnnlab import zoo
from cnnlab.building import build
from cnnlab.building.exporting import pytorch_source
from cnnlab.training import augmentation, changes, colour_axes, data_sets, stages, standalone
from cnnlab.training.built_models import PREFIX as BUILT
from cnnlab.training.devices import PLAIN_CPU
from cnnlab.training.exporting import CannotExport
from cnnlab.training.networks import Trainable
from cnnlab.training.run_folder import RunFolder
from cnnlab.training.setting_up import brought
from cnnlab.zoo import networks

MOST_BYTES = 500_000_000
RUN_AGAIN = (
    "A script would train on others than it did. Its weights and ONNX can be taken along; for a script, run "
    "its recipe again."
)
VALUES = "RUN: dict[str, Any] = {}\n"
LIBRARIES = {"torchvision": "torchvision.models", "timm": "timm"}
POLICY = '''"""What `augmentation` needs to know of a policy: pairs of a transform's name and its strength."""

Policy = tuple[tuple[str, float], ...]


def checked_policy(policy):
    """Return the policy; it was checked when the run began."""
    return policy


def strength_of(policy, name):
    """Return how strong a transform is in a policy; 0 where it is not in it."""
    return dict(policy).get(name, 0.0)
'''


def write(folder: RunFolder, file: Path) -> None:
    """Write the archive.

    Raises `CannotExport`, `ChangedPictures`, and what making the network and the pictures raises.
    """
    recipe = folder.recipe()
    data = data_sets.split(recipe.data, recipe.seed, recipe.per_class)
    changes.need_same_pictures(folder, data, RUN_AGAIN)
    trainable, pictures = brought(data, recipe, PLAIN_CPU)
    size = pictures.training.pixels.nbytes + pictures.validation.pixels.nbytes
    if size > MOST_BYTES:
        raise CannotExport(
            f"The pictures of this run take {size / 1e6:,.0f} MB, too much for an archive; at most "
            f"{MOST_BYTES / 1e6:,.0f} MB are packed. Take fewer pictures of each class, or the weights only."
        )
    arrays = {
        "pixels": pictures.training.pixels.numpy(),
        "labels": pictures.training.labels.numpy(),
        "validation_pixels": pictures.validation.pixels.numpy(),
        "validation_labels": pictures.validation.labels.numpy(),
    }
    if any(name == "pca" for name, _ in recipe.augmentation):
        arrays["original"] = data.training.a_class(recipe.per_class, recipe.seed).pixels
    start = {name: one.numpy() for name, one in trainable.model.state_dict().items()}
    network, source = _network(recipe.model)
    texts = {"train.py": _script(_values(folder, trainable, network)), **source}
    if recipe.augmentation:
        texts |= {
            "augmentation.py": _alone(augmentation.__file__),
            "colour_axes.py": _alone(colour_axes.__file__),
            "policy.py": POLICY,
        }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pictures.npz", _npz(arrays))
        archive.writestr("start.npz", _npz(start))
        for name, text in texts.items():
            archive.writestr(name, text)


def _values(folder: RunFolder, trainable: Trainable, network: dict[str, Any]) -> dict[str, Any]:
    side, (*before, _, last) = trainable.side, trainable.head_module.children()
    return {
        "name": str(folder.about().get("name", "")),
        "recipe": asdict(folder.recipe()),
        "network": network,
        "distortions": "augmentation",  # the module beside the script, where pictures are distorted
        "head": trainable.head,
        "features": last.in_features,
        "averaged": bool(before),
        "blocks": [list(block.names) for block in trainable.blocks],
        "classes": list(trainable.classes),
        "side": side,
        "channels": trainable.channels,
        "mean": list(trainable.preparing.mean),
        "deviation": list(trainable.preparing.deviation),
        "bf16": bool(folder.about().get("bf16")),
        "steps_done": folder.state().get("step", 0),
        "at_once": stages.at_once(side),
    }


def _script(values: dict[str, Any]) -> str:
    """Return the script with a run's values, which are written so that Python reads them as they are."""
    written = pprint.pformat(values, width=100, sort_dicts=False)
    assert ast.literal_eval(written) == values
    before, found, after = Path(standalone.__file__).read_text("utf-8").partition(VALUES)
    assert found
    return f"{before}RUN: dict[str, Any] = {written}\n{after}"


def _network(name: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return how a script builds a network, and the source that it needs for it; raises `CannotExport`."""
    if name.startswith(BUILT):
        source = pytorch_source(build(name.removeprefix(BUILT)))
        return {"module": "network", "constructor": "Network", "options": {}}, {"network.py": source}
    builder = zoo.facts(zoo.resolve(name)).builder
    options = dict(builder.options)
    if builder.library == "cnnlab" and not builder.part:
        module, _, constructor = builder.constructor.partition(".")
        file = Path(networks.__path__[0]) / f"{module}.py"
        how = {"module": "network", "constructor": constructor, "options": options}
        return how, {"network.py": file.read_text("utf-8")}
    if builder.library not in LIBRARIES or builder.part:
        raise CannotExport(
            f"A script for {name} cannot be written: how it is built is known on this server only. Take the "
            "weights or ONNX along."
        )
    constructor = builder.constructor
    if builder.library == "timm":
        constructor, options = "create_model", {"model_name": builder.constructor, **options}
    return {"module": LIBRARIES[builder.library], "constructor": constructor, "options": options}, {}


def _alone(file: str | None) -> str:
    """Return a module's source that finds its neighbours without CNN Lab."""
    return Path(str(file)).read_text("utf-8").replace("from cnnlab.training.", "from ")


def _npz(arrays: dict[str, np.ndarray]) -> bytes:
    kept = io.BytesIO()
    np.savez(kept, **arrays)  # pyright: ignore[reportArgumentType]  # the archive around it is compressed
    return kept.getvalue()
