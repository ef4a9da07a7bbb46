"""One file of a release is published, where its step is ready: its bytes are proven, a token is asked for, it is sent once, and read back."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from lockstep.acts.sent import Crate, Sent, Unproven, Upload
from lockstep.app.release_act import beside, bytes_of, looked_again, searched, stopped, told, without_tag
from lockstep.app.release_seal import opened_file
from lockstep.app.release_status import Asked, StatusRequest, prepared
from lockstep.dataclass import dataclass, field
from lockstep.errors import UsageError
from lockstep.evidence.archives import ArchiveError
from lockstep.evidence.http import Http
from lockstep.model import Ecosystem
from lockstep.release.acted import Acted, Outcome
from lockstep.release.built_file import compared, kind_of
from lockstep.release.candidate import Artifact, Candidate, CandidateError, Registry
from lockstep.release.observation import Observation, State
from lockstep.release.planner import Act, Progress, Step
from lockstep.release.status import Status
from lockstep.wording import did_you_mean

PUBLISHERS = {Registry.CRATES_IO: "lockstep.acts.crates_io", Registry.PYPI: "lockstep.acts.pypi", Registry.NPM: "lockstep.acts.npm"}


class Publisher(Protocol):
    """What publishes to one registry."""

    def describe(self, upload: Upload, environment: Mapping[str, str]) -> list[str]:
        """Say what would be asked."""

    def unproven(self, upload: Upload, environment: Mapping[str, str]) -> Unproven | None:
        """Say why the bytes must not be sent, None where nothing forbids it."""

    async def publish(self, http: Http, upload: Upload, environment: Mapping[str, str]) -> Sent:
        """Send it, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishRequest:
    """What is wanted: `artifact` is an id, a file's name, or where the file lies; `dist` the folder of the built files, None for the usual ones.

    `options` are npm's `provenance`, `tag` and `access`, and `bytes`, by which a crate is sent as it was sealed.
    `status` says of which release; its `wait` are the seconds to wait until everybody sees it.
    """

    artifact: str
    status: StatusRequest
    dist: str | None = None
    dry_run: bool = False
    options: Mapping[str, str] = field(default_factory=dict)


def publish(request: PublishRequest, environment: Mapping[str, str], say: Callable[[str], None]) -> Acted:
    """Publish one file, where it is absent and nothing stands in the way.

    Raises: LockstepError where it cannot be done at all: no candidate, no such file in it, other bytes, no token.
    """
    asked = prepared(request.status, environment, say)
    artifact = chosen(asked.question.candidate, request.artifact)
    if artifact.registry not in PUBLISHERS:
        raise UsageError(f"{artifact.id} is not published to a registry", help="lockstep release stage attaches it to the release on GitHub")
    status = asked.look(say)
    if (conflict := stopped(Act.PUBLISH, artifact.id, status)) is not None:
        return conflict
    step = next(one for one in status.plan.steps if one.subject == artifact.id)
    if step.progress is not Progress.DONE and (untagged := without_tag(Act.PUBLISH, artifact.id, status)) is not None:
        return untagged
    if step.progress is not Progress.READY:
        return _not_ready(step, status)
    if (hidden := _hidden(status)) is not None:
        return Acted(act=Act.PUBLISH, subject=artifact.id, outcome=Outcome.WAITING, why=hidden, help="ask again", status=status)
    upload = _upload(request, asked, artifact)
    publisher = cast("Publisher", import_module(PUBLISHERS[artifact.registry]))
    asks = tuple(publisher.describe(upload, environment))
    if (fault := publisher.unproven(upload, environment)) is not None:
        why = f"{fault.why}: nothing is uploaded"
        return Acted(act=Act.PUBLISH, subject=artifact.id, outcome=Outcome.REFUSED, why=why, help=fault.help, status=status)
    if request.dry_run:
        return Acted(act=Act.PUBLISH, subject=artifact.id, outcome=Outcome.PLANNED, why=step.why, status=status, asks=asks)
    sent = told(lambda http: publisher.publish(http, upload, environment), say)
    after, seen = looked_again(asked, artifact.id, request.status.wait, say)
    return _read_back(artifact, sent, after, seen, asks)


def chosen(candidate: Candidate, given: str) -> Artifact:
    """Give the file of a candidate that is meant: by its id, by its name, or by where it lies.

    Raises: UsageError where it is none, or two.
    """
    found = [one for one in candidate.artifacts if given in (one.id, one.name)]
    found = found or [one for one in candidate.artifacts if os.path.basename(given) == one.name and os.path.isfile(given)]
    if len(found) != 1:
        known = [one.id for one in candidate.artifacts]
        said = f"{given} is {len(found)} files of {candidate.tag}" if found else f"{given} is no file of {candidate.tag}"
        raise UsageError(said, help=did_you_mean(given, known, f"one of {', '.join(known[:5])}{' …' if len(known) > 5 else ''}"))
    return found[0]


def _not_ready(step: Step, status: Status) -> Acted:
    outcome = {Progress.DONE: Outcome.FOUND, Progress.WAITING: Outcome.WAITING}.get(step.progress, Outcome.REFUSED)
    why = f"{step.why}: nothing is to be done" if outcome is Outcome.FOUND else step.why
    help_ = "lockstep release status says what is left, and in which order" if outcome is Outcome.WAITING else ""
    return Acted(act=Act.PUBLISH, subject=step.subject, outcome=outcome, why=why, help=help_, status=status)


