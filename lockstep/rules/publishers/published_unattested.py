"""A version was published without the attestations that the workflow makes.

## What it does
Every file of the last version has an attestation, where one has, or where the workflow makes them: the PyPI action unless it is told not to, npm with a
trusted publisher.

## Why
A file without one came another way: uploaded by hand or by a token, or beside the workflow. Whoever verifies attestations refuses it.

## Example
```
.github/workflows/release.yml:24:14 published-unattested: 1 of 4 files of egg 1.2.0 at PyPI has no attestation: egg-1.2.0.tar.gz
  help: publish every file by the workflow; a version that is published cannot be mended
```

## Source
[PyPI: attestations](https://docs.pypi.org/attestations/), [npm: provenance](https://docs.npmjs.com/generating-provenance-statements)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.wording import counted, first_few
from lockstep.workflow.publishers import PublishersAudit
from lockstep.workflow.registries import NPM

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: PublishersAudit) -> Iterator[Finding]:
    """Look at the files of each last version."""
    for one in audit.published:
        left = len(one.unattested)
        if not left or (left == len(one.files) and not audit.attesting(one.registry)):
            continue
        if one.registry == NPM and one.trusted is False and audit.trusting(NPM):
            continue  # that it was published by a token says why
        which = f"{left} of {counted(len(one.files), 'file')} of {one} at {one.registry} {'has' if left == 1 else 'have'} no attestation"
        message = f"{which}: {first_few(one.unattested, 3)}"
        yield audit.finding("published-unattested", LEVEL, one, message, "publish every file by the workflow; a version that is published cannot be mended")
