"""`python -m cnnlab.training.jobs.ray_backend ROOT`: the broker, with runs on the machines of a Ray cluster.

Queue, limits and endings are those of `broker`. The cluster is there already; `CNNLAB_RAY_ADDRESS` names it,
and CNN Lab is installed on its machines. A run whose machine is gone begins again on another, from the
checkpoint that was told last. Ray is an optional library (`cnnlab[ray]`).
"""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from os import environ
from pathlib import Path
from typing import Any

from cnnlab.errors import CnnLabError
from cnnlab.training.control import GO, STOP, command_of
from cnnlab.training.jobs.broker import serve
from cnnlab.training.jobs.limits import AT_ONCE, MEMORY, Limits, limits
from cnnlab.training.jobs.mirror import Mirror, Telling, write
from cnnlab.training.jobs.processes import PRELOADED, Work
from cnnlab.training.jobs.ray_seat import Seat
from cnnlab.training.places import data_root
from cnnlab.training.run_folder import RunFolder

ADDRESS = "CNNLAB_RAY_ADDRESS"
OWN = "own-"
_LOOK_EVERY_S, _COUNT_EVERY_S, _GIVE_UP_S = 0.2, 5.0, 5.0


class NoCluster(CnnLabError):
    """Ray is not installed here, or its cluster does not answer."""


class RayStarter:
    """Starts runs on seats, which are actors that stay between runs."""

    def __init__(
        self, own: Limits, work: Work, environment: Mapping[str, str] = environ, preload: str = PRELOADED
    ) -> None:
        """Nothing is connected yet."""
        self._own, self._environment, self._arguments = own, environment, (work, preload)
        self._ray: Any = None
        self._seats: Seats | None = None
        self._counted, self._counted_at = own.at_once, 0.0

    @property
    def limits(self) -> Limits:
        """The limits of this machine, with as many runs at once as the cluster has places."""
        return replace(self._own, at_once=self._places())

    def warm_up(self) -> None:
        """Connect, and let one seat get ready; a cluster that does not answer is told when a run begins."""
        try:
            self._connected().expect(1)
        except CnnLabError as problem:
            print(problem, file=sys.stderr, flush=True)

    def start(self, path: Path) -> "RayWorker":
        """Start the run in this folder as soon as there is a seat; raises `NoCluster`."""
        return RayWorker(self._connected(), path)

    def close(self) -> None:
        """Give all seats back to the cluster."""
        if self._ray is not None:
            self._ray.shutdown()

    def _connected(self) -> "Seats":
        if self._seats is None:
            self._ray = _connect(self._environment.get(ADDRESS, "").strip() or "auto")
            self._seats = Seats(self._ray, self._seat)
        return self._seats

    def _seat(self) -> Any:
        work, preload = self._arguments
        settings = {name: self._environment[name] for name in (MEMORY,) if self._environment.get(name)}
        needs = {"num_cpus": 1, "num_gpus": 1 if self._ray.cluster_resources().get("GPU") else 0}
        return self._ray.remote(Seat).options(**needs, max_restarts=0).remote(work, settings, preload)

    def _places(self) -> int:
        if self._environment.get(AT_ONCE, "").strip() or self._ray is None:
            return self._own.at_once
        if time.monotonic() - self._counted_at > _COUNT_EVERY_S:
            there = self._ray.cluster_resources()
            self._counted = max(1, int(there.get("GPU") or there.get("CPU") or 1))
            self._counted_at = time.monotonic()
        return self._counted


class Seats:
    """Actors that are free or getting ready.

    A cluster that has just lost a machine may put a new actor on it and notice later, so nobody waits for a
    seat of their own: whoever waits takes the first that is ready.
    """

    def __init__(self, ray: Any, make: Callable[[], Any]) -> None:
        """`make` asks the cluster for an actor."""
        self.ray, self._make = ray, make
        self._coming: dict[Any, Any] = {}  # what answers when the seat is ready, and the seat
        self._waiting = 0

    def expect(self, more: int) -> None:
        """Have as many seats come as are waited for."""
        self._waiting += more
        while len(self._coming) < self._waiting:
            self.back(self._make())

    def back(self, seat: Any) -> None:
        """Take a seat, new or used; it is free when it answers."""
        self._coming[seat.ready.remote()] = seat

    def take(self) -> Any | None:
        """Return a seat that is ready, None where none is."""
        ready, _ = self.ray.wait(list(self._coming), num_returns=1, timeout=0) if self._coming else ([], [])
        for answer in ready:
            seat = self._coming.pop(answer)
            try:
                self.ray.get(answer)
            except self.ray.exceptions.RayError:
                self.drop(seat)
                self.expect(0)
            else:
                return seat
        return None

    def drop(self, seat: Any) -> None:
        """Give a seat up."""
        self.ray.kill(seat)

    def served(self) -> None:
        """Somebody waits no longer; a seat that still comes is for the next."""
        self._waiting = max(0, self._waiting - 1)


