"""The PyPI action runs twice in one job.

## What it does
A job may use `pypa/gh-action-pypi-publish` once; steps whose conditions exclude each other count as one.

## Why
The first run leaves its attestations beside the files, and the second takes them for files of its own; when the second index refuses a file, nothing can be
run again without the first.

## Example
```yaml
- uses: pypa/gh-action-pypi-publish@...
  with: { repository-url: https://test.pypi.org/legacy/ }
- uses: pypa/gh-action-pypi-publish@...
```

## Source
[The PyPI action](https://github.com/pypa/gh-action-pypi-publish): one job for each index
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Deed, Role

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Compare the uploads of each job."""
    seen: list[Deed] = []
    for deed in audit.of(Role.PUBLISH):
        step = deed.step
        if step is None or step.action != "pypa/gh-action-pypi-publish":
            continue
        first = next((one for one in seen if one.job is deed.job and one.step is not None and audit.together(one.step, step)), None)
        seen.append(deed)
        if first is not None:
            yield audit.finding(
                rule="publish-repeated",
                level=LEVEL,
                place=deed.place,
                message=f"{deed.job.id} uses pypa/gh-action-pypi-publish twice, for {first.registry} and for {deed.registry}",
                help="give each index a job of its own, with the same artifact",
                symbol=deed.job.id,
            )
