"""The gate leaves out a workflow that checks every push.

## What it does
Where a gate names the workflows that it asks about, finds the others that run for every push to the branch and check something that none of the named
ones does: tests, types, lints, a scan, told by the programs that they run. A workflow that runs the same tests once more, for coverage say, is left alone.

## Why
A commit that fails this workflow is released, though everybody who looks at it sees the red cross.

## Example
```yaml
for wf in ci.yml; do # python.yml runs pytest for every push, and nobody asks
  gh api "repos/$REPO/actions/workflows/$wf/runs?head_sha=$SHA"
done
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.check_kinds import kinds_of_job
from lockstep.workflow.filters import filtered
from lockstep.workflow.model import Workflow

LEVEL = Level.WARNING
BASIC = Level.NOTE
SINCE = "0.1.0"

_BRANCHES = ("main", "master")


def check(audit: Audit) -> Iterator[Finding]:
    """Compare what the named workflows check with what the others do."""
    names = {one.name for one in audit.gated}
    known = {path: one for path, one in audit.others.items() if isinstance(one, Workflow) and path != audit.path}
    if not names or not names <= set(map(basename, known)):
        return  # `gated-workflow-missing` has the name that is none: what it should be is not known
    branch = next((one.branch for one in audit.gated if one.branch), None)
    asked = {kind for path, one in known.items() if basename(path) in names for job in one.jobs.values() for kind in kinds_of_job(job)}
    for path, one in known.items():
        if basename(path) in names or all(filtered(one, each) for each in ((branch,) if branch else _BRANCHES)):
            continue
        left = sorted({kind for job in one.jobs.values() for kind in kinds_of_job(job)} - asked)
        if left:
            gate = audit.gated[0].deed
            yield audit.finding(
                rule="gate-incomplete",
                level=LEVEL,
                place=gate.place,
                message=f"the gate of {gate.job.id} does not ask for {basename(path)}, which runs for every push and alone does {', '.join(left)}",
                help=f"add {basename(path)} to the workflows that it asks about; or lockstep gate ci, which asks for all of them",
                symbol=basename(path),
            )
