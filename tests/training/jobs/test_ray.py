"""Runs on other machines: a seat by itself, and a real cluster of Ray on this machine, one node killed."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cnnlab.training.control import STOP
from cnnlab.training.jobs import client, keeping, ray_backend
from cnnlab.training.jobs.endings import MACHINE_GONE
from cnnlab.training.jobs.limits import Limits
from cnnlab.training.jobs.mirror import Mirror, write
from cnnlab.training.jobs.ray_backend import NoCluster, RayStarter
from cnnlab.training.jobs.ray_seat import Seat
from cnnlab.training.places import DATA
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, FAILED, STOPPED, RunFolder
from tests.running_app import ROOT
from tests.training.jobs import fake_work
from tests.training.jobs.conftest import is_over, jobs, message, state, steps, until


@pytest.fixture
def seat(monkeypatch: pytest.MonkeyPatch) -> Seat:
    """Return a seat in this process, which Ray would keep in one of its own."""
    for name in (DATA, "PYTHONPATH", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(name, os.environ.get(name, "1"))
    return Seat(fake_work.fake, {}, preload="tests.training.jobs.fake_work")


def test_a_seat_takes_one_run_after_the_other_and_tells_what_they_do(seat: Seat, tmp_path: Path):
    for number, learns_from in enumerate(["digits", "own-" + "0" * 24]):
        here = RunFolder.create(
            tmp_path / f"run{number}", Recipe(data=learns_from, seed=number * fake_work.LONG)
        )
        (tmp_path / "own").mkdir(exist_ok=True)
        (tmp_path / "own" / "about.json").write_text("{}")
        own = (learns_from, Mirror(tmp_path / "own").telling()) if number else None
        seat.begin(here.path.name, Mirror(here.path).telling(), own)

        def look(here: RunFolder = here) -> bool:
            over, code, telling = seat.look()
            write(here.path, telling)
            return over and code == 0

        if number:
            until(lambda here=here: not look() and len(here.steps()) > 3)
            assert (Path(os.environ[DATA]) / learns_from / "about.json").is_file()
            seat.command(STOP)
        until(look)
        assert here.state()["state"] == (STOPPED if number else DONE)
        seat.leave()
        assert not list(Path(os.environ[DATA]).parent.rglob("*.json*"))


def test_without_ray_a_sentence_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def missing(_name: str) -> None:
        raise ImportError("no ray")

    monkeypatch.setattr(ray_backend, "import_module", missing)
    starter = RayStarter(Limits(), fake_work.fake, {})
    with pytest.raises(NoCluster, match="Ray is not installed here"):
        starter.start(tmp_path)
    starter.warm_up()
    starter.close()


def test_a_cluster_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    class Ray:
        @staticmethod
        def init(**_: Any) -> None:
            raise ConnectionError("nobody there")

    monkeypatch.setattr(ray_backend, "import_module", lambda _: Ray)
    starter = RayStarter(Limits(), fake_work.fake, {"CNNLAB_RAY_ADDRESS": "school:6379"})
    with pytest.raises(NoCluster, match="The Ray cluster at “school:6379” does not answer"):
        starter.start(tmp_path)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[Any, list[Any]]]:
    """Return a cluster of a head without processors and two nodes with one each; and those two."""
    if importlib.util.find_spec("ray") is None:
        pytest.skip("Ray is not installed; see docs/runs.md")
    cluster_utils: Any = importlib.import_module("ray.cluster_utils")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *filter(None, sys.path)]))
        patch.setenv("RAY_DISABLE_IMPORT_WARNING", "1")
        made = cluster_utils.Cluster(
            initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False}
        )
        try:
            nodes = [made.add_node(num_cpus=1) for _ in range(2)]
            made.wait_for_nodes()
            patch.setitem(keeping.MODULES, "ray", "tests.training.jobs.fake_ray")
            with jobs(
                tmp_path / "runs", CNNLAB_JOBS="ray", CNNLAB_RAY_ADDRESS=made.address, CNNLAB_JOBS_AT_ONCE=""
            ):
                yield made, nodes
        finally:
            made.shutdown()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_runs_go_on_in_a_cluster_and_one_whose_node_dies_begins_again_on_the_other(
    cluster: tuple[Any, list[Any]],
):
    made, nodes = cluster
    names = [client.submit(Recipe(seed=fake_work.LONG), learner) for learner in ("ann", "ben")]
    short = client.submit(Recipe(epochs=3), "cleo")
    bad = client.submit(Recipe(seed=fake_work.BROKEN), "dora")
    until(lambda: all(steps(one) > 5 for one in names), 120)
    reached = [steps(one) for one in names]
    made.remove_node(nodes[1], allow_graceful=False)
    until(lambda: any(message(one) == MACHINE_GONE for one in names), 120)
    again = next(one for one in names if message(one) == MACHINE_GONE)
    other = next(one for one in names if one != again)
    until(lambda: steps(other) > reached[names.index(other)])
    client.stop(other)
    until(lambda: state(other) == STOPPED)
    until(lambda: steps(again) > reached[names.index(again)] + 5, 120)
    told = [one["step"] for one in client.folder(again).steps() if one["step"]]
    assert told == list(range(1, len(told) + 1))
    client.stop(again)
    until(lambda: is_over(again) and is_over(short) and is_over(bad), 120)
    assert [state(one) for one in (again, short, bad)] == [STOPPED, DONE, FAILED]
    assert "seven by nothing" in message(bad)
