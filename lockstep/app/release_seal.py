"""The sealing of a release: built files are opened, proven to be what the tag says, and written down as a candidate."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from lockstep.app.release_files import owed_files
from lockstep.app.release_plan import chosen_group, plan_release, tags_of
from lockstep.app.session import Session
from lockstep.dataclass import dataclass, field, replace
from lockstep.errors import UsageError
from lockstep.evidence.archives import Archive, ArchiveError, read_archive, read_archive_in
from lockstep.evidence.github import Api
from lockstep.evidence.registries.addresses import addresses
from lockstep.evidence.registries.observing import Question
from lockstep.evidence.served import served_files
from lockstep.model import Confidence, Ecosystem, Finding, Level, Package, Place
from lockstep.release.built_file import WANTED, BuiltFile, built_file, compared, kind_of, named_file
from lockstep.release.candidate import Artifact, ArtifactKind, Candidate, Origin, Registry
from lockstep.release.order import Need, NeedKind
from lockstep.release.owed import Assembly, Owing, Standing, beside
from lockstep.release.plan import ReleasePlan
from lockstep.release.registries import REGISTRIES
from lockstep.release.served import ServedFile
from lockstep.repository.git_trees import GitTree
from lockstep.rules import judge_artifact, judge_assembly
from lockstep.rules.artifacts import ArtifactClaim, Owed
from lockstep.text.toml import Document

MOST_FILES = 10_000
"""Files that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What was found in the files of a release, and the candidate; None where something refuses it."""

    candidate: Candidate | None
    files: tuple[BuiltFile, ...]
    findings: tuple[Finding, ...]
    served: frozenset[str] = frozenset()
    """Paths of the files that registries own already."""
    bodies: Mapping[str, bytes] = field(default_factory=dict)
    """The bytes of those that are not what was built, by the files' names."""


Ask = Callable[[Candidate, Callable[[Registry, str], Artifact | None]], Sequence[ServedFile]]
"""Says what registries own already of a candidate's files, and of others that are owed."""


def seal(opened: Session, tag: str, paths: Sequence[str], group: str | None = None, *, partial: bool = False, ask: Ask | None = None) -> Sealed:
    """Seal the files of a release: each is opened, and held against the project at the tag. With `partial` they are a part of it.

    `ask` is who tells what registries own already: those bytes take the place of the built ones. Without it every file is taken for one that is not there.

    Raises: UsageError when a path is none, or holds no package, and when the packages cannot be put into an order.
    """
    assert isinstance(opened.tree, GitTree)
    plan = plan_release(opened, group, tag)
    if plan.order.circle:
        raise UsageError(
            f"{', '.join(plan.order.circle)} need each other in a circle, so that nothing can go first", help="lockstep release plan names the places"
        )
    findings: list[Finding] = []
    files = []
    for path in _paths(paths):
        try:
            files.append(opened_file(path))
        except ArchiveError as error:
            help_ = error.help or "build it again"
            findings.append(Finding(rule="artifact-metadata-unreadable", level=Level.ERROR, place=Place(path=path), message=error.message, help=help_))
    plan = _with_platform_packages(plan, files)
    owed, owing = _owed(opened, plan), owed_files(opened, plan.packages)
    findings += _twice(files)
    built = _candidate(opened.tree.sha, tag, plan, [one for one in files if one.key in owed])
    served = () if ask is None else tuple(ask(built, _nobody if partial else _owing(owed, owing)))
    files, theirs = _canonical(files, served, findings)
    for file in files:
        findings += judge_artifact(ArtifactClaim(file=file, owed=owed, commit=opened.tree.sha, owing=owing))
    findings += judge_assembly(Assembly(owing=owing, files=tuple(files), packages=_published(plan), served=served, partial=partial))
    refused = any(one.level is Level.ERROR or one.confidence is Confidence.BLIND for one in findings)
    sealed = None if refused else _candidate(opened.tree.sha, tag, plan, files, theirs)
    return Sealed(
        candidate=replace(sealed, beside=beside(owing, files)) if sealed is not None and partial else sealed,
        files=tuple(files),
        findings=tuple(sorted(findings, key=lambda one: (one.place.path, one.rule, one.message))),
        served=frozenset(theirs),
        bodies={one.name: one.body for one in served if one.body is not None and one.observation.artifact in theirs},
    )


