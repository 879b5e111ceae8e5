"""What pages ask of runs: start, pause, go on, stop, delete, rename, how long until it is its turn.

It writes files that the broker finds, wherever runs go on; `keeping` starts the broker. It loads no PyTorch.
"""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from cnnlab.errors import CnnLabError
from cnnlab.training.control import CONTINUE, GO, PAUSE, STOP, forget_commands, give_command
from cnnlab.training.jobs.board import DELETED, Board
from cnnlab.training.jobs.endings import STOPPED_LATE
from cnnlab.training.jobs.keeping import ensure_broker
from cnnlab.training.jobs.limits import ACTIVE_OF_A_LEARNER, LEAST_FREE_MB, MEBI, RUNS_OF_A_LEARNER
from cnnlab.training.jobs.locks import held
from cnnlab.training.jobs.queue import Waiting
from cnnlab.training.places import new_run_id, run_path, runs_root
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, OVER, PAUSED, QUEUED, RATES, STOPPED, NoSuchRun, RunFolder

MOST_OF_A_NAME = 80
MOST_OF_A_SERIES = 40
_SUBMITTING = "submit.lock"


class NotStarted(CnnLabError):
    """A run cannot be started now."""


def submit(recipe: Recipe, learner: str, name: str = "") -> str:
    """Let a run wait for its turn; return its name. Raises `NotStarted`."""
    return submit_series([recipe], learner, name)[0]


def try_rates(recipe: Recipe, learner: str) -> str:
    """Let learning rates be tried for a recipe (`finder`), beside the learner's runs; return the try's name.

    What was tried for the learner before is deleted, whether it has ended or not. Raises `NotStarted`.
    """
    own = f"{RATES} {learner}"
    for before in runs(own):
        delete(before.path.name)
    return submit_series([recipe], own, kind=RATES)[0]


def submit_series(recipes: Sequence[Recipe], learner: str, name: str = "", kind: str = "") -> list[str]:
    """Let runs that belong together wait; they count as one, and go on one after the other.

    Raises `NotStarted`.
    """
    if not 1 <= len(recipes) <= MOST_OF_A_SERIES:
        raise NotStarted(f"{len(recipes)} runs were asked for at once; ask for 1 to {MOST_OF_A_SERIES}.")
    with _writing() as board:
        board.make()
        ensure_broker()
        with held(board.file(_SUBMITTING)):
            _check_room(board, learner, len(recipes))
            names, title = [new_run_id() for _ in recipes], _new_name(name, learner)
            for run_id, recipe in zip(names, recipes, strict=True):
                RunFolder.create(run_path(run_id), recipe, learner=learner, name=title, kind=kind)
                board.own(learner, run_id)
                board.enter(Waiting(time.time_ns(), run_id, learner, names[0]))
    ensure_broker()  # the one that was there may have left meanwhile
    return names


def pause(run_id: str) -> None:
    """Let a run pause after the step that it is at; what waits is not started."""
    if folder(run_id).state().get("state") not in OVER:
        give_command(run_path(run_id), PAUSE)


def go_on(run_id: str) -> None:
    """Let a run go on when it is its turn: one that is paused, or one that ended early, from its checkpoint.

    Raises `NotStarted` where it is done already, or the learner has too many.
    """
    run = folder(run_id)
    with _writing() as board, held(board.file(_SUBMITTING)):  # two presses at the same moment are one
        state = run.state().get("state")
        if board.active(run_id):
            give_command(run.path, CONTINUE if state == PAUSED else GO)
        elif state == DONE:
            raise NotStarted("This run has reached its end. Start another one with more epochs.")
        else:
            learner = str(run.about().get("learner", ""))
            _check_room(board, learner, 0)
            forget_commands(run.path)
            run.stand(state=QUEUED, message="")
            board.enter(Waiting(time.time_ns(), run_id, learner, run_id))
    ensure_broker()


