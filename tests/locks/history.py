"""`python -m tests.locks.history REPOSITORY...`: what lockstep says of the locks of real projects, commit by commit, against cargo online.

For each lock that cargo reads the oracle is `cargo metadata --locked`. What cargo cannot tell (it cannot fetch a git dependency, a submodule
is not there, it no longer takes a manifest) is counted apart, with cargo's last word. With `--mutations N` the manifests and the lock of the root are
changed N times as people change them. A stale lock of which lockstep says that it is not provable counts apart.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random

from lockstep.config import Config
from lockstep.errors import LockstepError
from lockstep.model import Level
from lockstep.project.project import discover
from lockstep.repository.git_trees import WorkTree
from lockstep.repository.repository import find
from lockstep.rules import judge

STALE = ("--locked was passed", "failed to parse lock file", "because --locked")


class Verdict(StrEnum):
    """What somebody says of a lock."""

    TRUE = "true"
    STALE = "stale"
    UNKNOWN = "unknown"
    UNPROVEN = "not provable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """One lock at one commit: what lockstep says and why, what cargo says and why."""

    commit: str
    path: str
    ours: Verdict
    said: tuple[str, ...]
    cargo: Verdict
    complaint: str

    @property
    def disagrees(self) -> bool:
        return Verdict.UNKNOWN not in (self.ours, self.cargo) and self.ours is not self.cargo and self.ours is not Verdict.UNPROVEN


class Checkout:
    """A scratch clone that walks through history, and a cargo with a home that all clones share."""

    def __init__(self, origin: Path, folder: Path, home: Path) -> None:
        self.origin, self.root = origin, folder
        program = shutil.which("cargo")
        assert program is not None
        self.program = program
        # What a repository's own configuration may name as the compiler is not run: these outrank it. Some write for nightly.
        calm = {
            "RUSTC": "rustc",
            "RUSTC_WRAPPER": "",
            "RUSTC_WORKSPACE_WRAPPER": "",
            "CARGO_TERM_COLOR": "never",
            "CARGO_TERM_PROGRESS_WHEN": "never",
            "RUSTC_BOOTSTRAP": "1",
        }
        self.env = {**os.environ, **calm, "CARGO_HOME": str(home), "GIT_TERMINAL_PROMPT": "0"}
        self._git("clone", "--quiet", "--shared", "--no-checkout", str(origin), str(folder), cwd=folder.parent)

    def _git(self, *args: str, cwd: Path | None = None) -> str:
        env = {**os.environ, "GIT_LFS_SKIP_SMUDGE": "1"}
        # A mirror may lack its largest files: what it has is checked out all the same.
        done = subprocess.run(["git", *args], cwd=cwd or self.root, capture_output=True, check=args[0] != "checkout", env=env)
        return done.stdout.decode(errors="replace")

    def commits(self, count: int) -> list[str]:
        """Give commits that touch a manifest or a lock of Cargo, spread evenly over the time in which there is a lock."""
        found = self._git("log", "--format=%H", "--", "*Cargo.toml", "*Cargo.lock", ":(exclude)**/tests/**").split()
        held = [one for one in found[:: max(1, len(found) // (count * 3))] if "Cargo.lock" in self._git("ls-tree", "-r", "--name-only", one)]
        return [held[i * len(held) // count] for i in range(count)] if len(held) > count else held

    def visit(self, commit: str) -> Iterator[Lock]:
        """Hold lockstep against cargo for every lock of a commit that lies beside a manifest."""
        self._git("checkout", "--quiet", "--force", "--detach", commit)
        self._git("clean", "-ffdxq")
        tracked = [path for path in self._git("ls-files", "-z").split("\0") if path]
        verdicts = self._lockstep()
        for path in tracked:
            if path.rpartition("/")[2] in ("rust-toolchain", "rust-toolchain.toml") and (self.root / path).is_file():
                (self.root / path).unlink()
        for path, (ours, said) in verdicts.items():
            verdict, complaint = self._cargo(path)
            yield Lock(commit=commit, path=path, ours=ours, said=said, cargo=verdict, complaint=complaint)

    def mutate(self, commit: str, number: int) -> Iterator[Lock]:
        """Change one thing in a manifest or in the lock of the root, and hold lockstep against cargo for that lock."""
        chance = Random(f"{commit} {number}")
        self._git("checkout", "--quiet", "--force", "--detach", commit)
        done = mutated(self.root, [one for one in self._git("ls-files", "-z", "*Cargo.toml").split("\0") if one], chance)
        if done and (found := self._lockstep().get("Cargo.lock")) is not None:
            for path in self._git("ls-files", "-z", "rust-toolchain*").split("\0"):
                (self.root / path).unlink() if path and (self.root / path).is_file() else None
            verdict, complaint = self._cargo("Cargo.lock")
            yield Lock(commit=f"{commit[:12]} {done}", path="Cargo.lock", ours=found[0], said=found[1], cargo=verdict, complaint=complaint)

    def _lockstep(self) -> dict[str, tuple[Verdict, tuple[str, ...]]]:
        try:
            project = discover(WorkTree(find(self.root)), Config())
        except LockstepError as error:
            return {"Cargo.lock": (Verdict.UNKNOWN, (str(error),))}
        findings = judge(project)
        verdicts = {}
        for lock in project.locks:
            mine = [one for one in findings if one.place.path == lock.path and one.rule.startswith("lock-")]
            if lock.path.rpartition("/")[2] == "Cargo.lock" and not any(one.rule == "lock-unread" for one in mine):
                errors = tuple(f"{one.place} {one.rule}: {one.message}" for one in mine if one.level is Level.ERROR)
                unproven = any(one.rule == "lock-not-provable" for one in mine)
                verdicts[lock.path] = (Verdict.STALE if errors else Verdict.UNPROVEN if unproven else Verdict.TRUE, errors)
        return verdicts

    def _cargo(self, lock: str) -> tuple[Verdict, str]:
        manifest = self.root / lock.replace("Cargo.lock", "Cargo.toml")
        if not manifest.exists():
            return Verdict.UNKNOWN, "no manifest beside the lock"
        # The lock is compared before anything is downloaded, and one platform needs fewer downloads than all.
        options = ["--locked", "--quiet", "--format-version=1", "--filter-platform=x86_64-unknown-linux-gnu", "--manifest-path", str(manifest)]
        try:
            done = subprocess.run([self.program, "metadata", *options], env=self.env, cwd=manifest.parent, capture_output=True, check=False, timeout=300)
        except subprocess.TimeoutExpired:
            return Verdict.UNKNOWN, "cargo took more than five minutes"
        complaint = done.stderr.decode(errors="replace")
        if done.returncode == 0:
            return Verdict.TRUE, ""
        if any(one in complaint for one in STALE):
            return Verdict.STALE, "needs to be updated"
        lines = [line.strip() for line in complaint.splitlines() if line.strip() and not line.startswith(("warning", "note"))]
        return Verdict.UNKNOWN, re.sub(r"\S*/(?=[^/\s]+/?)", "", " / ".join(lines[:1] + lines[-1:]))[:160]


_PLAIN = re.compile(r'^(?P<name>[a-zA-Z0-9_-]+) = "(?P<requirement>[0-9.]+)"$', re.MULTILINE)
_VERSION = re.compile(r'^version = "[0-9][^"]*"$', re.MULTILINE)
_ENTRY = re.compile(r'\[\[package\]\]\nname = "(?P<name>[^"]+)"\nversion = "(?P<version>[^"]+)"\nsource = "registry.*?(?=\n\[\[package\]\]|\Z)', re.DOTALL)


def mutated(root: Path, manifests: Sequence[str], chance: Random) -> str:
    """Change a manifest of the workspace, or its lock, by one edit that people make; say what was done, nothing where there was no place for it."""
    if not (root / "Cargo.lock").exists():
        return ""
    path = chance.choice(manifests)
    text, lock = (root / path).read_text(), (root / "Cargo.lock").read_text()
    plain, entries = list(_PLAIN.finditer(text)), list(_ENTRY.finditer(lock))
    way = chance.choice(("version", "removed", "raised", "eased", "no default", "feature", "added", "entry", "entry version", "reference"))
    match way:
        case "version" if (found := _VERSION.search(text)) is not None:
            text = text[: found.start()] + 'version = "99.1.0"' + text[found.end() :]
        case "removed" | "raised" | "eased" | "no default" | "feature" if plain:
            one = chance.choice(plain)
            new = {
                "removed": "",
                "raised": f'{one["name"]} = "9999.0.0"',
                "eased": f'{one["name"]} = ">={one["requirement"]}"',
                "no default": f'{one["name"]} = {{ version = "{one["requirement"]}", default-features = false }}',
                "feature": f'{one["name"]} = {{ version = "{one["requirement"]}", features = ["default"] }}',
            }[way]
            text, way = text[: one.start()] + new + text[one.end() :], f"{way} {one['name']}"
        case "added" if entries and "\n[dependencies]\n" in text:
            entry = chance.choice(entries)
            text, way = text.replace("\n[dependencies]\n", f'\n[dependencies]\n{entry["name"]} = "={entry["version"]}"\n', 1), f"added {entry['name']}"
        case "entry" | "entry version" | "reference" if entries:
            entry = chance.choice(entries)
            body = entry[0]
            if way == "entry version":
                body = body.replace(f'version = "{entry["version"]}"', f'version = "{entry["version"]}1"', 1)
            elif way == "reference":
                body = re.sub(r'\n "[^"]+",', "", body, count=1)
            else:
                body = ""
            (root / "Cargo.lock").write_text(lock[: entry.start()] + body + lock[entry.end() :])
            return f"{way} {entry['name']}" if body != entry[0] else ""
        case _:
            return ""
    (root / path).write_text(text)
    return f"{way} in {path}"


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.locks.history", description=__doc__)
    options.add_argument("repositories", nargs="+", type=Path, help="git repositories, with or without a work tree")
    options.add_argument("--commits", type=int, default=12)
    options.add_argument("--mutations", type=int, default=0)
    options.add_argument("--home", type=Path, required=True, help="the CARGO_HOME that the runs share")
    chosen = options.parse_args()
    wrong = 0
    for repository in chosen.repositories:
        with tempfile.TemporaryDirectory() as folder:
            checkout = Checkout(repository.resolve(), Path(folder) / "clone", chosen.home.resolve())
            commits = checkout.commits(chosen.commits)
            done = []
            for commit in commits:
                for lock in checkout.visit(commit):
                    done.append(lock)
                    _report(lock)
            for number in range(chosen.mutations if commits else 0):
                for lock in checkout.mutate(commits[number % len(commits)], number):
                    done.append(lock)
                    _report(lock)
        counts = Counter((one.ours, one.cargo) for one in done)
        differ = sum(one.disagrees for one in done)
        wrong += differ
        name = repository.parent.name if repository.name == "repo" else repository.name
        sys.stdout.write(
            f"{name}: {len(commits)} commits, {len(done)} locks; both true {counts[Verdict.TRUE, Verdict.TRUE]}, "
            f"both stale {counts[Verdict.STALE, Verdict.STALE]}, "
            f"not provable {counts[Verdict.UNPROVEN, Verdict.TRUE]} true and {counts[Verdict.UNPROVEN, Verdict.STALE]} stale, disagree {differ}, "
            f"undecided {sum(Verdict.UNKNOWN in (one.ours, one.cargo) for one in done)}\n"
        )
        sys.stdout.flush()
    return 1 if wrong else 0


def _report(one: Lock) -> None:
    if one.disagrees or Verdict.UNKNOWN in (one.ours, one.cargo) or one.ours is Verdict.STALE:
        mark = "DISAGREE" if one.disagrees else "stale" if one.ours is one.cargo else "undecided"
        sys.stdout.write(f"  {mark} {one.commit[:12]} {one.path}: lockstep {one.ours}, cargo {one.cargo} {one.complaint}\n")
        sys.stdout.write("".join(f"    {line}\n" for line in one.said[:5]))
        sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