def _with_platform_packages(plan: ReleasePlan, files: Sequence[BuiltFile]) -> ReleasePlan:
    """Add the npm packages that were built, and that a package of the release names as optional at its very version: napi and its like make them.

    Source: https://napi.rs/docs/deep-dive/release
    """
    mine = {compared(Registry.NPM, one.name): one for one in plan.packages.values() if one.ecosystem is Ecosystem.NPM}
    built = {one.package: one for one in files if one.registry is Registry.NPM and one.package not in mine}
    packages, needs = dict(plan.packages), list(plan.needs)
    for file in files:
        main = mine.get(file.package) if file.registry is Registry.NPM else None
        optional = file.manifest.get("optionalDependencies")
        for name, version in optional.items() if main is not None and isinstance(optional, dict) else ():
            if main is not None and version == file.version and name in built and built[name].version == version:
                one = replace(main, name=name, publish=True)
                packages[one.id] = one
                needs.append(Need(package=main.id, on=one.id, kind=NeedKind.PLATFORM, place=f"{main.manifest}:1"))
    return replace(plan, packages=packages, needs=tuple(needs))


def asking(opened: Session, environment: Mapping[str, str], say: Callable[[str], None]) -> Ask:
    """Give who asks the registries, as the project's configuration and the user's settings say where they are."""
    where, api = addresses(opened.config.registries, environment, os.path.expanduser("~")), Api.of(environment)

    def ask(candidate: Candidate, is_owed: Callable[[Registry, str], Artifact | None]) -> Sequence[ServedFile]:
        return served_files(Question(candidate=candidate, addresses=where, api=api, on_github=False), is_owed, say)

    return ask


def _owing(owed: Mapping[tuple[Registry, str], Owed], owing: Owing) -> Callable[[Registry, str], Artifact | None]:
    """Give what tells of a file at a registry, by its name, which artifact it is, where the release owes it."""

    def is_owed(registry: Registry, name: str) -> Artifact | None:
        file = named_file(name)
        if file is None or file.registry is not registry or file.key not in owed or owing.standing(file) is not Standing.OWED:
            return None
        return Artifact(registry=registry, package=owed[file.key].name, version=file.stated[1], name=name, kind=file.kind, size=0, sha256="")

    return is_owed


def _nobody(_registry: Registry, _name: str) -> None:
    """Take no file that was not handed in: another part of the release has it."""


def _canonical(files: Sequence[BuiltFile], served: Sequence[ServedFile], findings: list[Finding]) -> tuple[list[BuiltFile], set[str]]:
    """Put what registries own already into the place of what was built, and give the paths of those files too; what cannot be opened is found."""
    by_id = {one.artifact().id: one for one in files}
    theirs: set[str] = set()
    for one in served:
        if one.artifact is None or one.unseen or one.is_other:
            continue
        place = one.observation.artifact
        if one.body is None:
            theirs.add(by_id[place].path)
            continue
        try:
            by_id[place] = opened_bytes(place, one.name, one.body)
            theirs.add(place)
        except ArchiveError as error:
            help_ = "nothing can be uploaded in its place: release the next version"
            findings.append(Finding(rule="artifact-metadata-unreadable", level=Level.ERROR, place=Place(path=place), message=error.message, help=help_))
    return list(by_id.values()), theirs


def tag_here(opened: Session, group: str | None, how: str = "name it: lockstep release seal --tag TAG FILE...") -> str:
    """Give the release tag of the commit that is open; `how` says how the command that asks is told of another.

    Raises: UsageError when it has none, or several.
    """
    project = opened.project()
    mine = chosen_group(project, group)
    here = opened.repository.commit(opened.head)
    found = [
        one.tag
        for one in tags_of(opened.release_tags(project), mine)
        if opened.repository.commit(f"refs/tags/{one.tag}") == here and mine.version in (None, one.version)
    ]
    if len(found) != 1:
        said = f"the commit that is checked out has {', '.join(found)}" if found else f"no release tag of {mine.name} is on the commit that is checked out"
        raise UsageError(said, help=how)
    return found[0]


def _paths(paths: Sequence[str]) -> list[str]:
    """Give the packages among files, and in folders, whose other files are left out; a file that is named must be one."""
    found: list[str] = []
    for path in paths:
        if os.path.isdir(path):
            inside = [*_inside(path)]
            if not inside:
                raise UsageError(f"{path} holds no wheel, sdist, crate or npm tarball", help="build them first, or name another folder")
            found += sorted(inside)
            if (odd := next((one for one in inside if not os.path.isfile(one)), None)) is not None:
                raise UsageError(f"{odd} is no regular file", help="take it out of the folder")
        elif not os.path.isfile(path):
            raise UsageError(f"there is no file {path}", help="name the files that were built, or their folder")
        elif kind_of(os.path.basename(path)) is None:
            raise UsageError(f"{path} is no wheel (.whl), sdist (.tar.gz), crate (.crate) or npm tarball (.tgz)", help="name the files that were built")
        else:
            found.append(path)
    if len(found) > MOST_FILES:
        raise UsageError(f"{len(found)} files, more than {MOST_FILES}", help="name the folder of this release's files alone")
    return list(dict.fromkeys(found))


