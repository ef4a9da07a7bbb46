"""Wheels for a platform were removed.

## What it does
Compares the classifiers `Operating System :: ...`, which are declarations, and, for a person to look at, the targets of the jobs that build
with maturin, and what cibuildwheel is told to build and to skip.

## Why
pip finds no wheel there and tries to compile; where no compiler is, the installation fails.

## Example
```
.github/workflows/release.yml:404 platform-lost: no job builds for linux aarch64 any more
```

## Source
https://pypi.org/classifiers/ and https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.errors import VersionError
from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind
from lockstep.versions.ranges import disjoint, python

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.ENVIRONMENT
SURFACES = ("python-manifest",)


_PYTHON = pattern(r"[cp]p3([0-9]{1,3})t?(?![0-9])")
_WORDS = {"all", "auto", "auto32", "auto64", "native"}
_NATIVE = {"auto", "auto64", "native"}
"""Words of cibuildwheel for what the machine is, whatever that is."""
_ALL = "platforms.classifiers.OS Independent"


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for platforms that were removed, and for skips that are new."""
    seen = {"classifier", "arch", "skip"}
    if not any("unseen" in one.traits for one in comparison.head.items.values()):
        seen.add("built")  # else it may have moved to where it cannot be seen
    lost = [item for item in comparison.removed() if "skip" not in item.traits and not ("classifier" in item.traits and _ALL in comparison.head.items)]
    lost += [item for item in comparison.added() if "skip" in item.traits]
    for item in lost:
        if (
            item.kind is ItemKind.PLATFORM
            and item.traits & seen
            and not any(one(comparison, item) for one in (_is_key_gone, _is_rewritten, _is_unsaid, _is_left_out, _is_within, _is_said_by_a_word))
        ):
            skipped = "skip" in item.traits
            yield comparison.finding(
                rule="platform-lost",
                impact=IMPACT if "classifier" in item.traits and not _is_narrowed(comparison, item) else Impact.REVIEW,
                old=None if skipped else item,
                new=item if skipped else None,
                message=_message(item),
                help="name the platform in the notes",
            )


def _message(item: Item) -> str:
    if "classifier" in item.traits:
        return f"the classifier {item.value} was removed"
    if "skip" in item.traits:
        return f"cibuildwheel skips {item.value} now"
    if "arch" in item.traits:
        return f"cibuildwheel builds for {item.value} no more"
    return f"no job builds for {item.value} any more"


def _is_key_gone(comparison: Comparison, item: Item) -> bool:
    """Say whether a whole key of cibuildwheel was removed: its default holds now."""
    key = item.path.rpartition(".")[0]
    return "arch" in item.traits and not any(path.rpartition(".")[0] == key for path in comparison.head.items)


def _is_said_by_a_word(comparison: Comparison, item: Item) -> bool:
    """Say whether the same key of cibuildwheel says `all` or `auto` now, which stand for many, or said `auto`, whose share is written out now."""
    if "arch" not in item.traits:
        return False
    key = item.path.rpartition(".")[0]
    now = {one.value for path, one in comparison.head.items.items() if path.rpartition(".")[0] == key}
    return bool(now & _WORDS) or item.value in _NATIVE


def _is_within(comparison: Comparison, item: Item) -> bool:
    """Say whether a classifier that holds for more is there now: `POSIX` where `POSIX :: Linux` was."""
    parts = item.path.split(" :: ")
    above = (" :: ".join(parts[:length]) for length in range(1, len(parts)))
    return "classifier" in item.traits and any(one in comparison.head.items for one in above)


def _is_narrowed(comparison: Comparison, item: Item) -> bool:
    """Say whether a part of what a classifier said is said now."""
    return any(path.startswith(f"{item.path} :: ") for path in comparison.head.items)


def _is_rewritten(comparison: Comparison, item: Item) -> bool:
    """Say whether all jobs that built with maturin were removed: another tool builds now."""
    return "built" in item.traits and not any("built" in one.traits for one in comparison.head.items.values())


def _is_unsaid(comparison: Comparison, item: Item) -> bool:
    """Say whether no classifier names a platform now, which says nothing of any."""
    return "classifier" in item.traits and not any("classifier" in one.traits for one in comparison.head.items.values())


def _is_left_out(comparison: Comparison, item: Item) -> bool:
    """Say whether a skip names a Python that the distribution does not take anyhow: there were no wheels to lose."""
    named = _PYTHON.match(item.value or "") if "skip" in item.traits else None
    stated = comparison.head.items.get("project.requires-python")
    if named is None or stated is None:
        return False
    minor = int(named[1])
    try:
        return disjoint(python(f">=3.{minor},<3.{minor + 1}"), python(stated.value or ""))
    except VersionError:
        return False
