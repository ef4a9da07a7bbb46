"""PyPI is asked for trusted publishing from within a reusable workflow.

## What it does
A job that publishes to PyPI without a password must stand in the workflow that the tag or the release starts, not in one that it calls. Where the PyPI
action makes attestations, which it does unless it is told not to, this is an error; for other programs a warning.

## Why
PyPI does not take reusable workflows as trusted publishers: the token is refused, or the attestations are, which name the calling workflow.

## Example
```yaml
jobs:
  publish:
    permissions: { id-token: write }
    uses: ./.github/workflows/upload.yml # its job has pypa/gh-action-pypi-publish
```

## Source
[PyPI: trusted publishing, troubleshooting](https://docs.pypi.org/trusted-publishers/troubleshooting/#reusable-workflows-on-github)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Role
from lockstep.workflow.registries import PYPI, TEST_PYPI
from lockstep.workflow.trusted_publishing import PYPI_ACTION, trusts

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at what is published by the jobs of called workflows."""
    for deed in audit.of(Role.PUBLISH):
        if deed.registry not in (PYPI, TEST_PYPI) or deed.step is None or deed.job.path == audit.path or not trusts(audit, deed):
            continue
        attests = deed.step.action == PYPI_ACTION and not deed.step.is_off("attestations")
        caller = deed.job.id.rpartition(" / ")[0]
        yield audit.finding(
            rule="publisher-in-reusable-workflow",
            level=LEVEL if attests else Level.WARNING,
            place=deed.place,
            message=f"{deed.job.id} uses trusted publishing in a reusable workflow, which {deed.registry} does not support",
            help=f"publish in a job of {audit.path} itself, in the place of {caller}, which may call the rest",
            symbol=deed.job.id,
        )
