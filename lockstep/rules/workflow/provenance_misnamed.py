"""The provenance has a name that nobody looks for.

## What it does
`provenance-name` of the SLSA generator must end in `.intoto.jsonl`.

## Why
OpenSSF Scorecard and slsa-verifier's users find the provenance of a release by that ending.

## Example
```yaml
with:
  provenance-name: provenance.json
```

## Source
[Scorecard: Signed-Releases](https://github.com/ossf/scorecard/blob/main/docs/checks.md#signed-releases)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the calls of the generator."""
    for job in audit.jobs.values():
        name = job.inputs.get("provenance-name")
        if (
            job.calls is not None
            and job.calls.name == "slsa-framework/slsa-github-generator"
            and name is not None
            and not name.text.strip().endswith(".intoto.jsonl")
        ):
            yield audit.finding(
                rule="provenance-misnamed",
                level=LEVEL,
                place=job.at(name),
                message=f"{job.id} names the provenance {name.text.strip()}, which does not end in .intoto.jsonl",
                help="end the name in .intoto.jsonl",
                symbol=job.id,
            )
