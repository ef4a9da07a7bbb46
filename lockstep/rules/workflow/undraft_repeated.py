"""The release is made public in more than one place.

## What it does
One job may make the release public: by `gh release edit --draft=false`, `gh release create` without `--draft`, or an action without
`draft: true`.

## Why
The first of them decides, and it may run before the registries have their files.

## Example
```yaml
notes:
  steps:
    - run: gh release create "$TAG_NAME" # public at once
publish-release:
  steps:
    - run: gh release edit "$TAG_NAME" --draft=false
```

## Source
[gh release create](https://cli.github.com/manual/gh_release_create)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Role

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Count the jobs that make it public; the one that waits for most may stay."""
    deeds = list({deed.job.id: deed for deed in audit.of(Role.UNDRAFT)}.values())
    if len(deeds) < 2:
        return
    last = max(deeds, key=lambda deed: (len(audit.before(deed.job)), deeds.index(deed)))
    for deed in deeds:
        if deed is not last:
            yield audit.finding(
                rule="undraft-repeated",
                level=LEVEL,
                place=deed.place,
                message=f"{deed.job.id} makes the release public ({deed.what}), and so does {last.job.id}",
                help="keep one place, after every publish, and make drafts elsewhere",
                symbol=deed.job.id,
            )
