"""A guard asks for the name of a tag, and no tag starts the workflow.

## What it does
Where a guard of the tag's name comes before the publish, a push of a tag must start the workflow; and where the workflow makes a draft itself, a release
that is public already may not.

## Why
The guard refuses everything, and nothing is ever released; or somebody takes the guard out, and every push is.

## Example
```yaml
on: { push: { branches: [main] } }
jobs:
  guard: { steps: [{ run: lockstep gate tag "$GITHUB_REF_NAME" }] }
```

## Source
[Events that trigger workflows](https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#push)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Compare the triggers with the guard."""
    if not audit.untagged:
        return
    started = ", ".join(
        sorted({one.name for one in audit.triggers} - {"branch"} | ({"push"} if any(one.name == "branch" for one in audit.triggers) else set()))
    )
    place = next((audit.place_of(scalar) for scalar in (audit.workflow.events.values() if audit.workflow else ())), audit.place())
    yield audit.finding(
        rule="trigger-not-tag",
        level=LEVEL,
        place=place,
        message=f"{started} starts the release, but its guard wants a tag that was pushed",
        help='on: { push: { tags: ["v[0-9]*.[0-9]*.[0-9]*"] } }',
    )
