"""Something other than a tag or a release can publish.

## What it does
For every trigger that is no tag and no release, no publishing job may be able to run. Where a guard of the tag's name comes before it, this is a
warning; and for a push to a branch: some projects release what is merged; and for `workflow_dispatch` and `repository_dispatch`, which start it on
whatever ref somebody chooses, and of which nothing is said in the basic profile. There an error is what nothing stops: a pull request that publishes,
without any condition that is not known.

## Why
A pull request or a schedule publishes.

## Example
```yaml
on: [push, pull_request]
jobs:
  publish: # no `if: startsWith(github.ref, 'refs/tags/')`
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Role
from lockstep.workflow.triggers import Trigger

LEVEL = Level.ERROR
SINCE = "0.1.0"

_ELSEWHERE = ("tag", "release", "workflow_call", "workflow_dispatch", "repository_dispatch", "pull_request_target", "workflow_run", "issue_comment")
"""What releases, what a person starts, and what `trigger-privileged` refuses."""

_DECIDES = ("release-plz", "changesets")
"""Programs that run for every push to the branch, and publish what a merged pull request of theirs has released."""
_BY_HAND = ("workflow_dispatch", "repository_dispatch")


def check(audit: Audit) -> Iterator[Finding]:
    """Ask each job about each trigger."""
    told: set[tuple[str, str]] = set()
    for trigger in _unasked(audit):
        for job in audit.publish_jobs:
            deeds = [deed for deed in audit.publishes if deed.job.id == job.id and not (trigger.name == "branch" and deed.what in _DECIDES)]
            able = [deed for deed in deeds if audit.may_run(deed, trigger)]
            if not able or (trigger.name, job.id) in told:
                continue
            told.add((trigger.name, job.id))
            guarded = any(audit.awaits(job, one) for one in audit.of(Role.GUARD))
            asked = audit.hardened or (trigger.name.startswith("pull_request") and any(audit.surely_runs(deed, trigger) for deed in able))
            mild = guarded or trigger.name in ("branch", "merge_group", *_BY_HAND) or not asked
            what = "a push to a branch" if trigger.name == "branch" else trigger.name
            open_ = [audit.undecided(deed, trigger) for deed in able]
            only = (
                ": only the guard of the tag's name stops it" if guarded else f": whether `{open_[0][:60]}` stops it, only the run knows" if all(open_) else ""
            )
            yield audit.finding(
                rule="trigger-unguarded",
                level=Level.WARNING if mild else LEVEL,
                place=job.place,
                message=f"{what} can start {job.id}, which publishes{only}",
                help="if: startsWith(github.ref, 'refs/tags/')",
                symbol=job.id,
            )


def _unasked(audit: Audit) -> Iterator[Trigger]:
    """Give the triggers that are neither a tag nor a release."""
    for trigger in () if audit.untagged else audit.triggers:
        if trigger.name not in _ELSEWHERE or (audit.hardened and trigger.name in _BY_HAND):
            yield trigger
