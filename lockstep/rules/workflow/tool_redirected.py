"""A variable makes the tools of a release load code from elsewhere.

## What it does
Finds variables on the way to a publish by which a loader, a shell or an installer takes code from another place: `LD_PRELOAD`, `BASH_ENV`,
`PIP_INDEX_URL`, `UV_EXTRA_INDEX_URL`, `NPM_CONFIG_REGISTRY` and their like. The public registries themselves are left alone.

## Why
What is loaded runs with all that the job has. A second index is asked for every name, so that whoever has your dependency's name there is installed.

## Example
```yaml
publish:
  env: { PIP_EXTRA_INDEX_URL: "https://example.org/simple" }
```

## Source
[ld.so(8)](https://man7.org/linux/man-pages/man8/ld.so.8.html), [pip: dependency
confusion](https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-extra-index-url)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job, Step, place_at

LEVEL = Level.WARNING
SINCE = "0.1.0"
_LOADERS = ("LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES", "BASH_ENV", "PYTHONSTARTUP", "PERL5OPT", "RUBYOPT", "GIT_SSH_COMMAND", "GIT_EXEC_PATH")
_INDEXES = (
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "UV_INDEX",
    "UV_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "UV_EXTRA_INDEX_URL",
    "NPM_CONFIG_REGISTRY",
)
_NAMES = frozenset((*_LOADERS, *_INDEXES))
_SET = re.compile(rf"^(?P<name>{'|'.join(sorted(_NAMES, key=len, reverse=True))})=(?P<value>.*)", re.DOTALL)
_PUBLIC = re.compile(r"\s*|https://(?:pypi\.org/simple|registry\.npmjs\.org|test\.pypi\.org/simple)/?")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the variables of every job on the way, and at what its scripts set."""
    reported: set[tuple[str, Place]] = set()
    for job, step in audit.steps:
        for name, place in _set(audit, job, step):
            if (name, place) not in reported:
                reported.add((name, place))
                yield audit.finding(
                    rule="tool-redirected",
                    level=LEVEL,
                    place=place,
                    message=f"{job.id} sets {name}, which makes tools load code from elsewhere",
                    help="take it out of the release; name what is needed where it is installed, with its digest",
                    symbol=job.id,
                )


def _set(audit: Audit, job: Job, step: Step) -> Iterator[tuple[str, Place]]:
    scopes = ((step.path, step.env), (job.path, job.env), (audit.path, audit.workflow.env if audit.workflow else {}))
    for path, variables in scopes:
        for name, value in variables.items():
            if name.upper() in _NAMES and not _PUBLIC.fullmatch(value.text):
                yield name.upper(), place_at(path, value)
    for one in audit.commands(step):
        words = [f"{name}={value}" for name, value in one.assigns]
        if one.name in ("export", "env", "declare") or (one.name in ("echo", "printf") and any("GITHUB_ENV" in word for word in one.words)):
            words += one.words[1:]
        for word in words:
            found = _SET.match(word)
            if found is not None and not _PUBLIC.fullmatch(found["value"]):
                yield found["name"], step.script_line(one.line)
