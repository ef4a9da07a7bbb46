"""The tags of releases can be moved or deleted.

## What it does
An active ruleset restricts updates and deletions of the tags that start a release. `Block force pushes` is not enough: a tag that is moved to a later commit is
no force push. Where releases are immutable, it is a note: the tag of a published release is held by that.

## Why
Who may write moves the tag between the review and the run, or after the release, and everybody who installs from the tag has other code.

## Example
```
.github/workflows/release.yml:1:1 tag-movable: no ruleset keeps the tag v1.2.3 from being moved or deleted
  help: a tag ruleset with Restrict updates and Restrict deletions at https://github.com/spam/eggs/settings/rules
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
BASIC = Level.WARNING
SINCE = "0.1.0"


_RULES = {"update": "moved", "deletion": "deleted"}


def check(audit: SettingsAudit) -> Iterator[Finding]:
    """Ask of the tags of releases which rules are about all of them."""
    found = audit.settings.tag_rulesets
    tags = tuple(dict.fromkeys(tag for one in audit.audits for tag in audit.release_tags(one)))
    if isinstance(found, Unseen):
        if tags:
            yield audit.not_visible("tag-movable", f"whether the tag {tags[0]} can be moved or deleted", found)
        return
    for tag in tags:
        rules = {rule for one in found if one.covers(tag) for rule in one.rules}
        left = [words for rule, words in _RULES.items() if rule not in rules]
        if left:
            level = Level.NOTE if audit.settings.immutable is True else LEVEL
            message = f"no ruleset keeps the tag {tag} from being {' or '.join(left)}"
            hint = f"a tag ruleset with Restrict updates and Restrict deletions at {audit.settings.url}/settings/rules"
            yield audit.finding("tag-movable", level, message, hint)
            return
