"""The check of the tag against the project's version lets other versions pass.

## What it does
Where a script on the way to a publish compares the tag with the version of the manifest and stops where they differ, the comparison must be of the whole:
no `*` behind the version, and no regular expression without `^` and `$`.

## Why
`v1.13.20` passes for 1.13.2: what is published is not what the tag says.

## Example
```yaml
- run: |
    [[ "${GITHUB_REF_NAME#v}" == "$version"* ]] || exit 1
```

## Source
[Bash: conditional constructs](https://www.gnu.org/software/bash/manual/html_node/Conditional-Constructs.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at each comparison of the tag with a version."""
    for job, step, one in audit.version_checks:
        if one.loose and one.stops:
            yield audit.finding(
                rule="version-check-loose",
                level=LEVEL,
                place=step.script_line(one.line),
                message=f"{job.id} compares the tag with the version by its beginning, or a part: v1.2.30 passes for 1.2.3",
                help='compare the whole: lockstep gate tag "$GITHUB_REF_NAME", or [ "$tag" = "$version" ]',
                symbol=job.id,
            )
