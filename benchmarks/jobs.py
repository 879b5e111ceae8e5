"""Runs of fine-tuning as a learner meets them: from the press to the first metric, to stop, and beside pages.

Runs go through a broker of their own, in a folder that is thrown away. It does not know how networks learn.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks.busy import moved
from benchmarks.effort import Effort
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import LAB_PATH, Servers, lab_server
from benchmarks.wire import Visitor
from cnnlab.training.jobs import client, keeping
from cnnlab.training.jobs.board import Board
from cnnlab.training.places import RUNS
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, OVER, RUNNING

LEARNERS = 10
PATIENCE_SECONDS = 120.0
MEGA = 1e6
SHORT = Recipe(data="digits", model="digits_lenet", regime="full", per_class=20, epochs=2)
LONG = Recipe(data="shapes-new", model="shapes_plain", regime="full", epochs=500)


def run(effort: Effort, _servers: Servers) -> list[Row]:
    """Measure runs alone, beside a page, and ten at once."""
    with TemporaryDirectory() as folder, jobs_in(Path(folder)) as root:
        return [
            *one_run(root, effort.starts),
            *crowd(root),
            beside_a_page(effort.trips, "ann"),
            beside_a_page(effort.trips, "ann", "ben"),
        ]


@contextmanager
def jobs_in(root: Path) -> Iterator[Path]:
    """Let runs lie in this folder; end their broker with the block."""
    before = os.environ.get(RUNS)
    os.environ[RUNS] = str(root)
    try:
        yield root
    finally:
        if (broker := keeping.started_here(root)) is not None:
            broker.terminate()
            broker.wait(timeout=30)
        if before is None:
            del os.environ[RUNS]
        else:
            os.environ[RUNS] = before


def one_run(root: Path, times: int) -> list[Row]:
    """Measure from the press without and with a broker that is ready, and to stop."""
    cold, _ = first_metric(root)
    warm = [first_metric(root) for _ in range(times)]
    stops = tuple(stop() for _ in range(times))
    recipe = f"{LONG.model} on {LONG.data}, all layers"
    return [
        Row(
            "press to first metric",
            Figure(tuple(wall for wall, _ in warm), "s"),
            target=Target(2.0),
            notes=(recipe,),
        ),
        Row(
            "processor time of the run until then",
            Figure(tuple(cpu for _, cpu in warm), "s"),
            notes=("what an idle machine would take, whatever this one has to do besides",),
        ),
        Row(
            "press to first metric, nothing loaded before",
            Figure((cold,), "s"),
            notes=("as where the page is opened and the button pressed in the same moment",),
        ),
        Row("press to stopped", Figure(stops, "s"), target=Target(1.0), notes=(f"{recipe}; results kept",)),
    ]


def first_metric(root: Path) -> tuple[float, float]:
    """Return the seconds from the press to the first loss, by the clock and of the processor."""
    began = time.monotonic()
    run_id = client.submit(LONG, "ann")
    until(lambda: bool(client.folder(run_id).steps()))
    taken, used = time.monotonic() - began, processor_seconds(root)
    client.stop(run_id)
    until(lambda: over(run_id))
    client.delete(run_id)
    return taken, used


def processor_seconds(root: Path) -> float:
    """Return the processor time of the youngest process below the broker."""
    broker = keeping.started_here(root)
    if broker is None:
        raise RuntimeError("the broker is not there")
    youngest = max(psutil.Process(broker.pid).children(recursive=True), key=lambda one: one.create_time())
    times = youngest.cpu_times()
    return times.user + times.system


def stop() -> float:
    """Return the seconds from the press on Stop to the state that says so."""
    run_id = client.submit(LONG, "ann")
    until(lambda: bool(client.folder(run_id).steps()))
    began = time.monotonic()
    client.stop(run_id)
    until(lambda: over(run_id))
    return time.monotonic() - began


def crowd(root: Path) -> list[Row]:
    """Let ten learners press at the same moment; measure until all have ended, and what memory is left."""
    until(lambda: not Board(root).told().get("going"))
    before, most = memory(root), 0.0
    began = time.monotonic()
    names = [client.submit(SHORT, f"learner {number}") for number in range(LEARNERS)]
    while not all(map(over, names)):
        most = max(most, memory(root))
        time.sleep(0.05)
    taken = time.monotonic() - began
    until(lambda: not Board(root).told().get("going"))
    after = memory(root)
    done = sum(client.folder(one).state()["state"] == DONE for one in names)
    return [
        Row(
            f"{LEARNERS} learners press at once, until all have ended",
            Figure((taken,), "s"),
            notes=(
                f"{done} of {LEARNERS} are done; {SHORT.model} on {SHORT.data}, {SHORT.epochs} epochs each",
            ),
        ),
        Row(
            "memory that is not given back",
            Figure((max(0.0, after - before),), "MB"),
            target=Target(20.0),
            notes=(f"broker and fork server hold {before:.0f} MB, with runs {most:.0f} MB at most",),
        ),
    ]


def memory(root: Path) -> float:
    """Return the megabytes that the broker and all below it hold; what they share is counted once."""
    broker, held = keeping.started_here(root), 0.0
    if broker is None:
        return held
    for one in [psutil.Process(broker.pid), *psutil.Process(broker.pid).children(recursive=True)]:
        try:
            held += one.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return held / MEGA


def beside_a_page(trips: int, *learners: str) -> Row:
    """Measure one settled change of the lab idle, and while a run of each of these learners trains.

    What is wanted is said of one run. On a machine of two cores, two take every core: that they step back at
    once (`SCHED_IDLE` was tried, too) does not give the page the caches that they used.
    """
    with lab_server() as app:
        idle, busy, done = asyncio.run(moves(app.url, trips, learners))
    alone = len(learners) == 1
    return Row(
        "a page while a run trains" if alone else f"a page while {len(learners)} runs train",
        Figure(busy, "ms"),
        "the same server while none does",
        Figure(idle, "ms"),
        Target(2.0, of_ratio=True) if alone else None,
        (f"meanwhile the runs made {done} steps; they step back behind pages (nice)",),
    )


async def moves(
    url: str, trips: int, learners: Sequence[str]
) -> tuple[tuple[float, ...], tuple[float, ...], int]:
    """Return the milliseconds of each move idle and beside runs, and the steps that these made."""
    lab = await Visitor.arrive(url + LAB_PATH)
    idle = await moved(lab, trips)
    names = [client.submit(LONG, learner) for learner in learners]
    await asyncio.to_thread(until, lambda: all(client.folder(one).steps() for one in names))
    before = steps(names)
    busy = await moved(lab, trips)
    done = steps(names) - before
    going = [client.folder(one).state()["state"] for one in names]
    for one in names:
        client.stop(one)
    await asyncio.to_thread(until, lambda: all(map(over, names)))
    await lab.leave()
    if set(going) != {RUNNING} or not done:
        raise RuntimeError(f"the runs did not train while the page was measured: {going}")
    return idle, busy, done


def steps(names: list[str]) -> int:
    """Return how many steps these runs have told."""
    return sum(len(client.folder(one).steps()) for one in names)


def over(run_id: str) -> bool:
    """Return whether a run has ended."""
    return client.folder(run_id).state()["state"] in OVER


def until(true: Callable[[], bool]) -> None:
    """Wait until something is true; raise where it does not become so."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > ends:
            raise RuntimeError("a run did not do what it was asked in time")
        time.sleep(0.01)
