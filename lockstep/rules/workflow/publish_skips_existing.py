"""A publish does not mind that a file is there already.

## What it does
`skip-existing` may not be on: neither at the PyPI action, nor as an option or variable of twine, maturin and others.

## Why
A file that somebody else put there first, or that differs from ours, passes as published.

## Example
```yaml
- uses: pypa/gh-action-pypi-publish@...
  with: { skip-existing: true }
```

## Source
[The PyPI action](https://github.com/pypa/gh-action-pypi-publish#tolerating-release-package-file-duplicates)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_VARIABLES = ("TWINE_SKIP_EXISTING", "MATURIN_SKIP_EXISTING")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every publish but rehearsals."""
    for deed in audit.publishes:
        step = deed.step
        if step is None:
            continue
        found = [step.inputs[name] for name in ("skip-existing", "skip_existing") if step.is_on(name)]
        found += [step.inputs[name] for name in ("args", "command") if name in step.inputs and "--skip-existing" in step.inputs[name].text]
        found += [value for name, value in audit.env(deed.job, step).items() if name in _VARIABLES and value.text.lower() not in ("", "0", "false")]
        places = [step.at(one) for one in found]
        places += [step.script_line(one.line) for one in audit.commands(step) if one.has("--skip-existing")]
        for place in dict.fromkeys(places):
            yield audit.finding(
                rule="publish-skips-existing",
                level=LEVEL,
                place=place,
                message=f"{deed.job.id} publishes to {deed.registry} with skip-existing: a file that is there already passes unseen",
                help="take it out; compare what is served instead",
                symbol=deed.job.id,
            )
