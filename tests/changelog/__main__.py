"""Try the changelogs of real repositories: `python -m tests.changelog REPOSITORY...`, each a folder with a work tree or a bare git directory.

Every changelog of a repository's HEAD is read, promoted and drafted in memory, and every section is shown; nothing is written. A table tells
what came of each, and the exit code is 1 when a law is broken.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.changelog.trials import trial

NAME = re.compile(r"(?:^|/)(?:change[-_]?log|changes|history|news|release[-_]?notes|releases)\.(?:md|markdown|rst)$", re.IGNORECASE)
SAMPLES = re.compile(r"(?:^|/)(?:node_modules|vendor|third[-_]party|fixtures?|tests?|testdata|examples?)/", re.IGNORECASE)
MOST = 8
"""Changelogs of one repository that are tried: monorepos keep hundreds in one style."""


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def git(folder: Path, *args: str) -> str:
    directory = folder / ".git" if (folder / ".git").exists() else folder
    done = subprocess.run(["git", f"--git-dir={directory}", *args], capture_output=True, check=True)
    return done.stdout.decode(errors="surrogateescape")


def changelogs(folder: Path) -> Iterator[tuple[str, str]]:
    """Give path and text of the changelogs that git tracks."""
    paths = [path for path in git(folder, "ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0") if NAME.search(path) and not SAMPLES.search(path)]
    for path in sorted(paths, key=lambda path: (path.count("/"), path))[:MOST]:
        yield path, git(folder, "show", f"HEAD:{path}")


def main(folders: list[str]) -> int:
    broken = tried = told = 0
    repositories = set()
    say(f"{'changelog':60} {'bytes':>7} {'heads':>6} {'dated':>5} {'marker':>6} {'draft':>5} {'s':>5}  promotion")
    for name in folders:
        folder = Path(name)
        label = folder.parent.name if folder.name == "repo" else folder.name
        for path, text in changelogs(folder):
            start = time.perf_counter()
            one = trial(path, text)
            seconds = time.perf_counter() - start
            tried += 1
            broken += bool(one.faults)
            told += one.sections
            if one.sections:
                repositories.add(label)
            shown = f"{label}/{path}"
            came = "; ".join(one.faults) or one.account
            say(f"{shown[-60:]:60} {one.size:7} {one.sections:6} {one.dated:5} {one.marker:>6} {one.lines:+5} {seconds:5.2f}  {came}")
    say(f"{tried} changelogs, {len(repositories)} repositories with releases in them, {told} sections shown, {broken} with a broken law")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
