"""The status of a release: its candidate is found, every registry is asked, and the planner says what is next."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping

from lockstep.app.release_seal import tag_here
from lockstep.app.release_subject import candidate_in, candidate_of, opened_here, slug_of
from lockstep.app.session import Session, open_ref
from lockstep.config import Config
from lockstep.dataclass import dataclass
from lockstep.errors import UsageError
from lockstep.evidence.github import Api
from lockstep.evidence.registries.addresses import addresses
from lockstep.evidence.registries.observing import Question, Seen, look
from lockstep.release.candidate import FILE, Candidate
from lockstep.release.status import Stage, Status

POLL = 15.0
"""Seconds between two looks."""
SLOW_POLL = 240.0
"""Seconds between two looks where GitHub is asked without a token, which it answers 60 times an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRequest:
    """What is wanted: `subject` is a tag or the file of a candidate, None for what is here; a `tag` is no file in any case.

    `repository` is `owner/name` on GitHub.

    `wait` are seconds to wait for what time may change; with `watch` for everything, until the release is complete or in conflict.
    """

    folder: str = "."
    config_file: str | None = None
    subject: str | None = None
    tag: str | None = None
    group: str | None = None
    repository: str | None = None
    on_github: bool = True
    wait: float = 0.0
    watch: bool = False


def release_status(request: StatusRequest, environment: Mapping[str, str], progress: Callable[[Status, float], None], say: Callable[[str], None]) -> Status:
    """Say how far a release is. `progress` is told after each look that is followed by another, with the seconds until then.

    Raises: LockstepError when there is no candidate, or nobody can be asked; CandidateUnseenError when the one of a tag could not be seen.
    """
    asked = prepared(request, environment, say)
    end = time.monotonic() + request.wait
    poll = POLL if asked.question.api.token or not asked.question.slug else SLOW_POLL
    while True:
        status = asked.look(say)
        left = end - time.monotonic()
        goes_on = status.stage in (Stage.INCOMPLETE, Stage.UNSEEN) if request.watch else status.settles
        if not goes_on or left <= 0:
            return status
        progress(status, min(poll, left))
        time.sleep(min(poll, left))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of the registries; `source` is where the candidate comes from, `opened` the work tree, where there is one."""

    question: Question
    source: str
    opened: Session | None

    def look(self, say: Callable[[str], None]) -> Status:
        """Ask every registry, once."""
        return self.judged(look(self.question, say))

    def judged(self, seen: Seen) -> Status:
        """Give what was seen as the status of the release."""
        return Status(
            candidate=self.question.candidate,
            source=self.source,
            observations=seen.observations,
            others=seen.others,
            visibility=seen.visibility,
            url=seen.release.url if seen.release is not None else "",
            requests=seen.requests,
        )


def prepared(request: StatusRequest, environment: Mapping[str, str], say: Callable[[str], None], *, writes: bool = False) -> Asked:
    """Find the candidate, and say who is asked what. With `writes` GitHub's token counts as one that is shown drafts.

    Raises: LockstepError when there is no candidate, or nobody can be asked; CandidateUnseenError when the one of a tag could not be seen.
    """
    api = Api.of(environment)
    opened = opened_here(request.folder, request.config_file)
    config = Config() if opened is None else opened.config
    slug = slug_of(request.repository, environment, api, opened, say) if request.on_github else ""
    candidate, source = _candidate(request, api, slug, opened, say)
    where = addresses(config.registries, environment, os.path.expanduser("~"))
    question = Question(candidate=candidate, addresses=where, api=api, slug=slug, on_github=request.on_github, writes=writes and bool(api.token))
    return Asked(question=question, source=source, opened=opened)


def _candidate(request: StatusRequest, api: Api, slug: str, opened: Session | None, say: Callable[[str], None]) -> tuple[Candidate, str]:
    """Give the candidate, and where it comes from.

    Raises: LockstepError when there is none.
    """
    subject = request.subject if request.tag is None else request.tag
    here = os.path.join(request.folder, FILE)
    if subject is None and os.path.isfile(here):
        subject = here
    if subject is not None and request.tag is None and (os.path.isfile(subject) or subject.endswith(".json")):
        return candidate_in(subject), subject
    if subject is None:
        if opened is None:
            raise UsageError(f"there is no {FILE} here, and no repository", help="name the tag, or the file of a candidate: TAG|CANDIDATE")
        how = f"there is no {FILE} here: name the tag, or the file of a candidate: TAG|CANDIDATE"
        subject = tag_here(open_ref(request.folder, "HEAD", config_file=request.config_file), request.group, how)
    tag = subject.removeprefix("refs/tags/")
    if not slug:
        raise UsageError(f"the candidate of {tag} is an asset of its release, and it is not known on which repository", help="--repository OWNER/NAME")
    return candidate_of(api, slug, tag, say), f"{FILE} of the release {tag} of {slug}"
