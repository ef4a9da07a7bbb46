"""The release pull request, kept current: its branch is pushed where nobody else has committed to it, and GitHub is told what it says."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from lockstep.acts import git_push, pull_requests
from lockstep.acts.git_push import Pushed
from lockstep.dataclass import dataclass
from lockstep.errors import UsageError
from lockstep.evidence import github_repository
from lockstep.evidence.github import Api
from lockstep.evidence.http import Http
from lockstep.evidence.pull_requests import PullRequest, PullRequests
from lockstep.evidence.remote import ask_remote
from lockstep.release.proposal import (
    Act,
    Outcome,
    Proposal,
    is_ours,
    made_by,
    merged_body,
    read_mark,
    same_body,
    sealed_message,
    with_note,
)
from lockstep.wording import did_you_mean
from lockstep.workflow.commit_runs import Unseen
from lockstep.writing.private_repository import PrivateRepository, private_repository
from lockstep.writing.signer import signer

if TYPE_CHECKING:
    from lockstep.acts.pull_requests import Said
    from lockstep.app.pr_plan import PullRequestPlan
    from lockstep.app.session import Session

SECONDS = 300.0
"""Seconds that GitHub may take for everything."""
NO_REMOTE = "this repository has no such remote"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRequest:
    """Where the pull requests are: the remote, the branch that they are merged into ("" for the remote's default), `owner/name` on GitHub."""

    remote: str = "origin"
    branch: str = ""
    repository: str | None = None
    sign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the pull requests are, as it was found: `base` is the branch that they are merged into, `heads` are all branches of the remote."""

    opened: Session
    request: UpdateRequest
    environment: Mapping[str, str]
    api: Api
    slug: str
    base: str
    heads: Mapping[str, str]

    @property
    def commit(self) -> str:
        """The commit that is released."""
        return self.opened.head


def update(opened: Session, planned: PullRequestPlan, request: UpdateRequest, environment: Mapping[str, str], say: Callable[[str], None]) -> list[Act]:
    """Bring the pull requests of a plan to what it says, and close those that have nothing to release any more.

    Raises: UsageError where there is no remote, no such branch, no token, or GitHub's repository is not known; WriteError when git refuses.
    """
    place = find_place(opened, request, environment)
    with private_repository(opened.repository) as private:
        if (elsewhere := _not_at_head(place, private)) is not None:
            return [elsewhere]

        async def run() -> list[Act]:
            async with Http(time.monotonic() + SECONDS, say) as http:
                acts = [await _Updating(place, private, http).update(one) for one in planned.proposals]
                return acts + [await _Updating(place, private, http).close(one, idle=not planned.proposals) for one in planned.idle]

        return asyncio.run(run())


def find_place(opened: Session, request: UpdateRequest, environment: Mapping[str, str]) -> Place:
    """Ask the remote where it stands.

    Raises: UsageError where there is no remote, no such branch, no token, or GitHub's repository is not known.
    """
    api = Api.of(environment)
    if not api.token:
        raise UsageError("there is no token for GitHub", help=f"set GH_TOKEN (or GITHUB_TOKEN): {pull_requests.PERMISSIONS}; --dry-run needs none")
    remote = ask_remote(opened.repository, request.remote, environment)
    if remote.heads is None:
        hint = "git remote add origin ADDRESS, or --remote NAME" if remote.why == NO_REMOTE else "git ls-remote tells more"
        raise UsageError(f"the remote {remote.name} cannot be asked: {remote.why}", help=hint)
    slug = github_repository.known(opened.repository, api, request.repository, environment)
    base = request.branch or opened.config.gate.branch or remote.default
    if base not in remote.heads:
        what = f"{remote.name} has no branch {base}" if base else f"{remote.name} does not say which branch is its default"
        raise UsageError(what, help=did_you_mean(base, remote.heads, "--branch NAME names the branch that is released"))
    return Place(opened=opened, request=request, environment=environment, api=api, slug=slug, base=base, heads=remote.heads)


def _not_at_head(place: Place, private: PrivateRepository) -> Act | None:
    """Say that the commit is not the head of its branch on the remote: there is nothing to do then for this one, or it is not to be released."""
    head, commit, base = place.heads[place.base], place.commit, place.base
    if head == commit:
        return None
    if private.raw_commit(head) is None:
        why = git_push.fetch(private, place.opened.repository, place.request.remote, f"refs/heads/{base}", place.environment, whole=True)
        if why:
            return Act(branch=base, outcome=Outcome.UNKNOWN, why=f"{base} of the remote cannot be fetched: {why}", help="run the command again")
    behind = private.run("merge-base", "--is-ancestor", commit, head).code == 0
    if behind:
        why = f"{base} has moved on to {head[:9]}, and this is {commit[:9]}: the run for its head does it"
        return Act(branch=base, outcome=Outcome.SUPERSEDED, why=why, commit=commit, help=f"git pull, where you work on {base}")
    ahead = private.run("merge-base", "--is-ancestor", head, commit).code == 0
    what = f"{commit[:9]} is not on {base} of the remote, which is at {head[:9]}"
    hint = f"git push {place.request.remote} {base}" if ahead else f"check out {base}: what is not on it is not released; --branch names another"
    return Act(branch=base, outcome=Outcome.REFUSED, why=what, help=hint, commit=commit)


class _Updating:
    """Brings one pull request to what it should be."""

    def __init__(self, place: Place, private: PrivateRepository, http: Http) -> None:
        self._place = place
        self._private = private
        self._http = http
        self._asked = PullRequests(http, place.api, place.slug)

    async def update(self, wanted: Proposal) -> Act:
        """Push the branch where it is not as it should be, then open or update the pull request."""
        place, branch = self._place, wanted.branch
        if branch == place.base:
            return _refused(branch, f"{branch} is the branch that is released", "pr.branch must name another")
        found = await self._asked.open_on(branch)
        if isinstance(found, Unseen):
            return _unknown(branch, found)
        mine = next(iter(found), None)
        if (theirs := self._somebodys(branch)) is not None:
            return await self._left_alone(branch, mine, theirs)
        tip = place.heads.get(branch, "")
        tree = self._private.tree(place.commit, wanted.files)
        message = sealed_message(wanted.message, wanted.releases, tree, place.commit)
        if not self._is(tip, tree, message):
            who = signer(place.opened.repository, place.commit, place.environment)
            commit, _ = self._private.commit(place.commit, wanted.files, message, who, sign=place.request.sign)
            pushed = git_push.push(self._private, place.opened.repository, place.request.remote, {f"refs/heads/{branch}": (commit, tip)}, place.environment)
            if pushed.outcome is not Pushed.DONE:
                return self._not_pushed(branch, mine, pushed)
        else:
            commit = tip
        return await self._said(wanted, mine, commit, moved=commit != tip)

    def _is(self, tip: str, tree: str, message: str) -> bool:
        """Say whether the branch is as it would be written: the same files on the same commit, told in the same words."""
        raw = self._private.raw_commit(tip) if tip else None
        if raw is None:
            return False
        head, _, text = raw.decode(errors="replace").partition("\n\n")
        return head.startswith(f"tree {tree}\nparent {self._place.commit}\nauthor ") and text == message

    def _somebodys(self, branch: str) -> str | None:
        """Say whose commit is at the tip of the branch, None where it is ours or there is none; ours says what it stands on, and so speaks for all below."""
        tip = self._place.heads.get(branch)
        if tip is None:
            return None
        raw = self._private.raw_commit(tip)
        if raw is None:
            why = git_push.fetch(self._private, self._place.opened.repository, self._place.request.remote, f"refs/heads/{branch}", self._place.environment)
            raw = self._private.raw_commit(tip)
            if raw is None:
                return f"{tip[:9]} (it cannot be fetched: {why or 'the branch has moved on'})"
        return None if is_ours(raw) else f"{tip[:9]} by {made_by(raw)}"

    async def _left_alone(self, branch: str, mine: PullRequest | None, theirs: str) -> Act:
        """Leave a branch as it is that somebody has committed to, and say so in the pull request, once."""
        why = f"the branch has a commit that lockstep did not make, {theirs}: it is left alone"
        way = f"merge it as it is; or commit that to {self._place.base} and delete {branch}: the next run opens it anew"
        warnings: tuple[str, ...] = ()
        if mine is not None and (noted := with_note(mine.body, f"{why[:1].upper()}{why[1:]}. {way[:1].upper()}{way[1:]}.")) != mine.body:
            said = await pull_requests.update(self._http, self._place.api, self._place.slug, mine.number, {"body": noted})
            warnings = () if said.accepted else (f"the pull request does not say so yet: {said.said}",)
        return _about(mine, branch, Outcome.REFUSED, why, help=way, warnings=warnings)

    def _not_pushed(self, branch: str, mine: PullRequest | None, pushed: git_push.Push) -> Act:
        if pushed.outcome is Pushed.STALE:
            why = f"somebody moved the branch at this very moment ({pushed.said}); nothing was overwritten"
            return _about(mine, branch, Outcome.UNKNOWN, why, help="run the command again: it looks at what is there now")
        outcome = Outcome.REFUSED if pushed.outcome is Pushed.REFUSED else Outcome.UNKNOWN
        return _about(mine, branch, outcome, f"the branch was not pushed: {pushed.said}", help=pushed.help)

    async def _said(self, wanted: Proposal, mine: PullRequest | None, commit: str, *, moved: bool) -> Act:
        """Open the pull request, or bring what it says up to date; then its labels."""
        place, branch = self._place, wanted.branch
        warnings: list[str] = []
        if mine is None:
            said = await pull_requests.open_one(
                self._http, place.api, place.slug, title=wanted.title, body=wanted.body, head=branch, base=place.base, draft=place.opened.config.pr.draft
            )
            again = await self._asked.open_on(branch) if said.exists or said.accepted is None else None
            opened = said.found or (again[0] if isinstance(again, list) and again else None)
            if opened is None:
                return _sent(branch, said, f"the branch is pushed at {commit[:9]}, and the pull request is not open", commit)
            if said.accepted:
                warnings += await self._labelled(opened)
                return _done(branch, Outcome.OPENED, wanted, opened, commit, warnings)
            mine = opened  # another run was first
        changes = self._changes(wanted, mine, warnings)
        if changes:
            said = await pull_requests.update(self._http, place.api, place.slug, mine.number, changes)
            if not said.accepted:
                return _sent(branch, said, f"the branch is at {commit[:9]}, and the pull request does not say so yet", commit, mine)
        warnings += await self._labelled(mine)
        return _done(branch, Outcome.UPDATED if changes or moved else Outcome.CURRENT, wanted, mine, commit, warnings)

    def _changes(self, wanted: Proposal, mine: PullRequest, warnings: list[str]) -> dict[str, str]:
        """Give what of the pull request is to change; a title that a person gave it stays."""
        changes: dict[str, str] = {}
        written = read_mark(mine.body)
        body = merged_body(mine.body, wanted.body)
        if not same_body(body, mine.body):
            changes["body"] = body
        if mine.title != wanted.title and (written is None or written.title == mine.title):
            changes["title"] = wanted.title
        elif mine.title != wanted.title:
            warnings.append(f"somebody gave it another title, which stays; it would be {wanted.title}")
        if mine.base != self._place.base:
            changes["base"] = self._place.base
        return changes

    async def _labelled(self, mine: PullRequest) -> list[str]:
        missing = [one for one in self._place.opened.config.pr.labels if one not in mine.labels]
        if not missing:
            return []
        said = await pull_requests.label(self._http, self._place.api, self._place.slug, mine.number, missing)
        return [] if said.accepted else [f"it has no label {', '.join(missing)} yet: {said.said}"]

    async def close(self, branch: str, *, idle: bool) -> Act:
        """Close the pull request of a branch that has nothing to release, and delete the branch, where both are ours."""
        place = self._place
        found = await self._asked.open_on(branch)
        if isinstance(found, Unseen):
            return _unknown(branch, found)
        mine = next((one for one in found if read_mark(one.body) is not None), None)
        if mine is None:
            return Act(branch=branch, outcome=Outcome.NOTHING, why="nothing to release" if idle else "nothing of its own to release")
        if (theirs := self._somebodys(branch)) is not None:
            why = f"nothing is left to release, but lockstep did not make {theirs} on its branch: it is left open"
            return _about(mine, branch, Outcome.REFUSED, why, help="close it by hand, or merge it")
        said = await pull_requests.update(self._http, place.api, place.slug, mine.number, {"state": "closed"})
        if not said.accepted:
            return _sent(branch, said, "nothing is left to release, and the pull request is still open", "", mine)
        warnings: tuple[str, ...] = ()
        if (tip := place.heads.get(branch)) is not None:
            pushed = git_push.push(self._private, place.opened.repository, place.request.remote, {f"refs/heads/{branch}": ("", tip)}, place.environment)
            warnings = () if pushed.outcome is Pushed.DONE else (f"the branch is still there: {pushed.said}",)
        return _about(mine, branch, Outcome.CLOSED, "nothing is left to release", warnings=warnings)


def _about(
    mine: PullRequest | None,
    branch: str,
    outcome: Outcome,
    why: str,
    *,
    help: str = "",  # noqa: A002 - the field's name
    commit: str = "",
    warnings: Sequence[str] = (),
) -> Act:
    number, url = (None, "") if mine is None else (mine.number, mine.url)
    return Act(branch=branch, outcome=outcome, why=why, help=help, number=number, url=url, commit=commit, warnings=tuple(warnings))


def _refused(branch: str, why: str, help_: str) -> Act:
    return Act(branch=branch, outcome=Outcome.REFUSED, why=why, help=help_)


def _unknown(branch: str, found: Unseen) -> Act:
    return Act(branch=branch, outcome=Outcome.UNKNOWN, why=f"{found.what} cannot be seen: {found.why}; nothing was pushed", help=found.help)


def _sent(branch: str, said: Said, what: str, commit: str, mine: PullRequest | None = None) -> Act:
    outcome = Outcome.REFUSED if said.accepted is False else Outcome.UNKNOWN
    return _about(mine, branch, outcome, f"{what}: {said.said}", help=said.help, commit=commit)


def _done(branch: str, outcome: Outcome, wanted: Proposal, mine: PullRequest, commit: str, warnings: list[str]) -> Act:
    return _about(mine, branch, outcome, wanted.title, commit=commit, warnings=tuple(warnings))
