"""A release tag is not written as the release tags of the project are.

## What it does
Where the configuration has a `tag`, a release tag must be written so. Without it, a tag whose name no other tag shares is refused where the group that has
its version was released twice or more under another scheme.

## Why
Workflows start at tags by their names, and tools find the last release by them: a release under another name is one that half of them pass over.

## Example
```
lockstep gate tag 1.3.0
1.3.0 tag-unexpected: release tags here are written v{version}, as v1.2.0 and 14 more
  help: name it v1.3.0, or set tag = "{version}" in the configuration
```

## Source
lockstep's own rule; https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onpushbranchestagsbranches-ignoretags-ignore
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.rules.tag import TagClaim

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: TagClaim) -> Iterator[Finding]:
    """Say how the tag should be written."""
    reading = claim.reading
    if reading.usual or reading.name is None:
        return
    group = reading.holder or next(iter(reading.groups), None)
    template = reading.template.replace("{group}", group.name if group else "main")
    yield Finding(
        rule="tag-unexpected",
        level=LEVEL,
        place=Place(path=claim.tag),
        message=f"release tags here are written {template}, {reading.evidence}",
        help=f'name it {reading.suggestion()}, or set tag = "{reading.name.template}" in the configuration',
        old=template,
        new=claim.tag,
    )
