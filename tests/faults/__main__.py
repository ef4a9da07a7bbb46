"""The command line of the fault injection: `python -m tests.faults --help`."""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from tests.faults import monorepo
from tests.faults.inject import ANY, Fault, Point
from tests.faults.trials import MIXED, NEW, OLD, Bench, Trial

_SECOND = (Fault.KILL, Fault.KILLED, Fault.EIO)
"""What meets an undoing or a recovery: both write nothing that could find a disk full."""


_LATER = (Fault.FULL, Fault.DEAD, Fault.EACCES, Fault.SIGTERM)
"""What is tried when all else was: the other faults are near of kin."""


def main() -> int:
    """Run the shards, print the table, and give 1 when one trial left anything but the old or the new tree."""
    options = _options()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lockstep-faults-", ignore_cleanup_errors=True) as folder:
        children = []
        for shard in range(options.jobs):
            report = Path(folder, f"{shard}.json")
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    report.write_text(json.dumps(_shard(Path(folder, str(shard)).resolve(), shard, options)))
                    code = 0
                except Exception:  # noqa: BLE001 - the parent's code must not run on here
                    traceback.print_exc()
                os._exit(code)
            children.append((child, report))
        broken = [child for child, _ in children if os.waitpid(child, 0)[1]]
        if broken:
            return 2
        reports = [json.loads(report.read_bytes()) for _, report in children]
    return _print(reports, options, time.monotonic() - started)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Fail a bump at every call that changes the disk; see what stands.")
    parser.add_argument("--crates", type=int, default=6, help="how large the monorepo is (default: 6)")
    parser.add_argument("--minutes", type=float, default=20, help="stop then; trials run in random order (default: 20)")
    parser.add_argument(
        "--jobs", type=int, default=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, help="processes, each on its own monorepo"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the order, and of the second faults (default: 0)")
    parser.add_argument("--second", type=int, default=300, help="how many trials have a second fault, in the undoing or in the recovery (default: 300)")
    parser.add_argument("--only", choices=[*Fault], action="append", help="try this fault alone (repeatable)")
    parser.add_argument(
        "--show-every", type=int, default=10, help="follow every n-th trial with a whole `lockstep show`, others with its recovery (default: 10)"
    )
    return parser.parse_args()


def _shard(folder: Path, shard: int, options: argparse.Namespace) -> dict[str, Any]:
    monorepo.build(folder, options.crates)
    rows = Counter[tuple[str, str, str, int]]()
    struck = Counter[str]()
    wrong: list[str] = []
    deadline = time.monotonic() + options.minutes * 60
    planned = missed = 0

    def run(bench: Bench) -> None:
        nonlocal planned, missed
        trials = _trials(bench.calls, options)
        planned = len(trials)
        for trial in trials[shard :: options.jobs]:
            if time.monotonic() > deadline:
                break
            result = bench.attempt(trial)
            wrong.extend(f"{trial}: {fault}" for fault in result.wrong)
            if result.struck == len(trial.bump) + len(trial.recovery):
                rows[_mode(trial), result.during, result.after, result.code] += 1
                struck[trial.bump[0].call] += 1
            else:
                missed += 1

    bench = Bench(folder, every=options.show_every)
    bench.run(run)
    return {
        "rows": [[*key, count] for key, count in rows.items()],
        "struck": struck,
        "missed": missed,
        "wrong": wrong,
        "calls": bench.calls,
        "planned": planned,
        "files": len(bench.changed),
    }


def _trials(calls: dict[str, int], options: argparse.Namespace) -> list[Trial]:
    """Every fault at every call, and some pairs, in the same random order for every shard, the likeliest first."""
    chance = random.Random(options.seed)
    points = [Point(call, number, fault) for call, count in calls.items() for number in range(1, count + 1) for fault in Fault]
    points = [point for point in points if point.makes_sense and (not options.only or point.fault in options.only)]
    trials = [Trial((point,)) for point in points]
    total = sum(calls.values())
    for _ in range(options.second):
        second = Point(ANY, chance.randint(1, total), chance.choice(_SECOND))
        first = Point(ANY, chance.randint(1, total), Fault.KILL)
        trials.append(Trial((first,), (second,)))
        first = Point(ANY, chance.randint(1, total), chance.choice((Fault.ENOSPC, Fault.EIO, Fault.SIGINT)))
        trials.append(Trial((first, second)))
    chance.shuffle(trials)
    return sorted(trials, key=lambda trial: trial.bump[0].fault in _LATER)


def _mode(trial: Trial) -> str:
    if trial.recovery:
        return f"{trial.bump[0].fault}, then {trial.recovery[0].fault} in the recovery"
    return ", then ".join(point.fault for point in trial.bump) + (" in the undoing" if len(trial.bump) > 1 else "")


def _print(reports: list[dict[str, Any]], options: argparse.Namespace, seconds: float) -> int:
    table: dict[str, Counter[str]] = {}
    struck = Counter[str]()
    for report in reports:
        struck.update(report["struck"])
        for mode, during, after, code, count in report["rows"]:
            table.setdefault(mode, Counter()).update({"trials": count, after: count, f"exit {code}": count, f"{during} at once": count})
    first = reports[0]
    wrong = [line for report in reports for line in report["wrong"]]
    done = sum(counts["trials"] for counts in table.values())
    missed = sum(report["missed"] for report in reports)
    codes = sorted({name for counts in table.values() for name in counts if name.startswith("exit")})
    heads = ["trials", OLD, NEW, MIXED, f"{MIXED} at once", *codes]
    lines = [
        f"{options.crates} crates, {first['files']} files in the write, {sum(first['calls'].values())} calls: "
        + ", ".join(f"{count} {name}" for name, count in first["calls"].items() if count),
        f"{done} trials ({missed} more, whose second fault met no call) of {first['planned']} planned",
        f"seed {options.seed}, limit {options.minutes:g} min, {options.jobs} processes, {seconds:.0f} s",
        "points struck: " + ", ".join(f"{count} {name}" for name, count in sorted(struck.items())),
        "",
        f"{'fault':<50}" + "".join(f"{head:>15}" for head in heads),
        *(f"{mode:<50}" + "".join(f"{counts[head]:>15}" for head in heads) for mode, counts in sorted(table.items())),
        "",
        f"{len(wrong)} wrong",
        *wrong[:50],
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