def _inside(path: str) -> Iterator[str]:
    """Give the packages in a folder and those below it. Beside the crates that it packed, cargo leaves copies of them, and what it unpacked to build it.

    Source: https://doc.rust-lang.org/cargo/commands/cargo-package.html, and src/cargo/ops/cargo_package/mod.rs (`tmp-crate`, `tmp-registry`)
    """
    for folder, folders, names in os.walk(path):
        crates = {name.removesuffix(".crate") for name in names if name.endswith(".crate")}
        if crates:
            folders[:] = [one for one in folders if one not in {*crates, "tmp-crate", "tmp-registry"}]
        yield from (os.path.join(folder, name) for name in names if kind_of(name) is not None)


def opened_file(path: str) -> BuiltFile:
    """Read what a built file tells of itself.

    Raises: ArchiveError when it cannot be read to its end, or must not be.
    """
    name = os.path.basename(path)
    kind = kind_of(name)
    assert kind is not None
    return _told(path, name, kind, read_archive(path, name, WANTED))


def opened_bytes(path: str, name: str, data: bytes) -> BuiltFile:
    """Read what the bytes of a file tell of themselves; `path` names it in messages.

    Raises: ArchiveError, as `opened_file`.
    """
    kind = kind_of(name)
    assert kind is not None
    return _told(path, name, kind, read_archive_in(io.BytesIO(data), path, name, WANTED))


def _told(path: str, name: str, kind: ArtifactKind, archive: Archive) -> BuiltFile:
    return built_file(path, name, kind, size=archive.size, sha256=archive.sha256, sha512=archive.sha512, members=archive.members, texts=archive.texts)


def _owed(opened: Session, plan: ReleasePlan) -> dict[tuple[Registry, str], Owed]:
    found = {}
    for package in plan.packages.values():
        registry = REGISTRIES.get(package.ecosystem)
        version = package.version or plan.group.version
        if registry is not None and version is not None:
            key = (registry, compared(registry, package.name))
            found[key] = Owed(name=package.name, version=version, requires_python=_requires_python(opened, package))
    return found


def _requires_python(opened: Session, package: Package) -> str | None:
    if package.ecosystem is not Ecosystem.PYTHON or not package.manifest.endswith("pyproject.toml"):
        return None
    said = Document(package.manifest, opened.tree.read(package.manifest)).table("project").get("requires-python")
    return said if isinstance(said, str) else None


def _twice(files: Sequence[BuiltFile]) -> Iterator[Finding]:
    """Find files of one name: a registry takes one."""
    seen: dict[tuple[Registry, str, str], BuiltFile] = {}
    for one in files:
        known = seen.setdefault((*one.key, one.name), one)
        if known is not one:
            said = f"{known.path} has the same name" + ("" if known.sha256 == one.sha256 else ", and other bytes")
            help_ = "name one of them: a registry takes one file of a name"
            yield Finding(rule="artifact-file-twice", level=Level.ERROR, place=Place(path=one.path), message=said, help=help_)


def _published(plan: ReleasePlan) -> dict[tuple[Registry, str], tuple[str, str]]:
    """Give name and manifest of each package that is published, by registry and name as it is compared there."""
    found = {}
    for package in plan.packages.values():
        registry = REGISTRIES.get(package.ecosystem)
        if registry is not None:
            found[registry, compared(registry, package.name)] = (package.name, package.manifest)
    return found


def _candidate(commit: str, tag: str, plan: ReleasePlan, files: Sequence[BuiltFile], served: Collection[str] = ()) -> Candidate:
    packages = {(registry, compared(registry, one.name)): id_ for id_, one in plan.packages.items() if (registry := REGISTRIES.get(one.ecosystem)) is not None}
    by_package: dict[str, list[Artifact]] = {}
    for file in files:
        by_package.setdefault(packages[file.key], []).append(file.artifact(origin=Origin.SERVED if file.path in served else Origin.BUILT))
    waits: Mapping[str, list[str]] = {id_: sorted({need.on for need in plan.needs if need.package == id_}) for id_ in plan.packages}
    artifacts = [
        replace(one, needs=tuple(sorted({other.id for on in waits[id_] for other in by_package.get(on, ()) if other.kind is not ArtifactKind.SDIST})))
        for id_, made in by_package.items()
        for one in made
    ]
    versions = {id_: str(one.version or plan.group.version) for id_, one in plan.packages.items()}
    return Candidate(tag=tag, commit=commit, group=plan.group.name, versions=versions, artifacts=tuple(artifacts))
