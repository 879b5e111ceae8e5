"""What a machine gives to runs, and what the environment may say."""

import os

import psutil
import pytest

from cnnlab.training.jobs.limits import MEBI, Limits, UnsuitableLimit, limits


def test_without_settings_two_runs_at_most_share_cores_and_most_of_the_memory():
    found = limits({})
    assert found.at_once == min(2, len(os.sched_getaffinity(0)))
    assert found.at_once * found.threads <= max(2, len(os.sched_getaffinity(0)))
    assert found.at_once * found.memory_mb <= max(2048, psutil.virtual_memory().total / MEBI * 0.71)


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
