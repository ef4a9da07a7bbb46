"""A stored token of a registry is used.

## What it does
No secret of a registry may be given to a step or a job: neither one whose name says so, nor any secret in a variable that a publishing tool reads
(`CARGO_REGISTRY_TOKEN`, `TWINE_PASSWORD`, `NODE_AUTH_TOKEN` and others).

## Why
A stored token publishes from anywhere, for as long as nobody takes it back. PyPI, crates.io and npm give short-lived ones to a workflow.

## Example
```yaml
env:
  CARGO_REGISTRY_TOKEN: ${{ secrets.CARGO_REGISTRY_TOKEN }}
```

## Source
[crates.io: trusted publishing](https://crates.io/docs/trusted-publishing), [PyPI: trusted publishers](https://docs.pypi.org/trusted-publishers/),
[npm: trusted publishing](https://docs.npmjs.com/trusted-publishers)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.pattern import pattern
from lockstep.text.yaml import Mapping as Map
from lockstep.text.yaml import Scalar
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_NAMES = pattern(
    r"secrets\s*(?:\.\s*|\[\s*')([A-Za-z0-9_]*(?:PYPI|TWINE|CRATES|CARGO|NPM|NODE_AUTH|UV_PUBLISH|MATURIN|POETRY|FLIT|HATCH|RUBYGEMS|GEM_HOST|CONDA)[A-Za-z0-9_]*)",
    re.IGNORECASE,
)
_READ = pattern(
    r"CARGO_REGISTRY_TOKEN|CARGO_REGISTRIES_\w+_TOKEN|TWINE_PASSWORD|UV_PUBLISH_(?:TOKEN|PASSWORD)|MATURIN_(?:PYPI_TOKEN|PASSWORD)|NODE_AUTH_TOKEN|NPM_(?:CONFIG__AUTH_?TOKEN|TOKEN)"
    r"|POETRY_PYPI_TOKEN_\w+|POETRY_HTTP_BASIC_\w+_PASSWORD|FLIT_PASSWORD|HATCH_INDEX_AUTH|PDM_PUBLISH_PASSWORD|RYE_TOKEN|GEM_HOST_API_KEY|ANACONDA_API_TOKEN|YARN_NPM_AUTH_TOKEN"
)


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every variable and input."""
    if audit.workflow is None:
        return
    seen: set[Place] = set()
    top = [(name, value, audit.place_of(value)) for name, value in audit.workflow.env.items()]
    for job in audit.jobs.values():
        top += [(name, value, job.at(value)) for name, value in (*job.env.items(), *job.inputs.items())]
        if isinstance(job.secrets, Map):
            top += [(key.text, value, job.at(value)) for key, value in job.secrets.items() if isinstance(value, Scalar)]
        for step in job.steps:
            password = step.action == "pypa/gh-action-pypi-publish"
            top += [(name, value, step.at(value)) for name, value in (*step.env.items(), *(() if password else step.inputs.items()))]
    for name, value, place in top:
        secret = _NAMES.search(value.text) or (_READ.fullmatch(name.upper()) and re.search(r"secrets\s*[.\[]", value.text))
        if secret and place not in seen:
            seen.add(place)
            yield audit.finding(
                rule="registry-token-stored",
                level=LEVEL,
                place=place,
                message=f"{name} is a long-lived registry token, stored as a secret",
                help="use trusted publishing: id-token: write, and no secret",
                symbol=name,
            )
