"""The weights of a run as a file: with the names of the classes and what is done to pixels.

It does not know other forms (`exporting`).
"""

import json
from pathlib import Path

from safetensors.torch import save_file

from cnnlab.training.checkpoints import plain
from cnnlab.training.networks import Trainable
from cnnlab.training.recipe import Recipe


def keep_weights(path: Path, trainable: Trainable, recipe: Recipe) -> None:
    """Write all weights of a network; a file that was there is replaced whole."""
    facts = {
        "model": recipe.model,
        "head": trainable.head,
        "side": trainable.side,
        "channels": trainable.channels,
        "classes": list(trainable.classes),
        "mean": trainable.preparing.mean,
        "deviation": trainable.preparing.deviation,
        "resampling": trainable.preparing.resampling,
        "recipe": json.loads(recipe.to_json()),
    }
    beside = path.with_name(f".{path.name}")
    tensors = plain(trainable.model.state_dict())
    save_file(tensors, beside, metadata={key: json.dumps(one) for key, one in facts.items()})
    beside.replace(path)
