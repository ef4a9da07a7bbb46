"""The bytes that a registry serves are not those of the release.

## What it does
Each file is read from its registry to its end. Its digest must be the one that the registry states, and that of the candidate, of the release's asset of
the same name, and of its list of sums, where there are such.

## Why
What users install would be something that nobody built, attested or announced.

## Example
```
spam-1.0.0-py3-none-any.whl published-bytes-differ: pypi serves 9f86d081884c, the candidate has 2c26b46b68ff
```

## Source
[Simple repository API](https://packaging.python.org/en/latest/specifications/simple-repository-api/), [crates.io data access](https://crates.io/data-access)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.answer import Answer, findings, proven, refuted, unseen
from lockstep.release.observation import State
from lockstep.release.published import Claimed, PublishedRelease

LEVEL = Level.ERROR
SINCE = "0.1.0"
RULE = "published-bytes-differ"


def check(release: PublishedRelease) -> Iterator[Finding]:
    """Give what is not so, and what that matters could not be seen."""
    return findings(ask(release))


def ask(release: PublishedRelease) -> Iterator[Answer]:
    """Compare the bytes that are served with every digest that is claimed."""
    for one in release.files:
        seen, content, registry = one.observation, one.content, one.artifact.registry
        if seen.state in (State.ABSENT, State.PENDING):
            continue  # `published-file-missing` says so
        if not (content.sha256 or content.integrity):
            why = content.unseen or seen.why or "its bytes were not read"
            yield unseen(RULE, one.id, why, f"ask again: {registry} could not be read", seen.endpoint)
            continue
        served = (content.sha256, content.integrity)
        stated = (Claimed(by=registry, digest=seen.digest),) if seen.digest else ()
        wrong = [claim for claim in (*stated, *one.claims) if claim.digest not in served]
        if wrong:
            mine = content.integrity if wrong[0].digest.startswith("sha512-") else content.sha256
            why = f"{registry} serves {mine}, and {wrong[0].by} has {wrong[0].digest}"
            yield refuted(RULE, one.id, why, "whoever published it must say what it is; yank it, and release the next version", seen.endpoint)
        elif one.claims:
            yield proven(RULE, one.id, f"{registry} serves the bytes of {', '.join(claim.by for claim in one.claims)}", seen.endpoint)
        else:
            why = f"nothing of the release states a digest of it: {registry} serves {(content.sha256 or content.integrity)[:19]}"
            yield unseen(RULE, one.id, why, "a candidate (lockstep release seal), SHA256SUMS or the file as an asset of the release", seen.endpoint, owed=False)
