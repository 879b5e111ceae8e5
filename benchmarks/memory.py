"""How much memory twenty networks take that learners open one after the other.

The app keeps those that were used last, up to a bound. The peer is what the weights of all twenty take
together, which a cache without a bound would hold.
"""

import json
import subprocess
import sys

from benchmarks.effort import Effort
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import Servers
from cnnlab.inspection.weights import MOST_BYTES
from tests.running_app import ROOT

MEGABYTE = 1e6
SECONDS = 400
ROOM = 1.5  # times the bound: two quicker copies and what PyTorch needs to compute come on top


def run(_effort: Effort, _servers: Servers) -> list[Row]:
    """Open the networks in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.opened"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"the networks could not be opened: {done.stderr.strip()[-500:]}")
    return rows(json.loads(done.stdout))


def rows(found: dict) -> list[Row]:
    """Return what was found: at the end, and at the highest."""
    after = [one / MEGABYTE for one in found["after"]]
    weights = Figure((found["weights"] / MEGABYTE,), "MB")
    peer = f"the weights of all {len(after)} together"
    limit = Target(ROOM * MOST_BYTES / MEGABYTE)
    how = f"growth of a process that has loaded PyTorch; {MOST_BYTES / MEGABYTE:,.0f} MB of weights are kept"
    return [
        Row(
            f"{len(after)} networks opened: memory", Figure((after[-1],), "MB"), peer, weights, limit, (how,)
        ),
        Row("… at the highest", Figure((max(after),), "MB"), peer, weights, limit),
    ]
