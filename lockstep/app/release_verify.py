"""What a stranger can prove of a release afterwards: it is found out what it consists of, everybody is asked, and each question has an answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from lockstep.app.release_files import owed_files
from lockstep.app.release_plan import plan_release
from lockstep.app.release_promise import promised
from lockstep.app.release_subject import CandidateUnseenError, NoCandidateError, candidate_in, candidate_of, opened_here, slug_of
from lockstep.app.session import Session, open_ref
from lockstep.config import Config
from lockstep.dataclass import dataclass, replace
from lockstep.errors import LockstepError, UsageError, VersionError
from lockstep.evidence.github import Api
from lockstep.evidence.published import ReleaseQuestion, Wanted, candidate_of_packages, look_at_release
from lockstep.evidence.reach import Reach
from lockstep.evidence.registries.addresses import addresses
from lockstep.evidence.registries.observing import Question
from lockstep.release.answer import Answer, Verdict
from lockstep.release.built_file import BuiltFile, named_file
from lockstep.release.candidate import FILE, Candidate, CandidateError, Registry
from lockstep.release.observation import Observation, State
from lockstep.release.owed import Owing, Standing
from lockstep.release.published import Missing, Promise, PublishedRelease
from lockstep.release.registries import REGISTRIES
from lockstep.repository.git_trees import GitTree
from lockstep.rules import answers_about
from lockstep.versions.version import Spelling
from lockstep.wording import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyRequest:
    """What is wanted: a tag, and what the release promises where the project does not say it.

    `candidate` is the file of one that is at hand; `workflow` and `environment` are those from which everything was to be published.
    """

    tag: str
    folder: str = "."
    config_file: str | None = None
    group: str | None = None
    repository: str | None = None
    on_github: bool = True
    candidate: str | None = None
    workflow: str | None = None
    environment: str | None = None
    attested: bool = False
    immutable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A release as it was seen, and every answer about it."""

    release: PublishedRelease
    answers: tuple[Answer, ...]

    @property
    def verdict(self) -> Verdict:
        """Refuted where one answer is, not visible where something that matters could not be seen."""
        if any(one.verdict is Verdict.REFUTED for one in self.answers):
            return Verdict.REFUTED
        return Verdict.UNSEEN if any(one.is_missed for one in self.answers) else Verdict.PROVEN


def verify_release(request: VerifyRequest, environment: Mapping[str, str], say: Callable[[str], None]) -> Verified:
    """Ask everybody about a release; `say` is told what is done without, and why one is asked again.

    Raises: LockstepError when it is not known what the release consists of; CandidateError when its candidate is not what it was.
    """
    api = Api.of(environment)
    here = opened_here(request.folder, request.config_file)
    config = Config() if here is None else here.config
    tag = request.tag.removeprefix("refs/tags/")
    at_tag = _at_tag(request, here, tag)
    slug = slug_of(request.repository, environment, api, here, say) if request.on_github else ""
    reach = Reach()
    candidate, source, packages = _consists_of(request, api, slug, at_tag, tag, say, reach)
    question = Question(
        candidate=candidate,
        addresses=addresses(config.registries, environment, os.path.expanduser("~")),
        api=api,
        slug=slug,
        on_github=request.on_github,
    )
    asked = ReleaseQuestion(question=question, source=source, promise=_promise(request, at_tag), packages=packages, has_candidate=not packages)
    release = look_at_release(asked, say, reach)
    if packages and at_tag is not None:
        release = _held(release, owed_files(at_tag, plan_release(at_tag, request.group, tag).packages))
    if not request.on_github and at_tag is not None:
        release = replace(release, tag_seen=_tag_here(at_tag, tag, candidate))
    return Verified(release=release, answers=tuple(answers_about(release)))


def _at_tag(request: VerifyRequest, here: Session | None, tag: str) -> Session | None:
    """Open the project at the tag; None where there is no clone, or it does not have the tag."""
    if here is None:
        return None
    try:
        return open_ref(request.folder, f"refs/tags/{tag}", config_file=request.config_file)
    except UsageError:
        return None


