"""A lock was made for a manifest that has changed since.

## What it does
poetry.lock and pdm.lock hold a hash of what the manifest requires. It is computed from pyproject.toml as the tool does, for each
generation of the tool, and compared. A change of the version alone changes no hash.

## Why
`poetry install`, `poetry check --lock` and `pdm lock --check` refuse such a lock, or install what the manifest no longer asks for.

## Example
```
poetry.lock:40:1 lock-hash-stale: pyproject.toml has changed since the lock was made: its content-hash is 61289c504ded, that of the manifest 0dd1f9bbd31c
```
Only the tool can tell what else changes: `poetry lock`, `pdm lock --update-reuse`. Where lockstep itself has moved no more than requirements
on packages that the lock takes from folders of the repository, it writes the new hash.

## Source
[poetry check --lock](https://python-poetry.org/docs/cli/#check), [pdm lock --check](https://pdm-project.org/latest/reference/cli/#lock)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.locks.stale import Fault, findings
from lockstep.model import Finding, Level
from lockstep.project.project import Project

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Report it for every lock."""
    yield from findings(project.locks, Fault.HASH)
