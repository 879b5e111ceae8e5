"""A broker whose workers are none, and runs that are asked of it: no process is started."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cnnlab.training.control import PAUSE, give_command
from cnnlab.training.jobs.broker import Broker
from cnnlab.training.jobs.limits import Limits
from cnnlab.training.jobs.queue import Waiting
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import PAUSED, RunFolder


@dataclass(slots=True)
class Worker:
    """A worker that ends when the test says so."""

    over: bool = False
    exit: int | None = 0
    gone: bool = False
    signals: list[str] = field(default_factory=list)

    @property
    def sentinels(self) -> list[Any]:
        return []

    def ended(self) -> bool:
        return self.over

    def code(self) -> int | None:
        return self.exit

    def lost(self) -> bool:
        return self.gone

    def end(self) -> None:
        self.signals.append("end")

    def kill(self) -> None:
        self.signals.append("kill")
        self.over = True


@dataclass(slots=True)
class Starter:
    """Starts such workers."""

    limits: Limits
    started: dict[str, Worker] = field(default_factory=dict)
    broken: bool = False

    def warm_up(self) -> None:
        return

    def start(self, path: Path) -> Worker:
        if self.broken:
            raise OSError("no more processes")
        self.started[path.name] = Worker()
        return self.started[path.name]

    def close(self) -> None:
        return


@dataclass(slots=True)
class Desk:
    """A broker, and runs that are asked of it."""

    broker: Broker
    starter: Starter
    count: int = 0

    def ask(self, learner: str) -> RunFolder:
        self.count += 1
        run_id = f"{learner}{self.count}"
        folder = RunFolder.create(self.broker.board.root / run_id, Recipe(), learner=learner)
        self.broker.board.enter(Waiting(self.count, run_id, learner))
        return folder

    def worker(self, run: RunFolder) -> Worker:
        return self.starter.started[run.path.name]

    def tick(self) -> list[str]:
        self.broker.tick()
        return sorted(self.broker.going)

    def active(self, run: RunFolder) -> bool:
        return self.broker.board.active(run.path.name)


def desk(root: Path, **limits: Any) -> Desk:
    starter = Starter(Limits(**limits))
    made = Desk(Broker(root, starter), starter)
    made.broker.board.make()
    return made


def put_down(root: Path) -> tuple[Desk, RunFolder]:
    """Return a desk whose one run was paused for so long that its process has just been asked to end."""
    one = desk(root, parked_seconds=0)
    run = one.ask("a")
    one.tick()
    give_command(run.path, PAUSE)
    run.stand(state=PAUSED)
    one.tick()
    one.tick()
    assert one.worker(run).signals == ["end"]
    return one, run


def told(run: RunFolder) -> tuple[str, str]:
    return run.state()["state"], run.state().get("message", "")
