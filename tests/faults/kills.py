"""Kills `lockstep bump --tag` at random moments, with the real git and slow hooks, and runs the next command: `python -m tests.faults.kills --help`.

Killed is lockstep alone, while git goes on; all of them at once; or git alone, while lockstep goes on.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

LOCKSTEP = (sys.executable, "-c", "from lockstep.cli import main; main()")
WAYS = ("lockstep", "all", "git")
FILES = {
    "Cargo.toml": '[package]\nname = "spam"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/lib.rs": "pub fn f() {}\n",
    "pyproject.toml": '[project]\nname = "spam"\nversion = "0.1.0"\n',
    "notes.txt": "notes\n",
}
SLOW = "#!/bin/sh\nsleep {:.2f}\n"
MIXED = "mixed"


def build(root: Path, slow: float) -> None:
    """Make a repository of one release whose hooks take their time, with a staged change of the user's own."""
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    git(root, "init", "-q", "-b", "main", "--template=")
    git(root, "config", "user.name", "a")
    git(root, "config", "user.email", "a@example.org")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "one")
    git(root, "tag", "v0.1.0")
    (root / "notes.txt").write_text("mine\n")
    git(root, "add", "notes.txt")
    (root / ".git/hooks").mkdir(exist_ok=True)
    for name in ("pre-commit", "post-commit", "reference-transaction"):
        hook = root / ".git/hooks" / name
        hook.write_text(SLOW.format(slow / 8 if name == "reference-transaction" else slow))
        hook.chmod(0o755)


def git(root: Path, *arguments: str) -> str:
    """Ask git."""
    return subprocess.run(("git", *arguments), cwd=root, capture_output=True, text=True, check=True).stdout


def strike(root: Path, way: str, after: float | None) -> float:
    """Bump and tag, and kill some seconds after the journal is there, or never; give the seconds that it lived from there."""
    with subprocess.Popen(
        (*LOCKSTEP, "bump", "minor", "--tag"), cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        while process.poll() is None and not (root / ".git/lockstep-journal.json").exists():
            time.sleep(0.002)
        begun = time.monotonic()
        with suppress(subprocess.TimeoutExpired):
            process.wait(after)
        if process.returncode is not None:
            return time.monotonic() - begun
        if way == "git":
            for child in children(process.pid):
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
        elif way == "all":
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
        return time.monotonic() - begun


def children(process: int) -> list[int]:
    """Give the processes that a process has started."""
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return []


def judge(root: Path) -> tuple[str, str]:
    """Say whether files, HEAD, tag and index are old or new, all of them; and what is wrong."""
    wrong = []
    tree = {"0.2.0" in (root / name).read_text() for name in ("Cargo.toml", "pyproject.toml")}
    head = {"0.2.0" in git(root, "show", f"HEAD:{name}") for name in ("Cargo.toml", "pyproject.toml")}
    tag = "v0.2.0" in git(root, "tag").split()
    if not tree == head == {tag}:
        wrong.append(f"new: files {tree}, HEAD {head}, tag {tag}")
    elif tag and git(root, "rev-parse", "v0.2.0^{commit}", "HEAD").split()[0] != git(root, "rev-parse", "HEAD").strip():
        wrong.append("the tag is elsewhere")
    if (status := git(root, "status", "--porcelain")) != "M  notes.txt\n":
        wrong.append(f"git status: {status!r}")
    if left := [str(one.relative_to(root)) for one in (root / ".git").rglob("*") if one.name.startswith("lockstep") or one.suffix == ".lock"]:
        wrong.append(f"left over: {left}")
    return (MIXED if wrong else "new" if tag else "old"), "; ".join(wrong)


def trial(folder: Path, template: Path, way: str, after: float) -> tuple[str, str, int]:
    """Strike once, run the next command, and judge; give the exit code of that command too."""
    root = folder / "trial"
    shutil.copytree(template, root, symlinks=True)
    try:
        strike(root, way, after)
        done = subprocess.run((*LOCKSTEP, "check"), cwd=root, capture_output=True, text=True, check=False)
        state, wrong = judge(root)
        if done.returncode:
            wrong = "; ".join(filter(None, (wrong, f"the next command exits with {done.returncode}: {done.stderr.strip()}")))
        return state, wrong, done.returncode
    finally:
        shutil.rmtree(root)


def main() -> int:
    """Make the trials, print what came of them, and give 1 when one left anything but all old or all new."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--slow", type=float, default=0.2, help="seconds that each hook takes (default: 0.2)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--way", choices=WAYS, action="append")
    options = parser.parse_args()
    chance, came, wrong = random.Random(options.seed), Counter[tuple[str, str]](), []
    with tempfile.TemporaryDirectory(prefix="lockstep-kills-") as name:
        folder, template = Path(name), Path(name, "template")
        template.mkdir()
        build(template, options.slow)
        shutil.copytree(template, folder / "whole", symlinks=True)
        whole = strike(folder / "whole", "lockstep", None)
        for number in range(options.kills):
            way, after = (options.way or WAYS)[number % len(options.way or WAYS)], chance.uniform(0, whole)
            state, fault, _ = trial(folder, template, way, after)
            came[way, state] += 1
            if fault:
                wrong.append(f"{way} killed after {after:.3f} of {whole:.3f} s: {fault}")
    for (way, state), count in sorted(came.items()):
        sys.stdout.write(f"{way} killed: {count} {state}\n")
    sys.stdout.write(f"{options.kills} kills in {whole:.2f} s, {len(wrong)} wrong\n" + "".join(f"{one}\n" for one in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
