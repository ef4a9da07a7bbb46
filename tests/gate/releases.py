"""GitHub's releases, tags and attestations beside the stand-in's workflows: drafts are shown to who may write, in the list alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.gate.shapes import WHEN, Json, full_repository, user
from tests.gate.standin import Handler, Hub


@dataclass
class Asset:
    """A file of a release; `state` is `starter` while its upload goes on, `digest` is computed where it is not said."""

    id: int
    name: str
    data: bytes
    state: str = "uploaded"
    digest: str | None = ""


@dataclass
class Release:
    """A release of a tag."""

    id: int
    tag: str
    draft: bool = False
    assets: list[Asset] = field(default_factory=list)
    immutable: bool = False
    body: str = ""
    prerelease: bool = False

    def add(self, name: str, data: bytes, **said: Any) -> Asset:  # noqa: ANN401 - the fields of an asset
        made = Asset(self.id * 1000 + len(self.assets), name, data, **said)
        self.assets.append(made)
        return made


@dataclass
class ReleaseHub(Hub):
    """A repository with releases. `refs` are the ids of tags, `annotated` the commits of those that are objects of their own.

    `writers` are tokens that may write contents, and see drafts; `says_push` whether GitHub says so of them, which it does not of those of Actions.
    """

    releases: list[Release] = field(default_factory=list)
    refs: dict[str, str] = field(default_factory=dict)
    annotated: dict[str, str] = field(default_factory=dict)
    attestations: dict[str, list[Json]] = field(default_factory=dict)
    writers: set[str] = field(default_factory=set)
    says_push: bool = True
    sent: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    """What was sent, beside what was asked: method, path, headers and body."""
    latest: str = ""
    """The tag of the latest release."""

    def release(self, tag: str, *, draft: bool = False) -> Release:
        made = Release(1 + max((one.id for one in self.releases), default=0), tag, draft)
        self.releases.append(made)
        return made

    def reply(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes, str]:
        """Do what is sent to releases and their assets."""
        parts, query = urlsplit(path).path.strip("/").split("/"), parse_qs(urlsplit(path).query)
        if headers.get("authorization", "").removeprefix("Bearer ") not in self.writers:
            return _json(403, {"message": "Resource not accessible by integration"})
        match method, parts[3:]:
            case "POST", ["releases"]:
                said = json.loads(body)
                if any(one.tag == said["tag_name"] and not one.draft for one in self.releases):
                    return _json(422, {"message": "Validation Failed", "errors": [{"code": "already_exists", "field": "tag_name"}]})
                made = self.release(said["tag_name"], draft=said["draft"])
                made.body, made.prerelease = said["body"], said["prerelease"]
                return _json(201, shape(self, made))
            case "POST", ["releases", number, "assets"]:
                [release] = [one for one in self.releases if str(one.id) == number]
                if any(one.name == query["name"][0] for one in release.assets):
                    return _json(422, {"message": "Validation Failed", "errors": [{"code": "already_exists", "field": "name"}]})
                return _json(201, asset_shape(self, release.add(query["name"][0], body)))
            case "PATCH", ["releases", number]:
                [release] = [one for one in self.releases if str(one.id) == number]
                said = json.loads(body)
                release.draft = said["draft"]
                self.latest = release.tag if said["make_latest"] == "true" else self.latest
                return _json(200, shape(self, release))
            case "DELETE", ["releases", number]:
                self.releases = [one for one in self.releases if str(one.id) != number]
                return 204, b"", "application/json"
        return _json(404, {"message": "Not Found"})


def _json(status: int, body: object) -> tuple[int, bytes, str]:
    return status, json.dumps(body).encode(), "application/json"


class ReleaseHandler(Handler):
    """Answers about releases, and about all else as the stand-in does."""

    hub: ReleaseHub

    def _write(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        self.said = headers, body
        self.hub.sent.append((self.command, self.path, headers, body))
        for number, (path, fault) in enumerate(self.hub.faults):
            if path in f"{self.command} {self.path}":
                del self.hub.faults[number]
                fault(self)
                return
        self.send(*self.hub.reply(self.command, self.path, headers, body))

    do_POST = do_PATCH = do_PUT = do_DELETE = _write  # noqa: N815 - http.server's names

    def respond(self, path: str, query: dict[str, str], token: str) -> None:
        parts = [unquote(part) for part in path.strip("/").split("/")]
        hub, writes = self.hub, token in self.hub.writers
        size, page = min(int(query.get("per_page", "30")), 100), int(query.get("page", "1"))
        some = slice(size * (page - 1), size * page)
        if "/".join(parts[1:3]).lower() != hub.name.lower():
            super().respond(path, query, token)
            return
        match parts[3:]:
            case [] if token and hub.says_push and writes:
                self._say({**full_repository(hub), "permissions": {"admin": False, "push": True, "pull": True}})
            case ["releases", "latest"]:
                found_ = [one for one in hub.releases if one.tag == hub.latest and not one.draft]
                self._say(shape(hub, found_[0])) if found_ else self._missing()
            case ["releases"]:
                self._say([shape(hub, one) for one in reversed(hub.releases) if writes or not one.draft][some])
            case ["releases", "assets", number]:
                found = [asset for one in hub.releases for asset in one.assets if str(asset.id) == number and (writes or not one.draft)]
                if found and self.headers.get("Accept") == "application/octet-stream":
                    self.send(200, found[0].data, "application/octet-stream")
                else:
                    self._missing()
            case ["releases", number, "assets"]:
                mine = [one for one in hub.releases if str(one.id) == number and (writes or not one.draft)]
                self._say([asset_shape(hub, one) for one in mine[0].assets][some]) if mine else self._missing()
            case ["git", "matching-refs", *rest]:
                self._say([ref(hub, name) for name in sorted(hub.refs) if f"tags/{name}".startswith("/".join(rest))])
            case ["git", "tags", sha] if sha in hub.annotated:
                self._say(tag_object(hub, sha))
            case ["attestations", digest]:
                first = int(query.get("after", "0"))
                mine_ = hub.attestations.get(digest, [])
                url = f"{hub.url}{path}?per_page={size}&after={first + size}"
                links = {"Link": f'<{url}>; rel="next", <{hub.url}{path}>; rel="first"'} if first + size < len(mine_) else {}
                self.send(200, json.dumps({"attestations": mine_[first : first + size]}).encode(), **links)
            case _:
                super().respond(path, query, token)

    def _say(self, body: object) -> None:
        self.send(200, json.dumps(body).encode())

    def _missing(self) -> None:
        self.send(404, json.dumps({"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}).encode())


def shape(hub: Hub, one: Release) -> Json:
    root = f"https://api.github.com/repos/{hub.name}"
    return {
        "id": one.id,
        "node_id": f"RE_{one.id}",
        "url": f"{root}/releases/{one.id}",
        "html_url": f"https://github.com/{hub.name}/releases/tag/{one.tag}",
        "assets_url": f"{root}/releases/{one.id}/assets",
        "upload_url": f"https://uploads.github.com/repos/{hub.name}/releases/{one.id}/assets{{?name,label}}",
        "tarball_url": None,
        "zipball_url": None,
        "tag_name": one.tag,
        "target_commitish": "main",
        "name": one.tag,
        "draft": one.draft,
        "prerelease": one.prerelease,
        "immutable": one.immutable,
        "created_at": WHEN,
        "published_at": None if one.draft else WHEN,
        "author": user(hub),
        "assets": [asset_shape(hub, asset) for asset in one.assets],
    }


def asset_shape(hub: Hub, one: Asset) -> Json:
    return {
        "id": one.id,
        "node_id": f"RA_{one.id}",
        "url": f"https://api.github.com/repos/{hub.name}/releases/assets/{one.id}",
        "browser_download_url": f"https://github.com/{hub.name}/releases/download/x/{one.name}",
        "name": one.name,
        "label": None,
        "state": one.state,
        "content_type": "application/octet-stream",
        "size": len(one.data),
        "digest": f"sha256:{hashlib.sha256(one.data).hexdigest()}" if one.digest == "" else one.digest,
        "download_count": 0,
        "created_at": WHEN,
        "updated_at": WHEN,
        "uploader": user(hub),
    }


def ref(hub: ReleaseHub, name: str) -> Json:
    root = f"https://api.github.com/repos/{hub.name}/git"
    sha = hub.refs[name]
    kind = "tag" if sha in hub.annotated else "commit"
    object_ = {"type": kind, "sha": sha, "url": f"{root}/{kind}s/{sha}"}
    return {"ref": f"refs/tags/{name}", "node_id": "REF_1", "url": f"{root}/refs/tags/{name}", "object": object_}


def tag_object(hub: ReleaseHub, sha: str) -> Json:
    root = f"https://api.github.com/repos/{hub.name}/git"
    commit = hub.annotated[sha]
    return {
        "node_id": "TA_1",
        "tag": next(name for name, one in hub.refs.items() if one == sha),
        "sha": sha,
        "url": f"{root}/tags/{sha}",
        "message": "a release",
        "tagger": {"name": "A. Maintainer", "email": "maintainer@example.org", "date": WHEN},
        "object": {"type": "commit", "sha": commit, "url": f"{root}/commits/{commit}"},
    }
