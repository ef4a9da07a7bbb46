"""The status of a release: its candidate is found, every registry is asked, and the planner says what is next."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping

from lockstep.app.release_seal import tag_here
from lockstep.app.session import Session, open_ref, open_work_tree
from lockstep.config import Config
from lockstep.dataclass import dataclass
from lockstep.errors import LockstepError, RepositoryError, UsageError
from lockstep.evidence import github_repository
from lockstep.evidence.github import Api
from lockstep.evidence.http import Http
from lockstep.evidence.registries.addresses import addresses
from lockstep.evidence.registries.github import NoRelease, Repository
from lockstep.evidence.registries.observing import PATIENCE, Question, look
from lockstep.release.candidate import FILE, Candidate, CandidateError, read
from lockstep.release.status import Stage, Status
from lockstep.workflow.commit_runs import Unseen

POLL = 15.0
"""Seconds between two looks."""
SLOW_POLL = 240.0
"""Seconds between two looks where GitHub is asked without a token, which it answers 60 times an hour."""
LARGEST_CANDIDATE = 64 * 2**20
"""Bytes of the largest candidate that is read."""


class CandidateUnseenError(LockstepError):
    """The candidate of a tag could not be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRequest:
    """What is wanted: `subject` is a tag or the file of a candidate, None for what is here. `repository` is `owner/name` on GitHub.

    `wait` are seconds to wait for what time may change; with `watch` for everything, until the release is complete or in conflict.
    """

    folder: str = "."
    config_file: str | None = None
    subject: str | None = None
    group: str | None = None
    repository: str | None = None
    on_github: bool = True
    wait: float = 0.0
    watch: bool = False


def release_status(request: StatusRequest, environment: Mapping[str, str], progress: Callable[[Status, float], None], say: Callable[[str], None]) -> Status:
    """Say how far a release is. `progress` is told after each look that is followed by another, with the seconds until then.

    Raises: LockstepError when there is no candidate, or nobody can be asked; CandidateUnseenError when the one of a tag could not be seen.
    """
    api = Api.of(environment)
    opened = _opened(request)
    config = Config() if opened is None else opened.config
    slug = _slug(request, environment, api, opened, say) if request.on_github else ""
    candidate, source = _candidate(request, api, slug, opened, say)
    where = addresses(config.registries, environment, os.path.expanduser("~"))
    question = Question(candidate=candidate, addresses=where, api=api, slug=slug, on_github=request.on_github)
    end = time.monotonic() + request.wait
    poll = POLL if api.token or not slug else SLOW_POLL
    while True:
        seen = look(question, say)
        status = Status(
            candidate=candidate,
            source=source,
            observations=seen.observations,
            others=seen.others,
            visibility=seen.visibility,
            url=seen.release.url if seen.release is not None else "",
            requests=seen.requests,
        )
        left = end - time.monotonic()
        goes_on = status.stage in (Stage.INCOMPLETE, Stage.UNSEEN) if request.watch else status.settles
        if not goes_on or left <= 0:
            return status
        progress(status, min(poll, left))
        time.sleep(min(poll, left))


def _opened(request: StatusRequest) -> Session | None:
    """Open the work tree, whose configuration names the registries; None where there is no repository: a candidate's file is enough."""
    try:
        return open_work_tree(request.folder, config_file=request.config_file)
    except RepositoryError:
        if request.config_file is not None:
            raise
        return None


def _slug(request: StatusRequest, environment: Mapping[str, str], api: Api, opened: Session | None, say: Callable[[str], None]) -> str:
    """Give the repository on GitHub; "" where none is known, which is said."""
    named = request.repository or environment.get("GITHUB_REPOSITORY") or ""
    if named:
        return github_repository.slug(named, "--repository" if request.repository else "GITHUB_REPOSITORY")
    if opened is None:
        say("GitHub is not asked: there is no repository here; --repository OWNER/NAME names one, --no-github says that there is none")
        return ""
    try:
        return github_repository.origin(opened.repository, api, environment.get("GITHUB_SERVER_URL", ""))
    except UsageError as error:
        say(f"GitHub is not asked: {error.message}; --repository OWNER/NAME names it, --no-github says that there is none")
        return ""


def _candidate(request: StatusRequest, api: Api, slug: str, opened: Session | None, say: Callable[[str], None]) -> tuple[Candidate, str]:
    """Give the candidate, and where it comes from.

    Raises: LockstepError when there is none.
    """
    subject = request.subject
    here = os.path.join(request.folder, FILE)
    if subject is None and os.path.isfile(here):
        subject = here
    if subject is not None and (os.path.isfile(subject) or subject.endswith(".json")):
        return _of_file(subject), subject
    if subject is None:
        if opened is None:
            raise UsageError(f"there is no {FILE} here, and no repository", help="name the tag, or the file: lockstep release status TAG|CANDIDATE")
        subject = tag_here(open_ref(request.folder, "HEAD", config_file=request.config_file), request.group)
    tag = subject.removeprefix("refs/tags/")
    if not slug:
        raise UsageError(f"the candidate of {tag} is an asset of its release, and it is not known on which repository", help="--repository OWNER/NAME")
    candidate = asyncio.run(_of_release(api, slug, tag, say))
    if candidate.tag != tag:
        raise CandidateError(f"the candidate at the release of {tag} is that of {candidate.tag}", help="the asset was attached to the wrong release")
    return candidate, f"{FILE} of the release {tag} of {slug}"


def _of_file(path: str) -> Candidate:
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read(LARGEST_CANDIDATE)
    except (OSError, UnicodeDecodeError) as error:
        why = (getattr(error, "strerror", None) or "it is no text").lower()
        raise UsageError(f"{path} cannot be read: {why}", help="lockstep release seal writes a candidate") from None
    return read(text, path)


async def _of_release(api: Api, slug: str, tag: str, say: Callable[[str], None]) -> Candidate:
    async with Http(time.monotonic() + PATIENCE, say) as http:
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
            raise UsageError(f"the release of {tag} has no asset {FILE}, so it is not known what it consists of", help=hint)
        data = await repository.asset(release, FILE)
        if isinstance(data, Unseen):
            raise CandidateUnseenError(f"{data.what} of {tag} could not be seen: {data.why}", help=data.help)
    try:
        return read(data.decode(), f"{slug} {tag} {FILE}")
    except UnicodeDecodeError:
        raise CandidateError("this is no text", path=f"{slug} {tag} {FILE}", help="lockstep release seal makes one") from None
