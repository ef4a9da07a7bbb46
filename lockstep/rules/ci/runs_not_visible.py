"""GitHub does not show the runs of this commit.

## What it does
The repository, the runs of a gated workflow, or a workflow file could not be seen: a token that may not see them (401, 403, 404), a rate
limit, an error of GitHub (5xx), an answer that is no JSON, has no end or is not what GitHub documents, no connection.

## Why
What is not seen is no success. It is no failure either: the gate is unproven (exit code 3).

## Example
```
lockstep gate ci v1.2.0
.github/workflows/ci.yml:3:3 warning runs-not-visible: the runs of ci.yml in spam/spam: GitHub does not show that (404): Not Found
  help: GH_TOKEN (or GITHUB_TOKEN) must be a token that may read actions of this repository: permissions: { actions: read, contents: read }
```

## Source
[Troubleshooting the REST
API](https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#404-not-found-for-an-existing-resource), [Rate
limits](https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Confidence, Finding, Level, Place
from lockstep.workflow.commit_runs import Checks, Unseen

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(checks: Checks) -> Iterator[Finding]:
    """Look for what could not be seen."""
    invisible: list[tuple[Place, Unseen, str | None]] = [(place, unseen, None) for place, unseen in checks.unseen]
    invisible += [(one.gated.place, one.unseen, one.gated.name) for one in checks.workflows if one.unseen is not None and one.passed is None]
    for place, unseen, symbol in invisible:
        message = f"{unseen.what}: {unseen.why}"
        yield Finding(rule="runs-not-visible", level=LEVEL, place=place, message=message, help=unseen.help, symbol=symbol, confidence=Confidence.BLIND)
