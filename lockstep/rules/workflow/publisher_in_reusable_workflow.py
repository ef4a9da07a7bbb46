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
from lockstep.workflow.action_roles import uses_trusted_publishing
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Deed, Role
from lockstep.workflow.registries import PYPI, TEST_PYPI

LEVEL = Level.ERROR
SINCE = "0.1.0"

_PASSWORDS = ("UV_PUBLISH_TOKEN", "UV_PUBLISH_PASSWORD", "TWINE_PASSWORD", "MATURIN_PYPI_TOKEN", "MATURIN_PASSWORD", "HATCH_INDEX_AUTH", "FLIT_PASSWORD")
_BY_TOKEN = ("uv publish", "maturin upload", "maturin publish", "pdm publish")
"""Programs that ask PyPI for a token by themselves."""


def check(audit: Audit) -> Iterator[Finding]:
    """Look at what is published by the jobs of called workflows."""
    for deed in audit.of(Role.PUBLISH):
        if deed.registry not in (PYPI, TEST_PYPI) or deed.step is None or deed.job.path == audit.path or not _trusts(audit, deed):
            continue
        attests = deed.step.action == "pypa/gh-action-pypi-publish" and not deed.step.is_off("attestations")
        caller = deed.job.id.rpartition(" / ")[0]
        yield audit.finding(
            rule="publisher-in-reusable-workflow",
            level=LEVEL if attests else Level.WARNING,
            place=deed.place,
            message=f"{deed.job.id} uses trusted publishing in a reusable workflow, which {deed.registry} does not support",
            help=f"publish in a job of {audit.path} itself, in the place of {caller}, which may call the rest",
            symbol=deed.job.id,
        )


def _trusts(audit: Audit, deed: Deed) -> bool:
    """Say whether a step publishes by a token that it asks for."""
    permissions = audit.allowed(deed.job)
    if deed.step is None or permissions is None or not permissions.allows("id-token"):
        return False
    if deed.step.action == "pypa/gh-action-pypi-publish":
        return uses_trusted_publishing(deed.step)
    return deed.what in _BY_TOKEN and not any(name in audit.env(deed.job, deed.step) for name in _PASSWORDS) and not _given(deed)


def _given(deed: Deed) -> bool:
    text = deed.step.run.text if deed.step is not None and deed.step.run is not None else ""
    return any(word in text for word in ("--token", "--password", "--trusted-publishing never", "-p "))
