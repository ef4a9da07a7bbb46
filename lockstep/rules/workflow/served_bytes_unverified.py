"""A publish is not looked at afterwards, and its sister is.

## What it does
Where one job compares what a registry serves with what was attested, every job that publishes to that registry should.

## Why
The workflow makes a promise for one package and not for the other.

## Example
```yaml
publish-core: # compares the crate that crates.io serves
publish-extra: # does not
```

## Source
lockstep's own rule
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Deed, Step

LEVEL = Level.WARNING
BASIC = Level.NOTE
SINCE = "0.1.0"


_WORDS = re.compile(r"sha(?:256|512)sum|shasum|hashlib|\bverify\b|\bcmp\b")


def check(audit: Audit) -> Iterator[Finding]:
    """Compare the jobs of each registry."""
    named: dict[str, dict[str, Deed]] = {}
    for deed in audit.publishes:
        named.setdefault(deed.registry, {})[deed.job.id] = deed
    for registry, deeds in named.items():
        looked = {name for name, deed in deeds.items() if any(_looks(audit, step, deed) for step in deed.job.steps[deed.index + 1 :])}
        for name, deed in deeds.items():
            if looked and name not in looked and deed.step is not None:
                yield audit.finding(
                    rule="served-bytes-unverified",
                    level=LEVEL,
                    place=deed.place,
                    message=f"{name} publishes to {registry} and does not compare what the registry serves, as {', '.join(sorted(looked))} does",
                    help="compare the served files with the attested ones after the publish",
                    symbol=name,
                )


def _looks(audit: Audit, step: Step, deed: Deed) -> bool:
    """Say whether a step compares what is served after a publish, and may run where that one did."""
    if step.run is None or not _WORDS.search(step.run.text) or not audit.active(step):
        return False
    return deed.step is None or audit.together(step, deed.step)
