"""lockstep against cargo, workspace by workspace: would `--locked` fail, and is the lock that lockstep mends the one cargo writes?"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from lockstep.config import Config
from lockstep.errors import LockstepError
from lockstep.model import Edit, Finding, Level
from lockstep.plans.bump import plan_bump, plan_fix
from lockstep.plans.relock import relock, without_ambiguous_locks
from lockstep.project.project import Project, discover
from lockstep.rules import judge
from lockstep.tree import MemoryTree, Overlay
from lockstep.versions.version import Version
from tests.locks.shelf import CRATES, stock
from tests.locks.workspaces import CHANGES, DAMAGES, world

Files = dict[str, str]
UNRESOLVABLE = ("failed to select a version", "no matching package for override", "cyclic package dependency")
"""What cargo says where no lock can satisfy the manifests."""
FIX = "lockstep check --fix"


@dataclass(frozen=True)
class Trial:
    """One mutated workspace: what was done, whether cargo and lockstep agree about each lock, and every disagreement."""

    name: str
    compared: int
    fixed: int
    bumped: int
    faults: tuple[str, ...]
    refused: int = 0


class Cargo:
    """The real one, offline, with a home of its own that has the shelf for a registry."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("cargo")
        assert program is not None
        self.program = program
        self.root = folder / "repository"
        stock(folder / "home")
        self.env = {**os.environ, "CARGO_HOME": str(folder / "home"), "CARGO_TERM_COLOR": "never", "RUSTUP_AUTO_INSTALL": "0"}

    def write(self, files: Files) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        for path, text in files.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())

    def run(self, lock: str, *args: str) -> str | None:
        """Give what cargo complains of, None when it is content."""
        manifest = self.root / lock.replace("Cargo.lock", "Cargo.toml")
        done = subprocess.run(
            [self.program, *args, "--offline", "--quiet", "--manifest-path", str(manifest)],
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            cwd=manifest.parent,
        )
        return None if done.returncode == 0 else done.stderr

    def refuses(self, lock: str) -> str | None:
        return self.run(lock, "metadata", "--locked", "--format-version=1")

    def read(self, lock: str) -> str:
        return (self.root / lock).read_bytes().decode()


def settle(tree: MemoryTree, before: Project, edits: tuple[Edit, ...]) -> Files:
    """Do what `check --fix` and `bump` do, in memory."""
    after = discover(Overlay(tree, without_ambiguous_locks(before, edits)), Config())
    return Overlay(tree, relock(before, after, edits)).texts


def trial(number: int, seed: int, cargo: Cargo) -> Trial | None:
    """Make one workspace, change it, and hold lockstep against cargo; None where the change cannot happen or cargo refuses it without a lock."""
    random = Random(f"{seed}/{number}")
    made = world(random)
    files = made.files()
    cargo.write(files)
    locks = made.locks()
    for lock in locks:
        if (complaint := cargo.run(lock, "generate-lockfile")) is not None:
            if made.wishes() and any(one in complaint for one in UNRESOLVABLE):
                return None  # two requirements that nothing on the shelf meets
            raise AssertionError(f"{seed}/{number}: the generator made what cargo refuses: {complaint}")
    written = {lock: cargo.read(lock) for lock in locks}
    change = random.choice(CHANGES)
    changed = change(made, random)
    if changed is None:
        return None
    name = f"{seed}/{number} {change.__name__}"
    after = {**changed.files(), **written}
    if random.random() < 0.5:
        damage = random.choice(DAMAGES)
        victim = random.choice(locks)
        after[victim] = damage(after[victim], random)
        name += f" {damage.__name__}"
    cargo.write(after)
    return _compare(name, after, [lock for lock in locks if lock in changed.locks()], cargo, random)


