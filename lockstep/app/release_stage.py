"""The release on GitHub: `stage` makes the draft and attaches what is missing, `open` makes it public when everything is verified."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lockstep.acts import github
from lockstep.acts.sent import Sent
from lockstep.app.release_act import bytes_of, found_in, read_file, searched, stopped, told
from lockstep.app.release_status import Asked, StatusRequest, prepared
from lockstep.dataclass import dataclass, replace
from lockstep.errors import UsageError
from lockstep.evidence.http import Http
from lockstep.evidence.registries.github import NoRelease, Release, Repository
from lockstep.evidence.registries.observing import Seen, look
from lockstep.release.acted import Acted, Outcome
from lockstep.release.candidate import FILE, SUMS, Artifact, Candidate, Registry, sums, written
from lockstep.release.observation import State, Visibility
from lockstep.release.planner import OPEN, Act, Progress
from lockstep.release.status import Stage, Status
from lockstep.versions import tag_names
from lockstep.wording import first_few
from lockstep.workflow.commit_runs import Unseen

NAMED = 5
"""Files that are named one by one."""
DRAFT = "draft"
"""The subject of staging."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRequest:
    """What is wanted: `notes` is the file of the release's text; with `all_files` the packages are attached too. `dist` is the folder of the files."""

    status: StatusRequest
    dist: str | None = None
    notes: str | None = None
    all_files: bool = False
    dry_run: bool = False


def stage(request: StageRequest, environment: Mapping[str, str], say: Callable[[str], None]) -> Acted:
    """Make the draft where there is none, and attach what it lacks.

    Raises: LockstepError where it cannot be done at all: no candidate, no repository on GitHub, no token, a file that is not the candidate's.
    """
    asked = _prepared(request.status, environment, say)
    seen = look(asked.question, say)
    status = asked.judged(seen)
    wanted = _wanted(asked.question.candidate, all_files=request.all_files)
    if (held := _held_back(Act.STAGE, DRAFT, status) or _staged(status, seen, wanted)) is not None:
        return held
    missing = [name for name in wanted if seen.release is None or name not in seen.release.asset_ids]
    data = _data(asked, request, missing)
    body = _described(asked.question.candidate, request.notes)
    url = f"{asked.question.api.url}/repos/{asked.question.slug}/releases"
    asks = (*([f"POST {url}: a draft for {status.candidate.tag}"] if seen.release is None else []), *(f"POST …/assets?name={one}" for one in missing))
    if request.dry_run:
        why = f"{first_few(missing, NAMED)} would be attached"
        return Acted(act=Act.STAGE, subject=DRAFT, outcome=Outcome.PLANNED, why=why, status=status, asks=asks)
    _need_token(asked)
    failure = told(lambda http: _stage(http, asked, data, body), say)
    after = look(asked.question, say)
    return _after_staging(failure, asked.judged(after), after, wanted, asks)


def open_release(request: StageRequest, environment: Mapping[str, str], say: Callable[[str], None]) -> Acted:
    """Make the release public, where everything was verified a moment ago.

    Raises: LockstepError where it cannot be done at all.
    """
    asked = _prepared(request.status, environment, say)
    question = asked.question

    async def newest(http: Http) -> str | None:
        return await github.latest_tag(Repository(question.api, http, question.slug))

    now = None if request.dry_run else told(newest, say)  # asked first: nothing stands between the look and what is done upon it
    seen = look(question, say)
    status = asked.judged(seen)
    if (held := _held_back(Act.OPEN, OPEN, status) or _not_open(status, seen)) is not None:
        return held
    release = seen.release
    assert release is not None
    asks = (f"PATCH {question.api.url}/repos/{question.slug}/releases/{release.id}: draft false",)
    if request.dry_run:
        return Acted(act=Act.OPEN, subject=OPEN, outcome=Outcome.PLANNED, why="everything is verified", status=status, asks=asks)
    _need_token(asked)

    async def make_public(http: Http) -> Sent:
        changed = await _changed(Repository(question.api, http, question.slug), question.candidate, release)
        return changed or await github.publish(http, question.api, question.slug, release.id, latest=latest(question.candidate.tag, now))

    sent = told(make_public, say)
    after = asked.look(say)
    if (conflict := stopped(Act.OPEN, OPEN, after)) is not None:
        return _alarm(conflict) if sent.accepted is not False and after.visibility is Visibility.PUBLIC else conflict
    if after.visibility is Visibility.PUBLIC:
        why = "the release is public" if sent.accepted else f"the release is public, though: {sent.said}"
        whole = after.stage is Stage.COMPLETE
        help_ = "" if whole else "lockstep release status says what could not be seen since"
        return Acted(act=Act.OPEN, subject=OPEN, outcome=Outcome.DONE if whole else Outcome.SENT, why=why, help=help_, status=after, asks=asks)
    outcome = Outcome.REFUSED if sent.accepted is False else Outcome.SENT
    return Acted(act=Act.OPEN, subject=OPEN, outcome=outcome, why=f"it is not seen to be public: {sent.said}", help=sent.help, status=after, asks=asks)


