"""What GitHub has of a release: the release itself, a draft too, its assets with their digests, its tag, and attestations.

Sources: https://docs.github.com/en/rest/releases/releases, https://docs.github.com/en/rest/releases/assets, https://docs.github.com/en/rest/git/tags,
https://docs.github.com/en/rest/repos/attestations
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from lockstep.dataclass import dataclass, field
from lockstep.evidence.github import HEADERS, PUBLIC, Api, Client
from lockstep.evidence.headers import next_cursor
from lockstep.evidence.http import Answer, Http, Json, Server, refused
from lockstep.evidence.registries.asking import now
from lockstep.release.candidate import Registry
from lockstep.release.listing import Listed, Listing
from lockstep.release.observation import Observation, State, Visibility
from lockstep.workflow.commit_runs import Unseen

PAGE = 100
MOST_PAGES = 10
"""Pages of one list that are read: a thousand releases, or as many assets as a release may have."""
DOWNLOADS = ("https://objects.githubusercontent.com:443", "https://release-assets.githubusercontent.com:443")
"""Where GitHub keeps the assets of releases; they are sent no token."""
LARGEST_ASSET = 64 * 2**20
"""Bytes of the largest asset that is read whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """GitHub's release of a tag: `listing` is what there is of its assets, `asset_ids` are their ids by name; `immutable` is None where it is not said."""

    id: int
    draft: bool
    url: str
    immutable: bool | None = None
    listing: Listing = field(default_factory=lambda: Listing(endpoint="", at=""))
    asset_ids: Mapping[str, int] = field(default_factory=dict)

    @property
    def visibility(self) -> Visibility:
        """Whether everybody sees it."""
        return Visibility.DRAFT if self.draft else Visibility.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRelease:
    """There is no release of the tag, drafts included, as far as the token sees drafts: `certain` says that it does."""

    endpoint: str
    at: str
    certain: bool


