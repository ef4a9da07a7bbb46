"""The SLSA generator is not called by a version tag.

## What it does
The generator must be called as `@vX.Y.Z`: it looks up its own tag to prove what it is, and fails at a commit id.

## Why
The provenance cannot be made, or says nothing.

## Example
```yaml
uses: slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@main
```

## Source
[slsa-github-generator](https://github.com/slsa-framework/slsa-github-generator#referencing-slsa-builders-and-generators)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
SINCE = "0.1.0"


_VERSION = pattern(r"v[0-9]+\.[0-9]+\.[0-9]+")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the calls of the generator."""
    for job in audit.jobs.values():
        if job.calls is not None and job.calls.name == "slsa-framework/slsa-github-generator" and not _VERSION.fullmatch(job.calls.ref):
            yield audit.finding(
                rule="slsa-generator-not-tagged",
                level=LEVEL,
                place=job.at(job.calls.scalar),
                message=f"the SLSA generator is called at {job.calls.ref or 'nothing'}, not at a version tag",
                help="@v2.1.0, say; a commit id does not work there",
                symbol=job.id,
            )
