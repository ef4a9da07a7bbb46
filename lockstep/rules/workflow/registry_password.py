"""A publish is given a password.

## What it does
The PyPI action may have neither `password` nor `user`; commands that publish may have no token or password among their options.

## Why
With a password, trusted publishing and its attestations are off.

## Example
```yaml
- uses: pypa/gh-action-pypi-publish@...
  with: { password: "${{ secrets.PYPI_API_TOKEN }}" }
```

## Source
[The PyPI action](https://github.com/pypa/gh-action-pypi-publish#trusted-publishing)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.command_roles import roles_of_command
from lockstep.workflow.model import Role

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_OPTIONS = {
    "twine": ("-p", "--password"),
    "uv": ("--token", "-t", "--password", "-p"),
    "cargo": ("--token",),
    "maturin": ("--password", "-p"),
    "poetry": ("--password", "-p"),
    "hatch": ("--auth", "-a"),
    "pdm": ("--password", "-P"),
    "gem": ("--key",),
}


def check(audit: Audit) -> Iterator[Finding]:
    """Look at what each publish is given."""
    for deed in audit.of(Role.PUBLISH):
        step = deed.step
        if step is None:
            continue
        if step.action == "pypa/gh-action-pypi-publish":
            for name in ("password", "user"):
                if name in step.inputs and step.inputs[name].text.strip():
                    yield audit.finding(
                        rule="registry-password",
                        level=LEVEL,
                        place=step.at(step.inputs[name]),
                        message=f"{deed.job.id} publishes to {deed.registry} with the input {name} instead of trusted publishing",
                        help="take it out: trusted publishing needs id-token: write alone",
                        symbol=deed.job.id,
                    )
                    break
        for one in audit.commands(step):
            if (
                one.name in _OPTIONS
                and any(seen.role is Role.PUBLISH for seen in roles_of_command(one))
                and one.has(*_OPTIONS[one.name])
                and "secrets." not in " ".join(one.words)
            ):
                yield audit.finding(
                    rule="registry-password",
                    level=LEVEL,
                    place=step.script_line(one.line),
                    message=f"{deed.job.id} gives `{' '.join(one.words[:2])}` a password",
                    help="use trusted publishing",
                    symbol=deed.job.id,
                )
