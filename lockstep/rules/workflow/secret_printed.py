"""A script prints a secret into the log.

## What it does
Finds `echo` and `printf` of a variable that holds a secret or the token, where nothing takes the words up, and `set -x` in a script that uses
such a variable.

## Why
GitHub masks a secret as it is spelled, and nothing that a script makes of it: a part, another encoding, one line of several. Logs of public
repositories are read by everybody.

## Example
```yaml
- run: |
    set -x
    curl -H "Authorization: $TOKEN" https://example.org
  env: { TOKEN: "${{ secrets.TOKEN }}" }
```

## Source
[Secure use reference: secrets](https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.expression import embedded, references
from lockstep.workflow.model import Job, Step
from lockstep.workflow.shell import Command

LEVEL = Level.ERROR
SINCE = "0.1.0"
_TRACES = re.compile(r"-[a-wyzA-Z]*x[a-zA-Z]*")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every script on the way."""
    for job, step in audit.steps:
        secret = _secrets(audit, job, step) if step.run is not None else []
        if not secret or step.run is None:
            continue
        named = "|".join(map(re.escape, secret))
        uses = re.compile(rf"\$(?:(?:{named})\b|\{{(?:{named})(?!:?[-+?=]|\w)[^}}]*\}})")
        for one in audit.commands(step):
            if (_prints(one) and any(map(uses.search, one.words[1:]))) or (_traces(one) and uses.search(step.run.text)):
                what = "prints" if _prints(one) else "traces what it runs, and that is"
                yield audit.finding(
                    rule="secret-printed",
                    level=LEVEL,
                    place=step.script_line(one.line),
                    message=f"{job.id} {what} a secret ({', '.join(sorted(secret))})",
                    help='take the line out; [ -n "$NAME" ] asks whether it is set',
                    symbol=job.id,
                )
                break


def _secrets(audit: Audit, job: Job, step: Step) -> list[str]:
    """Give the variables of a step that hold a secret, or the token of the job."""
    kept = (("secrets",), ("github", "token"))
    return [
        name
        for name, value in audit.env(job, step).items()
        if any(parts[: len(one)] == one for _, inner in embedded(value.text) for parts in references(inner) for one in kept)
    ]


def _prints(one: Command) -> bool:
    """Say whether a command writes to the log: what is taken up by another, or goes to a file, or is a mask, does not."""
    taken = one.after in ("|", ")") or any(word.startswith((">", "::add-mask::")) or re.match(r"[12&]?>", word) for word in one.words)
    return one.name in ("echo", "printf") and not taken


def _traces(one: Command) -> bool:
    options = [word for word in one.words[1:] if word.startswith("-")]
    return one.name == "set" and (any(map(_TRACES.fullmatch, options)) or ("-o" in one.words and "xtrace" in one.words))
