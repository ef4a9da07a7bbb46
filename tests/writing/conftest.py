"""A repository that is written into, and the ways to stop the write."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lockstep.writing import lock, transaction
from lockstep.writing.transaction import Change
from tests.faults.inject import Fault, Injector, Ledger, Point
from tests.faults.trials import snapshot

NAMES = ("Cargo.lock", "Cargo.toml", "crates/a/Cargo.toml", "crates/b/Cargo.toml")
posix = pytest.mark.skipif(sys.platform == "win32", reason="forks, or means modes and owners")
as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="gives files away")
not_as_root = pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="nothing is read-only for root")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    for name in NAMES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(old(name))
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "init")
    return root


@pytest.fixture
def git_dir(root: Path) -> Path:
    return root / ".git"


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout


def old(name: str) -> bytes:
    return b'\xef\xbb\xbf# %s\r\nversion = "1.0.0"' % name.encode()


def new(name: str) -> bytes:
    return old(name).replace(b"1.0.0", b"1.1.0")


def changes(*names: str) -> list[Change]:
    return [Change(path=name, old=old(name), new=new(name)) for name in names or NAMES]


def leftovers(root: Path, git_dir: Path) -> list[str]:
    return sorted([name for name in snapshot(root) if ".lockstep-" in name] + [name for name in os.listdir(git_dir) if name.startswith("lockstep")])


def killed(root: Path, git_dir: Path, call: str, number: int, fault: Fault = Fault.KILL) -> bool:
    """Write in a child that dies at a call; say whether it came so far."""
    child = os.fork()
    if child == 0:
        Injector([Point(call, number, fault)], Ledger()).arm()
        transaction.write(root, git_dir, changes())
        os._exit(0)
    return bool(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL)


def half_written(root: Path, git_dir: Path) -> None:
    """Leave what a kill leaves that comes when two files of four are renamed."""
    assert killed(root, git_dir, "replace", 4)  # the first is the journal's
    assert [(root / name).read_bytes() for name in NAMES] == [new(NAMES[0]), new(NAMES[1]), old(NAMES[2]), old(NAMES[3])]


@pytest.fixture
def _unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a test writes a thousand times and cuts no power."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@contextmanager
def locked(git_dir: Path) -> Iterator[None]:
    """Be another lockstep that writes."""
    with lock.locked(git_dir, patience=0):
        yield


@contextmanager
def instead(monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[..., object]) -> Iterator[None]:
    """Call `act(real, *args)` in place of a function of os."""
    real = getattr(os, name)
    with monkeypatch.context() as patched:
        patched.setattr(os, name, lambda *args, **kwargs: act(lambda: real(*args, **kwargs), *args))
        yield


def fail(code: int) -> Callable[..., object]:
    def act(_real: Callable[[], object], *_args: object) -> object:
        raise OSError(code, os.strerror(code))

    return act
