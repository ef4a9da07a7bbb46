"""The workflow does not say on which machine a job runs.

## What it does
`runs-on` of a job on the way to a publish may not come from variables, secrets or the event: what they say stands in no commit. An input of a person
who starts the workflow is a warning.

## Why
Whoever may change a setting moves the release to a machine of their own, and no review sees it.

## Example
```yaml
publish:
  runs-on: ${{ vars.RUNNER }}
```

## Source
[Variables](https://docs.github.com/en/actions/reference/workflows-and-actions/variables), [runs-on](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idruns-on)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.expression import embedded, references

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at what each label is made of."""
    for job in audit.route:
        for scalar in job.runs_on:
            texts = dict.fromkeys(audit.possible(job, scalar) or (scalar.text,))
            named = {parts for text in texts for _, one in embedded(text) for parts in references(one)}
            settings = sorted(".".join(parts) for parts in named if parts[0] in ("vars", "secrets") or parts[:2] == ("github", "event"))
            inputs = sorted(".".join(parts) for parts in named if parts[0] == "inputs" and job.path == audit.path)
            if settings or inputs:
                yield audit.finding(
                    rule="runner-unknown",
                    level=LEVEL if settings else Level.WARNING,
                    place=job.at(scalar),
                    message=f"{job.id} is part of the release, and runs on what {(settings or inputs)[0]} says",
                    help="write the name of a runner that GitHub hosts",
                    symbol=job.id,
                )
