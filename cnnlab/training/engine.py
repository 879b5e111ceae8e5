"""A run, from its recipe to its weights: stages, epochs, steps; told, paused, stopped and gone on with.

What is drawn at a step depends on the seed and the step alone, so the same recipe on the same pictures gives
the same run, on the CPU to the bit, interrupted or not. It does not know where pictures come from, who asked
for the run, or what a page shows.
"""

import math
import time
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from cnnlab.training import chance, checkpoints
from cnnlab.training.checkpoints import Checkpoint, Position
from cnnlab.training.control import GO, PAUSE, STOP, Control
from cnnlab.training.devices import Device, chosen_device
from cnnlab.training.endings import Ended, OutOfMemory, is_short_of_memory
from cnnlab.training.journal import go_back
from cnnlab.training.learning import Learner, gradient_norms, measured, probabilities
from cnnlab.training.picture_set import SplitSet
from cnnlab.training.recipe import Recipe
from cnnlab.training.results import keep_weights
from cnnlab.training.run_folder import DONE, PAUSED, RUNNING, STOPPED, RunFolder
from cnnlab.training.setting_up import Tools, set_up
from cnnlab.training.stages import Maker, Stage, plans

CHECKPOINT_EVERY_S = 20.0
_LOOK_AGAIN_S = 0.05


def run(folder: RunFolder, data: SplitSet, control: Control, device: Device | None = None) -> None:
    """Train what the folder's recipe asks for on these pictures, and write all that is measured.

    It begins where the folder's checkpoint stands, if there is one. At every step `control` is asked; a run
    that is stopped keeps its weights, and can go on later. Raises `CnnLabError`s that say what a recipe, a
    network or the pictures do not allow.
    """
    recipe = folder.recipe()
    device = device or chosen_device()
    folder.stand(state=RUNNING, message="", phase="making the network ready", device=device.title)
    try:
        Running(recipe, set_up(folder, data, recipe, device), control).go()
    except (MemoryError, RuntimeError) as problem:
        if not is_short_of_memory(problem):
            raise
        raise OutOfMemory(
            f"Batches of {recipe.batch} pictures need more memory than there is for this run. Try a batch of "
            f"{max(2, recipe.batch // 4)}, smaller pictures, a smaller network, or only its head."
        ) from problem


