"""The promise to whoever checks a pull request of a stranger: nothing of it runs, nothing is fetched, nothing is written, nothing outside is read.

Every command is watched with strace, and every trap has a canary; that the traps are real is tested with git itself.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lockstep.repository.git_plumbing import SAFE
from tests.conftest import Repo
from tests.hostile.repository import PLUMBING, SECRET, Hostile, build

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links, hooks and odd names as POSIX has them")

COMMANDS = (
    ("check",),
    ("check", "--staged"),
    ("check", "--ref", "HEAD", "--format", "github"),
    ("check", "--base", "v0.5.0", "--format", "json"),
    ("check", "--release", "--tag", "v0.6.0", "--format", "markdown"),
    ("diff",),
    ("diff", "--base", "v0.5.0", "--format", "sarif"),
    ("diff", "v0.4.0", "HEAD", "--format", "json"),
    ("diff", "--pushed"),
    ("surface",),
    ("audit", "workflow", "--no-zizmor"),
    ("audit", "workflow", "--ref", "HEAD", "--base", "v0.5.0"),
    ("gate", "tag", "v0.6.0"),
    ("show", "--sites"),
    ("changelog", "check"),
    ("changelog", "show", "unreleased"),
    ("bump", "minor", "--dry-run"),
    ("pr", "--dry-run", "--to", "minor"),
)
UNFILTERED = ("-c", "core.fsmonitor=false", "-c", "filter.evil.process=", "-c", "filter.evil.clean=cat", "-c", "filter.evil.required=false")
"""What a command needs to come as far as the other traps."""
SYSTEM_CALLS = (
    "execve,execveat,connect,bind,open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,"
    "symlinkat,chmod,fchmodat,truncate,mknod,mknodat"
)
_CALL = re.compile(r"^(?:\d+ +)?(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+|\?)(?: .*)?$")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_WRITES = re.compile(r"O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)")


@dataclass(frozen=True)
class Call:
    """A system call that succeeded, with the texts among its arguments."""

    name: str
    arguments: str
    texts: tuple[str, ...]


def strace() -> str:
    path = shutil.which("strace")
    if path is None:
        pytest.skip("strace is not installed")
    if subprocess.run([path, "-f", "-o", os.devnull, "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace may not trace here")
    return path


def environment(tmp_path: Path) -> dict[str, str]:
    path = os.pathsep.join(("", ".", os.environ["PATH"]))  # the folder at hand comes first, as on a careless machine
    return {**os.environ, "PATH": path, "LOCKSTEP_CACHE_DIR": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(tmp_path / "home")}


def watched(hostile: Hostile, tmp_path: Path, *args: str, actions: bool = False) -> tuple[list[Call], str]:
    """Run lockstep as its console script does, perhaps in GitHub Actions; give the calls, and what it printed."""
    log = tmp_path / "trace"
    code = "import sys; sys.path.remove(''); sys.argv[0] = 'lockstep'; from lockstep.cli import main; main()"
    done = subprocess.run(
        [strace(), "-f", "-qq", "-s", "8192", "-e", f"trace={SYSTEM_CALLS}", "-o", log, sys.executable, "-c", code, *args],
        cwd=hostile.repo.root,
        env={**environment(tmp_path), **({"GITHUB_ACTIONS": "true"} if actions else {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    out = done.stdout.decode(errors="surrogateescape")
    assert "Traceback" not in out, out
    assert done.returncode in (0, 1, 2, 3), out
    return list(calls(log.read_text(errors="surrogateescape"))), out


def calls(log: str) -> Iterator[Call]:
    """Read a trace; what another thread interrupted is joined again."""
    waiting: dict[str, str] = {}
    for line in log.splitlines():
        number, _, rest = line.partition(" ")
        rest = rest.strip()
        if rest.endswith("<unfinished ...>"):
            waiting[number] = rest.removesuffix("<unfinished ...>").rstrip()
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>(.*)", rest):
            rest = waiting.pop(number, "") + resumed[1]
        if (found := _CALL.match(rest)) and not found["result"].startswith("-"):
            yield Call(found["name"], found["arguments"], tuple(_TEXT.findall(found["arguments"])))


@pytest.fixture(scope="module")
def hostiles(built: Callable[[str], Repo], tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Hostile]:
    """Give the repository, and with True the partial clone of it."""
    return {promisor: build(built("promises"), tmp_path_factory.mktemp("hostile"), promisor=promisor) for promisor in (False, True)}


CASES = [*((False, args) for args in COMMANDS), *((True, args) for args in COMMANDS[::2])]


@pytest.mark.parametrize(("promisor", "args"), CASES, ids=[f"{'partial clone: ' if promisor else ''}{' '.join(args)}" for promisor, args in CASES])
def test_nothing_runs_nothing_is_fetched_nothing_is_written(args: tuple[str, ...], hostiles: dict[bool, Hostile], tmp_path: Path, *, promisor: bool) -> None:
    hostile = hostiles[promisor]
    before = hostile.repo.contents()
    actions = hostile.promisor
    made, out = watched(hostile, tmp_path, *args, actions=actions)
    assert_inert(out, actions=actions)
    assert hostile.heard() == []
    assert SECRET not in out
    assert hostile.repo.contents() == before

    first, *others = [one for one in made if one.name in ("execve", "execveat")]
    assert os.path.realpath(first.texts[0]) == os.path.realpath(sys.executable)
    for one in others:
        program, name, *arguments = one.texts
        assert os.path.realpath(program) == os.path.realpath(shutil.which("git") or ""), one
        assert name == program
        assert tuple(arguments[: len(SAFE)]) == SAFE, one
        assert arguments[len(SAFE)] in PLUMBING, one
        if arguments[len(SAFE)] == "diff-tree":
            assert {"--no-ext-diff", "--no-textconv"} <= set(arguments), one
    assert not [one for one in made if one.name in ("connect", "bind")]

    cache = str(tmp_path / "cache")
    for one in made:
        if one.name in ("open", "openat", "openat2", "creat"):
            assert not _WRITES.search(one.arguments) or one.texts[0].startswith(cache) or one.texts[0] == os.devnull, one
            assert not one.texts[0].startswith((str(hostile.outside), "/etc/passwd", "/dev/zero", "/proc/self/environ")), one
        elif one.name not in ("execve", "execveat"):
            assert all(text.startswith(cache) for text in one.texts), one


def assert_inert(out: str, *, actions: bool) -> None:
    """What is printed steers no terminal; in Actions only annotations are commands."""
    assert out.replace("\n", "").replace("\t", "").isprintable(), ascii(out)
    if actions:
        ours = re.compile(r"::(?:(?:error|warning|notice) (?:file|title)=|group::|endgroup::)")
        assert [line for line in out.splitlines() if line.lstrip().startswith("::") and not ours.match(line)] == []
        assert "##[" not in out


def test_replaced_and_grafted_commits_are_seen_as_they_are(built: Callable[[str], Repo], tmp_path: Path) -> None:
    hostile = build(built("promises"), tmp_path, promisor=False)
    _, out = watched(hostile, tmp_path, "show", "--ref", "HEAD", "--format", "json")
    assert '"odd"' in out, "a replaced commit would show the old files"
    _, out = watched(hostile, tmp_path, "diff", "--format", "json")
    assert '"ref": "v0.5.0"' in out or '"ref": "v0.6.0"' in out, "a graft would cut the history"


# ---- the traps are real


@pytest.mark.parametrize(
    ("command", "canary"),
    [
        (("git", "status"), "fsmonitor"),
        (("git", *UNFILTERED, "diff", "v0.4.0", "v0.5.0"), "diff-command"),
        (("git", *UNFILTERED, "diff", "--no-ext-diff", "v0.4.0", "v0.5.0"), "textconv"),
        (("git", "-c", "core.fsmonitor=false", "add", "--renormalize", "."), "process"),
        (("git", *UNFILTERED, "commit", "--allow-empty", "-m", "x"), "hook-pre-commit"),
        (("git", "fetch"), "remote"),
        (("sh", "-c", "PATH=.:$PATH; git rev-parse HEAD"), "program-git"),
        (("python3", "setup.py"), "python"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else one,
)
def test_a_trap_is_sprung_by_a_careless_command(command: tuple[str, ...], canary: str, built: Callable[[str], Repo], tmp_path: Path) -> None:
    hostile = build(built("promises"), tmp_path, promisor=False)
    subprocess.run(command, cwd=hostile.repo.root, capture_output=True, check=False, stdin=subprocess.DEVNULL, timeout=60)
    assert canary in hostile.heard()


def test_a_partial_clone_fetches_for_a_careless_reader(built: Callable[[str], Repo], tmp_path: Path) -> None:
    hostile = build(built("promises"), tmp_path, promisor=True)
    careless = {**os.environ, "GIT_NO_REPLACE_OBJECTS": "1"}
    subprocess.run(["git", "cat-file", "-p", "HEAD:CHANGELOG.md"], cwd=hostile.repo.root, env=careless, capture_output=True, check=False, timeout=60)
    assert hostile.heard(), "the missing object is fetched from the remote that the repository names"
