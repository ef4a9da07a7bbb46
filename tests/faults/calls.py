"""Fails `lockstep bump --tag` at every call that changes the disk, those of git's own processes included: `python -m tests.faults.calls --help`.

strace counts the calls, of the program as the system sees it, and kills at one of them, or answers that the disk is full or broken. A first run without
faults is recorded: which runs of git there are, and which calls each makes. Then each call fails once: of lockstep, of git while lockstep goes on, and of git
with all that runs beside it. After that the next command must leave files, commit, tag and index all old or all new.

`--scenario` names what runs: a release; one whose tag is refused, so that its commit is taken back; or the recovery from a kill at one of four moments.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.faults.kills import FILES, LOCKSTEP, MIXED, build, git, judge

CHANGING = (
    *("openat", "write", "pwrite64", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir"),
    *("ftruncate", "fsync", "fdatasync", "chmod", "fchmod", "fchmodat", "utimensat", "symlink"),
)
NO_SPACE = frozenset({"openat", "write", "pwrite64", "rename", "renameat", "renameat2", "link", "linkat", "mkdir", "mkdirat", "ftruncate", "fsync", "symlink"})
KILL, KILL_ALL, ENOSPC, EIO, FULL = "kill", "kill all", "ENOSPC", "EIO", "ENOSPC from there on"
_CALL = re.compile(r"^(?P<pid>\d+) +(?P<name>\w+)\((?P<arguments>.*)")
_WRAPPER = """#!/bin/bash
number=$(( $(cat "$TRIAL/count") + 1 )); echo $number > "$TRIAL/count"
if [ -n "$TRIAL_RECORD" ]; then exec strace -D -f -qq -o "$TRIAL/git.$number" -e trace={calls} {git} "$@"; fi
if [ "$number" != "$TRIAL_AT" ]; then exec {git} "$@"; fi
if [ -n "$TRIAL_ALL" ]; then ( while kill -0 $$; do sleep 0.01; done; grep -q SIGKILL "$TRIAL/struck" && kill -9 0 ) > /dev/null 2>&1 < /dev/null & fi
exec strace -D -f -qq -o "$TRIAL/struck" -e trace="$TRIAL_CALL" -e inject="$TRIAL_INJECT" {git} "$@"
"""
LONGEST = 120
_DIES = '#!/bin/sh\n[ "$1" = {} ] && grep -q {} && kill -9 0\nexit 0\n'
SCENARIOS = {
    "release": "",
    "refused": "",
    "recovery, commit locked": _DIES.format("prepared", "refs/heads/main"),
    "recovery, commit made": _DIES.format("committed", "refs/heads/main"),
    "recovery, tag locked": _DIES.format("prepared", "refs/tags/"),
    "recovery, tag made": _DIES.format("committed", "refs/tags/"),
}
"""What is failed, and the hook on a change of refs that kills all that runs in the bump before it."""


@dataclass(frozen=True, slots=True)
class Point:
    """One call: of the n-th run of git, or of lockstep itself (0), by its name and its number from 1, and what befalls it."""

    run: int
    call: str
    number: int
    fault: str

    @property
    def injected(self) -> str:
        """How strace is told."""
        match self.fault:
            case "kill" | "kill all":
                return f"{self.call}:signal=KILL:when={self.number}"
            case "ENOSPC from there on":
                return f"{self.call}:error=ENOSPC:when={self.number}+"
            case error:
                return f"{self.call}:error={error}:when={self.number}"


class Bench:
    """A folder with the repository to begin with, and a git that counts its runs."""

    def __init__(self, folder: Path, scenario: str = "release") -> None:
        self.folder, self.template = folder, folder / "template"
        self.expected = "new" if scenario in {"release", "recovery, tag made"} else "old"
        self.template.mkdir()
        build(self.template, 0.0)
        for hook in (self.template / ".git/hooks").iterdir():
            hook.unlink()
        (self.template / ".git/hooks/pre-commit").write_text("#!/bin/sh\nexit 0\n")
        (self.template / ".git/hooks/pre-commit").chmod(0o755)
        self._bin = folder / "bin"
        self._bin.mkdir()
        real = shutil.which("git") or "git"
        (self._bin / "git").write_text(_WRAPPER.format(git=real, calls=",".join(CHANGING)))
        (self._bin / "git").chmod(0o755)
        self.line: tuple[str, ...] = (*LOCKSTEP, "bump", "minor", "--tag")
        if scenario == "refused":
            git(self.template, "config", "tag.gpgSign", "true")
            git(self.template, "config", "gpg.program", "false")
        elif dies := SCENARIOS[scenario]:
            hook = self.template / ".git/hooks/reference-transaction"
            hook.write_text(dies)
            hook.chmod(0o755)
            subprocess.run(self.line, cwd=self.template, capture_output=True, check=False, start_new_session=True)
            hook.unlink()
            self.line = (*LOCKSTEP, "check")
            if not (self.template / ".git/lockstep-journal.json").exists():
                raise AssertionError("the bump was not killed")

    def bump(self, name: str, point: Point | None) -> tuple[Path, Path, bool]:
        """Run the scenario's command in a fresh repository with the fault, none where it is only recorded.

        Give the repository, the notes, and whether it struck.
        """
        notes, root = self.folder / f"{name}.notes", self.folder / name
        notes.mkdir()
        shutil.copytree(self.template, root, symlinks=True)
        (notes / "count").write_text("0\n")
        env = {**os.environ, "PATH": f"{self._bin}:{os.environ['PATH']}", "TRIAL": str(notes), "TRIAL_AT": "0", "LOCKSTEP_CACHE_DIR": ""}
        line = self.line
        if point is None:
            env["TRIAL_RECORD"] = "1"
        elif point.run:
            env |= {"TRIAL_AT": str(point.run), "TRIAL_CALL": point.call, "TRIAL_INJECT": point.injected, "TRIAL_ALL": "1" if point.fault == KILL_ALL else ""}
        traced = ",".join(CHANGING) if point is None else point.call
        if point is None or not point.run:
            inject = () if point is None else ("-e", f"inject={point.injected}")
            line = ("strace", "-qq", "-o", str(notes / ("git.0" if point is None else "struck")), "-e", f"trace={traced}", *inject, *line)
        with (notes / "said").open("wb") as said, subprocess.Popen(line, cwd=root, stdout=said, stderr=said, env=env, start_new_session=True) as process:
            try:
                process.wait(LONGEST)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        struck = notes / "struck"
        told = struck.read_text(errors="replace") if struck.exists() else ""
        return root, notes, "(INJECTED)" in told or "SIGKILL" in told

    def points(self) -> Iterator[Point]:
        """Give every call that changes the disk, from the moment when there is something to lose, with every fault that it can meet."""
        root, notes, _ = self.bump("recorded", None)
        if judge(root)[0] != self.expected:
            raise AssertionError((notes / "said").read_text(errors="replace"))
        for log in sorted(notes.glob("git.*")):
            run = int(log.suffix[1:])
            seen, found = Counter[tuple[str, str]](), set[tuple[str, int]]()
            for text in log.read_text(errors="replace").splitlines():
                matched = _CALL.match(text if run else f"1 {text}")
                if matched is None:
                    continue
                name, arguments = matched["name"], matched["arguments"]
                seen[matched["pid"], name] += 1
                if name in ("write", "pwrite64") and arguments.startswith(("1,", "2,")):
                    continue  # into a pipe, which is never full of anything but words
                if name != "openat" or re.search("O_CREAT|O_WRONLY|O_RDWR|O_TRUNC", arguments):
                    found.add((name, seen[matched["pid"], name]))
            for name, number in sorted(found):
                for fault in (KILL, *((KILL_ALL,) if run else ()), EIO, *((ENOSPC, FULL) if name in NO_SPACE else ())):
                    yield Point(run, name, number, fault)

    def trial(self, number: int, point: Point) -> tuple[bool, str, str]:
        """Strike, run the next command, and judge: whether it struck, what stands, and what is wrong."""
        root, notes, struck = self.bump(f"trial{number}", point)
        try:
            said = (notes / "said").read_text(errors="replace")
            done = subprocess.run((*LOCKSTEP, "check"), cwd=root, capture_output=True, text=True, check=False, timeout=LONGEST)
            try:
                state, wrong = judge(root)
            except subprocess.CalledProcessError as error:
                state, wrong = MIXED, f"git cannot read it: {error.stderr.strip()}"
            if done.returncode:
                wrong = "; ".join(filter(None, (wrong, f"the next command exits with {done.returncode}: {done.stderr.strip()[-300:]}")))
            if "Traceback" in said:
                wrong = "; ".join(filter(None, (wrong, f"a traceback: {said.strip()[-300:]}")))
            return struck, state, wrong
        finally:
            shutil.rmtree(root)
            shutil.rmtree(notes)


def main() -> int:
    """Make the trials, print what came of them, and give 1 when one left anything but all old or all new."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.calls", description=__doc__)
    parser.add_argument("--count", type=int, help="so many of the calls, by chance (default: all)")
    parser.add_argument("--fault", choices=(KILL, KILL_ALL, ENOSPC, EIO, FULL), action="append", help="only this (repeatable)")
    parser.add_argument("--scenario", choices=SCENARIOS, default="release")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=60, help="stop then (default: 60)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lockstep-calls-") as name:
        bench = Bench(Path(os.path.realpath(name)), options.scenario)
        points = [one for one in bench.points() if not options.fault or one.fault in options.fault]
        random.Random(options.seed).shuffle(points)
        came, wrong = Counter[tuple[str, str, str]](), []

        def attempt(pair: tuple[int, Point]) -> tuple[Point, tuple[bool, str, str]] | None:
            return None if time.monotonic() - begun > options.minutes * 60 else (pair[1], bench.trial(*pair))

        with ThreadPoolExecutor(options.jobs) as pool:
            for done in pool.map(attempt, enumerate(points[: options.count])):
                if done is None:
                    continue
                point, (struck, state, fault) = done
                if fault:
                    sys.stderr.write(f"{point}: {fault}\n")
                came[point.fault, "git" if point.run else "lockstep", state if struck else f"{state}, not reached"] += 1
                wrong += [f"{point}: {fault}"] if fault else []
    for (fault, whose, state), count in sorted(came.items()):
        sys.stdout.write(f"{fault:22} {whose:9} {count:6} {state}\n")
    spent = time.monotonic() - begun
    made = f"{options.scenario}: {sum(came.values())} of {len(points)} points in {len(FILES)} files"
    sys.stdout.write(f"{made}, seed {options.seed}, {spent:.0f} s, {len(wrong)} wrong\n")
    sys.stdout.writelines(f"{one}\n" for one in wrong[:50])
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