async def _changed(repository: Repository, candidate: Candidate, seen: Release) -> Sent | None:
    """Look at the draft and its tag once more, and say what changed since everything was verified; None where it is as it was."""
    tag = await repository.tag(candidate.tag, candidate.commit)
    now = await repository.release(candidate.tag)  # last, and its assets last of all: nothing stands between them and what is done upon them
    if isinstance(now, Unseen) or tag.state is State.UNSEEN:
        why = now.why if isinstance(now, Unseen) else tag.why
        return Sent(accepted=False, said=f"it could not be looked at once more, so nobody was asked to make it public: {why}", help="run it again")
    if tag.state is not State.VERIFIED:
        return Sent(accepted=False, said=f"the tag changed since everything was verified: {tag.why or 'it is gone'}", help="lockstep release status")
    if isinstance(now, NoRelease) or now.id != seen.id:
        return Sent(accepted=False, said="the draft that was verified is gone: another one is there, or none", help="lockstep release stage, and open it again")
    before, after = seen.listing.files, now.listing.files
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name) or seen.asset_ids.get(name) != now.asset_ids.get(name):
            digests = (f"sha256 {one.digest}" if one is not None else "no such asset" for one in (before.get(name), after.get(name)))
            said = "the assets changed since everything was verified: {} was {}, and is {}".format(name, *digests)
            return Sent(accepted=False, said=said, help="find out who changed it; lockstep release status says what is there now")
    return None if now.draft else Sent(accepted=None, said="somebody else made it public a moment ago")


def _alarm(conflict: Acted) -> Acted:
    """Say that what became public is not what was verified a moment before."""
    first = conflict.status.plan.conflicts[0]
    why = f"THE RELEASE IS PUBLIC, and is not what was verified right before: {first.artifact}: {first.why}"
    return replace(conflict, why=why, help="make it a draft again on GitHub, at once (an immutable release is deleted), and find out who changed it")


def latest(tag: str, now: str | None) -> str:
    """Say whether a release becomes the latest: a pre-release never, and one that is older than the latest not; GitHub decides what cannot be compared."""
    mine, other = tag_names.parse(tag), tag_names.parse(now) if now else None
    if mine is None:
        return "legacy"
    if not mine.version.final:
        return "false"
    if now == "":
        return "true"
    if other is None or other.prefix != mine.prefix:
        return "legacy"
    return "false" if mine.version < other.version else "true"


def _prepared(request: StatusRequest, environment: Mapping[str, str], say: Callable[[str], None]) -> Asked:
    asked = prepared(request, environment, say, writes=True)
    if not asked.question.slug:
        raise UsageError("it is not known which repository on GitHub this is", help="--repository OWNER/NAME")
    return asked


def _need_token(asked: Asked) -> None:
    if not asked.question.api.token:
        raise UsageError("there is no token to write to GitHub with", help="set GH_TOKEN to one with contents: write")


def _wanted(candidate: Candidate, *, all_files: bool) -> dict[str, Artifact | None]:
    """Give what is attached, by name: the candidate last, so that who finds it finds the rest."""
    mine = {one.name: one for one in candidate.artifacts if all_files or one.registry is Registry.GITHUB}
    return {**dict(sorted(mine.items())), **dict.fromkeys(sorted(candidate.attestations)), SUMS: None, FILE: None}


def _held_back(act: Act, subject: str, status: Status) -> Acted | None:
    """Say why nothing may be done on GitHub: a conflict, a tag that is not there, a release that is not seen."""
    if (conflict := stopped(act, subject, status)) is not None:
        return conflict
    for one in status.others:
        if one.state is not State.VERIFIED:
            why = f"{one.artifact} is {one.state}: {one.why}".removesuffix(": ")
            help_ = f"push the tag: git push origin {status.candidate.tag}" if one.state is State.ABSENT else "then ask again: lockstep release status"
            return Acted(act=act, subject=subject, outcome=Outcome.WAITING, why=why, help=help_, status=status)
    return None


def _staged(status: Status, seen: Seen, wanted: Mapping[str, Artifact | None]) -> Acted | None:
    """Say that nothing is to be attached, or can be."""
    if seen.release is None:
        return None
    missing = [name for name in wanted if name not in seen.release.asset_ids]
    outcome, why = Outcome.FOUND, "the release has every file, with the candidate's digests: nothing is to be done"
    if missing and seen.visibility is Visibility.PUBLIC:
        outcome, why = Outcome.REFUSED, f"the release is public, and nothing is added to it: {first_few(missing, NAMED)} is missing"
    elif missing:
        return None
    elif unfinished := [one.unfinished for name, one in seen.release.listing.files.items() if name in wanted and one.unfinished]:
        outcome, why = Outcome.WAITING, unfinished[0]
    elif unseen := [one for one in status.observations if one.state is State.UNSEEN and one.artifact.partition(":")[0] == Registry.GITHUB.value]:
        outcome, why = Outcome.WAITING, f"{unseen[0].artifact} is there, and its bytes could not be compared: {unseen[0].why}"
    return Acted(act=Act.STAGE, subject=DRAFT, outcome=outcome, why=why, status=status)


