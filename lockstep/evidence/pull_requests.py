"""Pull requests as GitHub has them: those that are open on a branch, and those that a commit came from.

Sources: https://docs.github.com/en/rest/pulls/pulls#list-pull-requests,
https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit
"""

from __future__ import annotations

from collections.abc import Iterable

from lockstep.dataclass import dataclass
from lockstep.evidence.github import Api, Client
from lockstep.evidence.http import Http, Json
from lockstep.workflow.commit_runs import Unseen

PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A pull request: `head` and `base` are branches, `repository` is where the head lies ("" where that is gone), `merge` the commit that merged it."""

    number: int
    url: str
    title: str
    body: str
    open: bool
    head: str
    repository: str
    base: str
    merged: bool = False
    merge: str = ""
    labels: frozenset[str] = frozenset()


class PullRequests:
    """The pull requests of a repository, `owner/name`."""

    def __init__(self, http: Http, api: Api, slug: str) -> None:
        self._client = Client(api, http, reads="pull-requests")
        self._slug = slug

    async def open_on(self, branch: str) -> list[PullRequest] | Unseen:
        """Give those that are open on a branch of the repository itself, the oldest first."""
        what = f"the pull requests of {branch} in {self._slug}"
        owner = self._slug.partition("/")[0]
        query: dict[str, str | int] = {"state": "open", "head": f"{owner}:{branch}", "per_page": PAGE}
        found = _read(what, await self._client.get(what, f"/repos/{self._slug}/pulls", query))
        if isinstance(found, Unseen):
            return found
        mine = [one for one in found if one.open and one.head == branch and one.repository.lower() == self._slug.lower()]
        return sorted(mine, key=lambda one: one.number)

    async def that_made(self, commit: str) -> list[PullRequest] | Unseen:
        """Give those whose merge made a commit of the repository."""
        what = f"the pull requests of {commit[:12]} in {self._slug}"
        found = _read(what, await self._client.get(what, f"/repos/{self._slug}/commits/{commit}/pulls", {"per_page": PAGE}))
        if isinstance(found, Unseen):
            return found
        return [one for one in found if one.merged and one.merge == commit and one.repository.lower() == self._slug.lower()]


def _read(what: str, answer: Json | Unseen) -> list[PullRequest] | Unseen:
    if isinstance(answer, Unseen):
        return answer
    read = [pull_request(one) for one in answer] if isinstance(answer, list) else [None]
    good = [one for one in read if one is not None]
    if len(good) == len(read):
        return good
    return Unseen(what=what, why="GitHub's answer is no list of pull requests", help="is something between here and GitHub, a proxy or a login page?")


def pull_request(answer: Json) -> PullRequest | None:
    """Read a pull request of an answer; None where it is none."""
    match answer:
        case {
            "number": int(number),
            "html_url": str(url),
            "title": str(title),
            "state": str(state),
            "head": {"ref": str(head), **of_head},
            "base": {"ref": str(base)},
            **rest,
        } if not isinstance(number, bool):
            repository = of_head.get("repo")
            name = repository.get("full_name") if isinstance(repository, dict) else ""
            body, merge, labels = rest.get("body"), rest.get("merge_commit_sha"), rest.get("labels")
            return PullRequest(
                number=number,
                url=url,
                title=title,
                body=body if isinstance(body, str) else "",
                open=state == "open",
                head=head,
                repository=name if isinstance(name, str) else "",
                base=base,
                merged=isinstance(rest.get("merged_at"), str),
                merge=merge if isinstance(merge, str) else "",
                labels=frozenset(_names(labels)),
            )
    return None


def _names(labels: object) -> Iterable[str]:
    for one in labels if isinstance(labels, list) else ():
        match one:
            case {"name": str(name)}:
                yield name
            case str(name):
                yield name
            case _:
                pass
