"""The workflow runs of a commit, as GitHub shows them: asked once, or until they are decided.

Source: https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from lockstep.dataclass import dataclass
from lockstep.evidence.gated_workflows import GatedWorkflows
from lockstep.evidence.github import Api, Client
from lockstep.evidence.http import Http, Json
from lockstep.model import Place
from lockstep.workflow.commit_runs import Checks, Gated, Run, Unseen, Watched

PAGE = 100
MOST_PAGES = 10
"""Pages of one list; GitHub gives a thousand runs of a search at most."""
PATIENCE = 60.0
"""Seconds that one round of questions may take, with the waiting that GitHub asks for."""
POLL = 15.0
"""Seconds between two rounds of questions about up to three workflows."""
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked. `branch` is "" for the repository's default branch; `choose` gives the gated workflows once the branch is known.

    `own` is the id of the run that asks, which is never waited for.
    """

    repository: str
    sha: str
    branch: str
    choose: Callable[[str], GatedWorkflows]
    own: int = 0


def is_commit_id(text: str) -> bool:
    """Say whether a text is the full id of a commit."""
    return _SHA.fullmatch(text) is not None


def ask_runs(api: Api, question: Question, wait: float | None, progress: Callable[[Checks, float], None], say: Callable[[str], None]) -> Checks:
    """Ask GitHub; with `wait`, until waiting does not help any more, for so many seconds. `progress` is told after each round how many are left."""
    return asyncio.run(_ask(api, question, wait or 0.0, progress, say))


async def _ask(api: Api, question: Question, wait: float, progress: Callable[[Checks, float], None], say: Callable[[str], None]) -> Checks:
    begun = time.monotonic()
    end = begun + wait
    found: Checks | None = None
    async with Http(end + PATIENCE, say) as http:
        client = Client(api, http)
        while True:
            http.deadline = max(end, time.monotonic() + PATIENCE) if wait else end + PATIENCE
            found = replace(await _round(client, question, found), waited=time.monotonic() - begun)
            left = end - time.monotonic()
            if not found.open or left <= 0 or found.wait > left:
                return found
            progress(found, left)
            pause = POLL * max(1.0, sum(one.open for one in found.workflows) / 3)  # 720 questions an hour at most: GitHub answers a job 1,000 times
            await asyncio.sleep(min(max(pause, found.wait), left))


async def _round(client: Client, question: Question, before: Checks | None) -> Checks:
    """Ask for everything that is not decided yet."""
    branch = question.branch or (before.branch if before else "")
    if not branch:
        answer = await client.get(f"the repository {question.repository}", f"/repos/{question.repository}")
        match answer:
            case Unseen():
                return Checks(repository=question.repository, sha=question.sha, branch="", unseen=((Place(path="."), answer),))
            case {"default_branch": str(branch)} if branch:
                pass
            case _:
                unseen = _malformed(f"the repository {question.repository}", "default_branch is not a name")
                return Checks(repository=question.repository, sha=question.sha, branch="", unseen=((Place(path="."), unseen),))
    choose = question.choose(branch)
    known = {} if before is None else {one.gated: one for one in before.workflows}
    watched = []
    for gated in choose.gated:
        one = known.get(gated)
        if one is None or (one.passed is None and not one.lost):
            fresh = await _watch(client, question, branch, gated)
            one = replace(fresh, state=one.state, others=one.others) if one and fresh.missing else fresh
            one = await _explained(client, question, one) if one.missing and not one.state else one
        watched.append(one)
    return Checks(repository=question.repository, sha=question.sha, branch=branch, workflows=tuple(watched), unseen=choose.unseen)


async def _watch(client: Client, question: Question, branch: str, gated: Gated) -> Watched:
    if not gated.known:
        return Watched(gated=gated)
    path = _path(question, gated)
    what = f"the runs of {gated.name} in {question.repository}"
    runs: dict[int, Run] = {}
    unseen: Unseen | None = None
    counted = 0
    for page in range(1, MOST_PAGES + 1):
        query: dict[str, str | int] = {"head_sha": question.sha, "branch": branch, "event": "push", "exclude_pull_requests": "true"}
        answer = _runs(what, await client.get(what, f"{path}/runs", {**query, "per_page": PAGE, "page": page}))
        if isinstance(answer, Unseen):
            unseen = answer
            break
        total, found = answer
        counted += len(found)
        runs |= {one.id: one for one in found if _counts(one, question, branch) and one.attempt >= runs.get(one.id, one).attempt}
        if counted >= total or any(one.state == "success" for one in runs.values()):
            break
        if not found:
            unseen = _malformed(what, f"it speaks of {total} runs and shows {counted}")
            break
    else:
        why = f"there are more than {MOST_PAGES * PAGE} of them for this commit, and the newest {counted} did not succeed"
        unseen = Unseen(what=what, why=why, help="push a commit of its own, and release that")
    return Watched(gated=gated, runs=tuple(sorted(runs.values(), key=lambda one: (one.number, one.id), reverse=True)), unseen=unseen)


def _path(question: Question, gated: Gated) -> str:
    return f"/repos/{question.repository}/actions/workflows/{quote(gated.name, safe='')}"


def _counts(one: Run, question: Question, branch: str) -> bool:
    """Say whether a run is what was asked for; an old server ignores a filter that it does not know."""
    return one.event == "push" and one.branch == branch and one.sha == question.sha and one.id != question.own


async def _explained(client: Client, question: Question, watched: Watched) -> Watched:
    """Add what may explain that a run is missing: the state of the workflow, and runs for the commit that do not count."""
    path = _path(question, watched.gated)
    state = await client.get(f"the state of {watched.gated.name}", path)
    others = _runs("", await client.get(f"other runs of {watched.gated.name}", f"{path}/runs", {"head_sha": question.sha, "per_page": 20}))
    return replace(
        watched,
        state=str(state["state"]) if isinstance(state, dict) and isinstance(state.get("state"), str) else "",
        others=() if isinstance(others, Unseen) else tuple(one for one in others[1] if one.sha == question.sha and one.id != question.own),
    )


def _runs(what: str, answer: Json | Unseen) -> tuple[int, list[Run]] | Unseen:
    """Read a page of runs, with the number of all."""
    match answer:
        case Unseen():
            return answer
        case {"total_count": int(total), "workflow_runs": list(items)} if not isinstance(total, bool) and total >= 0:
            found = [_run(item) for item in items]
            good = [one for one in found if one is not None]
            return (total, good) if len(good) == len(found) else _malformed(what, f"workflow_runs[{found.index(None)}] is no run")
        case _:
            return _malformed(what, "it has no total_count and workflow_runs")


def _run(item: Json) -> Run | None:
    match item:
        case {"id": int(number), "run_number": int(counted), "event": str(event), "head_sha": str(sha), "head_branch": str() | None as branch, **rest}:
            pass
        case _:
            return None
    attempt, status, conclusion, url = rest.get("run_attempt", 1), rest.get("status"), rest.get("conclusion"), rest.get("html_url", "")
    if not isinstance(attempt, int) or not isinstance(status, str | None) or not isinstance(conclusion, str | None) or not isinstance(url, str):
        return None
    if any(isinstance(one, bool) for one in (number, counted, attempt)):
        return None
    return Run(id=number, number=counted, attempt=attempt, event=event, branch=branch or "", sha=sha, status=status or "", conclusion=conclusion or "", url=url)


def _malformed(what: str, why: str) -> Unseen:
    return Unseen(what=what, why=f"GitHub's answer is not what it documents: {why}", help="lockstep gate ci --verbose tells what was asked; please report it")
