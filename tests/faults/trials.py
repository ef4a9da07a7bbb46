"""Runs `lockstep bump minor` with a fault, then the next command, and judges the tree.

The command runs once up to its write; there the process forks for every trial, so that a trial costs a write and not a discovery.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import stat
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from lockstep import cli
from lockstep.errors import LockstepError
from lockstep.writing import recovery, transaction
from tests.faults.inject import Fault, Injector, Ledger, Point

Snapshot = dict[str, tuple[int, bytes]]
Known = dict[str, tuple[tuple[int, ...], bytes]]
OLD, NEW, MIXED = "old", "new", "mixed"


@dataclass(frozen=True, slots=True)
class Trial:
    """What strikes the bump, one point after the other, and what strikes the command after it."""

    bump: tuple[Point, ...]
    recovery: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What a trial came to: the exit code (negative: the signal), the tree then and after the next command, and what is wrong with that."""

    code: int
    during: str
    after: str
    struck: int
    wrong: tuple[str, ...]


class _Over(BaseException):
    """All trials were made."""


class _Child(BaseException):
    """This process is the child of a trial, and goes on with the bump."""


def snapshot(root: Path, known: Known | None = None) -> Snapshot:
    """Give every file and link of a work tree with its mode and bytes, and every folder with its mode.

    What is `known` is not read again: a file changes its time of change (ctime) with its bytes, and nobody can set that back.
    """
    found: Snapshot = {}
    folders = [str(root)]
    known = {} if known is None else known
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.name == ".git":
                    continue
                name, status = entry.path[len(str(root)) + 1 :], entry.stat(follow_symlinks=False)
                mode, data = status.st_mode, b""
                if stat.S_ISLNK(mode):
                    data = os.fsencode(os.readlink(entry.path))
                elif stat.S_ISDIR(mode):
                    folders.append(entry.path)
                else:
                    identity = status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
                    seen, data = known.get(name, (None, b""))
                    if seen != identity:
                        data = Path(entry.path).read_bytes()
                        known[name] = identity, data
                found[name] = mode, data
    return found


