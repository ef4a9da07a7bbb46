"""`gh` does not know which repository is meant.

## What it does
A step that uses `gh release`, `gh run` or the like must come after a checkout, or have `GH_REPO` or `--repo`.

## Why
The step fails on the day of the release: not a git repository.

## Example
```yaml
- run: gh release edit "$TAG_NAME" --draft=false # no checkout, no GH_REPO
```

## Source
[gh: environment](https://cli.github.com/manual/gh_help_environment)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
SINCE = "0.1.0"


_TOPICS = ("release", "run", "pr", "issue", "workflow", "cache", "label", "secret", "variable")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every call of gh."""
    here: set[str] = set()
    """Jobs that have the repository by now."""
    for job, step in audit.steps:
        was_here = job.id in here
        if "checkout" in step.action or (step.run is not None and "git clone" in step.run.text):
            here.add(job.id)
        if was_here or step.run is None or "GH_REPO" in audit.env(job, step) or "GH_REPO=" in step.run.text or "git clone" in step.run.text:
            continue
        first = next(
            (one for one in audit.commands(step) if one.name == "gh" and one.words[1:2] and one.words[1] in _TOPICS and not one.has("-R", "--repo")), None
        )
        if first is not None:
            yield audit.finding(
                rule="gh-without-repository",
                level=LEVEL,
                place=step.script_line(first.line),
                message=f"{job.id} runs `{' '.join(first.words[:3])}` without a checkout and without GH_REPO",
                help="env: { GH_REPO: ${{ github.repository }} }",
                symbol=job.id,
            )
