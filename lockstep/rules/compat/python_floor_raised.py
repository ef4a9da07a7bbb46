"""The distribution needs a newer Python.

## What it does
Compares the Pythons that `requires-python` (or Poetry's `python`) admits.

## Why
pip gives users of the older Python the last release that took theirs, without a word. The usual reason is that the older Python reached
its end of life: a waiver with that reason says so for good.

## Example
```
pyproject.toml:10:1 python-floor-raised: requires-python was >=3.9, and is >=3.10
```

## Source
https://packaging.python.org/en/latest/guides/dropping-older-python-versions/ and https://devguide.python.org/versions/
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.errors import VersionError
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.versions.ranges import ANY, floor_raised, python

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.ENVIRONMENT
SURFACES = ("python-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the two declarations; none at all admits every Python."""
    old, new = comparison.before_and_after("project.requires-python")
    if new is None or new.value is None or comparison.base.is_blind_at("project.requires-python"):
        return
    try:
        raised = floor_raised(python(old.value) if old is not None and old.value is not None else ANY, python(new.value))
    except VersionError:
        return  # no build backend takes it
    if raised:
        before = old.value if old is not None else "not declared"
        yield comparison.finding(
            rule="python-floor-raised",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"requires-python was raised from {before} to {new.value}",
            help='name the new floor in the notes, or waive it with reason = "end-of-life"',
        )
