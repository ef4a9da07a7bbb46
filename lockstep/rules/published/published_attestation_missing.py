"""A file has no attestation, and the release was to be attested.

## What it does
Where the workflow at the tag attests what it publishes, or `--attested` says so, each file must have an attestation at its registry or on GitHub.

## Why
What was promised to whoever verifies is not there, and nobody can tell a file of this build from another.

## Example
```
pypi:spam-1.0.0.tar.gz published-attestation-missing: neither PyPI nor GitHub has one
```

## Source
[PEP 740](https://peps.python.org/pep-0740/), [Artifact attestations](https://docs.github.com/en/actions/concepts/security/artifact-attestations)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.answer import Answer, findings, proven, refuted, unseen
from lockstep.release.observation import State
from lockstep.release.published import PublishedRelease

LEVEL = Level.ERROR
SINCE = "0.1.0"
RULE = "published-attestation-missing"


def check(release: PublishedRelease) -> Iterator[Finding]:
    """Give what is not so, and what that matters could not be seen."""
    return findings(ask(release))


def ask(release: PublishedRelease) -> Iterator[Answer]:
    """Ask whether there is an attestation of each file's bytes."""
    for one in release.files:
        if one.observation.state in (State.ABSENT, State.PENDING):
            continue
        owed = one.artifact.registry in release.promise.attested
        found = [witness for witness in one.provenances if witness.signature is not None and not witness.of_other]
        blind = [silence for silence in one.silences if silence.unseen]
        if found:
            named = ", ".join(dict.fromkeys(witness.witness for witness in found))
            yield proven(RULE, one.id, f"there is one: {named}", found[0].endpoint)
        elif blind:
            why = f"{blind[0].witness} could not be asked: {blind[0].unseen}"
            yield unseen(RULE, one.id, why, blind[0].shows or "ask again", blind[0].endpoint)
        else:
            why = f"nobody has one (asked: {', '.join(dict.fromkeys(silence.witness for silence in one.silences)) or 'nobody'})"
            help_ = "attest what is published: actions/attest, npm publish --provenance, or PyPI's action with trusted publishing"
            yield refuted(RULE, one.id, why, help_) if owed else unseen(RULE, one.id, why, help_, owed=False)
