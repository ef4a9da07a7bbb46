"""The release is made public in more than one place.

## What it does
One job may make a release public: by `gh release edit --draft=false`, `gh release create` without `--draft`, or an action without
`draft: true`.

## Why
The first of them decides, and it may run before the registries have their files.

## Example
```yaml
notes:
  steps:
    - run: gh release create "$TAG_NAME" # public at once
publish-release:
  steps:
    - run: gh release edit "$TAG_NAME" --draft=false
```

## Source
[gh release create](https://cli.github.com/manual/gh_release_create)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.workflow.audit import Audit
from lockstep.workflow.command_roles import roles_of_command
from lockstep.workflow.model import Deed, Role
from lockstep.workflow.shell import Command

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"
_VARIABLE = pattern(r"\$\{\{.*?\}\}|\$\{[^}]*\}|\$\w+|\$\(.*\)")


def check(audit: Audit) -> Iterator[Finding]:
    """Count the jobs that make it public; the one that waits for most may stay."""
    releases: dict[str, dict[str, Deed]] = {}
    for deed in audit.of(Role.UNDRAFT):
        if deed.step is None or deed.step.uses is not None or any(_undrafts(one) for one in audit.commands(deed.step)):
            releases.setdefault(_release(audit, deed), {})[deed.job.id] = deed
    for found in releases.values():
        yield from _repeated(audit, list(found.values()))


def _undrafts(one: Command) -> bool:
    return not one.inside and (one.name not in ("gh", "hub") or any(seen.role is Role.UNDRAFT for seen in roles_of_command(one)))


def _release(audit: Audit, deed: Deed) -> str:
    """Give what is written down of the release's tag: what two jobs write differently is another release."""
    step = deed.step
    if step is None:
        return ""
    texts = [one.text for name in ("tag_name", "tag", "prefix") if (one := step.input(name)) is not None]
    if step.run is not None:
        texts = [word for one in audit.commands(step) if one.words[1:3] in (("release", "create"), ("release", "edit")) for word in one.words[3:4]]
    return _VARIABLE.sub("", texts[0]).strip("v-/@ ") if texts and not texts[0].startswith("-") else ""


def _repeated(audit: Audit, deeds: list[Deed]) -> Iterator[Finding]:
    if len(deeds) < 2:
        return
    last = max(deeds, key=lambda deed: (len(audit.before(deed.job)), deeds.index(deed)))
    for deed in deeds:
        if deed is not last:
            yield audit.finding(
                rule="undraft-repeated",
                level=LEVEL,
                place=deed.place,
                message=f"{deed.job.id} makes the release public ({deed.what}), and so does {last.job.id}",
                help="keep one place, after every publish, and make drafts elsewhere",
                symbol=deed.job.id,
            )
