"""The command line of the fuzzing: `python -m tests.fuzz --help`."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from pathlib import Path

from tests.fuzz import harness
from tests.fuzz.seeds import Files, corpus
from tests.fuzz.targets import TARGETS


def main() -> int:
    """Try the inputs, print how they ended, and give 1 when one did not end as it should."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Spoil repositories, and hand them to lockstep.")
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--target", choices=[*TARGETS], action="append", help="only this (repeatable)")
    parser.add_argument("--keep", type=Path, help="write what goes wrong into this folder, one file a fault")
    options = parser.parse_args()
    started, names = time.monotonic(), tuple(options.target or TARGETS)
    jobs = [(options.seed, first, options.inputs, options.jobs, names) for first in range(options.jobs)]
    ends = Counter[tuple[str, str]]()
    wrong: dict[tuple[str, str], tuple[str, Files]] = {}
    with multiprocessing.get_context("spawn").Pool(options.jobs) as pool:
        for told in pool.imap_unordered(harness.shard, jobs):
            ends.update(told.ends)
            wrong |= told.wrong
    for (target, end), count in sorted(ends.items()):
        sys.stdout.write(f"{target:10} {count:8} {end}\n")
    known, spent = len(list(corpus())), time.monotonic() - started
    for (target, _), (said, files) in sorted(wrong.items()):
        kept = f" ({harness.keep(options.keep, target, files)})" if options.keep else ""
        sys.stdout.write(f"{target}: {said}{kept}\n")
    sys.stdout.write(f"{sum(ends.values())} inputs, seed {options.seed}, {len(wrong)} faults, {spent:.0f} s; the corpus has {known} more\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
