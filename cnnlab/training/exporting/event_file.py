"""The curves of a run as an event file of TensorBoard: each step's loss, and what each epoch measured."""

import tempfile
from pathlib import Path

from torch.utils.tensorboard.writer import SummaryWriter

from cnnlab.training.run_folder import RunFolder

# What an epoch measured → its curve; those with the same word before the stroke are drawn together.
CURVES = {
    "train_loss": "loss/training",
    "loss": "loss/validation",
    "train_accuracy": "accuracy/training",
    "accuracy": "accuracy/validation",
    "learning_rate": "learning rate/epoch",
    "images_per_second": "speed/images per second",
}


def write(folder: RunFolder, file: Path) -> None:
    """Write a run's curves; those of epochs count epochs, those of steps count steps."""
    began = folder.about().get("created", 0.0)
    with tempfile.TemporaryDirectory(dir=file.parent) as place:
        writer = SummaryWriter(place)
        writer.add_text("recipe", f"```json\n{folder.recipe().to_json()}\n```", 0, began)
        for step in folder.steps():
            _add(writer, "steps/loss", step.get("loss"), step["step"], None)
            _add(writer, "steps/learning rate", step.get("learning_rate"), step["step"], None)
        for epoch in folder.epochs():
            at = began + epoch.get("seconds", 0.0)
            for name, curve in CURVES.items():
                _add(writer, curve, epoch.get(name), epoch["epoch"], at)
            for layer, norm in epoch.get("gradients", {}).items():
                _add(writer, f"gradient norm/{layer}", norm, epoch["epoch"], at)
        writer.close()
        (made,) = Path(place).iterdir()
        made.replace(file)


def _add(writer: SummaryWriter, curve: str, value: float | None, number: int, at: float | None) -> None:
    if value is not None:
        writer.add_scalar(curve, value, number, at)
