"""A job may change the repository, and does not need to.

## What it does
`contents: write` belongs to jobs that make or change the release, or push, and to no other.

## Why
A build script can move the tag that is being released.

## Example
```yaml
build:
  permissions: { contents: write }
```

## Source
[Secure use reference](https://docs.github.com/en/actions/reference/security/secure-use)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job, Role, Step

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_USERS = frozenset({Role.DRAFT, Role.STAGE, Role.UNDRAFT})
_WRITES = ("-X", "--method", "-f", "-F", "--field", "--raw-field", "--input", "-d", "--data")
_OWN_READERS = (
    "step-security/harden-runner",
    "dtolnay/rust-toolchain",
    "pyo3/maturin-action",
    "pypa/gh-action-pypi-publish",
    "rust-lang/crates-io-auth-action",
    "astral-sh/setup-uv",
    "taiki-e/install-action",
    "swatinem/rust-cache",
    "arduino/setup-protoc",
    "orhun/git-cliff-action",
)


def check(audit: Audit) -> Iterator[Finding]:
    """Look for the reason of each."""
    for job in audit.jobs.values():
        permissions = job.permissions
        if permissions is None or "contents" not in permissions.scopes or not permissions.allows("contents") or " / " in job.id or job.calls is not None:
            continue
        if not audit.roles(job) & _USERS and not any(_writes(audit, job, step) for step in job.steps) and audit.runs(job):
            value = permissions.scopes["contents"]
            yield audit.finding(
                rule="contents-write-unneeded",
                level=LEVEL,
                place=job.at(value),
                message=f"{job.id} has contents: write, but changes neither a release nor the repository",
                help="contents: read",
                symbol=job.id,
            )


def _writes(audit: Audit, job: Job, step: Step) -> bool:
    """Say whether a step writes with the token, or may: a script of the repository that has it, an action that nobody knows here."""
    if step.uses is not None:
        return not step.uses.local and not step.uses.name.startswith(("actions/", "docker/", "github/")) and step.uses.name not in _OWN_READERS
    token = any("github.token" in value.text.lower() or "secrets." in value.text.lower() for value in audit.env(job, step).values()) or _checked_out(job)
    for one in audit.commands(step):
        if one.name == "git" and one.words[1:2] in (("push",), ("tag",)):
            return True
        if (
            one.name == "gh"
            and (one.words[1:2] != ("api",) or one.has(*_WRITES))
            and one.words[1:3] != ("release", "view")
            and one.words[1:3] != ("release", "download")
        ):
            return True
        if one.name == "curl" and one.has("-X", "--request", "-d", "--data") and "api.github.com" in " ".join(one.words):
            return True
        if token and (
            one.words[0:1]
            and (
                one.words[0].startswith(("./", "scripts/", ".github/"))
                or one.name in ("make", "just", "task")
                or (one.name.startswith("python") and one.words[1:2] and one.words[1].endswith(".py"))
            )
        ):
            return True
    return False


def _checked_out(job: Job) -> bool:
    return any(step.action == "actions/checkout" and not step.is_off("persist-credentials") for step in job.steps)
