"""Nobody must approve what goes to the default branch.

## What it does
A ruleset or the classic protection of the default branch wants a pull request with at least one approval.

## Why
What is released is what stands on that branch, the release workflow included: one account is enough to change it.

## Example
```
.github/workflows/release.yml:1:1 branch-unreviewed: nobody must approve what goes to main
  help: a branch ruleset that requires a pull request with 1 approval at https://github.com/spam/eggs/settings/rules
```

## Source
[Available rules for rulesets](https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.commit_runs import Unseen
from lockstep.workflow.github_settings import SettingsAudit

LEVEL = Level.ERROR
BASIC = Level.NOTE
SINCE = "0.1.0"


def check(audit: SettingsAudit) -> Iterator[Finding]:
    """Count the approvals that are required."""
    branch = audit.settings.branch
    if isinstance(branch, Unseen):
        yield audit.not_visible("branch-unreviewed", "whether somebody must approve what goes to the default branch", branch)
        return
    classic = 0 if branch.protection is None or isinstance(branch.protection, Unseen) else branch.protection.approvals
    unseen = next((one for one in (branch.protection, branch.rules) if isinstance(one, Unseen)), None)
    if branch.approvals or classic:
        return
    if unseen is not None:
        yield audit.not_visible("branch-unreviewed", f"whether somebody must approve what goes to {branch.name}", unseen)
    else:
        hint = f"a branch ruleset that requires a pull request with 1 approval at {audit.settings.url}/settings/rules"
        yield audit.finding("branch-unreviewed", LEVEL, f"nobody must approve what goes to {branch.name}", hint)