def _hidden(status: Status) -> str | None:
    """Say what could not be seen at a registry of packages: other bytes may be there, which would stop everything. GitHub may be hidden from who publishes."""
    for one in status.observations:
        artifact = status.candidate.artifact(one.artifact)
        if one.state is State.UNSEEN and artifact is not None and artifact.registry is not Registry.GITHUB:
            return f"{one.artifact} could not be seen, and other bytes there would stop everything: {one.why}"
    return None


def _upload(request: PublishRequest, asked: Asked, artifact: Artifact) -> Upload:
    """Read the file, which has to be the candidate's, and what lies beside it; of a crate find where cargo packs it."""
    if artifact.registry is Registry.CRATES_IO and not request.options.get("bytes"):
        return crate_upload(asked, artifact, {"dry_run": "true" * request.dry_run})
    named = request.artifact if os.path.isfile(request.artifact) and os.path.basename(request.artifact) == artifact.name else ""
    held = bytes_of(artifact, searched(request.dist, asked), named)
    try:
        if kind_of(artifact.name) is not artifact.kind:
            raise UsageError(f"{artifact.name} is no name of a {artifact.kind}", help="lockstep release seal makes a candidate of what was built")
        file = opened_file(held.path)
    except ArchiveError as error:
        raise UsageError(f"{held.path}: {error.message}", help=error.help or "take the file that was sealed") from None
    if file.faults or file.sha256 != artifact.sha256 or (file.key[1], file.version) != (compared(artifact.registry, artifact.package), artifact.version):
        why = file.faults[0] if file.faults else f"it is {file.package} {file.version}, and the candidate says {artifact.package} {artifact.version}"
        raise CandidateError(f"{artifact.name} is not what the candidate says: {why}: nothing is uploaded", path=held.path, help="seal again")
    root = Path(asked.opened.repository.root or ".") if asked.opened is not None else Path(request.status.folder)
    return Upload(
        candidate=asked.question.candidate,
        artifact=artifact,
        address=asked.question.addresses[artifact.registry],
        root=root,
        data=held.data,
        file=file,
        attestations=tuple(beside(held.path, ".attestation")) if artifact.registry is Registry.PYPI else (),
        options=request.options,
    )


def crate_upload(asked: Asked, artifact: Artifact, options: Mapping[str, str]) -> Upload:
    """Find a crate in the work tree, of which cargo packs it.

    Raises: UsageError where there is no work tree, or no such crate in it.
    """
    opened = asked.opened
    if opened is None or opened.repository.root is None:
        raise UsageError(f"{artifact.name} is packed by cargo from the work tree, and there is none here", help="--repo DIR names it")
    found = [one for one in opened.project().packages if one.ecosystem is Ecosystem.CARGO and one.name == artifact.package]
    if len(found) != 1:
        said = f"there are {len(found)} crates" if found else "there is no crate"
        raise UsageError(f"{said} named {artifact.package} in the work tree", help=f"git checkout {asked.question.candidate.tag}")
    crate = Crate(manifest=found[0].manifest, commit=opened.repository.commit("HEAD") or "no commit")
    address = asked.question.addresses[artifact.registry]
    return Upload(candidate=asked.question.candidate, artifact=artifact, address=address, root=Path(opened.repository.root), crate=crate, options=options)


def _read_back(artifact: Artifact, sent: Sent, status: Status, seen: Observation | None, asks: tuple[str, ...]) -> Acted:
    """Say what came of it: what the registry has now counts, whatever it answered."""
    state = State.UNSEEN if seen is None else seen.state
    help_ = sent.help
    if (conflict := stopped(Act.PUBLISH, artifact.id, status)) is not None:
        return conflict
    match state, sent.accepted:
        case State.VERIFIED, True:
            outcome, why = Outcome.DONE, f"{artifact.registry} has it, with the candidate's digest"
        case State.VERIFIED, _:
            outcome, why = Outcome.DONE, f"{artifact.registry} has it, with the candidate's digest, though: {sent.said}"
        case State.PENDING, _:
            outcome, why = Outcome.SENT, f"{artifact.registry} has accepted it, and does not show it everywhere yet"
            help_ = "look again: lockstep release status --wait"
        case _, True:
            outcome, why = Outcome.SENT, f"it was accepted, and {_unseen(artifact, seen)}: {sent.said}"
            help_ = "look again before anything else: lockstep release status --wait"
        case State.ABSENT, False:
            outcome, why = Outcome.REFUSED, sent.said
        case State.ABSENT, None:
            outcome, why = Outcome.SENT, f"it is not known whether it was accepted, and {_unseen(artifact, seen)}: {sent.said}"
            help_ = "look again after a while, then run this once more where it is still absent: lockstep release status --wait"
        case _:
            outcome, why = Outcome.SENT, f"it is not known what came of it: {sent.said}; {seen.why if seen is not None else ''}".removesuffix("; ")
    return Acted(act=Act.PUBLISH, subject=artifact.id, outcome=outcome, why=why, help=help_, status=status, asks=asks)


def _unseen(artifact: Artifact, seen: Observation | None) -> str:
    return f"could not be seen yet ({seen.why})" if seen is not None and seen.why else f"{artifact.registry} does not show it yet"