def _compare(name: str, files: Files, locks: list[str], cargo: Cargo, random: Random) -> Trial:
    tree = MemoryTree(files)
    complaints = {lock: cargo.refuses(lock) for lock in locks}
    faults: list[str] = []
    try:
        project = discover(tree, Config())
    except LockstepError as error:
        noted = [str(error), *getattr(error, "__notes__", ())]
        faults += [
            f"{name}: {lock}: lockstep cannot read it, cargo can: {noted}"
            for lock in locks
            if complaints[lock] is None and any(one.startswith(lock) for one in noted)
        ]
        faults += [f"{name}: no lock is refused, but {noted}" for _ in (1,) if not any(complaints.values())]
        return Trial(name, len(locks), 0, 0, tuple(faults), sum(map(bool, complaints.values())))
    findings = judge(project)
    for lock in locks:
        mine = [one for one in findings if one.place.path == lock and one.level is Level.ERROR]
        complaint = complaints[lock]
        unresolvable = complaint is not None and any(one in complaint for one in UNRESOLVABLE)
        if complaint is None and mine:
            faults.append(f"{name}: {lock}: cargo takes it, lockstep says {[_line(one) for one in mine]}")
        if complaint is not None and not mine and not (unresolvable and any(one.level is Level.ERROR for one in findings)):
            faults.append(f"{name}: {lock}: lockstep takes it, cargo says {complaint}")
    if any(one.rule == "lock-malformed" for one in findings):
        return Trial(name, len(locks), 0, 0, tuple(faults), sum(map(bool, complaints.values())))
    fixed = bumped = 0
    mended = {**files, **settle(tree, project, plan_fix(project))}
    again = _held(f"{name}: after check --fix", mended, locks, cargo)
    if again is not None:
        faults += again
        fixed = 1
    if again is not None and (group := next(iter(discover(MemoryTree(mended), Config()).groups), None)) is not None and group.version is not None:
        project = discover(MemoryTree(mended), Config())
        new = Version.read(random.choice(["0.2.0", "0.10.0", "3.0.0", "1.0.0-rc.2"]))
        # A crate in the place of a registry's must stay at what registries ask for.
        if new != group.version and not any(package.name in CRATES for package in group.packages):
            bump = {**mended, **settle(MemoryTree(mended), project, plan_bump(project, project.groups[0], new).edits)}
            twins = any(one.rule == "lock-malformed" for one in judge(discover(MemoryTree(bump), Config())))  # such a bump is refused
            more = None if twins else _held(f"{name}: after bump {group.version} -> {new}", bump, locks, cargo)
            if more is not None:
                faults += more
                bumped = 1
    return Trial(name, len(locks), fixed, bumped, tuple(faults), sum(map(bool, complaints.values())))


def _line(one: Finding) -> str:
    return f"{one.place} {one.rule}: {one.message}"


def _held(name: str, files: Files, locks: list[str], cargo: Cargo) -> list[str] | None:
    """Say what is wrong with mended locks; None where the manifests need something that no lock can give."""
    cargo.write(files)
    found = []
    findings = [one for one in judge(discover(MemoryTree(files), Config())) if one.level is Level.ERROR]
    for lock in locks:
        complaint = cargo.refuses(lock)
        if complaint is not None and any(one in complaint for one in (*UNRESOLVABLE, "package collision in the lockfile", "failed to load manifest for")):
            return None
        mine = [one for one in findings if one.place.path == lock]
        if complaint is not None and mine and not any(FIX in one.help for one in mine):
            continue  # only a resolver can give what is missing, and lockstep names the command
        if complaint is not None or mine:
            found.append(f"{name}: {lock}: cargo says {complaint}, lockstep says {[_line(one) for one in mine]}")
            continue
        before = cargo.read(lock)
        complaint = cargo.run(lock, "update", "--workspace")
        if complaint is not None or cargo.read(lock) != before:
            found.append(f"{name}: {lock}: cargo update -w changes it {complaint or ''}\n--- mended\n{before}--- cargo's\n{cargo.read(lock)}")
    return found


def trials(seed: int, count: int, folder: Path) -> Iterator[Trial]:
    """Give `count` trials, in order: the same seed gives the same trials."""
    cargo = Cargo(folder)
    number = given = 0
    while given < count:
        done = trial(number, seed, cargo)
        number += 1
        if done is not None:
            given += 1
            yield done
