"""GitHub's pull requests beside the stand-in's settings: they are of branches of a bare repository, which is asked what is there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.gate.settings import SettingsHandler, SettingsHub
from tests.gate.shapes import WHEN, Json, full_repository, user


@dataclass
class Pull:
    """A pull request; `merge` is the commit that merged it, "" while none has."""

    number: int
    title: str
    body: str
    head: str
    base: str
    draft: bool = False
    state: str = "open"
    merge: str = ""
    labels: list[str] = field(default_factory=list)
    sha: str = ""


@dataclass
class PullHub(SettingsHub):
    """A repository with pull requests, of the branches of the bare repository `remote`. `writers` may write; `may_open` is what Actions is allowed."""

    pulls: list[Pull] = field(default_factory=list)
    remote: Path | None = None
    may_open: bool = True
    finds_by_head: bool = True

    def sha_of(self, branch: str) -> str:
        """Give the head of a branch; the pull request keeps the last one of a branch that is gone."""
        if self.remote is None:
            return "a" * 40
        done = subprocess.run(["git", "rev-parse", "--verify", "-q", f"refs/heads/{branch}"], cwd=self.remote, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def pull(self, head: str, **said: object) -> Pull:
        made = Pull(number=7 + len(self.pulls), head=head, base="main", title="mine", body="")
        for name, value in said.items():
            setattr(made, name, value)
        self.pulls.append(made)
        return made

    def reply(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes, str]:
        """Do what is sent to pull requests."""
        parts = [unquote(part) for part in urlsplit(path).path.strip("/").split("/")]
        if parts[3:4] not in (["pulls"], ["issues"]):
            return super().reply(method, path, headers, body)
        if headers.get("authorization", "").removeprefix("Bearer ") not in self.writers:
            return _json(403, _error("Resource not accessible by integration", 403))
        said = json.loads(body)
        match method, parts[3:]:
            case "POST", ["pulls"]:
                return self._open(said)
            case "PATCH", ["pulls", number]:
                [pull] = [one for one in self.pulls if str(one.number) == number]
                for name, value in said.items():
                    setattr(pull, name, value)
                return _json(200, shape(self, pull, whole=True))
            case "POST", ["issues", number, "labels"]:
                [pull] = [one for one in self.pulls if str(one.number) == number]
                pull.labels += [one for one in said["labels"] if one not in pull.labels]
                return _json(200, [label(self, name) for name in pull.labels])
        return _json(404, _error("Not Found", 404))

    def _open(self, said: Json) -> tuple[int, bytes, str]:
        if not self.may_open:
            return _json(403, _error("GitHub Actions is not permitted to create or approve pull requests.", 403))
        if not self.sha_of(said["head"]):
            return _json(422, _error("Validation Failed", 422, {"resource": "PullRequest", "field": "head", "code": "invalid"}))
        if any(one.state == "open" and one.head == said["head"] for one in self.pulls):
            why = f"A pull request already exists for {self.name.partition('/')[0]}:{said['head']}."
            return _json(422, _error("Validation Failed", 422, {"resource": "PullRequest", "code": "custom", "message": why}))
        made = self.pull(said["head"], title=said["title"], body=said["body"], base=said["base"], draft=said["draft"])
        return _json(201, shape(self, made, whole=True))

    def merge(self, pull: Pull, commit: str) -> None:
        """Merge a pull request, as the commit that somebody made of it."""
        pull.sha, pull.merge, pull.state = self.sha_of(pull.head), commit, "closed"


def _json(status: int, body: object) -> tuple[int, bytes, str]:
    return status, json.dumps(body).encode(), "application/json"


def _error(message: str, status: int, *errors: Json) -> Json:
    found = {"message": message, "documentation_url": "https://docs.github.com/rest/pulls/pulls#create-a-pull-request", "status": str(status)}
    return {**found, **({"errors": [*errors]} if errors else {})}


class PullHandler(SettingsHandler):
    """Answers about pull requests, and about all else as the stand-in does."""

    hub: PullHub

    def respond(self, path: str, query: dict[str, str], token: str) -> None:
        parts = [unquote(part) for part in path.strip("/").split("/")]
        hub = self.hub
        if "/".join(parts[1:3]).lower() != hub.name.lower() or (hub.private and token not in hub.writers):
            super().respond(path, query, token)
            return
        match parts[3:]:
            case ["pulls"]:
                wanted = query.get("head", "").partition(":")[2]
                state = query.get("state", "open")
                found = [one for one in hub.pulls if state in (one.state, "all") and (not wanted or not hub.finds_by_head or one.head == wanted)]
                self._say([shape(hub, one) for one in reversed(found)])
            case ["commits", sha, "pulls"]:
                self._say([shape(hub, one) for one in hub.pulls if sha in (one.merge, one.sha, hub.sha_of(one.head))])
            case _:
                super().respond(path, query, token)


def shape(hub: PullHub, one: Pull, *, whole: bool = False) -> Json:
    root, page = f"https://api.github.com/repos/{hub.name}", f"https://github.com/{hub.name}/pull/{one.number}"
    this, issue = f"{root}/pulls/{one.number}", f"{root}/issues/{one.number}"
    sha = hub.sha_of(one.head) or one.sha or "a" * 40
    links = {
        "self": this,
        "html": page,
        "issue": issue,
        "comments": f"{issue}/comments",
        "review_comments": f"{this}/comments",
        "review_comment": f"{root}/pulls/comments{{/number}}",
        "commits": f"{this}/commits",
        "statuses": f"{root}/statuses/{sha}",
    }
    found = {
        "url": this,
        "id": one.number,
        "node_id": f"PR_{one.number}",
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": issue,
        "commits_url": links["commits"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "comments_url": links["comments"],
        "statuses_url": links["statuses"],
        "number": one.number,
        "state": one.state,
        "locked": False,
        "title": one.title,
        "user": user(hub),
        "body": one.body or None,
        "labels": [label(hub, name) for name in one.labels],
        "milestone": None,
        "active_lock_reason": None,
        "created_at": WHEN,
        "updated_at": WHEN,
        "closed_at": WHEN if one.state == "closed" else None,
        "merged_at": WHEN if one.merge else None,
        "merge_commit_sha": one.merge or None,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "head": branch(hub, one.head, sha),
        "base": branch(hub, one.base, hub.sha_of(one.base) or "b" * 40),
        "_links": {name: {"href": url} for name, url in links.items()},
        "author_association": "MEMBER",
        "auto_merge": None,
        "draft": one.draft,
    }
    more = {
        "merged": bool(one.merge),
        "mergeable": None,
        "rebaseable": None,
        "mergeable_state": "unknown",
        "merged_by": user(hub) if one.merge else None,
        "comments": 0,
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": 1,
        "additions": 1,
        "deletions": 1,
        "changed_files": 1,
    }
    return {**found, **more} if whole else found


def branch(hub: PullHub, name: str, sha: str) -> Json:
    return {"label": f"{hub.name.partition('/')[0]}:{name}", "ref": name, "sha": sha, "user": user(hub), "repo": full_repository(hub)}


def label(hub: PullHub, name: str) -> Json:
    found = {"id": 1 + len(name), "node_id": "LA_1", "url": f"https://api.github.com/repos/{hub.name}/labels/{name}", "name": name}
    return {**found, "description": "what is released", "color": "ededed", "default": False}
