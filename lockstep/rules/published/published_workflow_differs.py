"""A file was published from another workflow.

## What it does
Every witness must name a workflow from which the release is published, as the project at the tag or `--workflow` says; else all must name the same one.

## Why
A workflow that nobody reviews for releases can publish too, where the publisher at the registry allows it.

## Example
```
pypi:spam-1.0.0.tar.gz published-workflow-differs: PyPI says nightly.yml, expected release.yml
```

## Source
[Trusted publishing](https://docs.pypi.org/trusted-publishers/), [claims of a certificate](https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.answer import Answer, findings
from lockstep.release.published import Provenance, PublishedRelease
from lockstep.rules.published import first_told, witnesses

LEVEL = Level.ERROR
SINCE = "0.1.0"
RULE = "published-workflow-differs"


def check(release: PublishedRelease) -> Iterator[Finding]:
    """Give what is not so, and what that matters could not be seen."""
    return findings(ask(release))


def ask(release: PublishedRelease) -> Iterator[Answer]:
    """Compare the files of the workflows, by their names."""

    def told(one: Provenance) -> str:
        return one.workflow.rpartition("/")[2]

    expected = {one.rpartition("/")[2] for one in release.promise.workflows} or {first_told(release, told)}
    named = " or ".join(sorted(expected))
    yield from witnesses(release, RULE, "workflow", told, lambda _, said: "" if said in expected else named)
