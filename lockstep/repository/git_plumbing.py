"""git's plumbing commands, run so that no program of the repository runs.

Only these are called: `rev-parse`, `ls-files` with the file system monitor off, `ls-tree`, `cat-file`, `for-each-ref`, `rev-list`,
`merge-base`, `diff-tree`, `symbolic-ref`, `check-ref-format`, `var`; and by `lockstep.writing`, around a release, `diff-index`, `update-ref`,
`reset` of the index, `hash-object`. Objects that a partial clone lacks are never fetched. git itself is none of the repository's (`programs`), and
what it answers has a bound: a repository may list more files than there are atoms.
Source: gitsecurity(7), git-config(1) core.fsmonitor, git(1) GIT_NO_LAZY_FETCH and GIT_ALLOW_PROTOCOL, CVE-2023-40590.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterable
from threading import Thread, Timer
from typing import IO

from lockstep.errors import RepositoryError
from lockstep.pattern import pattern
from lockstep.repository import programs
from lockstep.repository.programs import StrPath
from lockstep.wording import ALL_OBJECTS

SAFE = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "advice.graftFileDeprecated=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "core.quotePath=false",
    "--no-pager",
)
LARGEST_ANSWER = 64 * 2**20
"""Bytes that git may answer: a listing of a million files."""
_LACKS = pattern(r"promisor remote|transport '\w+' not allowed|unable to read (?:tree|sha1 file)|lazy fetching|^(?:fatal: )?not a tree object$")
_OWNER = pattern(r"dubious ownership in repository at '(.*)'$")
_HELP = f"{ALL_OBJECTS} brings what a partial clone left out"
LONGEST = 300
"""Seconds that git may take for one answer."""


def environment(root: StrPath) -> dict[str, str]:
    """Give the environment for git's plumbing: no program of the repository at `root`, no prompt, no lock, English messages.

    Nothing is fetched, by no protocol where git is too old to know what GIT_NO_LAZY_FETCH means.
    """
    return {
        **os.environ,
        **absolute_places(),
        "PATH": programs.safe_path(root),
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }


def absolute_places() -> dict[str, str]:
    """Give the variables that say where a repository is as they are meant: from the folder in which lockstep was called, wherever git is run."""
    return {name: os.path.abspath(value) for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR") if (value := os.environ.get(name))}


class GitFailedError(RepositoryError):
    """git failed, and said why."""


class GitSaysNoError(GitFailedError):
    """git's answer is no (exit code 1, as git-rev-parse(1) --verify has it): a git that is killed, or finds the disk full, gives none."""


def program(root: StrPath) -> str:
    """Give the absolute path of git for work on the repository at `root`, none of whose own programs is run.

    Raises: RepositoryError when there is none.
    """
    found = programs.find("git", root)
    if found.path is None and found.refused:
        raise RepositoryError(f"git is found at {found.refused[0]} alone, which may be the repository's own", help="put the system's git on the PATH")
    if found.path is None:
        raise RepositoryError("git is not installed, or not on the PATH", help="install git 2.25 or newer")
    return found.path


def run(cwd: str, args: Iterable[str], *, index: str | None = None) -> bytes:
    """Run git on the repository that holds a folder, and give what it prints; with another `index` than the repository's, where one is named.

    Raises: GitFailedError with git's own words, RepositoryError when it gives no answer, or one without end.
    """
    root = programs.repository_of(cwd)
    command = (program(root), *SAFE, *args)
    moved = {} if index is None else {"GIT_INDEX_FILE": index}
    with subprocess.Popen(  # noqa: S603 - the program is git, the arguments are ours
        command, cwd=cwd, env=environment(root) | moved, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        said: list[bytes] = []
        stopped: list[None] = []

        def stop() -> None:
            stopped.append(None)
            process.kill()

        alarm, listener = Timer(LONGEST, stop), Thread(target=_drain, args=(process.stderr, said), daemon=True)
        alarm.daemon = True
        alarm.start()
        listener.start()
        try:
            assert process.stdout is not None
            out = process.stdout.read(LARGEST_ANSWER + 1)
            if len(out) <= LARGEST_ANSWER:
                process.wait()
        finally:
            alarm.cancel()
            process.kill()
            listener.join()
    name = next(word for word in command[len(SAFE) + 1 :] if not word.startswith("-"))
    if len(out) > LARGEST_ANSWER:
        raise RepositoryError(
            f"git {name} answers with more than {LARGEST_ANSWER // 2**20} MiB; no more is read",
            help="a repository of that many files was made to stop those who read it",
        )
    if stopped:
        raise RepositoryError(f"git {name} gave no answer in {LONGEST} seconds", help="git fsck tells what is wrong with the repository")
    if process.returncode < 0:
        raise RepositoryError(f"git {name} was killed by signal {-process.returncode}", help="run the command again")
    if process.returncode:
        lines = b"".join(said).decode(errors="replace").strip().splitlines()
        words = next((line for line in lines if line.startswith("fatal: ")), next((line for line in lines if not line.startswith(("hint:", "warning:"))), ""))
        kind = GitSaysNoError if process.returncode == 1 else GitFailedError
        raise kind(words.removeprefix("fatal: ") or f"git {name} failed", help=_next_step(lines))
    return out


def _next_step(lines: list[str]) -> str:
    """Give what mends that of which git's words tell."""
    if any(map(_LACKS.search, lines)):
        return _HELP
    found = next(filter(None, map(_OWNER.search, lines)), None)
    return f"if you trust whoever owns it: git config --global --add safe.directory {shlex.quote(found[1])}" if found else ""


def _drain(source: IO[bytes], said: list[bytes]) -> None:
    """Keep the first words of what git says; take the rest, so that it does not wait."""
    said.append(source.read(4096))
    while source.read(2**16):
        pass
