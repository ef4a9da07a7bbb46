"""zizmor did not read every file that it was given.

## What it does
The files that zizmor says it read are compared with the workflow and the actions that the release uses; a run that failed is reported.

## Why
A file that a linter skips is green.

## Example
```yaml
$ zizmor --strict-collection .github/workflows/release.yml
```

## Source
[zizmor: strict collection](https://docs.zizmor.sh/usage/#input-collection)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Compare both sets."""
    if audit.zizmor is None:
        return
    if audit.zizmor.failed:
        yield audit.finding(
            rule="zizmor-blind",
            level=LEVEL,
            place=audit.place(),
            message=f"zizmor audited nothing: {audit.zizmor.failed}",
            help="run zizmor --strict-collection on the file to see why; or lockstep with --no-zizmor",
        )
        return
    for path in sorted(audit.zizmor.expected - audit.zizmor.read):
        yield audit.finding(
            rule="zizmor-blind",
            level=LEVEL,
            place=Place(path=path, line=1, column=1),
            message="zizmor did not read this file" + (f": {audit.zizmor.reasons[path]}" if path in audit.zizmor.reasons else ""),
            help="run zizmor --strict-collection on it to see why; or lockstep with --no-zizmor",
        )
