"""The release on GitHub: a draft is made, assets are attached to it, and it is made public. Nothing is replaced.

Nothing is deleted but an empty draft that the same call made, where another job was first.

Sources: https://docs.github.com/en/rest/releases/releases, https://docs.github.com/en/rest/releases/assets
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from lockstep.acts.sent import Sent, sent
from lockstep.dataclass import replace
from lockstep.evidence.github import HEADERS, PUBLIC, Api
from lockstep.evidence.http import Answer, Http, Server, origin, parsed
from lockstep.evidence.registries.github import PAGE, Repository
from lockstep.workflow.commit_runs import Unseen

KEPT = re.compile(r"[A-Za-z0-9_+-][A-Za-z0-9._+-]*(?<!\.)")
"""Names of assets that GitHub leaves as they are: any other character becomes a dot."""


def uploads(api: Api) -> Server:
    """Say where assets are sent: told from the API's address, for the token goes there too, and no answer decides where."""
    parts = urlsplit(api.url)
    if api.url == PUBLIC or (parts.hostname or "").startswith("api."):
        return replace(api.server, url=f"https://uploads.{(parts.hostname or '').removeprefix('api.')}")
    if parts.path.endswith("/api/v3"):
        return replace(api.server, url=f"{api.url.removesuffix('/api/v3')}/api/uploads")
    return api.server


async def draft(http: Http, api: Api, slug: str, release: Mapping[str, object]) -> Sent:
    """Make a draft; `release` has its tag, name, notes, and whether it is a pre-release.

    Where another job made one at the same moment, the older is kept: the newer is taken back by who made it, while nothing is attached to it.
    """
    body = {**release, "draft": True, "make_latest": "false"}
    answer = await _send(http, api, "POST", f"/repos/{slug}/releases", body)
    made = sent(api.server, answer)
    found = parsed(answer.body) if made.accepted and isinstance(answer, Answer) else None
    if isinstance(found, dict) and isinstance(number := found.get("id"), int):
        await _taken_back(http, Repository(api, http, slug), str(release["tag_name"]), number)
    return made


async def _taken_back(http: Http, repository: Repository, tag: str, number: int) -> None:
    """Delete a draft that was made a moment ago, where there is an older one of the tag, and nothing is attached to this one."""
    listed = await repository.releases(tag)
    if isinstance(listed, Unseen) or not any(one.id < number for one in listed[0]) or not any(one.id == number and one.draft for one in listed[0]):
        return
    if await repository.get("the assets of the draft", f"/releases/{number}/assets") == []:
        await _send(http, repository.api, "DELETE", f"/repos/{repository.slug}/releases/{number}", {})


async def attach(http: Http, api: Api, slug: str, release_id: int, name: str, data: bytes) -> Sent:
    """Attach a file to a release under a name that it does not have yet: GitHub refuses one that it has."""
    server = uploads(api)
    headers = {**HEADERS, "Content-Type": "application/octet-stream"}
    what = f"the upload of {name}"
    return sent(server, await http.send(what, server, "POST", f"/repos/{slug}/releases/{release_id}/assets", data, query={"name": name}, headers=headers))


async def publish(http: Http, api: Api, slug: str, release_id: int, *, latest: str) -> Sent:
    """Make a release public; `latest` is `true`, `false`, or `legacy`, by which GitHub decides by date and version."""
    return sent(api.server, await _send(http, api, "PATCH", f"/repos/{slug}/releases/{release_id}", {"draft": False, "make_latest": latest}))


async def _send(http: Http, api: Api, method: str, path: str, body: Mapping[str, object]) -> Answer | Unseen:
    headers = {**HEADERS, "Content-Type": "application/json"}
    return await http.send(f"the release at {origin(api.url)}", api.server, method, path, json.dumps(body).encode(), headers=headers)


async def latest_tag(repository: Repository) -> str | None:
    """Give the tag of the release that is the latest now; None where it cannot be seen, "" where there is none yet."""
    what = f"the latest release of {repository.slug}"
    found = await repository.get(what, "/releases", {"per_page": PAGE})
    if isinstance(found, list) and len(found) < PAGE:
        public = [one for one in found if isinstance(one, dict) and one.get("draft") is False and one.get("prerelease") is False]
        if not public:
            return ""
    match await repository.get(what, "/releases/latest"):
        case {"tag_name": str(tag)}:
            return tag
    return None
