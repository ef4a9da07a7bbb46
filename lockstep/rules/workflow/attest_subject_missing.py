"""An attestation leaves out a kind of file that is published.

## What it does
The subjects of the attesting steps of a job must together cover every kind of file (`.whl`, `.tar.gz`, `.crate`) of the artifacts that the job
takes.

## Why
Half of the release is attested; a user who verifies the other half gets an error, or gives up verifying.

## Example
```yaml
- uses: actions/attest-build-provenance@...
  with:
    subject-path: dist/*.crate # wheels lie there too
```

## Source
[attest-build-provenance](https://github.com/actions/attest-build-provenance#inputs)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit, is_distribution, suffix
from lockstep.workflow.model import Role

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Compare the subjects with the files of each artifact."""
    for name, covered in audit.attested.items():
        steps = [deed.step for deed in audit.of(Role.ATTEST) if deed.job.id == name and deed.step is not None and deed.step.uses is not None]
        if not steps or any(step.input("subject-path") is None for step in steps):
            continue
        subjects = [row.strip() for step in steps for part in step.inputs["subject-path"].text.split(",") for row in part.splitlines() if row.strip()]
        kinds = {end for up in covered if is_distribution(up) for path in up.files if (end := suffix(path))}
        for kind in sorted(kinds):
            if not any(_covers(subject, kind) for subject in subjects):
                yield audit.finding(
                    rule="attest-subject-missing",
                    level=LEVEL,
                    place=steps[0].place,
                    message=f"{name} takes {kind} files, but no subject of its attestation covers them",
                    help=f"add a subject that ends in *{kind}",
                    symbol=name,
                )


def _covers(subject: str, kind: str) -> bool:
    return subject.endswith(kind) or not suffix(subject) or "${{" in subject
