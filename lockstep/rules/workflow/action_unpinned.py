"""An action can be changed under the workflow.

## What it does
Every action and called workflow of another repository must be pinned to a full commit id, every image to a digest. Exceptions are declared:
`workflow.unpinned` of the configuration. The SLSA generator has a rule of its own.

## Why
A tag or branch can be moved by whoever takes the action's repository over, and then runs here.

## Example
```yaml
- uses: actions/checkout@v4
```

## Source
[Secure use reference](https://docs.github.com/en/actions/reference/security/secure-use); [zizmor: unpinned-uses](https://docs.zizmor.sh/audits/#unpinned-uses)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.pattern import pattern
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Action

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_PINNED = pattern(r"[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at everything that is used."""
    yield from _images(audit)
    seen: set[Place] = set()
    for job in audit.jobs.values():
        used = [(job.calls, job.at(job.calls.scalar))] if job.calls is not None else []
        used += [(step.uses, step.at(step.uses.scalar)) for step in job.steps if step.uses is not None]
        for one, place in used:
            if place not in seen and not one.local and not audit.excepted(one) and not _is_pinned(one):
                seen.add(place)
                what = "a digest" if one.image else "a commit"
                yield audit.finding(
                    rule="action-unpinned",
                    level=LEVEL,
                    place=place,
                    message=f"{one.text} is not pinned to {what}",
                    help="pin the full commit id, the version in a comment behind it",
                    symbol=one.name,
                )


def _images(audit: Audit) -> Iterator[Finding]:
    """Look at the images that jobs on the way run in and beside; the tag of an image is moved with every one of its releases."""
    for job in audit.route:
        for scalar in (*((job.container,) if job.container is not None else ()), *job.services):
            for image in dict.fromkeys(audit.possible(job, scalar)):
                if "@sha256:" not in image and "${{" not in image and image:
                    yield audit.finding(
                        rule="action-unpinned",
                        level=Level.WARNING,
                        place=job.at(scalar),
                        message=f"{job.id} uses the image {image}, which is not pinned to a digest",
                        help=f"{image.partition(':')[0]}@sha256:..., the tag in a comment behind it",
                        symbol=image,
                    )


def _is_pinned(one: Action) -> bool:
    if one.image:
        return "@sha256:" in one.text
    return _PINNED.fullmatch(one.ref) is not None
