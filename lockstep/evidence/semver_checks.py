"""What cargo-semver-checks finds between two folders with the same crates. It builds both: code of the repository runs.

Source: https://github.com/obi1kenobi/cargo-semver-checks; it has no output for programs, so what it prints for people is read, and counts only where
it is whole.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from lockstep.comparison.second_opinion import LintResult, SecondOpinion
from lockstep.dataclass import dataclass
from lockstep.evidence.running import OF_A_REPOSITORY, Done, run
from lockstep.model import Package, Place, Requires
from lockstep.pattern import pattern
from lockstep.repository import programs

SECONDS = 30 * 60
"""How long it may build and check one crate."""
OF_ITS_WORDS = ("CARGO_TERM_", "CARGO_LOG", "RUST_LOG")
"""What begins so changes how it and cargo say things: how much, in colour, with a progress bar."""
ABSENT = "is not installed: cargo install cargo-semver-checks --locked"
REFUSED = "lies in the repository, at {}, and is not run: cargo install cargo-semver-checks --locked"
FINE, FAILED = 0, 100
"""What it leaves with where it could check; anything else is an error."""
BY_DEFAULT = "the crate's default features alone: with all of them it cannot be built"

_KIND = pattern(r"^(\w+)\s+(major|minor)\s", re.MULTILINE)
_SECTION = pattern(r"^--- (failure|warning) (\w+): (.*) ---$", re.MULTILINE)
_CHECKED = pattern(r"^ +Checked \[ *[\d.]+s\] (\d+) checks: (\d+) pass(?:, (\d+) fail, (\d+) warn)?, (\d+) skip$", re.MULTILINE)
_ERROR = pattern(r"^error(?:\[\w+\])?: (.*)$", re.MULTILINE)
_CAUSE = pattern(r"^Caused by:\n\s+(.*)$", re.MULTILINE)
_BUILD = pattern(r"^error: failed to build rustdoc for crate (\S+ \S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roots:
    """The two folders to compare, and one for what is built."""

    base: Path
    head: Path
    target: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """An installed cargo-semver-checks: its version, and which step each of its lints asks for."""

    path: str
    version: str
    kinds: Mapping[str, Requires]
    environment: Mapping[str, str]
    """What it gets in place of ours: a PATH that names nothing of the repository."""

    @classmethod
    def find(cls, root: programs.StrPath) -> Program | str:
        """Find it on the PATH, or say why there is none: one that lies in the repository is not run, nor one that does not run at all."""
        found = programs.find("cargo-semver-checks", root)
        if found.path is None:
            return REFUSED.format(found.refused[0]) if found.refused else ABSENT
        environment = {"PATH": programs.safe_path(root)}
        said = [_run([found.path, "semver-checks", option], Path(os.sep), environment, 60) for option in ("--version", "--list")]
        if any(one is None or one.code for one in said):
            return ABSENT
        version, kinds = (one.out if one is not None else "" for one in said)
        return cls(path=found.path, version=version.split()[-1] if version.split() else "", kinds=steps(kinds), environment=environment)

    def ask(self, before: Package, after: Package, roots: Roots) -> SecondOpinion:
        """Ask about one crate."""
        place = Place(path=after.manifest)
        stated = [path for path in (roots.head / after.manifest, roots.head / "Cargo.toml") if path.is_file()]
        whole = not any(b"cargo-semver-checks" in path.read_bytes() for path in stated)
        failed = ""
        for limits, options in (("", ()), (BY_DEFAULT, ("--default-features",))):
            said, why = self._ask(before, after, roots, options)
            if said is not None:
                return SecondOpinion(package=after.name, place=place, version=self.version, lints=said, limits=limits, whole=whole)
            failed = failed or why
            if not why.startswith(_CANNOT_BUILD):
                break
        return SecondOpinion(package=after.name, place=place, version=self.version, why=failed)

    def _ask(self, before: Package, after: Package, roots: Roots, options: Sequence[str]) -> tuple[tuple[LintResult, ...] | None, str]:
        arguments = ["--manifest-path", str(roots.head / after.manifest), "--baseline-root", str(roots.base / before.root)]
        command = [self.path, "semver-checks", *arguments, "--release-type", "patch", "--color", "never", *options]
        settings = {"CARGO_TARGET_DIR": str(roots.target), "CARGO_TERM_COLOR": "never", "RUST_BACKTRACE": "0"}
        done = _run(command, roots.head, {**self.environment, **settings}, SECONDS)
        if done is None:
            return None, f"gave no answer in {SECONDS // 60} minutes"
        if done.code not in (FINE, FAILED):
            return None, _reason(done, roots)
        said = read(done.out, done.err, roots, self.kinds)
        return said, "" if said is not None else "gave an answer that cannot be read"


_CANNOT_BUILD = "cannot build"


def _run(command: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float) -> Done | None:
    """Run a program without what would lead it to this repository, or change its words; None when it takes too long."""
    ours = {name: value for name, value in os.environ.items() if name not in OF_A_REPOSITORY and not name.startswith(OF_ITS_WORDS)}
    return run(command, folder, {**ours, **environment}, seconds)


def steps(listed: str) -> dict[str, Requires]:
    """Read the list of its lints: which step each asks for."""
    return {name: Requires(kind) for name, kind in _KIND.findall(listed)}


def _reason(done: Done, roots: Roots) -> str:
    """Say in one line why it could not check."""
    if (built := _BUILD.search(done.err)) is not None:
        first = next((text for text in _ERROR.findall(done.err) if not text.startswith(("running cargo-doc", "failed to", "could not", "aborting"))), "")
        return f"{_CANNOT_BUILD} {built[1]}{f': {first}' if first else ''}"[:300]
    cause = _CAUSE.search(done.err)
    errors = [text for text in _ERROR.findall(done.err) if text]
    said = cause[1] if cause is not None else errors[-1] if errors else f"it ended with code {done.code}"
    for name, root in (("the older", roots.base), ("the newer", roots.head)):
        said = said.replace(str(root), f"{name} tree")
    return f"could not check: {said}"[:300]


def read(out: str, err: str, roots: Roots, kinds: Mapping[str, Requires]) -> tuple[LintResult, ...] | None:
    """Read a whole answer; None where it is not one: every check that failed must have its section, and every section what it found.

    What it says of features is left out: manifests are read by another reader. So is what it only warns of.
    """
    checked = _CHECKED.findall(err)
    parts = _SECTION.split(out)
    sections = list(zip(parts[1::4], parts[2::4], parts[3::4], parts[4::4], strict=True))
    if len(checked) != 1:
        return None
    for word, count in (("failure", checked[0][2]), ("warning", checked[0][3])):
        if sum(kind == word for kind, *_ in sections) != int(count or 0):
            return None
    found: list[LintResult] = []
    for kind, lint, title, body in sections:
        lines = [line.strip() for line in body.partition("\nFailed in:\n")[2].partition("\n\n")[0].splitlines() if line.startswith("  ")]
        if not lines:
            return None
        if kind == "failure" and not lint.startswith("feature_"):
            found += (_lint_result(lint, title, line, roots, kinds.get(lint, Requires.MAJOR)) for line in lines)
    return tuple(dict.fromkeys(found))


def _lint_result(lint: str, title: str, line: str, roots: Roots, step: Requires) -> LintResult:
    either = "|".join(re.escape(str(root)) for root in (roots.base, roots.head))
    places = re.findall(rf"({either})/(.+?):(\d+)(?=$|[\s,)\]])", line)
    text = re.sub(rf",?\s*(?:previously\s+)?(?:\b(?:in|at)\s+)?(?:file\s+)?(?:{either})/.+?:\d+(?=$|[\s,)\]])", "", line)
    text = re.sub(r",?\s*(?:previously\s+)?(?:\b(?:in|at)\s+)?(?:file\s+)?/\S+:\d+$", "", text)  # of another crate
    if not places:
        return LintResult(lint=lint, title=title, text=text, requires=step)
    root, path, number = places[-1]
    return LintResult(lint=lint, title=title, text=text, requires=step, place=Place(path=path, line=int(number)), before=root == str(roots.base))
