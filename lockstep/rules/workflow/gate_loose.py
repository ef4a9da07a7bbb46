"""The gate asks less than whether this commit is green.

## What it does
A gate that asks GitHub's API for the runs of a workflow must ask for this commit, for success, and for pushes to the default branch.

## Why
The run of another commit, of a pull request or of a fork lets the release pass.

## Example
```yaml
- run: gh api "repos/$REPO/actions/workflows/ci.yml/runs?branch=main" # any commit, any end
```

## Source
[Workflow runs](https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Role

LEVEL = Level.ERROR
SINCE = "0.1.0"


_ASKS = {
    "this commit": re.compile(r"head_sha|--commit\b|/commits/[^ ]*\$|/commits/\$\{\{"),
    "success": re.compile(r"success"),
    "pushes": re.compile(r"event=push|\.event *==|--event[ =]push"),
    "the default branch": re.compile(r"branch"),
}


_ELSEWHERE = re.compile(r"github\.event\.before|base_ref|\.base\.sha|^[0-9a-f]{40}$|^\w+$")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the words of each gate that asks for runs."""
    seen: set[int] = set()
    for deed in audit.of(Role.GATE):
        step = deed.step
        if step is None or step.run is None or id(step) in seen or deed.what not in ("gh api: the runs of the commit", "the runs of the commit", "gh run list"):
            continue
        seen.add(id(step))
        text = "\n".join(line for line in step.run.text.splitlines() if not line.lstrip().startswith(("#", "echo ")))
        wanted = ("this commit", "success") if "check-runs" in text or "/status" in text else tuple(_ASKS)
        missing = [name for name in wanted if not _ASKS[name].search(text)]
        if re.search(r"/actions/workflows/\$", text) and not any(one.deed.step is step for one in audit.gated):
            missing.append("any workflow by name")
        sha = re.search(r"head_sha=\$\{?(\w+)|--commit[ =]\"?\$\{?(\w+)", text)
        given = audit.env(deed.job, step).get((sha[1] or sha[2]) if sha else "")
        if given is not None and _ELSEWHERE.search(given.text.lower()):
            missing.append(f"this commit ({given.text.strip()} is another)")
        runs, heads = (set(re.findall(regex, text)) - {"HEAD"} for regex in (r"[?&]branch=([\w./-]+)", r"/commits/([A-Za-z][\w./-]*)"))
        if runs & {"main", "master"} and heads - runs:
            missing.append(f"one branch alone ({', '.join(sorted(runs | heads))})")
        if missing:
            yield audit.finding(
                rule="gate-loose",
                level=LEVEL,
                place=deed.place,
                message=f"{deed.job.id} asks for runs, but not for {', '.join(missing)}",
                help="lockstep gate ci asks for all of it",
                symbol=deed.job.id,
            )
