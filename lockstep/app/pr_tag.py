"""After the merge of a release pull request: its merge commit is tagged, and the tag pushed, once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from lockstep.acts import git_push
from lockstep.acts.git_push import Pushed
from lockstep.app.pr import NO_REMOTE, SECONDS, UpdateRequest
from lockstep.app.pr_facts import facts_of
from lockstep.app.pr_plan import branch_of, tag_of
from lockstep.errors import UsageError, VersionError
from lockstep.evidence import github_repository
from lockstep.evidence.github import Api
from lockstep.evidence.http import Http
from lockstep.evidence.pull_requests import PullRequest, PullRequests
from lockstep.evidence.remote import list_refs
from lockstep.model import Ecosystem
from lockstep.release.proposal import Act, Mark, Outcome, read_mark
from lockstep.versions import tag_names
from lockstep.versions.version import Version, read_any
from lockstep.workflow.commit_runs import Unseen
from lockstep.writing.private_repository import private_repository
from lockstep.writing.signer import signer

if TYPE_CHECKING:
    from lockstep.app.session import Session
    from lockstep.model import Group
    from lockstep.project.project import Project


def merge_tag(opened: Session, request: UpdateRequest, environment: Mapping[str, str], say: Callable[[str], None]) -> list[Act]:
    """Tag the commit that a release pull request became, where this is one: each group that it released, with the tag that a bump gives.

    Raises: UsageError where there is no remote, or GitHub's repository is not known; WriteError when git refuses.
    """
    api = Api.of(environment)
    slug = github_repository.known(opened.repository, api, request.repository, environment)
    commit = opened.head
    found = _merged(api, slug, commit, say)
    if isinstance(found, Unseen):
        return [Act(branch=commit[:9], outcome=Outcome.UNKNOWN, why=f"{found.what} cannot be seen: {found.why}", help=found.help)]
    project = opened.project()
    ours = [(one, read) for one in found if (read := read_mark(one.body)) is not None]
    if not ours:
        return [Act(branch=commit[:9], outcome=Outcome.NOTHING, why="it did not come from a release pull request", commit=commit)]
    merged, said = ours[0]
    if not _is_own_branch(opened, project, merged.head):
        why = f"its pull request #{merged.number} was on the branch {merged.head}, which is not one of lockstep pr"
        return [
            Act(branch=merged.head, outcome=Outcome.REFUSED, why=why, help="tag it yourself: lockstep bump VERSION --tag", number=merged.number, url=merged.url)
        ]
    return _tagged(opened, project, request, environment, merged, said)


def _merged(api: Api, slug: str, commit: str, say: Callable[[str], None]) -> list[PullRequest] | Unseen:
    async def run() -> list[PullRequest] | Unseen:
        async with Http(time.monotonic() + SECONDS, say) as http:
            return await PullRequests(http, api, slug).that_made(commit)

    return asyncio.run(run())


def _is_own_branch(opened: Session, project: Project, branch: str) -> bool:
    names = {group.name for group in project.groups} | {one.name for one in facts_of(opened, project)}
    return branch in {branch_of(opened, name) for name in names}


def _tagged(opened: Session, project: Project, request: UpdateRequest, environment: Mapping[str, str], merged: PullRequest, said: Mark) -> list[Act]:
    """Make the tags that are not there, and push them together; refuse where one is somewhere else, or the commit is not what was merged."""
    commit, branch = opened.head, merged.head
    wanted: dict[str, str] = {}

    def answer(outcome: Outcome, why: str, help_: str = "") -> list[Act]:
        tags = " ".join(wanted) if outcome in (Outcome.TAGGED, Outcome.CURRENT) else ""
        return [Act(branch=branch, outcome=outcome, why=why, help=help_, number=merged.number, url=merged.url, commit=commit, tag=tags)]

    groups = {one.name: one.group for one in facts_of(opened, project)}
    for name, version in said.versions.items():
        group = groups.get(name)
        if group is None or group.version is None or not _is_same(group.version, version):
            is_at = f"is at {group.version}" if group is not None else "is no group of this commit"
            return answer(Outcome.REFUSED, f"#{merged.number} released {name} {version}, and {name} {is_at} at {commit[:9]}", _BY_HAND)
        tag = tag_of(opened, project, group, group.version)
        if tag != said.tags[name]:
            return answer(Outcome.REFUSED, f"#{merged.number} says the tag {said.tags[name]}, and {name} {version} is tagged {tag} here", _BY_HAND)
        wanted[tag] = _message(opened, project, group)
    there = _there(opened, request, wanted, environment)
    if isinstance(there, str):
        return answer(Outcome.UNKNOWN, f"the remote {request.remote} cannot be asked: {there}", "run the command again")
    for tag, at in there.items():
        if at != commit:
            why = f"the tag {tag} exists already, at {at[:9]} and not at {commit[:9]}"
            return answer(Outcome.REFUSED, why, f"git show {tag} tells what it is; nothing was tagged")
    missing = [tag for tag in wanted if tag not in there]
    if not missing:
        return answer(Outcome.CURRENT, f"{', '.join(wanted)} {'is' if len(wanted) == 1 else 'are'} there already")
    with private_repository(opened.repository) as private:
        who = signer(opened.repository, commit, environment)
        made = {f"refs/tags/{tag}": (private.tag(tag, commit, wanted[tag], who, sign=request.sign), "") for tag in missing}
        pushed = git_push.push(private, opened.repository, request.remote, made, environment)
    if pushed.outcome is Pushed.DONE:
        return answer(Outcome.TAGGED, f"{', '.join(missing)} at {commit[:9]}, pushed to {request.remote}")
    if pushed.outcome is Pushed.STALE:
        return answer(Outcome.UNKNOWN, f"another run tagged it at this very moment ({pushed.said})", "run the command again: it looks at what is there now")
    outcome = Outcome.REFUSED if pushed.outcome is Pushed.REFUSED else Outcome.UNKNOWN
    return answer(outcome, f"{', '.join(missing)} was not pushed: {pushed.said}", pushed.help)


_BY_HAND = "nothing was tagged; lockstep bump VERSION --tag tags what is meant"


def _is_same(version: Version, said: str) -> bool:
    """Say whether a text of a pull request, which anybody may have written, is a version, and this one."""
    try:
        return read_any(said) == version
    except VersionError:
        return False


def _message(opened: Session, project: Project, group: Group) -> str:
    """Write the message of the tag, as a bump does."""
    assert group.version is not None
    python = all(package.ecosystem is Ecosystem.PYTHON for package in group.packages)
    like = opened.release_tags(project).newest(group)
    return tag_names.write(opened.config.message, group.version, group.name, like, python=python) + "\n"


def _there(opened: Session, request: UpdateRequest, tags: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str] | str:
    """Give the commits of the tags that the remote has; or why it does not say."""
    listed = list_refs(opened.repository, request.remote, [pattern for tag in tags for pattern in (f"refs/tags/{tag}", f"refs/tags/{tag}^{{}}")], environment)
    if isinstance(listed, str):
        if listed == NO_REMOTE:
            raise UsageError(listed, help="git remote add origin ADDRESS, or --remote NAME")
        return listed
    found: dict[str, str] = {}
    for ref, at in listed:
        name = ref.removeprefix("refs/tags/")
        if name.endswith("^{}") or name not in found:
            found[name.removesuffix("^{}")] = at
    return {tag: at for tag, at in found.items() if tag in tags}
