"""A registry does not show who may publish a package, or who published it.

## What it does
Every registry answers about every package that a workflow publishes to it: its last version, who published that, and who may publish. crates.io shows the
latter to an owner.

## Why
What is not seen is neither right nor wrong: the exit code is 3. A waiver that names the symbol `not-visible` accepts it.

## Example
```
.github/workflows/release.yml:24:14 note publisher-not-visible: not visible: who may publish egg; crates.io shows that to an owner of the crate
  help: a token of an owner of the crate with the scope trusted-publishing: CARGO_REGISTRY_TOKEN, or cargo login
```

## Source
[PyPI: Integrity API](https://docs.pypi.org/api/integrity/), [crates.io: trusted publishing](https://crates.io/docs/trusted-publishing)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.wording import first_few
from lockstep.workflow.commit_runs import Unseen
from lockstep.workflow.publishers import Published, PublishersAudit
from lockstep.workflow.registries import CRATES_IO, NPM, PYPI

LEVEL = Level.NOTE
SINCE = "0.1.0"


def check(audit: PublishersAudit) -> Iterator[Finding]:
    """Tell each reason once, with the packages; a workflow whose acts cannot be told may publish what nobody was asked about."""
    unclear = next((one for one in audit.audits if one.workflow is None or one.unclear), None)
    if unclear is not None and audit.unasked:
        why = "what it does cannot be told"
        unseen = Unseen(what=unclear.path, why=why, help="lockstep audit workflow tells why; workflow.roles in the configuration declares its jobs")
        yield audit.not_visible("publisher-not-visible", unclear.place(), f"whether {unclear.path} publishes to {' or '.join(audit.unasked)}", unseen)
    for registry, some in audit.deeds.items():
        if registry in (CRATES_IO, NPM, PYPI) and not any(one.registry == registry for one in audit.published):
            unseen = Unseen(what=registry, why="no manifest here names one", help="lockstep show tells which packages were found")
            yield audit.not_visible("publisher-not-visible", some[0][1].place, f"which packages {some[0][1].job.id} publishes to {registry}", unseen)
    found: dict[tuple[str, str, str, bool], list[tuple[Published, Unseen]]] = {}
    for one in audit.published:
        for unseen in one.blind or _silent(audit, one):
            found.setdefault((one.registry, unseen.why, unseen.help, bool(one.version)), []).append((one, unseen))
    for (registry, _, _, seen), those in found.items():
        names = first_few(list(dict.fromkeys(one.package for one, _ in those)), 4)
        question = f"who may publish {names} at {registry}" if seen else f"who publishes {names} at {registry}"
        yield audit.not_visible("publisher-not-visible", audit.place(those[0][0]), question, those[0][1])


def _silent(audit: PublishersAudit, one: Published) -> tuple[Unseen, ...]:
    """Give what a registry leaves open that answers: PyPI names a publisher in attestations alone, which some programs do not make."""
    if one.version and one.trusted is None and audit.trusting(one.registry) and not audit.attesting(one.registry):
        why = f"{one.registry} names the publisher of a version in its attestations alone, and there are none"
        return (Unseen(what=one.package, why=why, help="attest what is published: pypa/gh-action-pypi-publish does"),)
    return ()
