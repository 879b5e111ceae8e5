"""What a machine gives to runs, and what the environment may say."""

import os
from pathlib import Path

import psutil
import pytest

from cnnlab.training.jobs.limits import MEBI, Limits, UnsuitableLimit, limits


def test_without_settings_two_runs_at_most_share_cores_and_most_of_the_memory():
    found = limits({})
    assert found.at_once == min(2, len(os.sched_getaffinity(0)))
    assert found.at_once * found.threads <= max(2, len(os.sched_getaffinity(0)))
    assert found.at_once * found.memory_mb <= max(2048, psutil.virtual_memory().total / MEBI * 0.71)


def nvidia_smi(folder: Path, answer: str) -> None:
    """Put a tool there that answers so."""
    tool = folder / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\n{answer}\n")
    tool.chmod(0o755)


@pytest.mark.parametrize(
    ("answer", "gpu", "at_once"),
    [
        ("echo 81559; echo 81559", True, min(4, len(os.sched_getaffinity(0)))),
        ("echo 8192", True, 1),
        ("exit 9", False, min(2, len(os.sched_getaffinity(0)))),
        ("echo no devices", False, min(2, len(os.sched_getaffinity(0)))),
    ],
)
def test_a_gpu_is_shared_by_as_many_as_its_memory_holds(
    answer: str, gpu: bool, at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    nvidia_smi(tmp_path, answer)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = limits({})
    assert (found.gpu, found.at_once) == (gpu, at_once)


def test_the_environment_decides():
    said = {
        "CNNLAB_JOBS_AT_ONCE": " 7",
        "CNNLAB_JOBS_MEMORY_MB": "0",
        "CNNLAB_JOBS_SECONDS": "90",
        "CNNLAB_JOBS_IDLE_SECONDS": "5",
    }
    assert limits(said) == Limits(at_once=7, threads=1, memory_mb=0, seconds=90, idle_seconds=5)


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", "²"])
def test_a_limit_that_is_no_number_is_refused(text: str):
    with pytest.raises(
        UnsuitableLimit, match=f"CNNLAB_JOBS_AT_ONCE is “{text}”; write a whole number from 1 on"
    ):
        limits({"CNNLAB_JOBS_AT_ONCE": text})