def stop(run_id: str) -> None:
    """Let a run end within a second; what it has measured is kept."""
    run = folder(run_id)
    if _board().active(run_id):
        give_command(run.path, STOP)
        ensure_broker()
    elif run.state().get("state") == PAUSED:
        run.stand(state=STOPPED, message=STOPPED_LATE)


def rename(run_id: str, name: str) -> None:
    """Call a run something else; raises `NoSuchRun`."""
    run = folder(run_id)
    run.about()
    run.describe(name=_name(name))


def delete(run_id: str) -> None:
    """Take a run away with all its files; one that goes on is stopped first. Raises `NoSuchRun`."""
    run, board = folder(run_id), _board()
    board.disown(str(run.about().get("learner", "")), run_id)
    with suppress(OSError):  # a full disk takes no mark, and is one of the reasons to delete
        (run.path / DELETED).touch()
    if board.active(run_id):
        give_command(run.path, STOP)
        ensure_broker()
    if not board.active(run_id):  # it may have ended just now
        shutil.rmtree(run.path, ignore_errors=True)


def place(run_id: str) -> int | None:
    """Return the place in the queue, from 1; None for a run that does not wait."""
    board = _board()
    if not board.active(run_id) or folder(run_id).state().get("state") != QUEUED:
        return None
    order = list(board.told().get("queue", ()))
    return order.index(run_id) + 1 if run_id in order else len(order) + 1


def runs(learner: str) -> list[RunFolder]:
    """Return a learner's runs, the latest first."""
    found = []
    for run_id in _board().owned(learner):
        with suppress(NoSuchRun, ValueError):
            run = folder(run_id)
            found.append((run.about().get("created", 0.0), run_id, run))
    return [run for _, _, run in sorted(found, key=lambda one: one[:2], reverse=True)]


def folder(run_id: str) -> RunFolder:
    """Return a run's folder; raises `NoSuchRun` where there is none."""
    path = run_path(run_id)
    if not path.is_dir() or (path / DELETED).exists():
        raise NoSuchRun(f"There is no run “{run_id}”; it may have been deleted.")
    return RunFolder(path)


def warm_up() -> None:
    """Start the broker, so that PyTorch is loaded when the first run is asked for; return at once."""
    with suppress(NotStarted), _writing():
        ensure_broker()


def _board() -> Board:
    return Board(runs_root())


@contextmanager
def _writing() -> Iterator[Board]:
    try:
        yield _board()
    except OSError as problem:
        raise NotStarted(f"The run could not be written to the disk: {problem.strerror}.") from problem


def _name(name: str) -> str:
    return " ".join(name.split())[:MOST_OF_A_NAME]


def _new_name(name: str, learner: str) -> str:
    """Return a name that no other run of the learner has: where one is deleted, none takes its name over."""
    taken = {str(run.about().get("name", "")) for run in runs(learner)}
    plain = _name(name)
    numbered = (f"{plain[: MOST_OF_A_NAME - 6]} ({number})" for number in range(2, RUNS_OF_A_LEARNER + 3))
    return plain if not plain or plain not in taken else next(one for one in numbered if one not in taken)


def _check_room(board: Board, learner: str, count: int) -> None:
    if shutil.disk_usage(board.root).free < LEAST_FREE_MB * MEBI:
        raise NotStarted(
            f"The disk has less than {LEAST_FREE_MB} MB left, too little for a run. Delete runs that you no "
            "longer need."
        )
    if len(board.owned(learner)) + count > RUNS_OF_A_LEARNER:
        raise NotStarted(f"{RUNS_OF_A_LEARNER} runs are kept for you. Delete some that you no longer need.")
    active = {one.series for one in board.entered() if one.learner == learner}
    if len(active) >= ACTIVE_OF_A_LEARNER:
        raise NotStarted(
            "One of your runs can go on while two wait, and there are three. Wait until one has ended, or "
            "stop one."
        )
