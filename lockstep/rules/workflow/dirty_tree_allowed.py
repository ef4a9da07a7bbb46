"""Cargo packages or publishes what is in no commit.

## What it does
`--allow-dirty` may not stand at `cargo package`, `cargo publish` or `cargo release` on the way to a publish.

## Why
The crate holds files that nobody reviewed, and that the tag does not have.

## Example
```yaml
- run: cargo publish --allow-dirty
```

## Source
[cargo publish](https://doc.rust-lang.org/cargo/commands/cargo-publish.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
SINCE = "0.1.0"


_PACKS = frozenset({"package", "publish", "release", "workspaces", "ws", "smart-release"})


def check(audit: Audit) -> Iterator[Finding]:
    """Look at cargo on the way."""
    for job, step in audit.steps:
        places = [
            step.at(step.run, one.line)
            for one in audit.commands(step)
            if step.run is not None and one.name == "cargo" and one.has("--allow-dirty") and set(one.words[1:4]) & _PACKS
        ]
        if step.uses is not None and step.uses.name == "katyo/publish-crates":
            places += [step.at(value) for value in step.inputs.values() if "--allow-dirty" in value.text]
        for place in places if audit.active(step) else ():
            yield audit.finding(
                rule="dirty-tree-allowed",
                level=LEVEL,
                place=place,
                message=f"{job.id} runs cargo with --allow-dirty",
                help="take --allow-dirty out",
                symbol=job.id,
            )
