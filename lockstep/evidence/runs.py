"""The workflow runs of a commit, as GitHub shows them: asked once, or until they are decided.

Source: https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from difflib import get_close_matches
from posixpath import basename
from urllib.parse import quote, urlsplit

from lockstep.dataclass import dataclass
from lockstep.errors import UsageError
from lockstep.evidence.github import PUBLIC, Api, Client, Json, is_loopback
from lockstep.evidence.workflows import FOLDER, every
from lockstep.model import Place
from lockstep.repository.repository import Repository
from lockstep.tree import Tree
from lockstep.workflow.commit_runs import Checks, Gated, Run, Unseen, Watched
from lockstep.workflow.filters import PATHS, filtered
from lockstep.workflow.model import Fault

PAGE = 100
MOST_PAGES = 10
"""Pages of one list; GitHub gives a thousand runs of a search at most."""
PATIENCE = 60.0
"""Seconds that one round of questions may take, with the waiting that GitHub asks for."""
POLL = 15.0
"""Seconds between two rounds of questions about up to three workflows."""
SLUG = re.compile(r"[A-Za-z0-9_-]{1,100}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_FILE = re.compile(r"[A-Za-z0-9 ._@+-]{1,200}\.ya?ml")
_REMOTE = re.compile(r"(?:[^/@:]+@)?(?P<host>[A-Za-z0-9.-]+):(?!//)/?(?P<path>[^:]*)")
"""scp's way of writing an address, which git takes: git@github.com:owner/name.git."""
_SCHEMES = ("https", "http", "ssh", "git", "git+ssh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked. `branch` is "" for the repository's default branch; `choose` gives the gated workflows once the branch is known.

    `own` is the id of the run that asks, which is never waited for.
    """

    repository: str
    sha: str
    branch: str
    choose: Callable[[str], Chosen]
    own: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The gated workflows, and those files that nobody can read, so that it is not known whether they are gated."""

    gated: tuple[Gated, ...]
    unseen: tuple[tuple[Place, Unseen], ...] = ()


def is_commit(text: str) -> bool:
    """Say whether a text is the full id of a commit."""
    return _SHA.fullmatch(text) is not None


# ---- the repository's name


def slug(text: str, source: str) -> str:
    """Give `owner/name` as it is.

    Raises: UsageError for anything else.
    """
    if not SLUG.fullmatch(text):
        raise UsageError(f"{source} names no repository of GitHub", help="lockstep gate ci --repository OWNER/NAME")
    return text


def origin(repository: Repository, api: Api, server: str) -> str:
    """Read `owner/name` from the address of the remote `origin`, which is never printed: it may hold a password.

    Raises: UsageError when there is none, or when it is of another host than the API.
    """
    said = repository.try_git("config", "--get", "remote.origin.url")
    hint = "lockstep gate ci --repository OWNER/NAME"
    if said is None:
        raise UsageError("there is no remote origin, so it is not known which repository this is on GitHub", help=hint)
    host, path = _address(said.decode(errors="replace").strip())
    if not host:
        raise UsageError("the remote origin is no address of GitHub", help=hint)
    if host not in _hosts(api, server):
        raise UsageError(f"the remote origin is at {host}, and the API that is asked at {api.host}", help=f"{hint}, and GITHUB_API_URL for another server")
    return slug(path.strip("/").removesuffix(".git"), "the remote origin")


def _address(url: str) -> tuple[str, str]:
    """Give host and path of a remote's address; "" for what has none."""
    if (found := _REMOTE.fullmatch(url)) is not None and "://" not in url:
        return found["host"].lower(), found["path"]
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return ((parts.hostname or "").lower(), parts.path) if parts.scheme in _SCHEMES else ("", "")


def _hosts(api: Api, server: str) -> set[str]:
    """Give the hosts that repositories of an API are cloned from."""
    github = {"github.com", "www.github.com", "ssh.github.com"}
    if api.url == PUBLIC:
        return github
    own = {api.host, api.host.removeprefix("api."), (urlsplit(server).hostname or "").lower()} - {""}
    return own | github if is_loopback(api.host) else own


# ---- the gated workflows


def choose(tree: Tree | None, named: Iterable[str], source: Place, itself: str = "") -> Callable[[str], Chosen]:
    """Give what chooses the gated workflows: those that are named, in a place such as the configuration; else those that run for every push.

    `itself` is the path of the workflow that asks, if a push to the branch started it: nobody waits for oneself.
    Raises: UsageError for a name that no workflow can have.
    """
    names = tuple(dict.fromkeys(named))
    files = {} if tree is None else every(tree)
    for name in names:
        if tree is None and not _FILE.fullmatch(basename(name)):
            raise UsageError(f"{name!r} is no name of a workflow file", help="name it as ci.yml")

    def by_name(name: str) -> Gated:
        if tree is None:
            return Gated(name=basename(name), place=Place(path=f"{FOLDER}/{basename(name)}"))
        wanted = [path for path, one in files.items() if name in (path, basename(path)) or (not isinstance(one, Fault) and name == one.name)]
        if wanted:
            return Gated(name=basename(wanted[0]), place=_push(wanted[0], files[wanted[0]]))
        near = get_close_matches(basename(name), [basename(path) for path in files], n=1)
        return Gated(name=basename(name), place=source, known=False, near=near[0] if near else ", ".join(basename(path) for path in files))

    def chosen(branch: str) -> Chosen:
        if names:
            return Chosen(gated=tuple(dict.fromkeys(by_name(name) for name in names)))
        gated, unseen = [], []
        for path, one in files.items():
            if isinstance(one, Fault):
                why = Unseen(
                    what=f"whether {basename(path)} runs for every push", why=one.message, help=one.help or "mend the workflow, or name those to wait for"
                )
                unseen.append((one.place, why))
            elif path != itself and (why_not := filtered(one, branch)) in ("", PATHS):
                gated.append(Gated(name=basename(path), place=_push(path, one), due=not why_not))
        return Chosen(gated=tuple(gated), unseen=tuple(unseen))

    return chosen


def _push(path: str, one: object) -> Place:
    """Give the place of a workflow's push trigger."""
    key = getattr(one, "events", {}).get("push")
    return Place(path=path, line=key.line if key else 1, column=key.column if key else 1)


# ---- the questions


def checks(api: Api, question: Question, wait: float | None, progress: Callable[[Checks, float], None], say: Callable[[str], None]) -> Checks:
    """Ask GitHub; with `wait`, until waiting does not help any more, for so many seconds. `progress` is told after each round how many are left."""
    return asyncio.run(_ask(api, question, wait or 0.0, progress, say))


async def _ask(api: Api, question: Question, wait: float, progress: Callable[[Checks, float], None], say: Callable[[str], None]) -> Checks:
    begun = time.monotonic()
    end = begun + wait
    found: Checks | None = None
    async with Client(api, end + PATIENCE, say) as client:
        while True:
            client.deadline = max(end, time.monotonic() + PATIENCE) if wait else end + PATIENCE
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
    chosen = question.choose(branch)
    known = {} if before is None else {one.gated: one for one in before.workflows}
    watched = []
    for gated in chosen.gated:
        one = known.get(gated)
        if one is None or (one.passed is None and not one.lost):
            fresh = await _watch(client, question, branch, gated)
            one = replace(fresh, state=one.state, others=one.others) if one and fresh.missing else fresh
            one = await _explained(client, question, one) if one.missing and not one.state else one
        watched.append(one)
    return Checks(repository=question.repository, sha=question.sha, branch=branch, workflows=tuple(watched), unseen=chosen.unseen)


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
