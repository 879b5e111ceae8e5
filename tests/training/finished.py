"""Small runs that have ended, for tests of what is done with runs."""

from pathlib import Path

from cnnlab.training import data_sets, engine
from cnnlab.training.devices import PLAIN_CPU, Device
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import RunFolder

SMALL = Recipe(data="digits", model="digits_lenet", regime="full", per_class=4, epochs=2, batch=16)


class Go:
    """Never asks a run for anything."""

    def command(self) -> str:
        return "go"


class StopAfter:
    """Asks a run to stop after so many steps."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def command(self) -> str:
        self.left -= 1
        return "go" if self.left >= 0 else "stop"


def finished(
    path: Path, recipe: Recipe = SMALL, control: Go | StopAfter | None = None, device: Device = PLAIN_CPU
) -> RunFolder:
    """Return the folder of a run that was made, on the CPU in float32 unless another device is named."""
    folder = RunFolder.create(path, recipe, name="Small", learner="ada")
    data = data_sets.split(recipe.data, recipe.seed, recipe.per_class)
    engine.run(folder, data, control or Go(), device)
    return folder
