"""However a run ends, a sentence says so, and neither the broker nor another run goes with it."""

import os
import re
import signal
import time
from pathlib import Path

import pytest

from cnnlab.errors import CnnLabError
from cnnlab.training import working
from cnnlab.training.control import hear_stop, heard_stop
from cnnlab.training.endings import OutOfMemory
from cnnlab.training.jobs import client, endings
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, FAILED, STOPPED, RunFolder
from cnnlab.training.working import DISK_FULL, MEMORY_SHORT, sentence
from tests.training.jobs import fake_work
from tests.training.jobs.conftest import broker_pid, is_over, message, pid, state, steps, until

ENDS = {
    "memory": (fake_work.HUNGRY, MEMORY_SHORT),
    "killed": (fake_work.KILLED, "The system ended it, most often because the machine was short of memory"),
    "disk": (fake_work.FULL, DISK_FULL),
    "mistake": (fake_work.BROKEN, "A mistake in the program ended it (ZeroDivisionError: seven by nothing)."),
    "silent": (fake_work.SILENT, endings.NO_RESULT),
    "crash": (fake_work.CRASHED, "ended unexpectedly, by the signal SIGABRT"),
}


@pytest.mark.parametrize("kind", ENDS)
def test_a_run_that_goes_wrong_ends_with_a_sentence_and_alone(kind: str, root: Path):
    seed, said = ENDS[kind]
    good = client.submit(Recipe(epochs=20), "ann")
    broker = broker_pid(root)
    bad = client.submit(Recipe(seed=seed), "ben")
    until(lambda: is_over(bad) and is_over(good))
    assert (state(bad), said in message(bad)) == (FAILED, True), message(bad)
    assert (state(good), steps(good), broker_pid(root)) == (DONE, 20, broker)


@pytest.mark.usefixtures("root")
def test_a_run_that_does_not_listen_is_ended_within_seconds_and_keeps_what_it_measured():
    run_id = client.submit(Recipe(seed=fake_work.DEAF), "ann")
    process = pid(run_id)
    began = time.monotonic()
    client.stop(run_id)
    until(lambda: is_over(run_id))
    assert (state(run_id), message(run_id)) == (STOPPED, endings.STOPPED_LATE)
    assert client.folder(run_id).steps()[0]["pid"] == process
    assert time.monotonic() - began < 30  # it would have slept for a minute


def test_the_log_of_a_mistake_is_in_the_run_s_folder(root: Path):
    run_id = client.submit(Recipe(seed=fake_work.BROKEN), "ann")
    until(lambda: is_over(run_id))
    assert "ZeroDivisionError: seven by nothing" in (root / run_id / "log.txt").read_text()


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (MemoryError(), MEMORY_SHORT),
        (OSError(12, "Cannot allocate memory"), MEMORY_SHORT),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"), MEMORY_SHORT),
        (OSError(28, "No space left on device"), DISK_FULL),
        (RuntimeError("I/O error: No space left on device (os error 28)"), DISK_FULL),
        (OSError(13, "Permission denied"), "PermissionError: [Errno 13] Permission denied"),
        (KeyError("x" * 1000), "KeyError: 'xxx"),
    ],
    ids=lambda one: repr(one)[:40],
)
def test_problems_are_told_in_sentences(problem: Exception, said: str):
    assert said in sentence(problem)
    assert len(sentence(problem)) < 400


def test_a_network_that_could_not_be_built_for_want_of_memory_says_that():
    short = RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried")
    for problem, said in (
        (CnnLabError("vgg16 cannot be built"), MEMORY_SHORT),
        (OutOfMemory("Batches"), "Batches"),
    ):
        problem.__cause__ = short
        assert sentence(problem) == said
    other = CnnLabError("vgg16 cannot be built")
    other.__cause__ = TypeError("an option that it does not have")
    assert sentence(other) == "vgg16 cannot be built"


def test_what_torch_says_when_memory_is_short_is_understood():
    import torch

    with pytest.raises(RuntimeError, match="allocate memory") as found:
        torch.empty(1 << 50, dtype=torch.uint8)
    assert sentence(found.value) == MEMORY_SHORT
    assert sentence(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")) == MEMORY_SHORT


@pytest.mark.parametrize("heard", [False, True])
def test_sigterm_ends_a_run_with_its_results_unless_it_keeps_them_already(
    heard: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def long_step(folder: RunFolder) -> None:
        if heard:
            hear_stop(folder.path)
        os.kill(os.getpid(), signal.SIGTERM)
        folder.stand(state=DONE)

    monkeypatch.setattr(working, "_train", long_step)
    run = RunFolder.create(tmp_path / "run", Recipe())
    before = signal.getsignal(signal.SIGTERM)
    working.work(run.path)
    assert run.state()["state"] == (DONE if heard else STOPPED)
    assert run.state().get("message", "") == ("" if heard else endings.STOPPED_LATE)
    assert heard_stop(run.path)
    assert signal.getsignal(signal.SIGTERM) == before


def test_signals_and_codes_have_names():
    assert re.search("by the signal SIGSEGV", endings.crashed(-11))
    assert re.search("by the signal 99", endings.crashed(-99))
    assert re.search("with the code 3", endings.crashed(3))
    assert endings.crashed(None) == endings.NO_RESULT
    assert "after 60 minutes" in endings.too_long(3600)