class Bench:
    """A repository that is bumped again and again. `every` n-th trial is followed by the whole command `lockstep show`, others by its recovery alone."""

    def __init__(self, root: Path, *, every: int = 1) -> None:
        self.root = root
        self._known: Known = {}
        self.old = self._now = snapshot(root)
        self.new: Snapshot = {}
        self.calls: dict[str, int] = {}
        self.changed: frozenset[str] = frozenset()
        self._every = every
        self._ledger = Ledger()
        self._trials = 0
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the bench lives

    def run(self, trials: Callable[[Bench], None]) -> None:
        """Bump for real up to the write, and make all trials from there; their children come back through the rest of the command."""
        real = transaction.write

        def at_the_write(root: Path, git_dir: Path, changes: list[transaction.Change]) -> None:
            setattr(transaction, "write", real)  # noqa: B010 - mypy lets no function be assigned
            gc.freeze()  # a child that collects our garbage would copy all of our memory
            try:
                self._learn(root, git_dir, changes)
                trials(self)
            except _Child:
                return real(root, git_dir, changes)
            raise _Over

        setattr(transaction, "write", at_the_write)  # noqa: B010 - likewise
        with contextlib.suppress(_Over):
            self._end(lambda: self._command("bump", "minor"))

    def attempt(self, trial: Trial) -> Result:
        """Make one trial, judge it, and put the old tree back."""
        self._trials += 1
        code = self._fork(None, trial.bump)
        struck = self._ledger.hits
        during = self._tree()
        wrong = self._judge_bump(trial, code, during)
        if trial.recovery:
            if self._fork(self._recover, trial.recovery) == 1:
                wrong.append(f"the recovery ended in a traceback: {self._stderr()[-2000:]}")
            struck += self._ledger.hits
        whole = self._trials % self._every == 0
        if whole:
            if final := self._fork(self._show, ()):
                wrong.append(f"the next command exits with {final}: {self._stderr()[-2000:]}")
        else:
            self._recover()
        after = self._tree()
        if after == MIXED:
            wrong.append("the tree is neither the old nor the new one")
        if left := [name for name in os.listdir(self.root / ".git") if name.startswith("lockstep")]:
            wrong.append(f"left over in git's folder: {left}")
        if whole and after != MIXED:
            wrong += self._judge_status(after)
        self._restore()
        return Result(code=code, during=during, after=after, struck=struck, wrong=tuple(wrong))

    def _learn(self, root: Path, git_dir: Path, changes: list[transaction.Change]) -> None:
        self._where = root, git_dir
        code = self._fork(None, ())
        self.calls = self._ledger.calls
        self.new = self._now = snapshot(self.root)
        changed = frozenset(name for name in self.new if self.new[name] != self.old.get(name))
        if code or self.new.keys() != self.old.keys() or changed != {change.path for change in changes}:
            raise AssertionError(f"the bump without faults exits with {code} and changed {len(changed)} of {len(changes)} files: {self._stderr()}")
        if any(self.new[name][0] != self.old[name][0] for name in changed):
            raise AssertionError("the bump changed a mode")
        self.changed = changed
        self._restore()

    def _judge_bump(self, trial: Trial, code: int, during: str) -> list[str]:
        first, *more = trial.bump
        wrong = []
        if code not in (0, 2, 130, -signal.SIGKILL):
            wrong.append(f"exit code {code}: {self._stderr()[-2000:]}")
        if code == 0 and during != NEW:
            wrong.append(f"exit code 0, but the tree is {during}")
        if code in (2, 130) and during != OLD and first.fault is not Fault.DEAD and not more:
            wrong.append(f"exit code {code}, but the tree is {during}")
        if code != 130 and first.fault in (Fault.SIGINT, Fault.SIGTERM) and self._ledger.hits and not more:
            wrong.append(f"{first.fault}, but exit code {code}")
        return wrong

    def _judge_status(self, after: str) -> Iterator[str]:
        out = subprocess.run(["git", "status", "--porcelain", "-uall"], cwd=self.root, check=True, capture_output=True, text=True).stdout
        expected = {f" M {name}" for name in self.changed} if after == NEW else set()
        if set(out.splitlines()) != expected:
            yield f"git status does not show the {after} tree"

    def _recover(self) -> None:
        setattr(os, "fsync", lambda _: None)  # noqa: B010 - no trial needs it: see Injector
        recovery.recover(*self._where)

    def _show(self) -> None:
        self._command("show", "--quiet")

    def _command(self, *arguments: str) -> None:
        sys.argv = ["lockstep", *arguments, "--repo", str(self.root)]
        cli.main()

    def _fork(self, action: Callable[[], None] | None, points: Sequence[Point]) -> int:
        """Do it in a child, or go on with the bump there; give its exit code, negative for a signal."""
        self._ledger.clear()
        self._said.seek(0)
        self._said.truncate()
        child = os.fork()
        if child == 0:
            self._prepare(points)
            if action is None:
                raise _Child
            self._end(action)
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)

    def _prepare(self, points: Sequence[Point]) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.dup2(self._said.fileno(), 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115 - the process ends with it
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 - likewise
        Injector(points, self._ledger).arm()

    def _end(self, action: Callable[[], None]) -> NoReturn:
        """Do it, and end this process as the console script would."""
        code = 0
        try:
            action()
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 0
        except LockstepError as error:
            sys.stderr.write(f"{error}\n")
            code = 2
        except KeyboardInterrupt:
            code = 130
        except Exception:  # noqa: BLE001 - a bug, which must not run on in the parent's code
            traceback.print_exc()
            code = 1
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

    def _stderr(self) -> str:
        self._said.seek(0)
        return self._said.read().decode(errors="replace")

    def _tree(self) -> str:
        self._now = now = snapshot(self.root, self._known)
        return OLD if now == self.old else NEW if now == self.new else MIXED

    def _restore(self) -> None:
        """Put the old tree back, in place of the one that was seen last."""
        now = self._now
        for name in sorted(now.keys() - self.old.keys(), reverse=True):
            os.unlink(self.root / name)
        for name, (mode, data) in self.old.items():
            if now.get(name) != (mode, data):
                (self.root / name).write_bytes(data)
                (self.root / name).chmod(stat.S_IMODE(mode))
        for name in os.listdir(self.root / ".git"):
            if name.startswith("lockstep"):
                subprocess.run(["rm", "-rf", str(self.root / ".git" / name)], check=True)