@dataclass(slots=True, eq=False)
class Running:
    """A run that goes on."""

    recipe: Recipe
    tools: Tools
    control: Control
    position: Position = field(default_factory=Position)
    best: dict[str, Tensor] = field(default_factory=dict)
    _began: float = 0.0
    _learner: Learner | None = None
    _sums: Tensor | None = None
    _kept_at: float = 0.0

    @property
    def folder(self) -> RunFolder:
        """Return where the run is written down."""
        return self.tools.journal.folder

    def go(self) -> None:
        """Go through all stages, from where the checkpoint stands; keep the results, however it ends."""
        checkpoint = checkpoints.kept(self.folder)
        self._begin(checkpoint)
        try:
            for number, plan in enumerate(plans(self.recipe)):
                if number >= self.position.stage:
                    self._go_through(self._stage(number, plan), checkpoint)
                    checkpoint = None
            ending = Ended(DONE, "")
        except Ended as early:
            ending = early
        self._conclude(ending)

    def _begin(self, checkpoint: Checkpoint | None) -> None:
        if checkpoint:
            self.position = checkpoint.position
            self.tools.trainable.model.load_state_dict(checkpoint.part("model"))
            self.best = checkpoint.part("best")
        go_back(self.folder, self.position.step)
        self._began = self._kept_at = time.monotonic()
        self._began -= self.position.seconds

    def _stage(self, number: int, plan: Any) -> Stage:
        if number > self.position.stage:
            self.position.stage = number
            self.position.stage_step = self.position.stage_epoch = 0
        phase = "asking the frozen layers once" if plan.part != "all" else "learning"
        self.folder.stand(phase=phase)
        maker = Maker(self.tools.trainable, self.tools.pictures, self.recipe, self.tools.device, self._told)
        stage = maker.stage(plan)
        self.folder.stand(phase="learning")
        return stage

    def _told(self, done: int, of: int) -> None:
        """Hear how far the frozen layers have been asked."""
        self._obey()
        if self.tools.journal.due():
            self.folder.stand(pictures_done=done, pictures_of=of)
            self.tools.journal.tell(self.position.epoch + 1, self._seconds())

    def _go_through(self, stage: Stage, checkpoint: Checkpoint | None) -> None:
        stage.begin(self.tools.trainable.model)
        count = len(self.tools.pictures.training)
        batches = len(chance.batches(chance.order(0, 0, count), self.recipe.batch))
        self._learner = Learner(stage, self.recipe, self.tools.device, stage.plan.epochs * batches)
        if checkpoint:
            checkpoints.restore_optimiser(self._learner.optimiser, checkpoint.part("optimiser"))
        while self.position.stage_epoch < stage.plan.epochs:
            self._epoch(self._learner)

    def _epoch(self, learner: Learner) -> None:
        at = self.position
        rows = chance.order(self.recipe.seed, at.epoch, len(self.tools.pictures.training))
        self._sums = torch.tensor([at.loss, at.right], device=self.tools.device.kind)
        self.tools.journal.begin_epoch()
        ending = None
        for batch in chance.batches(rows, self.recipe.batch)[at.batch :]:
            ending = self._time_is_up()
            if ending:
                break
            self._step(learner, batch)
        if at.batch:
            self._close_epoch(learner, ending)
        if ending:
            raise ending

    def _step(self, learner: Learner, rows: Any) -> None:
        self._obey()
        at = self.position
        batch = learner.stage.source.batch(rows, at.epoch, at.step)
        loss, right = learner.step(batch, at.stage_step, at.step)
        assert self._sums is not None
        self._sums += torch.stack([loss * len(rows), right.to(loss.dtype)])
        at.step, at.stage_step, at.batch, at.seen = (
            at.step + 1,
            at.stage_step + 1,
            at.batch + 1,
            at.seen + len(rows),
        )
        at.rate = learner.rate
        self.tools.journal.step(at.step, loss, at.rate, len(rows))
        if self.tools.journal.due():
            self.tools.journal.tell(at.epoch + 1, self._seconds())
            self._keep_sometimes()

    def _close_epoch(self, learner: Learner, ending: Ended | None) -> None:
        at = self.position
        self.tools.journal.tell(
            at.epoch + 1, self._seconds()
        )  # which waits for what the device still computes
        speed = self.tools.journal.speed()
        at.gradients = gradient_norms(self.tools.trainable.model) or at.gradients
        count = len(self.tools.pictures.validation)
        found = probabilities(learner.stage, count, self.tools.device, self._obey if not ending else _nothing)
        loss, accuracy = measured(found, self.tools.pictures.validation.labels)
        train_loss, right = self._sums.tolist() if self._sums is not None else (math.nan, math.nan)
        at.epoch, at.stage_epoch, at.batch, at.loss, at.right = at.epoch + 1, at.stage_epoch + 1, 0, 0.0, 0.0
        self.tools.journal.epoch(
            epoch=at.epoch,
            step=at.step,
            seconds=round(self._seconds(), 3),
            train_loss=train_loss / at.seen,
            train_accuracy=right / at.seen,
            loss=loss,
            accuracy=accuracy,
            learning_rate=at.rate,
            images_per_second=speed,
            gradients=at.gradients,
            stage=learner.stage.plan.part,
        )
        at.seen, at.gradients = 0, {}
        patience_over = self._judge(loss)
        last = ending is not None or patience_over is not None or at.epoch == self.recipe.epochs
        self.tools.snapshots.keep(at.epoch, self.tools.trainable.model, found, True if last else None)
        self.tools.journal.tell(min(at.epoch + 1, self.recipe.epochs), self._seconds())
        self._keep_sometimes()
        if patience_over and not ending:
            raise patience_over

    def _judge(self, loss: float) -> Ended | None:
        """Remember the best epoch where there is early stopping; return the end where patience is over."""
        at = self.position
        if not self.recipe.patience:
            return None
        if at.best < 0 or loss < at.best:
            at.best, at.best_epoch = loss, at.epoch
            self.best = checkpoints.plain(self.tools.trainable.model.state_dict())
        if at.epoch - at.best_epoch < self.recipe.patience:
            return None
        return Ended(
            DONE,
            f"Stopped early: no epoch after epoch {at.best_epoch} had a smaller validation loss. Its "
            "weights are kept.",
        )

    def _time_is_up(self) -> Ended | None:
        if not self.recipe.seconds or self._seconds() < self.recipe.seconds:
            return None
        return Ended(
            DONE, f"The time was up after {self.recipe.seconds:g} s, in epoch {self.position.epoch + 1}."
        )

    def _obey(self) -> None:
        """Do what is asked of the run; raises `Ended` where that is to stop."""
        command = self.control.command()
        if command == PAUSE:
            command = self._rest()
        if command == STOP:
            raise Ended(STOPPED, "Stopped when asked to. The weights so far are kept.")

    def _rest(self) -> str:
        """Wait until something else is asked for."""
        began = time.monotonic()
        self.tools.journal.tell(self.position.epoch + 1, self._seconds())
        self._keep()
        self.folder.stand(state=PAUSED)
        while (command := self.control.command()) == PAUSE:
            time.sleep(_LOOK_AGAIN_S)
        gone = time.monotonic() - began
        self._began += gone
        self.tools.journal.paused(gone)
        if command == GO:
            self.folder.stand(state=RUNNING)
        return command

    def _seconds(self) -> float:
        return time.monotonic() - self._began

    def _keep_sometimes(self) -> None:
        if time.monotonic() - self._kept_at >= CHECKPOINT_EVERY_S:
            self._keep()

    def _keep(self) -> None:
        """Write a checkpoint."""
        if self._learner is None:
            return  # nothing has been learned yet
        self.position.seconds = self._seconds()
        if self._sums is not None and self.position.batch:
            self.position.loss, self.position.right = self._sums.tolist()
        model, optimiser = self.tools.trainable.model, self._learner.optimiser
        checkpoints.keep(self.folder, self.position, model, optimiser, self.best)
        self._kept_at = time.monotonic()

    def _conclude(self, ending: Ended) -> None:
        if ending.state == STOPPED:
            self.tools.journal.tell(self.position.epoch + 1, self._seconds())
            self._keep()
        else:
            if self.best:
                self.tools.trainable.model.load_state_dict(self.best)
            checkpoints.forget(self.folder)
        keep_weights(self.folder.weights, self.tools.trainable, self.recipe)
        self.folder.stand(
            state=ending.state,
            message=str(ending),
            phase="",
            seconds=round(self._seconds(), 3),
            seconds_left=0,
        )


def _nothing() -> None:
    """Let nobody interrupt."""
