"""A file was built or published from another commit than that of the tag.

## What it does
Every witness must name the tag's commit: `.cargo_vcs_info.json` in the crate, crates.io's record of the trusted publisher, the certificates of PyPI's,
npm's and GitHub's attestations, and what these say of the build.

## Why
Users would run other sources than those that the tag shows.

## Example
```
crates.io:spam-1.0.0.crate published-commit-differs: crates.io says 1234567, expected 89abcde
```

## Source
[Trusted publishing](https://docs.pypi.org/trusted-publishers/), [claims of a certificate](https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.answer import Answer, findings, refuted
from lockstep.release.published import PublishedRelease
from lockstep.rules.published import witnesses

LEVEL = Level.ERROR
SINCE = "0.1.0"
RULE = "published-commit-differs"


def check(release: PublishedRelease) -> Iterator[Finding]:
    """Give what is not so, and what that matters could not be seen."""
    return findings(ask(release))


def ask(release: PublishedRelease) -> Iterator[Answer]:
    """Compare the commits that witnesses name."""
    yield from witnesses(release, RULE, "commit", lambda one: one.commit, lambda _, said: "" if said == release.commit else release.commit)
    for one in release.files:
        if one.content.dirty:
            why = f"it was packed with changes that are not in {release.commit}"
            yield refuted(RULE, one.id, why, "release the next version, packed with nothing changed: cargo publish --locked", one.observation.endpoint)
