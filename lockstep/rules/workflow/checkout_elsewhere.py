"""A job of the release checks out something else than the tag.

## What it does
`actions/checkout` on the way to a publish may not name another `ref` than the one that started the workflow, and another `repository` only beside
it, in a `path` of its own. Where a tag starts the workflow, no script before a build or a publish may check out, reset to, pull or clone a branch.

## Why
What is built is not what was tagged, tested and asked about.

## Example
```yaml
- uses: actions/checkout@...
  with: { ref: main }
```

## Source
[checkout](https://github.com/actions/checkout#usage)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.workflow.audit import Audit
from lockstep.workflow.command_roles import operands
from lockstep.workflow.expression import embedded
from lockstep.workflow.model import Role
from lockstep.workflow.shell import Command

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"
_COMMIT = pattern(r"[0-9a-f]{7,40}|(?:refs/tags/)?v?[0-9]+\.[0-9]+.*|HEAD.*|-")
_BRANCH = pattern(r"[A-Za-z][A-Za-z0-9_-]*")
"""A word that is no path: `git checkout` takes files too."""


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every checkout on the way."""
    yield from _by_script(audit)
    for job, step in audit.steps:
        if step.action != "actions/checkout" or not audit.active(step):
            continue
        ref, repository = step.input("ref"), step.input("repository")
        beside = step.input("path") is not None and (repository is not None or (ref is not None and ref.text.strip() == "gh-pages"))
        if audit.roles(job) and audit.roles(job) <= {Role.GATE, Role.HEAD, Role.GUARD} and not any(up.job is job for up in audit.uploads):
            continue  # it only asks about the commit
        for scalar in (ref, repository):
            if scalar is not None and not beside and _is_elsewhere(audit, scalar.text.strip()):
                yield audit.finding(
                    rule="checkout-elsewhere",
                    level=LEVEL,
                    place=step.at(scalar),
                    message=f"{job.id} checks out {scalar.text.strip()[:60]}, not what was tagged",
                    help="leave it out: the commit of the tag is the default",
                    symbol=job.id,
                )


def _by_script(audit: Audit) -> Iterator[Finding]:
    """Look at what scripts check out before something is built or published in the same job, and do not take back."""
    if not any(one.name == "tag" for one in audit.triggers):
        return
    for job in audit.route:
        made = [deed.index for deed in audit.of(Role.BUILD, Role.PUBLISH) if deed.job is job]
        for index, step in enumerate(job.steps):
            last = None
            here = not step.folder and not any(one.name in ("cd", "pushd") for one in audit.commands(step))  # else it may be another repository
            for one in audit.commands(step) if here and audit.active(step) and made and index <= max(made) else ():
                branch = branch_of(one)
                if branch is not None:
                    last = (one, branch) if branch else None
            if last is not None and not any(branch_of(one) == "" for other in job.steps[index + 1 :] for one in audit.commands(other)):
                yield audit.finding(
                    rule="checkout-elsewhere",
                    level=LEVEL,
                    place=step.script_line(last[0].line),
                    message=f"{job.id} checks out the branch {last[1]} (`{' '.join(last[0].words[:4])}`), not what was tagged",
                    help="leave it out: the commit of the tag is checked out already",
                    symbol=job.id,
                )


def branch_of(one: Command) -> str | None:
    """Give the branch that a command of git puts into the work tree, "" for what a variable names, None where it puts nothing there."""
    if one.name != "git":
        return None
    words = operands(one)
    words = words[1:] if words[:1] == (".",) else words  # git -C .
    options = one.words[one.words.index(words[0]) :] if words else ()
    match words:
        case ("checkout" | "switch", ref, *_) if not {"--", "-b", "-B", "-c", "-C", "--orphan"} & set(options):
            return _branch(ref)
        case ("reset", ref) if one.has("--hard"):
            return _branch(ref)
        case ("pull" | "fetch", _, ref) if words[0] == "pull":
            return _branch(ref)
        case ("clone", *_, "."):
            return _branch(one.option("-b", "--branch") or "the default branch", named=True)
        case _:
            return None


def _branch(ref: str, *, named: bool = False) -> str | None:
    if "$" in ref or _COMMIT.fullmatch(ref):
        return ""
    far = ref.startswith(("origin/", "upstream/")) or ref == "FETCH_HEAD"
    return ref if named or far or (_BRANCH.fullmatch(ref) and ref != "gh-pages") else None


def _is_elsewhere(audit: Audit, text: str) -> bool:
    """Say whether a ref or repository is written out, or may be that of a pull request in a release; other expressions may well be the tag."""
    if "${{" not in text:
        return bool(text)
    return any("head_ref" in parts or "pull_request" in parts for _, one in embedded(text) for parts in audit.reached(one))
