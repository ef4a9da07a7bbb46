"""An artifact is downloaded into a folder that nothing reads.

## What it does
On the way to a publish finds `actions/download-artifact` with a `path` that no later step of the job names: in a script, an input, a variable or a
`working-directory`. Where a later step runs something that cannot be looked into (a script of the project without arguments, `make`, an action that is
not known here), nothing is said.

## Why
What was built or attested lies beside the place where it is looked for: a digest, a comparison or an upload is about other files, or about none.

## Example
```yaml
- uses: actions/download-artifact@...
  with: { name: dist, path: dists }
- run: sha256sum dist/*
```

## Source
[download-artifact](https://github.com/actions/download-artifact#inputs)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.workflow.action_roles import ACTIONS
from lockstep.workflow.artifacts import uploaded_folder
from lockstep.workflow.audit import Audit
from lockstep.workflow.audit_model import Download
from lockstep.workflow.model import Step
from lockstep.workflow.shell import Command

LEVEL = Level.WARNING
BASIC = Level.NOTE
SINCE = "0.1.0"

_CLOSED = pattern(
    r"make|just|task|npm|pnpm|yarn|bun|npx|nox|tox|invoke|hatch|poetry|pdm|rye|xtask|goreleaser|docker|podman|bazel|nix|gradlew?|mvn|dotnet|swift|find|tree"
)
_SCRIPT = pattern(r"(?:python[0-9.]*|node|ruby|perl|bash|sh|deno|pwsh)|\.{0,2}/.*|.*/.*|.*\.(?:py|js|mjs|ts|rb|pl|sh)")


def check(audit: Audit) -> Iterator[Finding]:
    """Look behind each download."""
    route = {job.id for job in audit.route}
    for one in audit.downloads:
        name = re.sub(r"\$\{\{.*?\}\}", "", one.folder).strip("/").rpartition("/")[2]
        if one.job.id not in route or one.everything or not name or name == "." or not audit.active(one.step):
            continue
        after = one.job.steps[one.index + 1 :]
        beside = {other.folder for other in audit.downloads if other.job is one.job and other.folder not in (one.folder, ".")}
        named = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        if not after or any(_reads(audit, step, one, named) or _is_closed(audit, step, beside) for step in after):
            continue
        yield audit.finding(
            rule="download-unread",
            level=LEVEL,
            place=one.step.at(one.step.inputs["path"]) if "path" in one.step.inputs else one.step.place,
            message=f"{one.job.id} downloads {one.name} into {one.folder}, which no later step of the job reads",
            help="download it where it is read",
            symbol=one.job.id,
        )


def _reads(audit: Audit, step: Step, one: Download, named: re.Pattern[str]) -> bool:
    """Say whether a step names the folder."""
    if step.action == "pypa/gh-action-pypi-publish":
        mine = uploaded_folder(step)  # where nothing reaches it, `upload-folder-empty` says so
        return one.folder == mine or not any(other.folder in (mine, ".") for other in audit.downloads if other.job is one.job)
    inputs = [value.text for value in step.inputs.values()]
    texts = [step.folder, *inputs, *(value.text for value in audit.env(one.job, step).values()), *((step.run.text,) if step.run else ())]
    anything = any(word in ("*", ".", "./*") or "**" in word for text in inputs for word in text.split())
    return step.action != "actions/download-artifact" and (anything or any(named.search(text) for text in texts))


def _is_closed(audit: Audit, step: Step, beside: set[str]) -> bool:
    """Say whether a step may read a folder that it does not name."""
    if step.uses is not None:
        return (
            not step.action.startswith("actions/")
            and step.action not in ACTIONS
            and step.action not in ("step-security/harden-runner", "dtolnay/rust-toolchain")
        )
    if step.run is None or not audit.commands(step):
        return step.run is not None
    return any(_may_read(command, beside) for command in audit.commands(step))


def _may_read(command: Command, beside: set[str]) -> bool:
    """Say whether a command may read a folder that it does not name; one that is given the folder of another artifact is given all that it reads."""
    told = any(folder in word for folder in beside for word in command.words[1:])
    if not command.words or told:
        return False
    if any("**" in word or word in (".", "./*", "*") for word in command.words[1:]) or _CLOSED.fullmatch(command.name):
        return not (command.name == "find" and len(command.words) > 1 and "." not in command.words[1:2] and "/" not in command.words[1])
    return _SCRIPT.fullmatch(command.words[0]) is not None and not (command.name.startswith("python") and "-" in command.words[1:2])