def _consists_of(
    request: VerifyRequest, api: Api, slug: str, at_tag: Session | None, tag: str, say: Callable[[str], None], reach: Reach
) -> tuple[Candidate, str, tuple[Wanted, ...]]:
    """Say what the release consists of, and from where that is known: a candidate, or what the project publishes at the tag.

    Raises: LockstepError when neither says it.
    """
    if request.candidate is not None:
        candidate = candidate_in(request.candidate)
        if candidate.tag != tag:
            raise CandidateError(f"it is the candidate of {candidate.tag}, and {tag} is asked for", path=request.candidate, help="name its tag")
        return candidate, request.candidate, ()
    why: LockstepError | None = None
    if slug:
        try:
            return candidate_of(api, slug, tag, say, reach), f"{FILE} of the release {tag} of {slug}", ()
        except (CandidateUnseenError, NoCandidateError) as error:
            why = error
    if at_tag is None:
        if isinstance(why, CandidateUnseenError):
            raise why
        raise UsageError(
            f"it is not known what {tag} consists of: no candidate is at hand, and the tag is not in a clone here",
            help="run it in a clone that has the tag, or name the candidate: --candidate lockstep-release.json",
        )
    assert isinstance(at_tag.tree, GitTree)
    packages = _packages(at_tag, request.group, tag)
    if not packages:
        raise UsageError(f"the project at {tag} publishes no package to a registry that is known", help="lockstep release plan says why")
    said = f"{why.message}; " if why is not None else ""
    many = counted(len(packages), "package")
    say(f"{said}what the release consists of is taken from the project at the tag: {many}, and whatever files their registries list")
    return candidate_of_packages(tag, at_tag.tree.sha, packages), f"the project at {tag}", packages


def _packages(at_tag: Session, group: str | None, tag: str) -> tuple[Wanted, ...]:
    plan = plan_release(at_tag, group, tag)
    found = []
    for id_, one in plan.packages.items():
        registry, version = REGISTRIES.get(one.ecosystem), one.version or plan.group.version
        if registry is not None and version is not None:
            try:
                text = version.spell(Spelling.PEP440 if registry is Registry.PYPI else Spelling.SEMVER)
            except VersionError:
                text = str(version)
            found.append(Wanted(id=id_, registry=registry, name=one.name, version=text))
    return tuple(found)


def _promise(request: VerifyRequest, at_tag: Session | None) -> Promise:
    """Give what was promised: what is said on the line goes before what the workflow says."""
    said = Promise() if at_tag is None else promised(at_tag.tree, at_tag.config)
    registries = frozenset({Registry.CRATES_IO, Registry.PYPI, Registry.NPM})
    return replace(
        said,
        workflows=said.workflows if request.workflow is None else frozenset({request.workflow}),
        environments=said.environments if request.environment is None else dict.fromkeys(registries, frozenset({request.environment})),
        attested=registries if request.attested else said.attested,
        immutable=request.immutable,
        on_github=request.on_github,
    )


def _held(release: PublishedRelease, owing: Owing) -> PublishedRelease:
    """Hold what registries list against what the project at the tag owes: what is missing of it, and what is none of it."""
    seen = {one.id: file for one in release.files if (file := named_file(one.artifact.name)) is not None}
    there = {file.key for file in seen.values()}
    missing = [
        Missing(package=f"{one.registry}:{one.name}", registry=one.registry, owed=str(one))
        for one in owing.files
        if one.key in there and not any(one.is_met_by(file) for file in seen.values())
    ]
    why = "no job of the release workflow at the tag builds it"
    foreign = [replace(one.observation, state=State.CONFLICT, why=why) for one in release.files if _is_foreign(seen.get(one.id), owing)]
    return replace(release, missing=(*release.missing, *missing), others=(*release.others, *foreign), untold=tuple(sorted(owing.open)))


def _is_foreign(file: BuiltFile | None, owing: Owing) -> bool:
    return file is not None and bool(owing.told(file)) and owing.standing(file) is Standing.FOREIGN


def _tag_here(at_tag: Session, tag: str, candidate: Candidate) -> Observation:
    assert isinstance(at_tag.tree, GitTree)
    sha = at_tag.tree.sha
    same = sha == candidate.commit
    why = "" if same else f"it is of {sha} in this clone, and the candidate is of {candidate.commit}"
    return Observation(artifact=f"tag {tag}", state=State.VERIFIED if same else State.CONFLICT, digest=sha, why=why)
