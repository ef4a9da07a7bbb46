"""Another workflow pushes the tag with `GITHUB_TOKEN`, and a tag that it pushes starts nothing.

## What it does
Where a pushed tag starts the release, looks into the other workflows for those that make tags with the workflow's own token: `git push` with what
`actions/checkout` has kept, `gh release create`, release-please and actions that tag. One that calls the release, or starts it by
`gh workflow run`, is left alone.

## Why
GitHub starts no workflow for what `GITHUB_TOKEN` does, `workflow_dispatch` and `repository_dispatch` excepted: the tag is there, and nothing is released.

## Example
```yaml
# tag.yml; release.yml has `on: { push: { tags: ["v*"] } }`
- uses: actions/checkout@...
- run: git tag v1.2.3 && git push origin v1.2.3
```

## Source
[Triggering a workflow from a workflow](https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/trigger-a-workflow#triggering-a-workflow-from-a-workflow)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.text.yaml import Scalar
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job, Step, Workflow
from lockstep.workflow.shell import commands

LEVEL = Level.WARNING
SINCE = "0.1.0"

_OWN = pattern(r"github\.token|secrets\.GITHUB_TOKEN", re.IGNORECASE)
_STARTS = pattern(r"gh workflow run|createWorkflowDispatch|/dispatches\b")
_TAGGERS = {
    "googleapis/release-please-action": ("token",),
    "google-github-actions/release-please-action": ("token",),
    "mathieudutour/github-tag-action": ("github_token",),
    "anothrnick/github-tag-action": (),
    "rickstaa/action-create-tag": ("github_token",),
}
"""Actions that make tags, and the input that has the token."""


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the other workflows for a tag that should start this one."""
    if not any(one.name == "tag" for one in audit.triggers):
        return
    for path, other in audit.others.items():
        if not isinstance(other, Workflow) or other is audit.workflow or path == audit.path or audit.path in other.files or _is_tagged(other):
            continue
        if any(_STARTS.search(text.text) for job in other.jobs.values() for step in job.steps for text in (step.run, step.input("script")) if text is not None):
            continue
        for job in other.jobs.values():
            found = next(((step, how) for index, step in enumerate(job.steps) if (how := _tags(other, job, step, index))), None)
            if found is not None:
                yield audit.finding(
                    rule="tag-starts-nothing",
                    level=LEVEL,
                    place=found[0].at(found[0].run) if found[0].run is not None else found[0].place,
                    message=f"{job.id} of {basename(path)} pushes a tag with GITHUB_TOKEN ({found[1]}), which does not start {basename(audit.path)}",
                    help=f"push it with the token of a GitHub App; or call {basename(audit.path)} by `uses`, or start it by gh workflow run",
                    symbol=job.id,
                )


def _is_tagged(other: Workflow) -> bool:
    """Say whether a workflow runs when there is a tag already: a pushed tag, or a release."""
    return bool({"release"} & set(other.triggers)) or any(
        name == "push" and node is not None and "tags" in getattr(node, "entries", {}) for name, node in other.triggers.items()
    )


def _tags(other: Workflow, job: Job, step: Step, index: int) -> str:
    """Say how a step makes a tag with the workflow's own token, "" where it makes none, or with another."""
    env = {**other.env, **job.env, **step.env}
    if step.uses is not None:
        names = _TAGGERS.get(step.action)
        given = step.input(*names) if names else env.get("GITHUB_TOKEN")
        by_default = step.action.endswith("release-please-action") and given is None
        return step.action if names is not None and (by_default or _is_own(given)) else ""
    script = commands(step.run.text) if step.run is not None else ()
    for one in script:
        if one.name == "gh" and one.words[1:3] == ("release", "create") and not one.has("--draft", "-d", "--verify-tag"):
            return "gh release create" if _is_own(env.get("GH_TOKEN") or env.get("GITHUB_TOKEN")) else ""
        if one.name != "git" or "push" not in one.words[1:4] or not _makes_tag(job):
            continue
        return "git push" if _keeps_own(job, index) and not re.search(r"https?://|git@", step.run.text if step.run is not None else "") else ""
    return ""


def _makes_tag(job: Job) -> bool:
    """Say whether a job makes a tag, and pushes no branch alone."""
    return any(
        one.name == "git" and "tag" in one.words[1:4] and len(one.words) > 2 and not one.has("-l", "--list", "-d", "--delete", "--points-at", "--sort")
        for step in job.steps
        if step.run is not None
        for one in commands(step.run.text)
    )


def _keeps_own(job: Job, index: int) -> bool:
    """Say whether the last checkout before a step has kept the workflow's own token for git."""
    done = next((step for step in reversed(job.steps[:index]) if step.action == "actions/checkout"), None)
    if done is None or done.input("ssh-key") is not None or done.is_off("persist-credentials"):
        return False
    token = done.input("token")
    return token is None or _is_own(token)


def _is_own(token: Scalar | None) -> bool:
    """Say whether a token is GITHUB_TOKEN, and no other where that is not set."""
    return token is not None and _OWN.search(token.text) is not None and "||" not in token.text
