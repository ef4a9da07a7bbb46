"""`python -m tests.locks --seed N --count 1000`: how often lockstep and cargo agree, and every time they do not."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.locks import uv_differential
from tests.locks.differential import trials
from tests.locks.speed import report


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.locks", description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=1000)
    options.add_argument("--uv", action="store_true", help="hold uv.lock against uv in place of Cargo.lock against cargo")
    options.add_argument("--speed", type=int, metavar="ENTRIES", help="measure what judging a lock of so many entries takes, in place of that")
    chosen = options.parse_args()
    if chosen.speed:
        sys.stdout.write(report(chosen.speed))
        return 0
    if chosen.uv:
        with tempfile.TemporaryDirectory() as folder:
            done = list(uv_differential.trials(chosen.seed, chosen.count, Path(folder)))
        faults = [one.fault for one in done if one.fault]
        refused, mended, held = (sum(map(count, done)) for count in (lambda one: not one.taken, lambda one: one.mended, lambda one: one.bumped))
        sys.stdout.write("".join(f"{fault}\n" for fault in faults))
        sys.stdout.write(f"seed {chosen.seed}: {len(done)} projects ({refused} refused by uv, {mended} mended), {held} bumped; {len(faults)} disagree\n")
        return 1 if faults else 0
    compared = refused = fixed = bumped = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for one in trials(chosen.seed, chosen.count, Path(folder)):
            compared += one.compared
            refused += one.refused
            fixed += one.fixed
            bumped += one.bumped
            wrong += bool(one.faults)
            for fault in one.faults:
                sys.stdout.write(f"{fault}\n")
    sys.stdout.write(
        f"seed {chosen.seed}: {chosen.count} workspaces, {compared} locks ({refused} refused by cargo), {fixed} mended, {bumped} bumped; {wrong} disagree\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
