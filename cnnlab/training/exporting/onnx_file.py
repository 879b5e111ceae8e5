"""A trained network as ONNX: from pixels to probabilities, for batches of any size."""

import json
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from cnnlab.training.run_folder import RunFolder
from cnnlab.training.trained import Written, network_of, written

GREY = (0.299, 0.587, 0.114)  # of red, green and blue, as in training (`pictures`)


class FromPixels(nn.Module):
    """Reads pixels from 0 to 1, batch × 3 × side × side; gives probabilities, batch × classes."""

    mean: Tensor
    deviation: Tensor
    grey: Tensor | None

    def __init__(self, network: nn.Module, said: Written) -> None:
        """Put scaling before a network, and softmax behind it."""
        super().__init__()
        self.network = network
        mean, deviation = torch.tensor([said.preparing.mean, said.preparing.deviation])[..., None, None]
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)
        self.register_buffer("grey", torch.tensor(GREY)[:, None, None] if said.channels == 1 else None)

    def forward(self, pixels: Tensor) -> Tensor:
        """Return the probabilities of each class."""
        if self.grey is not None:
            pixels = (pixels * self.grey).sum(1, keepdim=True)
        return self.network((pixels - self.mean) / self.deviation).softmax(1)


def write(folder: RunFolder, file: Path) -> None:
    """Write a run's network; raises `NoTrainedNetwork`."""
    said = written(folder)
    model = FromPixels(network_of(folder), said).eval()
    example = torch.zeros(2, 3, said.side, said.side)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # about what the exporter does inside
        program = torch.onnx.export(
            model,
            (example,),
            input_names=["pixels"],
            output_names=["probabilities"],
            dynamic_shapes=({0: torch.export.Dim("batch")},),
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    program.model.metadata_props.update(metadata(said))
    program.save(file)


def metadata(said: Written) -> dict[str, str]:
    """Return what somebody needs who has the file alone: classes, what to do to a picture, the recipe."""
    preparing = {
        "picture": f"middle square, resized to {said.side} × {said.side}, bilinear with antialiasing",
        "pixels": "RGB, float32, from 0 to 1",
        "inside": "the network itself subtracts the mean and divides by the deviation",
        "mean": said.preparing.mean,
        "deviation": said.preparing.deviation,
    }
    return {
        "classes": json.dumps(said.classes, ensure_ascii=False),
        "preprocessing": json.dumps(preparing, ensure_ascii=False),
        "recipe": said.recipe.to_json(),
    }
