"""The default branch can be force-pushed or deleted.

## What it does
Force pushes to the default branch and its deletion are blocked, by rulesets or by the classic protection of the branch.

## Why
The commit of a release is one of the default branch: who can rewrite that decides afterwards what was reviewed.

## Example
```
.github/workflows/release.yml:1:1 branch-rewritable: main can be force-pushed and deleted
  help: a branch ruleset with Block force pushes and Restrict deletions at https://github.com/spam/eggs/settings/rules
```

## Source
[Available rules for rulesets](https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets),
[About protected branches](https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.commit_runs import Unseen
from lockstep.workflow.github_settings import SettingsAudit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: SettingsAudit) -> Iterator[Finding]:
    """Ask of rulesets and of the classic protection what they block."""
    branch = audit.settings.branch
    if isinstance(branch, Unseen):
        yield audit.not_visible("branch-rewritable", "whether the default branch can be force-pushed or deleted", branch)
        return
    rules = frozenset[str]() if isinstance(branch.rules, Unseen) else branch.rules
    classic = None if isinstance(branch.protection, Unseen) else branch.protection
    left = []
    if "non_fast_forward" not in rules and (classic is None or classic.force_pushes):
        left.append("force-pushed")
    if "deletion" not in rules and (classic is None or classic.deletions):
        left.append("deleted")
    unseen = next((one for one in (branch.protection, branch.rules) if isinstance(one, Unseen)), None)
    if left and unseen is not None:
        yield audit.not_visible("branch-rewritable", f"whether {branch.name} can be {' and '.join(left)}", unseen)
    elif left:
        hint = f"a branch ruleset with Block force pushes and Restrict deletions at {audit.settings.url}/settings/rules"
        yield audit.finding("branch-rewritable", LEVEL, f"{branch.name} can be {' and '.join(left)}", hint)
