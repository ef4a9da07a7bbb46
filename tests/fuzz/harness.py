"""Hands inputs over, one after the other, each within a budget of the processor's time and of memory, and keeps what went wrong."""

from __future__ import annotations

import hashlib
import json
import resource
import signal
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from lockstep.errors import LockstepError
from tests.fuzz.seeds import Files
from tests.fuzz.targets import SCRATCH, TARGETS

SECONDS = 10
"""The processor's time for one input; nearly all take some milliseconds."""
MEMORY = 3 * 2**30
"""Bytes of address space for the whole process."""


class OverBudgetError(BaseException):
    """An input takes more time than one may."""


@dataclass
class Told:
    """How many inputs of each target ended how, and what went wrong: the target, the last line, and the files."""

    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: dict[tuple[str, str], tuple[str, Files]] = field(default_factory=dict)


def limit() -> None:
    """Bound this process: memory, and a signal where an input takes too long."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    def over(_number: int, _frame: object) -> None:
        raise OverBudgetError

    signal.signal(signal.SIGPROF, over)
    warnings.simplefilter("ignore")


def attempt(target: str, files: Files) -> tuple[str, str]:
    """Hand one input over: give how it ended, and for what went wrong where."""
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        TARGETS[target].read(files)
    except LockstepError:
        return "refused", ""
    except OverBudgetError:
        return "over the budget", _where(traceback.format_exc())
    except (Exception, SystemExit) as error:  # noqa: BLE001 - this is what is looked for
        return "traceback", f"{type(error).__name__}: {str(error)[:100]} {_where(traceback.format_exc())}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return "answered", ""


def _where(told: str) -> str:
    """Give the last line of lockstep's in a traceback."""
    lines = [line.strip() for line in told.splitlines() if "/lockstep/" in line and line.strip().startswith("File")]
    return lines[-1].rpartition("/lockstep/")[2] if lines else ""


def run(seed: int, numbers: Iterator[int], targets: tuple[str, ...]) -> Told:
    """Make and try the inputs of these numbers; the same seed and number give the same input."""
    told = Told()
    for number in numbers:
        target = targets[number % len(targets)]
        files = TARGETS[target].make(Random(f"{seed} {number}"))
        end, where = attempt(target, files)
        told.ends[target, end] += 1
        if where:
            told.wrong.setdefault((target, where.partition(", in ")[0]), (f"{end} of number {number}: {where}", files))
    return told


def shard(job: tuple[int, int, int, int, tuple[str, ...]]) -> Told:
    """Try every `step`-th input from the `first` on, in a process of its own: seed, first, count, step, targets."""
    seed, first, count, step, names = job
    with tempfile.TemporaryDirectory(prefix="lockstep-fuzz-") as folder:
        SCRATCH[:] = [Path(folder)]
        limit()
        return run(seed, iter(range(first, count, step)), names)


def keep(folder: Path, target: str, files: Files) -> Path:
    """Write an input as the corpus has them."""
    texts: dict[str, object] = {}
    for name, data in files.items():
        try:
            texts[name] = data.decode()
        except UnicodeDecodeError:
            texts[name] = {"hex": data.hex()}
    body = json.dumps({"target": target, "files": texts}, ensure_ascii=True, indent=1)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{target}-{hashlib.sha256(body.encode()).hexdigest()[:12]}.json"
    path.write_text(body + "\n", encoding="utf-8")
    return path
