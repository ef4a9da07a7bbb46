"""Somebody may pass by the rules that keep tags in their place.

## What it does
A ruleset that restricts updates or deletions of the tags of releases has nobody in its bypass list. The list is shown to who may edit the ruleset.

## Why
The rules hold for everybody but the accounts that are worth stealing.

## Example
```
.github/workflows/release.yml:1:1 warning tag-rules-bypassed: administrators of the repository may pass by the ruleset release tags
  help: empty its bypass list at https://github.com/spam/eggs/settings/rules; in need, whoever administers can disable the ruleset, which is logged
```

## Source
[Granting bypass permissions](https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#granting-bypass-permissions-for-your-branch-or-tag-ruleset)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.commit_runs import Unseen
from lockstep.workflow.github_settings import SettingsAudit

LEVEL = Level.WARNING
BASIC = Level.NOTE
SINCE = "0.1.0"


_HIDDEN = Unseen(
    what="",
    why="GitHub shows the bypass list to who may edit the ruleset",
    help="GH_TOKEN must be an administrator's token (fine-grained: Administration: write)",
)


def check(audit: SettingsAudit) -> Iterator[Finding]:
    """Look at the bypass lists of the rulesets that keep tags."""
    found = audit.settings.tag_rulesets
    tags = tuple(tag for one in audit.audits for tag in audit.release_tags(one))
    if isinstance(found, Unseen):
        if tags:
            yield audit.not_visible("tag-rules-bypassed", "who may pass by the rulesets of tags", found)
        return
    for one in found:
        if not one.rules & {"update", "deletion"} or not any(one.covers(tag) for tag in tags):
            continue
        if one.bypass is None:
            yield audit.not_visible("tag-rules-bypassed", f"who may pass by the ruleset {one.name}", _HIDDEN)
        elif one.bypass:
            message = f"{', '.join(one.bypass)} may pass by the ruleset {one.name}"
            hint = f"empty its bypass list at {audit.settings.url}/settings/rules; in need, whoever administers can disable the ruleset, which is logged"
            yield audit.finding("tag-rules-bypassed", LEVEL, message, hint, symbol=one.name)
