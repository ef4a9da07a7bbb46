"""An attestation of a file does not hold.

## What it does
Every attestation that a registry or GitHub has of a file must be signed by the certificate that it names, logged while that was valid, of the release's
repository, and about the file's bytes. sigstore and pypi-attestations say so: `pip install 'lockstep-release[attest]'`.

## Why
An attestation that nobody checks proves nothing.

## Example
```
pypi:spam-1.0.0.tar.gz published-signature-broken: PyPI: the signature does not hold: DSSE: invalid signature
```

## Source
[PEP 740](https://peps.python.org/pep-0740/), [Sigstore](https://docs.sigstore.dev/cosign/verifying/verify/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.answer import Answer, Verdict, findings, proven, refuted, unseen
from lockstep.release.published import PublishedRelease

LEVEL = Level.ERROR
SINCE = "0.1.0"
RULE = "published-signature-broken"


def check(release: PublishedRelease) -> Iterator[Finding]:
    """Give what is not so, and what that matters could not be seen."""
    return findings(ask(release))


def ask(release: PublishedRelease) -> Iterator[Answer]:
    """Give what was found of each signature."""
    for one in release.files:
        owed = one.artifact.registry in release.promise.attested
        for witness in one.provenances:
            if (signature := witness.signature) is None:
                continue
            why = f"{witness.witness}: {signature.why}"
            match signature.verdict:
                case Verdict.PROVEN:
                    yield proven(RULE, one.id, why, witness.endpoint)
                case Verdict.REFUTED:
                    yield refuted(RULE, one.id, why, signature.shows, witness.endpoint)
                case Verdict.UNSEEN:
                    yield unseen(RULE, one.id, why, signature.shows, witness.endpoint, owed=owed)
