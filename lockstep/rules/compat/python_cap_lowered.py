"""Pythons are refused that the last release took.

## What it does
Compares the greatest Python that `requires-python` admits, and the single ones that it leaves out.

## Why
A cap keeps users of the newest Python away, and pip offers them an old release in place of an error.

## Example
```
pyproject.toml:10:1 python-cap-lowered: requires-python was >=3.9, and is >=3.9,<3.14
```

## Source
https://packaging.python.org/en/latest/guides/dropping-older-python-versions/ and https://discuss.python.org/t/requires-python-upper-limits/12663
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.errors import VersionError
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.versions.ranges import cap_lowered, python

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.ENVIRONMENT
SURFACES = ("python-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the two declarations."""
    old, new = comparison.before_and_after("project.requires-python")
    if old is None or new is None or old.value is None or new.value is None:
        return
    try:
        before, after = python(old.value), python(new.value)
    except VersionError:
        return  # no build backend takes it
    if cap_lowered(before, after) or after.holes - before.holes:
        yield comparison.finding(
            rule="python-cap-lowered",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"requires-python was lowered from {old.value} to {new.value}",
            help="remove the cap, or say in the notes why that Python cannot work",
        )
