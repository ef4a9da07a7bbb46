"""The comparison of what a registry serves passes when nothing was downloaded.

## What it does
In the steps after a publish that download what is served and compare it, finds what lets them pass without: the local file in the place of the download
(`curl ... || cp`), and `exit 0` behind a download that failed or a file that is not there.

## Why
The file is compared with itself, or with nothing. The one question that only the registry can answer was not asked, and the release is made public.

## Example
```yaml
- run: |
    curl -fsSL -o served.crate "$URL" || exit 0
    cmp served.crate attested.crate
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.script_tree import If, Part, parse_script
from lockstep.workflow.shell import Command, statements
from lockstep.workflow.shell_variables import QUOTED

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"

_COPIES = ("cp", "ln", "mv", "install", "rsync")
_COMPARES = ("cmp", "diff", "sha256sum", "sha512sum", "shasum", "b2sum")
_FETCHES = ("curl", "wget")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at what follows each publish in its job."""
    for deed in {one.job.id: one for one in reversed(audit.publishes)}.values():
        for step in deed.job.steps[deed.index + 1 :] if deed.step is not None else ():
            if step.run is None or "pwsh" in step.shell or not audit.active(step):
                continue
            given = statements(step.run.text)
            served = {_plain(word) for one in given for word in (one.option("-o", "--output", "-O"),) if word and one.name in _FETCHES}
            if not served or not any(name in step.run.text for name in _COMPARES):
                continue
            for line, what in (*_copied(given, served), *_left(parse_script(given), served)):
                yield audit.finding(
                    rule="readback-optional",
                    level=LEVEL,
                    place=step.script_line(line),
                    message=f"{deed.job.id} compares what {deed.registry} serves, but {what} when nothing could be downloaded",
                    help="fail the step: what was not compared is not known to be right",
                    symbol=deed.job.id,
                )


def _copied(given: Sequence[Command], served: set[str]) -> Iterator[tuple[int, str]]:
    for one in given:
        if one.name in _COPIES and len(one.words) > 2 and _plain(one.words[-1]) in served:
            yield one.line, "puts a local file in its place"


def _left(parts: Sequence[Part], served: set[str]) -> Iterator[tuple[int, str]]:
    for part in parts:
        if isinstance(part, If):
            if any(_asks(one, served) for one in part.test) and any(_succeeds(branch) for branch in (part.then, part.other)):
                yield part.test[0].line, "leaves with success"
            yield from _left(part.then, served)
            yield from _left(part.other, served)
            continue
        tests = [one for one in part.commands[:-1] if isinstance(one, Command)]
        last = part.commands[-1] if part.commands else ()
        if any(_asks(one, served) for one in tests) and _succeeds(last if isinstance(last, tuple) else (part,)):
            yield tests[0].line, "leaves with success"


def _asks(one: Command, served: set[str]) -> bool:
    """Say whether a command downloads what is served, or asks whether it is there."""
    words = one.words[one.words[:1] == ("!",) :]
    return words[:1] in {(name,) for name in _FETCHES} or (words[:1] in (("[",), ("[[",), ("test",)) and any(_plain(word) in served for word in words))


def _succeeds(parts: Sequence[Part]) -> bool:
    """Say whether a block leaves with success, and compares nothing first."""
    found = [one for part in parts if not isinstance(part, If) for one in part.commands if isinstance(one, Command)]
    compares = any(one.name in _COMPARES or any(name in word for name in _COMPARES for word in one.words) for one in found)
    return not compares and any(one.words in (("exit",), ("exit", "0")) for one in found)


def _plain(word: str) -> str:
    return word.replace(QUOTED, "")
