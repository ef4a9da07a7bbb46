"""The trigger, the guard and the changelog mean different tags.

## What it does
The filter of tags that starts the release, the pattern of the guard, and the pattern by which the changelog's tool finds releases must agree: what
the guard takes must start the workflow and be a release for the changelog, and what it refuses must be none.

## Why
A tag is pushed and nothing happens, or the notes of a release begin at the wrong tag.

## Example
```yaml
on: { push: { tags: ["release-*"] } } # the guard takes v1.2.3
```

## Source
[Filter patterns](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet), [git-cliff: tag_pattern](https://git-cliff.org/docs/configuration/git#tag_pattern)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from lockstep.model import Finding, Level
from lockstep.text.yaml import Mapping as Map
from lockstep.text.yaml import Scalar, texts
from lockstep.versions.tag_names import is_release, parse
from lockstep.workflow.artifacts import accepts_tag
from lockstep.workflow.audit import Audit
from lockstep.workflow.audit_model import GATE_TAG
from lockstep.workflow.filters import starts
from lockstep.workflow.model import Role
from lockstep.workflow.script_roles import tag_patterns

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_STABLE = ("0.4.0", "1.2.3", "10.20.30")
_OTHERS = ("1.2.3-rc.1", "01.2.3", "1.2.3+build", "1.2")


def check(audit: Audit) -> Iterator[Finding]:
    """Try tags on all of them."""
    push = audit.workflow.triggers.get("push") if audit.workflow else None
    filters, ignored = (texts(push.get("tags")), texts(push.get("tags-ignore"))) if isinstance(push, Map) else ((), ())
    if ignored and not filters and audit.classified:
        yield from _by_exclusion(audit, ignored)
    if not filters or not audit.classified:
        return
    place = audit.place_of(filters[0])
    shown = ", ".join(one.text for one in filters)
    prefixes = list(
        dict.fromkeys(
            (
                *((audit.tag.partition("{version}")[0],) if audit.tag and "{group}" not in audit.tag else ()),
                "v",
                "",
                *(re.split(r"[*?+\[]", one.text)[0].rstrip("0123456789.") for one in filters),
            )
        )
    )
    started = [prefix for prefix in prefixes if all(starts(filters, f"{prefix}{one}") for one in _STABLE)]
    if not started:
        plain = any(starts(filters, f"{prefix}{one}") for prefix in prefixes for one in _STABLE)
        if not plain and (audit.of(Role.GUARD) or all("!" not in one.text for one in filters)):
            yield audit.finding(
                rule="tag-pattern-disagrees",
                level=LEVEL if audit.of(Role.GUARD) else Level.WARNING,
                place=place,
                message=f"the tags {shown} start the release, and no plain version such as v1.2.3 is among them",
                help='tags: ["v[0-9]*.[0-9]*.[0-9]*"]',
            )
        return
    guards: list[tuple[str, Callable[[str], object]]] = [
        (regex, partial(_takes, regex))
        for deed in audit.of(Role.GUARD)
        if deed.step is not None and deed.what.startswith("the pattern")
        for regex, _ in tag_patterns(deed.step, audit.commands(deed.step), audit.env(deed.job, deed.step))
        if _is_tried(regex)
    ]
    if "{group}" not in audit.tag:
        guards += [(GATE_TAG, partial(_gate_takes, audit.tag)) for deed in audit.of(Role.GUARD) if deed.what == GATE_TAG]
    taken = [prefix for prefix in prefixes if guards and all(any(takes_it(f"{prefix}{one}") for _, takes_it in guards) for one in _STABLE)]
    if guards and not set(taken) & set(started):
        yield audit.finding(
            rule="tag-pattern-disagrees",
            level=LEVEL,
            place=place,
            message=f"the tags {shown} start the release, and the guard takes none of them: {guards[0][0][:80]}",
            help="write both for the same tags",
        )
        return
    loose = [one for one in ("nightly", "vnext", "v1") if guards and starts(filters, one)]
    if loose:
        message = f"the tags {shown} start the release for {', '.join(loose)} too, which the guard refuses"
        yield audit.finding(rule="tag-pattern-disagrees", level=Level.WARNING, place=place, message=message, help='tags: ["v[0-9]*.[0-9]*.[0-9]*"]')
    prefix = next(one for one in started if not guards or one in taken)
    for one in audit.tag_patterns:
        if not _is_tried(one.text):
            continue
        refused = [f"{prefix}{version}" for version in _STABLE if not _takes(one.text, f"{prefix}{version}")]
        wrong = [
            f"{prefix}{version}"
            for version in _OTHERS
            if guards and _takes(one.text, f"{prefix}{version}") and not any(takes_it(f"{prefix}{version}") for _, takes_it in guards)
        ]
        if refused or wrong:
            what = f"is no release for {one.tool}, and is released here" if refused else f"is a release for {one.tool}, and the guard refuses it"
            yield audit.finding(
                rule="tag-pattern-disagrees",
                level=LEVEL,
                place=one.place,
                message=f"{(refused or wrong)[0]} {what}",
                help="write the pattern of the guard there",
            )


def _by_exclusion(audit: Audit, ignored: tuple[Scalar, ...]) -> Iterator[Finding]:
    """Look at a filter that names what does not start the release: everything else does."""
    shown = ", ".join(one.text for one in ignored)
    stable = [f"{prefix}{one}" for prefix in ("v", "") for one in _STABLE]
    if all(starts(ignored, tag) for tag in stable if tag.startswith("v") or not audit.of(Role.GUARD)):
        message = f"the tags {shown} are ignored, and every plain version such as v1.2.3 is among them"
    elif audit.of(Role.GUARD):
        message = f"every tag but {shown} starts the release, and its guard takes versions alone"
    else:
        return
    yield audit.finding(rule="tag-pattern-disagrees", level=LEVEL, place=audit.place_of(ignored[0]), message=message, help='tags: ["v[0-9]*.[0-9]*.[0-9]*"]')


def _gate_takes(template: str, tag: str) -> bool:
    """Say whether `lockstep gate tag` takes a tag: as the template says; without one `v1.2.3`, `1.2.3`, and what may name a package."""
    found = parse(tag)
    return is_release(tag, template) and (bool(template) or (found is not None and (found.prefix in ("", "v") or bool(found.word))))


def _is_tried(regex: str) -> bool:
    return accepts_tag(regex, "") is not None


def _takes(regex: str, tag: str) -> bool:
    return any(accepts_tag(regex, text) for text in (tag, f"refs/tags/{tag}"))
