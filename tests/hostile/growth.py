"""Measures what a repository of twice the size takes: `python -m tests.hostile.growth [SHAPE...]`.

Every shape is made four times, each twice as large as the one before; the command is a process of its own, and what it takes is the processor's time and the
largest memory of it and of what it starts. The exponent is that of the last doubling, in bytes of the files: 1 is linear, 2 the square.
"""

from __future__ import annotations

import argparse
import contextlib
import fnmatch
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import Repo, environment
from tests.hostile.shapes import CHECK, WHEEL, Shape, one, shapes

SECONDS, MEBIBYTES = 10, 500
"""What a command may take for a repository of 100 MB."""
LARGEST_SIZE = 100_000_000
WORST = 1.25
"""The exponent of what grows with n log n, and of a clock's noise."""
ENOUGH = 0.3
"""Seconds above those of a start, below which an exponent says nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Took:
    """What one command took: bytes of the files, seconds of the processor, MiB, the exit code (negative for a signal), and whether it printed a traceback."""

    size: int
    seconds: float
    memory: int
    code: int
    fell: bool


def measure(shape: Shape, count: int, most: int) -> Took:
    """Make a repository and ask once."""
    folder = Path(tempfile.mkdtemp(prefix="lockstep-growth-"))
    try:
        repo = Repo(folder / "spam")
        repo.root.mkdir()
        repo.git("init", "-q", "--template=", "-b", "main")
        shape.make(repo, count)
        size = sum(path.stat().st_size for path in repo.root.rglob("*") if path.is_file() and ".git" not in path.relative_to(repo.root).parts)
        if not size:
            size = sum(path.stat().st_size for path in repo.root.rglob("*") if path.is_file())
        with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
            process = subprocess.Popen(
                [sys.executable, "-m", "lockstep", *shape.ask],
                cwd=repo.root,
                env={**environment(), "PYTHONPATH": os.getcwd()},
                stdout=out,
                stderr=err,
            )
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (most, most))
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        fell = b"Traceback" in (folder / "err").read_bytes()
        return Took(size=size, seconds=used.ru_utime + used.ru_stime, memory=used.ru_maxrss // 1024, code=process.returncode, fell=fell)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def exponent(less: Took, more: Took, start: float) -> float | None:
    """Give the exponent of a doubling; None where the larger one takes hardly longer than a start."""
    if more.seconds - start < ENOUGH or more.size <= less.size:
        return None
    return math.log(max(more.seconds - start, 1e-3) / max(less.seconds - start, 0.02)) / math.log(more.size / less.size)


def main() -> int:
    """Print the table, and give 1 where something grows too fast, falls or takes more than it may."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.growth", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help="a name, or a pattern with stars; all of them without")
    parser.add_argument("--times", type=float, default=1, help="begin with as many times the usual size")
    parser.add_argument("--most", type=int, default=60, help="seconds of the processor after which a command is killed")
    parser.add_argument("--list", action="store_true", help="print the names")
    options = parser.parse_args()
    chosen = {name: shape for name, shape in shapes() if not options.shapes or any(fnmatch.fnmatchcase(name, wanted) for wanted in options.shapes)}
    if options.list:
        sys.stdout.write("".join(f"{name}\n" for name in chosen))
        return 0
    os.environ.clear()
    with contextlib.suppress(ValueError):
        os.environ.update(environment())
    start = measure(one(lambda _: {"pyproject.toml": WHEEL}, CHECK, 1), 1, options.most).seconds
    bad = 0
    sys.stdout.write(f"{'shape':52} {'number':>8} {'bytes':>11} {'seconds':>8} {'MiB':>6} {'exit':>4} {'exponent':>8}\n")
    for name, shape in chosen.items():
        before: Took | None = None
        first = int((shape.large or shape.size * 16) * options.times)
        for doubling in range(4):
            count = first << doubling
            took = measure(shape, count, options.most)
            power = exponent(before, took, start) if before else None
            wrong = [word for word, is_so in _faults(took, power, doubling) if is_so]
            bad += bool(wrong)
            shown = "" if power is None else f"{power:.2f}"
            sys.stdout.write(f"{name:52.52} {count:8} {took.size:11} {took.seconds:8.2f} {took.memory:6} {took.code:4} {shown:>8} {', '.join(wrong)}\n")
            sys.stdout.flush()
            if took.code < 0 or took.size > LARGEST_SIZE:
                break
            before = took
    sys.stdout.write(f"{len(chosen)} shapes, {bad} of their sizes take more than they may\n")
    return 1 if bad else 0


def _faults(took: Took, power: float | None, doubling: int) -> list[tuple[str, bool]]:
    return [
        ("killed", took.code < 0),
        ("traceback", took.fell),
        (f"more than {SECONDS} s", took.seconds > SECONDS and took.code >= 0),
        (f"more than {MEBIBYTES} MiB", took.memory > MEBIBYTES),
        ("grows too fast", doubling == 3 and power is not None and power > WORST),
    ]


if __name__ == "__main__":
    sys.exit(main())
