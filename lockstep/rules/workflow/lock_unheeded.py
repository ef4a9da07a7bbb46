"""Cargo packs, publishes or installs without its lock.

## What it does
On the way to a publish, `cargo package`, `cargo publish` and `cargo install` must have `--locked` (or `--frozen`) where others of them have it; and
where the repository has a `Cargo.lock` and the job compares or attests bytes, all that pack must.

## Why
Without it cargo takes whatever versions the registry has today: what is built twice differs, and what was reviewed is not what is built.

## Example
```yaml
- run: cargo package -p spam --locked
- run: cargo publish -p spam
```

## Source
[cargo publish --locked](https://doc.rust-lang.org/cargo/commands/cargo-publish.html#manifest-options)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.artifacts import packs_crates
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Role
from lockstep.workflow.shell import Command

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Compare the commands with each other."""
    proves = audit.lock and bool(audit.of(Role.ATTEST, Role.VERIFY))
    found = [(job, step, one) for job, step in audit.steps if audit.active(step) for one in audit.commands(step) if _kind(one)]
    locked = {_kind(one) for _, _, one in found if one.has("--locked", "--frozen")}
    for job, step, one in found:
        kind = _kind(one)
        if not one.has("--locked", "--frozen") and (kind in locked or (kind == "pack" and proves)):
            yield audit.finding(
                rule="lock-unheeded",
                level=LEVEL,
                place=step.script_line(one.line),
                message=f"{job.id} runs `{' '.join(one.words[:4])}` without --locked",
                help="add --locked",
                symbol=job.id,
            )


def _kind(one: Command) -> str:
    if packs_crates(one) and not one.has("--list", "-l", "--help"):
        return "pack"
    return "install" if one.name == "cargo" and one.words[1:2] == ("install",) and not one.has("--path", "--git", "--list") else ""
