"""`python -m cnnlab.tracing [NAME …]`: record networks of the zoo again, all of them where none is named.

It writes the files that `library` reads, and says of each what changed.
"""

import sys
import warnings

from cnnlab import zoo
from cnnlab.tracing.files import written
from cnnlab.tracing.library import RECORDED, keep, recorded_file, recorded_now, trace_of


def main(names: list[str]) -> int:
    """Record, keep and tell; return the exit code."""
    unknown = [name for name in names if name not in zoo.names()]
    if unknown:
        print(
            f"not in the zoo: {', '.join(unknown)}; `python -m cnnlab architectures` lists it",
            file=sys.stderr,
        )
        return 2
    warnings.simplefilter("ignore", FutureWarning)  # torchvision tells how it will fill weights one day
    for name in names or zoo.names():
        before = written(trace_of(name)) if recorded_file(name) else ""
        trace = recorded_now(name)
        keep(trace)
        same = "as before" if written(trace) == before else "changed" if before else "new"
        print(f"{name:<32} {len(trace.steps):>5} steps, {same}")
    total = sum(file.stat().st_size for file in RECORDED.glob("*.json.gz"))
    print(f"{total:,} bytes in all")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
