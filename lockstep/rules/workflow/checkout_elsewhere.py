"""A job of the release checks out something else than the tag.

## What it does
`actions/checkout` on the way to a publish may not name another `ref` than the one that started the workflow, and another `repository` only beside
it, in a `path` of its own.

## Why
What is built is not what was tagged, tested and asked about.

## Example
```yaml
- uses: actions/checkout@...
  with: { ref: main }
```

## Source
[checkout](https://github.com/actions/checkout#usage)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every checkout on the way."""
    for job, step in audit.steps:
        if step.action != "actions/checkout" or not audit.active(step):
            continue
        ref, repository = step.input("ref"), step.input("repository")
        beside = repository is not None and step.input("path") is not None
        for scalar in (ref, repository):
            if scalar is not None and not beside and _is_elsewhere(scalar.text.strip()):
                yield audit.finding(
                    rule="checkout-elsewhere",
                    level=LEVEL,
                    place=step.at(scalar),
                    message=f"{job.id} checks out {scalar.text.strip()[:60]}, not what was tagged",
                    help="leave it out: the commit of the tag is the default",
                    symbol=job.id,
                )


def _is_elsewhere(text: str) -> bool:
    """Say whether a ref or repository is written out, or is that of a pull request; other expressions may well be the tag."""
    return bool(text) and ("${{" not in text or "head_ref" in text or "pull_request" in text)
