"""Which release is meant, and what it consists of: the repository on GitHub, and the candidate, from a file or from the release's assets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping

from lockstep.app.session import Session, open_work_tree
from lockstep.errors import LockstepError, RepositoryError, UsageError
from lockstep.evidence import github_repository
from lockstep.evidence.github import Api
from lockstep.evidence.http import Http
from lockstep.evidence.reach import Reach
from lockstep.evidence.registries.github import NoRelease, Repository
from lockstep.evidence.registries.observing import PATIENCE
from lockstep.release.candidate import FILE, Candidate, CandidateError, read
from lockstep.workflow.commit_runs import Unseen

LARGEST_CANDIDATE = 64 * 2**20
"""Bytes of the largest candidate that is read."""


class CandidateUnseenError(LockstepError):
    """The candidate of a tag could not be seen."""


class NoCandidateError(UsageError):
    """The release of a tag has no candidate among its assets."""


def opened_here(folder: str, config_file: str | None) -> Session | None:
    """Open the work tree, whose configuration names the registries; None where there is no repository: a candidate's file is enough."""
    try:
        return open_work_tree(folder, config_file=config_file)
    except RepositoryError:
        if config_file is not None:
            raise
        return None


def slug_of(repository: str | None, environment: Mapping[str, str], api: Api, opened: Session | None, say: Callable[[str], None]) -> str:
    """Give the repository on GitHub; "" where none is known, which is said."""
    named = repository or environment.get("GITHUB_REPOSITORY") or ""
    if named:
        return github_repository.slug(named, "--repository" if repository else "GITHUB_REPOSITORY")
    if opened is None:
        say("GitHub is not asked: there is no repository here; --repository OWNER/NAME names one, --no-github says that there is none")
        return ""
    try:
        return github_repository.origin(opened.repository, api, environment.get("GITHUB_SERVER_URL", ""))
    except UsageError as error:
        say(f"GitHub is not asked: {error.message}; --repository OWNER/NAME names it, --no-github says that there is none")
        return ""


def candidate_in(path: str) -> Candidate:
    """Read the file of a candidate.

    Raises: UsageError when it cannot be read, CandidateError when it is none.
    """
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read(LARGEST_CANDIDATE)
    except (OSError, UnicodeDecodeError) as error:
        why = (getattr(error, "strerror", None) or "it is no text").lower()
        raise UsageError(f"{path} cannot be read: {why}", help="lockstep release seal writes a candidate") from None
    return read(text, path)


def candidate_of(api: Api, slug: str, tag: str, say: Callable[[str], None], reach: Reach | None = None) -> Candidate:
    """Read the candidate that is an asset of the release of a tag.

    Raises: CandidateUnseenError when it could not be seen, NoCandidateError when the release has none, CandidateError when it is none, or another tag's.
    """
    candidate = asyncio.run(_of_release(api, slug, tag, say, reach))
    if candidate.tag != tag:
        raise CandidateError(f"the candidate at the release of {tag} is that of {candidate.tag}", help="the asset was attached to the wrong release")
    return candidate


async def _of_release(api: Api, slug: str, tag: str, say: Callable[[str], None], reach: Reach | None) -> Candidate:
    async with Http(time.monotonic() + PATIENCE, say, reach=reach) as http:
        repository = Repository(api, http, slug)
        release = await repository.release(tag)
        if isinstance(release, NoRelease):
            hint = "name the candidate's file: lockstep release status sealed/lockstep-release.json"
            unless = "" if release.certain else ", or it is a draft, which is shown only to a token that may write contents (GH_TOKEN)"
            raise CandidateUnseenError(f"{slug} has no release of {tag}{unless}", help=hint)
        if isinstance(release, Unseen):
            raise CandidateUnseenError(f"{release.what} could not be seen: {release.why}", help=release.help)
        if FILE not in release.asset_ids:
            hint = "lockstep release seal makes it; where it is at hand, name its file: lockstep release status FILE"
            raise NoCandidateError(f"the release of {tag} has no asset {FILE}, so it is not known what it consists of", help=hint)
        data = await repository.asset(release, FILE)
        if isinstance(data, Unseen):
            raise CandidateUnseenError(f"{data.what} of {tag} could not be seen: {data.why}", help=data.help)
    try:
        return read(data.decode(), f"{slug} {tag} {FILE}")
    except UnicodeDecodeError:
        raise CandidateError("this is no text", path=f"{slug} {tag} {FILE}", help="lockstep release seal makes one") from None