class Repository:
    """A repository of GitHub, `owner/name`, asked through one client."""

    def __init__(self, api: Api, http: Http, slug: str) -> None:
        self.api = api
        self.slug = slug
        self._http = http
        self._client = Client(api, http, reads="contents")

    def url(self, path: str) -> str:
        """Give the address of a path below the repository."""
        return f"{self.api.url}/repos/{self.slug}{path}"

    async def get(self, what: str, path: str, query: Mapping[str, str | int] | None = None) -> Json | Unseen:
        """Ask for a path below the repository."""
        return await self._client.get(what, f"/repos/{self.slug}{path}", query)

    async def release(self, tag: str) -> Release | NoRelease | Unseen:
        """Find the release of a tag, with its assets, among all releases: GitHub shows a draft nowhere else, and only to who may write."""
        what = f"the release of {tag} in {self.slug}"
        listed = await self.releases(tag)
        if isinstance(listed, Unseen):
            return listed
        found, drafts = listed
        if len(found) > 1:
            return Unseen(what=what, why=f"there are {len(found)} releases of this tag, a draft among them: delete the one that is not meant", help="")
        if found:
            return await self._with_assets(what, found[0])
        return NoRelease(endpoint=self.url("/releases"), at=now(), certain=drafts or await self._may_write())

    async def releases(self, tag: str) -> tuple[list[Release], bool] | Unseen:
        """Find all releases of a tag, without their assets: several drafts may be of one. Say too whether any draft was shown."""
        what = f"the release of {tag} in {self.slug}"
        found: list[Release] = []
        drafts = False
        for page in range(1, MOST_PAGES + 1):
            answer = await self.get(what, "/releases", {"per_page": PAGE, "page": page})
            if isinstance(answer, Unseen):
                return answer
            read = [_release(item) for item in answer] if isinstance(answer, list) else [None]
            good = [one for one in read if one is not None]
            if len(good) != len(read):
                return _malformed(what)
            drafts |= any(one.draft for one, _ in good)
            found += [one for one, name in good if name == tag]
            if len(good) < PAGE or found:
                return found, drafts
        return Unseen(what=what, why=f"it is not among the newest {MOST_PAGES * PAGE} releases", help="name a newer tag")

    async def _may_write(self) -> bool:
        """Say whether the token is known to see drafts; of a token of GitHub Actions GitHub says nothing.

        Source: https://docs.github.com/en/rest/releases/releases#list-releases: only users with push access see drafts
        """
        if not self.api.token:
            return False
        match await self.get(f"the repository {self.slug}", ""):
            case {"permissions": {"push": True}}:
                return True
        return False

    async def _with_assets(self, what: str, release: Release) -> Release | Unseen:
        path = f"/releases/{release.id}/assets"
        files: dict[str, Listed] = {}
        ids: dict[str, int] = {}
        for page in range(1, MOST_PAGES + 1):
            answer = await self.get(f"the assets of {what.removeprefix('the ')}", path, {"per_page": PAGE, "page": page})
            if isinstance(answer, Unseen):
                return answer
            for item in answer if isinstance(answer, list) else [None]:
                match item:
                    case {"id": int(number), "name": str(name), "state": str(state), **rest} if not isinstance(number, bool):
                        files[name], ids[name] = _asset(rest.get("digest"), state), number
                    case _:
                        return _malformed(what)
            if isinstance(answer, list) and len(answer) < PAGE:
                listing = Listing(endpoint=self.url(path), at=now(), files=files)
                return Release(id=release.id, draft=release.draft, url=release.url, immutable=release.immutable, listing=listing, asset_ids=ids)
        return Unseen(what=what, why=f"its assets do not end: more than {MOST_PAGES * PAGE}", help="GitHub takes no more than a thousand")

    async def asset(self, release: Release, name: str) -> bytes | Unseen:
        """Read an asset, that of a draft too."""
        what = f"the asset {name}"
        if name not in release.asset_ids:
            return Unseen(what=what, why="the release has none of this name", help="lockstep release seal makes it, and it is attached to the release")
        server = self.api.server
        follow = frozenset(DOWNLOADS) if self.api.url == PUBLIC else frozenset({server.origin})
        server = Server(name=server.name, url=server.url, authorization=server.authorization, follow=follow, trouble=server.trouble)

        def read(answer: Answer) -> bytes | Unseen:
            return answer.body if answer.status == 200 else refused(what, server, answer)

        path = f"/repos/{self.slug}/releases/assets/{release.asset_ids[name]}"
        return await self._http.get(what, server, path, read, headers={"Accept": "application/octet-stream"}, largest=LARGEST_ASSET)

    async def tag(self, tag: str, commit: str) -> Observation:
        """Say whether a tag is of a commit: absent where there is no such tag, a conflict where it is of another one."""
        what = f"the tag {tag} of {self.slug}"
        path = f"/git/matching-refs/{quote(f'tags/{tag}', safe='')}"
        answer = await self.get(what, path)
        for item in answer if isinstance(answer, list) else []:
            match item:
                case {"ref": str(ref), "object": {"type": str(kind), "sha": str(sha)}}:
                    if ref == f"refs/tags/{tag}":
                        break
                case _:
                    return self._unseen_tag(tag, path, _malformed(what))
        else:
            unseen = answer if isinstance(answer, Unseen) else None if isinstance(answer, list) else _malformed(what)
            return self._tag(tag, State.ABSENT, path) if unseen is None else self._unseen_tag(tag, path, unseen)
        if kind == "tag":
            match await self.get(what, f"/git/tags/{quote(sha, safe='')}"):
                case {"object": {"type": "commit", "sha": str(sha)}}:
                    pass
                case Unseen() as unseen:
                    return self._unseen_tag(tag, path, unseen)
                case _:
                    return self._unseen_tag(tag, path, _malformed(what))
        if sha == commit:
            return self._tag(tag, State.VERIFIED, path, digest=sha)
        return self._tag(tag, State.CONFLICT, path, digest=sha, why=f"it is of {sha}, and the candidate is of {commit}")

    def _tag(self, tag: str, state: State, path: str, digest: str = "", why: str = "") -> Observation:
        return Observation(artifact=f"{Registry.GITHUB}:tag {tag}", state=state, digest=digest, endpoint=self.url(path), at=now(), why=why)

    def _unseen_tag(self, tag: str, path: str, unseen: Unseen) -> Observation:
        return replace(self._tag(tag, State.UNSEEN, path, why=unseen.why), again=unseen.again)

    async def attestations(self, sha256: str) -> Json | Unseen:
        """Ask for all attestations of a file by its SHA-256: `attestations[].bundle`; None where GitHub answers that it has none (404).

        Source: https://docs.github.com/en/rest/repos/attestations#list-attestations, whose pages are named by cursors
        """
        what = f"the attestations of sha256:{sha256[:12]}"

        def read(answer: Answer) -> tuple[Json, str] | Unseen:
            found = None if answer.status == 404 else self._client.read(what, answer)
            return found if isinstance(found, Unseen) else (found, next_cursor(answer.headers))

        path = f"/repos/{self.slug}/attestations/sha256:{sha256}"
        items: list[Json] = []
        after = ""
        for _ in range(MOST_PAGES):
            answer = await self._http.get(what, self.api.server, path, read, query={"per_page": PAGE, **({"after": after} if after else {})}, headers=HEADERS)
            if isinstance(answer, Unseen):
                return answer
            match answer:
                case ({"attestations": list(some)}, after):
                    items += some
                case (found, _):
                    return found if not items else _malformed(what)
            if not after:
                return {"attestations": items}
        return Unseen(what=what, why=f"there are more than {MOST_PAGES * PAGE} of them", help=f"gh attestation verify FILE --repo {self.slug}")


def _release(item: Json) -> tuple[Release, str] | None:
    match item:
        case {"id": int(number), "tag_name": str(tag), "draft": bool(draft), **rest} if not isinstance(number, bool):
            url, immutable = rest.get("html_url"), rest.get("immutable")
            made = Release(id=number, draft=draft, url=url if isinstance(url, str) else "", immutable=immutable if isinstance(immutable, bool) else None)
            return made, tag
    return None


def _asset(said: object, state: str) -> Listed:
    digest = said.removeprefix("sha256:") if isinstance(said, str) and said.startswith("sha256:") else ""
    unfinished = "" if state == "uploaded" else f"its upload has not ended, or broke off (state {state}): delete it there, if nobody is uploading it"
    return Listed(digest=digest, unfinished=unfinished)


def _malformed(what: str) -> Unseen:
    return Unseen(what=what, why="GitHub's answer is not what it documents", help="lockstep release status --verbose tells what was asked; please report it")
