"""What a run needs before its first step: network and pictures on the device, and who writes things down."""

from dataclasses import dataclass

import torch

from cnnlab.training import chance, changes, checkpoints
from cnnlab.training.devices import Device
from cnnlab.training.journal import Journal
from cnnlab.training.networks import Trainable, network_for
from cnnlab.training.picture_set import SplitSet
from cnnlab.training.pictures import axes_for, on_device
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import RunFolder
from cnnlab.training.snapshots import Snapshots, probe_rows
from cnnlab.training.sources import FromPictures

GO_ON = "It cannot go on with others. What it had measured is kept; start another run of its recipe."


@dataclass(frozen=True, slots=True, eq=False)
class Tools:
    """All that a run works with."""

    device: Device
    trainable: Trainable
    pictures: FromPictures
    snapshots: Snapshots
    journal: Journal


def set_up(folder: RunFolder, data: SplitSet, recipe: Recipe, device: Device) -> Tools:
    """Make the network, bring the pictures to the device, and say in the folder what there is.

    Raises `ChangedPictures` where the run has a checkpoint that was made with others, and what
    `network_for` raises.
    """
    if checkpoints.is_there(folder):
        changes.need_same_pictures(folder, data, GO_ON)
    trainable, pictures = brought(data, recipe, device)
    rows = probe_rows(data.validation)
    seen = pictures.validation.plain(rows)
    snapshots = Snapshots(folder, data.validation, rows, seen, recipe.epochs)
    batches = len(chance.batches(chance.order(0, 0, len(pictures.training)), recipe.batch))
    journal = Journal(folder, batches * recipe.epochs, recipe.epochs, recipe.seconds)
    folder.describe(
        classes=list(data.classes),
        preparing={"mean": trainable.preparing.mean, "deviation": trainable.preparing.deviation},
        side=trainable.side,
        channels=trainable.channels,
        head=trainable.head,
        blocks=[list(block.names) for block in trainable.blocks],
        parameters=sum(one.numel() for one in trainable.model.parameters()),
        pictures=[len(pictures.training), len(pictures.validation)],
        weights=trainable.source,
        bf16=device.bf16,
        **{changes.FIELD: data.digest},
    )
    return Tools(device, trainable, pictures, snapshots, journal)


def brought(data: SplitSet, recipe: Recipe, device: Device) -> tuple[Trainable, FromPictures]:
    """Return the network and the pictures of a recipe, on the device."""
    trainable = network_for(recipe, data.classes)
    trainable.model.to(torch.device(device.kind)).to(memory_format=torch.channels_last)
    learned = data.training.a_class(recipe.per_class, recipe.seed)
    training, validation = (on_device(part, trainable, device) for part in (learned, data.validation))
    axes = axes_for(learned, recipe.augmentation)
    return trainable, FromPictures(training, validation, recipe.augmentation, axes, recipe.seed)
