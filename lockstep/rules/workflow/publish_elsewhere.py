"""What is released goes to another index.

## What it does
Files that are published to TestPyPI must be published to PyPI by another job: a rehearsal alone is no release. Another index than these two is a
warning.

## Why
The release is announced, and PyPI does not have it.

## Example
```yaml
- uses: pypa/gh-action-pypi-publish@...
  with: { repository-url: "https://test.pypi.org/legacy/" }
```

## Source
[The PyPI action](https://github.com/pypa/gh-action-pypi-publish#advanced-release-management)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Role
from lockstep.workflow.registries import CRATES_IO, OTHER, PYPI, TEST_PYPI

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_INDEX = pattern(r"CARGO_REGISTRIES_CRATES_IO_\w+|CARGO_SOURCE_\w+|CARGO_REGISTRY_DEFAULT")


def check(audit: Audit) -> Iterator[Finding]:
    """Look for the release of each rehearsal, and for another index behind the name of crates.io."""
    yield from _crates(audit)
    real = [deed for deed in audit.publishes if deed.registry == PYPI]
    released = [up for one in real for up in audit.taken(one.job)]
    for deed in audit.of(Role.PUBLISH):
        taken = audit.taken(deed.job)
        named = deed.step is not None and deed.step.action == "pypa/gh-action-pypi-publish"
        other = deed.registry == OTHER and named
        alone = deed.registry == TEST_PYPI and bool(taken) and bool(real or audit.of(Role.UNDRAFT)) and not any(up in released for up in taken)
        if other or alone:
            yield audit.finding(
                rule="publish-elsewhere",
                level=Level.WARNING if other else LEVEL,
                place=deed.place,
                message=f"{deed.job.id} publishes to {'another index' if other else 'TestPyPI'}, and no job publishes the same to PyPI",
                help="take repository-url out",
                symbol=deed.job.id,
            )


def _crates(audit: Audit) -> Iterator[Finding]:
    """Look at cargo in jobs that get a credential of crates.io."""
    minted = {deed.job.id for deed in audit.of(Role.MINT) if deed.registry == CRATES_IO}
    for deed in audit.of(Role.PUBLISH):
        if deed.step is None or deed.what != "cargo publish" or deed.job.id not in minted:
            continue
        named = next((name for name in audit.env(deed.job, deed.step) if _INDEX.fullmatch(name)), "")
        index = any(one.has("--index") for one in audit.commands(deed.step) if one.name == "cargo")
        if named or index or deed.registry != CRATES_IO:
            yield audit.finding(
                rule="publish-elsewhere",
                level=LEVEL,
                place=deed.place,
                message=f"{deed.job.id} gets a credential of crates.io, and publishes to another index" + (f": {named}" if named else ""),
                help="publish to crates.io: take it out",
                symbol=deed.job.id,
            )
