"""What writes to GitHub has no token.

## What it does
A step that uses `gh`, `lockstep release stage` or `lockstep release open` must have `GH_TOKEN` (or `GITHUB_TOKEN`) in its environment.

## Why
In GitHub Actions they refuse to work without it, on the day of the release.

## Example
```yaml
- run: gh release upload "$TAG_NAME" dist/* # env: { GH_TOKEN: ${{ github.token }} }
```

## Source
[GitHub CLI in workflows](https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-github-cli)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.workflow.audit import Audit
from lockstep.workflow.shell import Command

LEVEL = Level.ERROR
SINCE = "0.1.0"


_TOKENS = ("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN")
_LOGIN = pattern(r"gh auth login|GH_TOKEN=")
_ALONE = ("--version", "version", "auth", "config", "extension", "help")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every call of gh."""
    logged_in = {name for name, job in audit.jobs.items() if any(one.run is not None and _LOGIN.search(one.run.text) for one in job.steps)}
    for job, step in audit.steps:
        if step.run is None or set(audit.env(job, step)) & set(_TOKENS) or any(f"{name}=" in step.run.text for name in _TOKENS):
            continue
        if job.id in logged_in:
            continue
        first = next(
            (one for one in audit.commands(step) if _writes(one) and not one.inside and not any(name in _TOKENS for name, _ in one.assigns)),
            None,
        )
        if first is not None:
            yield audit.finding(
                rule="gh-without-token",
                level=LEVEL,
                place=step.script_line(first.line),
                message=f"{job.id} runs `{' '.join(first.words[:3])}` without GH_TOKEN",
                help="env: { GH_TOKEN: ${{ github.token }} }",
                symbol=job.id,
            )


def _writes(one: Command) -> bool:
    """Say whether a command does nothing without a token of GitHub."""
    if one.name == "lockstep":
        return one.words[1:3] in (("release", "stage"), ("release", "open")) and not one.has("--dry-run")
    return one.name == "gh" and bool(one.words[1:2]) and one.words[1] not in _ALONE
