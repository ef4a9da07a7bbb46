r"""The guard of the tag's name lets more pass than a version.

## What it does
The pattern that a guard holds the tag's name against must refuse what is no stable `MAJOR.MINOR.PATCH`: suffixes, anything before or behind
it. One that takes leading zeros alone is a warning.

## Why
`v1.2.3-test` or `v01.2.3` is published, and cannot be taken back.

## Example
```yaml
- run: '[[ "$TAG" =~ ^v[0-9]+\.[0-9]+ ]]' # v1.2-anything
```

## Source
[SemVer](https://semver.org/#spec-item-2)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.artifacts import accepts_tag
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Role
from lockstep.workflow.script_roles import tag_patterns

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_ZEROS = ("01.2.3", "1.02.3", "1.2.03")
_REFUSED = ("01.2.3", "1.02.3", "1.2.03", "1.2.3-rc.1", "1.2.3+build", "1.2.3.4", "1.2.3 x", "1.2.3x", "1..3", ".2.3", "1.2.", "1x2x3")


def check(audit: Audit) -> Iterator[Finding]:
    """Try tags on each pattern that takes a plain version."""
    for deed in audit.of(Role.GUARD):
        if deed.step is None or not deed.what.startswith("the pattern"):
            continue
        for regex, line in tag_patterns(deed.step, audit.commands(deed.step), audit.env(deed.job, deed.step)):
            prefix = next((one for one in ("v", "") if accepts_tag(regex, f"{one}1.2.3")), None)
            tried = [f"{prefix}{one}" for one in _REFUSED] + [f"x/{prefix}1.2.3"] if prefix is not None else []
            passed = [one for one in tried if accepts_tag(regex, one)]
            if passed and deed.place == deed.step.script_line(line):
                yield audit.finding(
                    rule="guard-loose",
                    level=Level.WARNING if all(one.removeprefix(prefix or "") in _ZEROS for one in passed) else LEVEL,
                    place=deed.place,
                    message=f"{deed.job.id} accepts the tags {', '.join(passed[:3])}, which are no stable versions",
                    help="lockstep gate tag, or ^v(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)$",
                    symbol=deed.job.id,
                )
