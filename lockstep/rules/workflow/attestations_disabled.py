"""A publish switches its attestations off.

## What it does
`attestations` of the PyPI action may not be off, and neither may npm's provenance.

## Why
Users cannot check which workflow of which commit made the file.

## Example
```yaml
- uses: pypa/gh-action-pypi-publish@...
  with: { attestations: false }
```

## Source
[PEP 740](https://peps.python.org/pep-0740/), [npm: provenance](https://docs.npmjs.com/generating-provenance-statements)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.registries import NPM

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every publish but rehearsals."""
    for deed in audit.publishes:
        step = deed.step
        if step is None:
            continue
        places = (
            [step.at(step.inputs["attestations"])]
            if step.uses is not None and step.input("attestations") is not None and (step.is_off("attestations") or "${{" in step.inputs["attestations"].text)
            else []
        )
        if deed.registry == NPM:
            places += [
                step.at(value) for name, value in audit.env(deed.job, step).items() if name.upper() == "NPM_CONFIG_PROVENANCE" and value.text.lower() == "false"
            ]
            places += [step.script_line(one.line) for one in audit.commands(step) if one.has("--no-provenance") or "--provenance=false" in one.words]
        for place in places:
            yield audit.finding(
                rule="attestations-disabled",
                level=LEVEL,
                place=place,
                message=f"{deed.job.id} publishes to {deed.registry} without attestations",
                help="take the switch out",
                symbol=deed.job.id,
            )
