"""What changes a pull request on GitHub: it is opened, updated, closed, and given labels. Each is sent once, with the token of the environment.

Sources: https://docs.github.com/en/rest/pulls/pulls, https://docs.github.com/en/rest/issues/labels
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from lockstep.acts.sent import REFUSING
from lockstep.dataclass import dataclass
from lockstep.evidence.github import HEADERS, Api
from lockstep.evidence.http import Answer, Http, parsed, quoted
from lockstep.evidence.pull_requests import PullRequest, pull_request
from lockstep.workflow.commit_runs import Unseen

PERMISSIONS = "the token needs permissions: { contents: write, pull-requests: write }"
_HINTS = {
    401: "GH_TOKEN (or GITHUB_TOKEN) is expired, or of another host; set it anew",
    403: f"{PERMISSIONS}; one of GitHub Actions may open none until Settings, Actions, General allows it; that of a fork may never",
    404: f"{PERMISSIONS}; is the repository the one that is meant? --repository OWNER/NAME",
    429: "GitHub wants to be asked more slowly: try again later",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What GitHub said of what was sent: `accepted` is None where nobody knows; the pull request where it gave one; whether there is one already."""

    accepted: bool | None
    said: str
    help: str = ""
    found: PullRequest | None = None
    exists: bool = False


async def open_one(http: Http, api: Api, slug: str, *, title: str, body: str, head: str, base: str, draft: bool) -> Said:
    """Open a pull request of a branch of the repository."""
    return await _send(http, api, "POST", f"/repos/{slug}/pulls", {"title": title, "body": body, "head": head, "base": base, "draft": draft})


async def update(http: Http, api: Api, slug: str, number: int, changes: Mapping[str, str]) -> Said:
    """Change title, body, base or state of a pull request."""
    return await _send(http, api, "PATCH", f"/repos/{slug}/pulls/{number}", dict(changes))


async def label(http: Http, api: Api, slug: str, number: int, labels: Sequence[str]) -> Said:
    """Add labels to a pull request; those that it has stay."""
    return await _send(http, api, "POST", f"/repos/{slug}/issues/{number}/labels", {"labels": [*labels]})


async def _send(http: Http, api: Api, method: str, path: str, body: Mapping[str, object]) -> Said:
    headers = {**HEADERS, "Content-Type": "application/json"}
    answer = await http.send("the pull request", api.server, method, path, json.dumps(body).encode(), headers=headers)
    if isinstance(answer, Unseen):
        return Said(accepted=None, said=f"GitHub: {answer.why}", help=answer.help)
    return _said(api, answer)


def _said(api: Api, answer: Answer) -> Said:
    found = parsed(answer.body)
    words = _words(found)
    said = f"GitHub answers {answer.status}{quoted(api.server, words)}"
    if 200 <= answer.status < 300:
        if not isinstance(found, dict | list):
            return Said(accepted=None, said=f"{said}, but no JSON", help="is something between here and GitHub, a proxy or a login page?")
        return Said(accepted=True, said=said, found=pull_request(found) if isinstance(found, dict) else None)
    if 300 <= answer.status < 400:
        return Said(accepted=False, said=f"{said}: it is elsewhere now, and nothing is sent on", help="name it as it is called today: --repository OWNER/NAME")
    limited = answer.status == 403 and (answer.headers.get("x-ratelimit-remaining") == "0" or "rate limit" in words.lower())
    hint = _HINTS[429] if limited else _HINTS.get(answer.status, "" if answer.status in REFUSING else "try again; githubstatus.com tells what is wrong there")
    refuses = answer.status in REFUSING and not limited
    return Said(accepted=False if refuses else None, said=said, help=hint, exists=answer.status == 422 and "already exists" in words)


def _words(found: object) -> str:
    """Give what GitHub says of itself: the first error of a validation, else the message."""
    match found:
        case {"message": str(said), "errors": [{"message": str(why)}, *_]}:
            return f"{said}: {why}"
        case {"message": str(said), "errors": [{"resource": str(resource), "field": str(field), "code": str(code)}, *_]}:
            return f"{said}: {resource} {field} {code}"
        case {"message": str(said)}:
            return said
    return ""
