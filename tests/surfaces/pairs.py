"""Pairs of trees in one text file, with what a comparison must find between them.

The format is txtar (https://pkg.go.dev/golang.org/x/tools/txtar): a comment, then files under `-- before/PATH --`, `-- after/PATH --` and
`-- both/PATH --`, and what cargo-semver-checks printed about the two (`-- said/stdout --`, `-- said/stderr --`), with its lints (`-- said/lints --`).
Each line `want: RULE | SYMBOL | PLACE | STEP [| CONFIDENCE]` of the comment is one finding; a pair without any is silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from lockstep.comparison.second_opinion import SecondOpinion
from lockstep.config.reading import load
from lockstep.evidence.semver_checks import Roots, read, steps
from lockstep.model import Finding, Place
from lockstep.project.project import discover
from lockstep.rules import judge_surfaces
from lockstep.rules.compat import Comparison
from lockstep.surface import Surface
from lockstep.tree import MemoryTree
from lockstep.versions.version import Version

FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "compat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two trees, and what is to be found between them."""

    name: str
    before: MemoryTree
    after: MemoryTree
    wanted: tuple[str, ...]
    opinion: SecondOpinion | None = None


def pair(path: Path) -> Pair:
    """Read one file."""
    parts = re.split(r"^-- (before|after|both|said)/(\S+) --\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    trees: dict[str, dict[str, str]] = {"before": {}, "after": {}, "said": {}}
    for side, name, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        for one in ("before", "after") if side == "both" else (side,):
            trees[one][name] = text
    wanted = tuple(sorted(re.findall(r"^want: (.*)$", parts[0], re.MULTILINE)))
    before, after = MemoryTree(trees["before"]), MemoryTree(trees["after"])
    return Pair(name=path.stem, before=before, after=after, wanted=wanted, opinion=_second_opinion(**trees["said"]) if trees["said"] else None)


def _second_opinion(stdout: str, stderr: str, lints: str) -> SecondOpinion:
    said = read(stdout, stderr, Roots(base=Path("/base"), head=Path("/head"), target=Path("/target")), steps(lints))
    assert said is not None
    return SecondOpinion(package="", place=Place(path="Cargo.toml"), lints=said)


def pairs(family: str) -> tuple[Path, ...]:
    """Give the pairs of a family, by name."""
    return tuple(sorted((FIXTURES / family).glob("*.txtar")))


def surfaces(tree: MemoryTree, *readers: str) -> dict[tuple[str, str], Surface]:
    """Read the surfaces of a tree by surface and package."""
    packages = discover(tree, load(tree)).packages
    return {(one.surface, one.package): one for reader in readers for one in import_module(f"lockstep.surfaces.{reader}").read(tree, packages)}


def compare(one: Pair, *readers: str) -> list[Finding]:
    """Compare what is there on both sides; every package is at the version that it has before."""
    version = next((package.version for package in discover(one.before, load(one.before)).packages if package.version), Version.read("0.1.0"))
    base, head = surfaces(one.before, *readers), surfaces(one.after, *readers)
    comparisons = [Comparison(base=base[key], head=head[key], version=version, opinion=one.opinion) for key in base if key in head]
    return [found for comparison in comparisons for found in judge_surfaces(comparison)]


def lines(findings: list[Finding]) -> Iterator[str]:
    """Write findings as labels are written."""
    for one in findings:
        place = f"{one.place.path}:{one.place.line}"
        step = one.requires.value if one.requires else "none"
        yield " | ".join((one.rule, one.symbol or "", place, step, *([] if one.confidence == "certain" else [one.confidence.value])))
