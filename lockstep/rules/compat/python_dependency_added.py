"""The distribution needs one more distribution.

## What it does
Finds names in the dependencies that were not there before. Dependencies of extras do not count: users ask for these.

## Why
It must be there in every environment of every user, with wheels for each platform, and under a licence that they accept.

## Example
```
pyproject.toml:46:5 python-dependency-added: attrs is a new dependency
```

## Source
https://packaging.python.org/en/latest/specifications/pyproject-toml/#dependencies-optional-dependencies
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("python-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for names that are new."""
    if comparison.base.is_blind_at("project.dependencies"):
        return
    for item in comparison.added():
        if "python" in item.traits and "extra" not in item.traits:
            yield comparison.finding(
                rule="python-dependency-added",
                impact=IMPACT,
                old=None,
                new=item,
                message=f"{item.origin} is a new dependency",
                help="say so in the notes; an extra would leave it to those who need it",
            )
