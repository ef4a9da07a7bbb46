"""Files are changed between their comparison and the publish.

## What it does
In a job that compares what it publishes with what was attested, finds commands after the comparison and before the publish that write files:
`sed -i`, `cp`, `mv`, `patch`, `git checkout`, an archive that is unpacked, a download, `> file`. What goes to the runner's own files and to
temporary folders is left alone.

## Why
The comparison is about the bytes as they were. What is published is what lies there when it is published.

## Example
```yaml
- run: sha256sum --check attested.sha256
- run: sed -i 's/a/b/' src/lib.rs
- run: cargo publish
```

## Source
[CWE-367](https://cwe.mitre.org/data/definitions/367.html): what is checked is not what is used
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Role
from lockstep.workflow.shell import Command

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"
_WRITES = frozenset({"cp", "mv", "rm", "ln", "dd", "tee", "touch", "truncate", "install", "patch", "rsync", "unzip", "gunzip", "chmod"})
_WITH = {
    "sed": re.compile(r"-[a-zA-Z]*i.*|--in-place.*"),
    "perl": re.compile(r"-[a-zA-Z]*i.*"),
    "tar": re.compile(r"-?-?[a-zA-Z]*x[a-zA-Z]*|--extract"),
    "curl": re.compile(r"-[a-zA-Z]*O|--remote-name\S*"),
    "git": re.compile(r"apply|checkout|cherry-pick|merge|pull|reset|restore|revert|stash|switch"),
}
"""What makes a command that reads one that writes."""
_TO = re.compile(r">{1,2}|>\||-[a-zA-Z]*o|--output(?:-document)?")
"""What the name of a file follows that is written."""
_OWN = re.compile(r"\$|/tmp/|/dev/|&")
"""The runner's own files and temporary folders, mostly by a variable; what another variable names is not known."""


def check(audit: Audit) -> Iterator[Finding]:
    """Look between the last comparison and the publish of each job."""
    for job in audit.publish_jobs:
        ends = [deed.index for deed in audit.publishes if deed.job is job and deed.step is not None]
        starts = [deed.index for deed in audit.of(Role.VERIFY) if deed.job is job and deed.step is not None and ends and deed.index < min(ends)]
        for step in job.steps[max(starts) + 1 : min(ends)] if starts else ():
            one = next((one for one in audit.commands(step) if _touches(one)), None) if audit.active(step) else None
            if one is not None:
                yield audit.finding(
                    rule="bytes-touched",
                    level=LEVEL,
                    place=step.script_line(one.line),
                    message=f"{job.id} writes files ({' '.join(one.words[:3])}) between the comparison and the publish",
                    help="compare last: move this before the comparison",
                    symbol=job.id,
                )


def _touches(one: Command) -> bool:
    targets = [following for word, following in pairwise(one.words) if _TO.fullmatch(word) and one.name not in ("sort", "grep", "ssh", "set")]
    if any(not _OWN.match(target) for target in targets):
        return True
    rest = [word for word in one.words[1:] if not word.startswith("-")]
    if targets or not rest or _OWN.match(rest[-1]):
        return False
    return one.name in _WRITES or (one.name in _WITH and any(map(_WITH[one.name].fullmatch, one.words[1:])))
