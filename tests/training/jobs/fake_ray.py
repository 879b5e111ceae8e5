"""`python -m tests.training.jobs.fake_ray ROOT`: the broker of a Ray cluster, with fake runs."""

import sys
from pathlib import Path

from cnnlab.training.jobs.broker import serve
from cnnlab.training.jobs.limits import limits
from cnnlab.training.jobs.ray_backend import RayStarter
from tests.training.jobs.fake_work import fake

if __name__ == "__main__":
    starter = RayStarter(limits(), fake, preload="tests.training.jobs.fake_work")
    serve(Path(sys.argv[1]).resolve(), starter)