def _not_open(status: Status, seen: Seen) -> Acted | None:
    """Say why the release is not made public: it is already, or not everything is verified."""
    step = next(one for one in status.plan.steps if one.act is Act.OPEN)
    if step.progress is Progress.DONE:
        return Acted(act=Act.OPEN, subject=OPEN, outcome=Outcome.FOUND, why=f"{step.why}: nothing is to be done", status=status)
    why = "" if step.progress is Progress.READY else ": ".join(filter(None, (step.why, next((one.why for one in status.observations if one.why), ""))))
    if not why and seen.release is not None:
        files = seen.release.listing.files
        left = [name for name in _wanted(status.candidate, all_files=False) if name not in files or files[name].unfinished]
        why = f"{first_few(left, NAMED)} is not attached" if left else ""
    help_ = "lockstep release stage" if seen.release is None or step.progress is Progress.READY else "lockstep release status says what is left"
    return Acted(act=Act.OPEN, subject=OPEN, outcome=Outcome.WAITING, why=why, help=help_, status=status) if why else None


def _data(asked: Asked, request: StageRequest, names: list[str]) -> dict[str, bytes]:
    """Read what is to be attached: files that have to be the candidate's, and the candidate itself.

    Raises: UsageError for a name that GitHub would change, and a file that is not there; CandidateError for other bytes.
    """
    candidate = asked.question.candidate
    wanted = _wanted(candidate, all_files=request.all_files)
    folders = searched(request.dist, asked)
    found: dict[str, bytes] = {}
    for name in names:
        if not github.KEPT.fullmatch(name):
            raise UsageError(f"GitHub would call {name!r} otherwise", help="letters, digits, and . _ + - inside stay as they are")
        artifact = wanted[name]
        made = {SUMS: sums(candidate), FILE: written(candidate)}.get(name)
        if made is not None:
            found[name] = made.encode()
        else:
            found[name] = bytes_of(artifact, folders).data if artifact is not None else read_file(found_in(name, folders))
    return found


def _described(candidate: Candidate, notes: str | None) -> dict[str, object]:
    """Give tag, name and notes of the release, and whether it is a pre-release.

    Raises: UsageError where the notes cannot be read.
    """
    text = ""
    if notes is not None:
        try:
            with open(notes, encoding="utf-8") as file:
                text = file.read()
        except (OSError, UnicodeDecodeError):
            raise UsageError(f"{notes} cannot be read", help="lockstep changelog show VERSION writes notes") from None
    found = tag_names.parse(candidate.tag)
    return {"tag_name": candidate.tag, "name": candidate.tag, "body": text, "prerelease": found is not None and not found.version.final}


async def _stage(http: Http, asked: Asked, data: Mapping[str, bytes], body: Mapping[str, object]) -> Sent | None:
    """Make the draft and attach files, one after the other, each looked for once more; the first failure ends it. None where all was accepted."""
    question = asked.question
    repository = Repository(question.api, http, question.slug)
    release = await repository.release(question.candidate.tag)
    if isinstance(release, NoRelease):
        made = await github.draft(http, question.api, question.slug, body)
        if not made.accepted:
            return made
        release = await repository.release(question.candidate.tag)
    for name, content in data.items():
        if isinstance(release, Unseen | NoRelease):
            why = release.why if isinstance(release, Unseen) else "GitHub does not show the draft yet"
            return Sent(accepted=None, said=why, help="run it again")
        if not release.draft:
            return Sent(accepted=False, said="the release became public meanwhile, and nothing is added to it")
        if name not in release.asset_ids:
            done = await github.attach(http, question.api, question.slug, release.id, name, content)
            if not done.accepted:
                return done
            release = await repository.release(question.candidate.tag)
    return None


def _after_staging(failure: Sent | None, status: Status, seen: Seen, wanted: Mapping[str, Artifact | None], asks: tuple[str, ...]) -> Acted:
    """Say what came of it: what GitHub has now counts."""
    if (conflict := stopped(Act.STAGE, DRAFT, status)) is not None:
        return conflict
    files = seen.release.listing.files if isinstance(seen.release, Release) else {}
    left = [name for name in wanted if name not in files or files[name].unfinished]
    unseen = next((one for one in status.others if one.state is not State.VERIFIED), None)
    said = "" if failure is None else failure.said
    if not left and unseen is None:
        why = "the draft has every file, with the candidate's digests" + (f", though: {said}" if said else "")
        return Acted(act=Act.STAGE, subject=DRAFT, outcome=Outcome.DONE, why=why, status=status, asks=asks)
    refused = failure is not None and failure.accepted is False
    why = f"{first_few(left, NAMED)} is not attached" if left else f"{unseen.artifact} is {unseen.state}: {unseen.why}" if unseen is not None else ""
    why += f": {said}" if said else ""
    help_ = (failure.help if failure is not None else "") or "run it again"
    return Acted(act=Act.STAGE, subject=DRAFT, outcome=Outcome.REFUSED if refused else Outcome.SENT, why=why, help=help_, status=status, asks=asks)
