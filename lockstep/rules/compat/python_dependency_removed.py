"""The distribution, or one of its extras, no longer installs a distribution.

## What it does
Finds names that were in the dependencies, or in those of an extra that is still there, and are not any more.

## Why
Users who import it, and never said so in their own dependencies, had it by chance: it is missing in their next new environment.

## Example
```
pyproject.toml:52:1 python-dependency-removed: extra fast no longer installs orjson
```

## Source
https://packaging.python.org/en/latest/specifications/pyproject-toml/#dependencies-optional-dependencies
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.NOTE
SINCE = "0.1.0"
IMPACT = Impact.NOTE
SURFACES = ("python-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for names that were removed; those of an extra that was removed are told with it."""
    for item in comparison.removed():
        of_extra = "extra" in item.traits
        table = "project.optional-dependencies" if of_extra else "project.dependencies"
        if "python" not in item.traits or comparison.head.is_blind_at(table):
            continue
        extra = item.path.split(".")[1] if of_extra else ""
        if of_extra and f"extras.{extra}" not in comparison.head.items:
            continue
        if any("python" in one.traits and one.origin == item.origin and ("extra" in one.traits) is of_extra for one in comparison.added()):
            continue  # under another marker
        yield comparison.finding(
            rule="python-dependency-removed",
            impact=IMPACT,
            old=item,
            new=None,
            message=f"extra {extra} no longer installs {item.origin}" if of_extra else f"{item.origin} is no longer a dependency",
            help="say so in the notes, for those who import it themselves",
        )
