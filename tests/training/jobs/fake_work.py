"""`python -m tests.training.jobs.fake_work ROOT`: a broker whose runs do what their recipe's seed says.

They count steps instead of training, so that tests of queue, commands and endings need neither pictures nor a
network.
"""

import os
import signal
import sys
import time
from pathlib import Path

from cnnlab.training import working
from cnnlab.training.control import PAUSE, STOP, FileControl
from cnnlab.training.jobs.broker import serve
from cnnlab.training.jobs.limits import limits
from cnnlab.training.jobs.processes import LocalStarter
from cnnlab.training.run_folder import DONE, PAUSED, RUNNING, STOPPED, RunFolder

STEP_S = 0.02
DEAF, HUNGRY, KILLED, FULL, BROKEN, SILENT, CRASHED, LONG = range(1, 9)


def fake_train(folder: RunFolder) -> None:
    recipe = folder.recipe()
    odd(folder, recipe.seed)
    control = FileControl(folder.path)
    done = max(one["step"] for one in folder.steps())
    folder.stand(state=RUNNING, phase="training", epochs=recipe.epochs)
    for step in range(done, 5000 if recipe.seed == LONG else recipe.epochs):
        while control.command() == PAUSE:
            folder.stand(state=PAUSED)
            time.sleep(STEP_S)
        if control.command() == STOP:
            folder.stand(state=STOPPED, message="stopped politely")
            return
        folder.stand(state=RUNNING, step=step + 1)
        folder.add_step(step=step + 1, loss=1.0, at=time.time())
        time.sleep(STEP_S)
    folder.stand(state=DONE)


def odd(folder: RunFolder, seed: int) -> None:
    """Do what goes wrong."""
    folder.add_step(step=0, pid=os.getpid())
    if seed == DEAF:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(60)
    if seed == HUNGRY:
        held = [bytearray(64 << 20) for _ in range(1000)]
        print(len(held))
    if seed == KILLED:
        os.kill(os.getpid(), signal.SIGKILL)
    if seed == FULL:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        (folder.path / "weights").write_bytes(b"\0" * 100_000)
    if seed == BROKEN:
        raise ZeroDivisionError("seven by nothing")
    if seed == SILENT:
        os._exit(0)
    if seed == CRASHED:
        os.abort()


def fake(path: Path) -> None:
    working._train = fake_train  # pyright: ignore[reportPrivateUsage]
    working.work(path)


if __name__ == "__main__":
    from tests.training.jobs.fake_work import fake as importable

    serve(
        Path(sys.argv[1]).resolve(),
        LocalStarter(limits(), importable, preload="tests.training.jobs.fake_work"),
    )
