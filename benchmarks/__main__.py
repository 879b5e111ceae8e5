"""The command: `python -m benchmarks [NAME …] [--quick] [--json FILE] [--markdown FILE]`.

It runs one benchmark after the other, prints rows as they come, and ends with 1 where something could not be
measured. A missed target is said, and is no failure of the command: machines differ.
"""

import argparse
import json
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.catalogue import BENCHMARKS, Benchmark, UnknownBenchmark, chosen
from benchmarks.conditions import busy, conditions, conditions_text, load
from benchmarks.effort import FULL, QUICK, Effort
from benchmarks.report import closing, heading, markdown, row_text
from benchmarks.rows import LeftOut, Row
from benchmarks.servers import Servers

FULL_SECONDS = 480
QUICK_SECONDS = 120


@dataclass(slots=True)
class Outcome:
    """What a run has found so far."""

    rows: list[Row] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    stopped: bool = False

    def stop(self, *_: object) -> None:
        """End as soon as possible; the exception alone may be lost in a callback of somebody else's."""
        self.stopped = True
        self.go_on()

    def go_on(self) -> None:
        """Raise if the run has been stopped."""
        if self.stopped:
            raise KeyboardInterrupt("the run was stopped")

    def measure(self, benchmark: Benchmark, effort: Effort, servers: Servers) -> None:
        """Run one benchmark and print what it finds, or why it finds nothing."""
        began, load_before = time.monotonic(), load()
        try:
            rows = benchmark.run(effort, servers)
        except LeftOut as reason:
            self.entries.append({"benchmark": benchmark.name, "left_out": str(reason)})
            print(f"–       {benchmark.name} was left out: {reason}", flush=True)
            return
        except Exception as problem:
            self.go_on()
            self.fail(benchmark, f"{type(problem).__name__}: {problem}")
            return
        self.rows += rows
        circumstances = {"seconds": round(time.monotonic() - began, 1), "load": [load_before, load()]}
        self.entries += [{"benchmark": benchmark.name, **row.as_json(), **circumstances} for row in rows]
        print("\n".join(row_text(row) for row in rows))
        warning = "; the machine was busy: times are upper bounds" if busy(load_before) else ""
        took = f"{benchmark.name}: {circumstances['seconds']} s, load {load_before} → {load()}"
        print(f"        ({took}{warning})", flush=True)

    def fail(self, benchmark: Benchmark, reason: str) -> None:
        """Keep and print why a benchmark could not be measured."""
        self.failures.append(benchmark.name)
        self.entries.append({"benchmark": benchmark.name, "failed": reason})
        print(f"FAILED  {benchmark.name} could not be measured: {reason}", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; return the exit code."""
    asked = parser().parse_args(arguments)
    try:
        benchmarks = chosen(asked.names)
    except UnknownBenchmark as problem:
        print(problem, file=sys.stderr)
        return 2
    found, outcome = conditions(), Outcome()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, outcome.stop)  # so that servers and browser end with us
    print(f"{conditions_text(found)}\n\n{heading()}", flush=True)
    try:
        run_all(benchmarks, asked.quick, outcome)
    except KeyboardInterrupt:
        print("Stopped; servers and browser have ended.", file=sys.stderr)
        return 130
    finally:
        if asked.json:
            text = json.dumps({"conditions": found, "quick": asked.quick, "rows": outcome.entries}, indent=2)
            asked.json.write_text(text + "\n", encoding="utf-8")
        if asked.markdown:
            asked.markdown.write_text(markdown(conditions_text(found), outcome.rows), encoding="utf-8")
    print(f"\n{closing(outcome.rows, outcome.failures)}")
    return 1 if outcome.failures else 0


def run_all(benchmarks: tuple[Benchmark, ...], quick: bool, outcome: Outcome) -> None:
    """Measure one after the other, as long as there is time."""
    ends = time.monotonic() + (QUICK_SECONDS if quick else FULL_SECONDS)
    with Servers() as servers:
        for benchmark in benchmarks:
            outcome.go_on()
            if time.monotonic() > ends:
                outcome.fail(benchmark, "the run had already taken too long; name it to measure it alone")
            else:
                outcome.measure(benchmark, QUICK if quick else FULL, servers)


def parser() -> argparse.ArgumentParser:
    """Return the reader of the command line."""
    names = "\n".join(f"  {benchmark.name:<12} {benchmark.answers}" for benchmark in BENCHMARKS)
    reader = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure how fast CNN Lab is, beside named peers.",
        epilog=f"benchmarks:\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    reader.add_argument("names", nargs="*", metavar="NAME", help="which to run; all where none is named")
    reader.add_argument("--quick", action="store_true", help="fewer repetitions: at most two minutes")
    reader.add_argument("--json", type=Path, metavar="FILE", help="also write everything to a file")
    reader.add_argument("--markdown", type=Path, metavar="FILE", help="also write a table, as in RESULTS.md")
    return reader


if __name__ == "__main__":
    sys.exit(main())
