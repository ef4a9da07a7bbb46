"""A file was published from another environment.

## What it does
The publisher that a registry recorded must be bound to the environment of the job that publishes there, as the workflow at the tag or `--environment` says.

## Why
The environment is where a person approves: a publisher that is bound to another one, or to none, can be used without.

## Example
```
pypi:spam-1.0.0.tar.gz published-environment-differs: PyPI says testing, expected pypi
```

## Source
[Trusted publishing](https://docs.pypi.org/trusted-publishers/), [claims of a certificate](https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.answer import Answer, findings
from lockstep.release.candidate import Artifact
from lockstep.release.published import PublishedRelease
from lockstep.rules.published import witnesses

LEVEL = Level.ERROR
SINCE = "0.1.0"
RULE = "published-environment-differs"


def check(release: PublishedRelease) -> Iterator[Finding]:
    """Give what is not so, and what that matters could not be seen."""
    return findings(ask(release))


def ask(release: PublishedRelease) -> Iterator[Answer]:
    """Compare the environments that registries recorded."""

    def differs(artifact: Artifact, said: str) -> str:
        expected = release.promise.environments.get(artifact.registry)
        return "" if expected is None or said in expected else " or ".join(sorted(expected)) or "none"

    yield from witnesses(release, RULE, "environment", lambda one: one.environment or "", differs, promised=False)