def _connect(address: str) -> Any:
    try:
        ray: Any = import_module("ray")
    except ImportError as problem:
        raise NoCluster(
            "Runs are to go on in a Ray cluster, but Ray is not installed here; see docs/runs.md."
        ) from problem
    try:
        ray.init(address=address, namespace="cnnlab", log_to_driver=False, logging_level="ERROR")
    except Exception as problem:
        raise NoCluster(
            f"The Ray cluster at “{address}” does not answer. Ask whoever runs this app."
        ) from problem
    return ray


class RayWorker:
    """A run on a seat; its folder here follows the one there."""

    def __init__(self, seats: Seats, path: Path) -> None:
        """Wait for a seat."""
        self._seats, self._ray, self._path = seats, seats.ray, path
        self._seat: Any = None
        self._over = self._lost = self._heard = False
        self._code: int | None = None
        self._said, self._asked_at = GO, 0.0
        self._answer: Any = None
        RunFolder(path).stand(phase="waiting for a machine of the cluster")
        seats.expect(1)

    @property
    def sentinels(self) -> list[Any]:
        """Nothing that a process could wait for."""
        return []

    def ended(self) -> bool:
        """Pass on what is asked of the run, write what it told; return whether it has ended."""
        try:
            if not self._over:
                self._sit_down() if self._seat is None else self._follow()
        except self._ray.exceptions.RayError as problem:
            print(f"{self._path.name}: {type(problem).__name__}", file=sys.stderr, flush=True)
            self._stand_up()
        return self._over

    def _sit_down(self) -> None:
        if command_of(self._path) == STOP:
            self._over = True
            self._seats.served()
        elif (seat := self._seats.take()) is not None:
            self._seats.served()
            self._seat, self._said = seat, GO
            seat.begin.remote(self._path.name, Mirror(self._path).telling(), _own_pictures(self._path))
            self._answer, self._asked_at = seat.look.remote(), time.monotonic()

    def _stand_up(self) -> None:
        """Leave a seat that is gone: a run that had begun is lost, another waits for the next seat."""
        self._seats.drop(self._seat)
        self._seat = self._answer = None
        if self._heard:
            self._over = self._lost = True
        else:
            self._seats.expect(1)

    def _follow(self) -> None:
        asked = command_of(self._path)
        if asked != self._said:
            self._seat.command.remote(asked)
            self._said = asked
        now = time.monotonic()
        if self._answer is None:
            if now - self._asked_at > _LOOK_EVERY_S:
                self._answer, self._asked_at = self._seat.look.remote(), now
        elif self._ray.wait([self._answer], timeout=0)[0]:
            self._listen(*self._ray.get(self._answer))

    def _listen(self, over: bool, code: int | None, telling: Telling) -> None:
        self._answer, self._heard = None, True
        write(self._path, telling)
        if over:
            self._over, self._code = True, code
            self._seat.leave.remote()
            self._seats.back(self._seat)

    def code(self) -> int | None:
        """Return the exit code that its seat told."""
        return self._code

    def lost(self) -> bool:
        """Return whether its seat is gone, with the machine or alone."""
        return self._lost

    def end(self) -> None:
        """Let the seat end it politely."""
        if self._seat is not None:
            self._seat.end.remote(at_once=False)

    def kill(self) -> None:
        """Let the seat end it at once; one that does not answer is given up."""
        if self._seat is None:
            return
        self._seat.end.remote(at_once=True)
        if self._answer is not None and time.monotonic() - self._asked_at > _GIVE_UP_S:
            self._over = True
            self._seats.drop(self._seat)


def _own_pictures(path: Path) -> tuple[str, Telling] | None:
    name = RunFolder(path).recipe().data
    if not name.startswith(OWN):
        return None
    return name, Mirror(data_root() / name).telling()


def main(root: Path, work: Work) -> None:
    """Serve with the machines of the cluster."""
    serve(root, RayStarter(limits(), work))


if __name__ == "__main__":
    from cnnlab.training.working import work

    main(Path(sys.argv[1]).resolve(), work)
