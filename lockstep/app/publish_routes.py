"""Which packages the release workflows give to crates.io and npm, as far as their steps name them; and what they give there that git does not track."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from lockstep.app.release_promise import REGISTRIES as BY_WORKFLOW
from lockstep.app.session import Session
from lockstep.dataclass import dataclass, replace
from lockstep.evidence.workflows import audits
from lockstep.locks.crates import Crates
from lockstep.model import Ecosystem, Package
from lockstep.release.candidate import Registry
from lockstep.release.owed import BuiltPackage, Owing, Untold
from lockstep.release.registries import REGISTRIES
from lockstep.surfaces.rust_source.crates import Opened
from lockstep.text.toml import Table
from lockstep.tree import Tree
from lockstep.wording import first_few
from lockstep.workflow.audit import Audit
from lockstep.workflow.command_roles import roles_of_command
from lockstep.workflow.model import Deed, Role, literal
from lockstep.workflow.shell import Command
from lockstep.workflow.tasks import joined

_WHOLE = ("--workspace", "--all", "--exclude")
"""Options by which cargo publishes every member."""
_VALUED = ("--access", "--tag", "--otp", "--registry", "--loglevel", "--userconfig", "--scope", "--target", "-t")
_SWITCHES = (
    "--provenance",
    "--no-provenance",
    "--ignore-scripts",
    "--no-git-checks",
    "--force",
    "--verbose",
    "--silent",
    "--json",
    "--report-summary",
    "-y",
    "--yes",
)
"""Options of npm and its like behind `publish`: with a value of their own, and without."""
_ANY = ("cargo", "release-plz", "semantic-release", "lockstep", "the configuration")
"""How what publishes begins that may publish to any of the registries: which one, its options or its configuration say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What a step gives to a registry: a package by its `name`, that of a `folder` from the root, or, with neither, whatever there is."""

    registry: Registry
    job: str
    place: str
    name: str = ""
    folder: str | None = None


def seen_by_workflows(opened: Session, packages: Mapping[str, Package], owing: Owing) -> Owing:
    """Take out of what is owed the crates and npm packages that no workflow is seen to publish, name them as not told, and add what only steps make."""
    workflows = audits(opened.tree, opened.config)
    routes = tuple(_routes(opened.tree, workflows))
    everything = opened.project().packages
    dim = next((f"; whether `{said}` does ({place}) cannot be told" for said, place in _unclear(workflows)), "")
    unseen = {id_: f"{why}{dim}" for id_, one in packages.items() if (why := _unseen(one, routes, everything))}
    files = tuple(one for one in owing.files if one.package not in unseen)
    untold = (Untold(package=id_, what="who publishes it", reason=why) for id_, why in unseen.items())
    return replace(owing, files=files, untold=(*owing.untold, *untold), built=tuple(dict.fromkeys(_built(opened.tree, routes, everything))))


def _unclear(workflows: Iterable[Audit]) -> Iterator[tuple[str, str]]:
    """Give the commands that are named for publishing, and what they do nobody can tell, with their places: `make release`."""
    for audit in workflows:
        for _, step, one in audit.unclear:
            where = step.script_line(one.line)
            yield " ".join(one.words)[:60], f"{where.path}:{where.line}"


def _unseen(package: Package, routes: tuple[Route, ...], everything: tuple[Package, ...]) -> str:
    """Say why no workflow is seen to publish a package; "" where one is, or may be."""
    registry = REGISTRIES.get(package.ecosystem)
    if registry not in (Registry.CRATES_IO, Registry.NPM):
        return ""
    mine = [one for one in routes if one.registry is registry]
    if not mine:
        return f"no workflow here is seen to publish to {registry}"
    named = [(one, _named(one, everything)) for one in mine]
    if any(each.id == package.id for _, found in named for each in found) or any(not found and not _is_built(one) for one, found in named):
        return ""
    others = dict.fromkeys(name for one, found in named for name in [each.name for each in found] or [one.folder or ""])
    return f"the workflows publish {first_few(list(others), 3)} to {registry}, and not this one"


def _named(route: Route, everything: tuple[Package, ...]) -> list[Package]:
    """Give the packages that a route names; none where it names nothing that is known here."""
    same = [one for one in everything if REGISTRIES.get(one.ecosystem) is route.registry]
    if route.name:
        return [one for one in same if one.name == route.name]
    return [one for one in same if route.folder is not None and (one.root or ".") == route.folder]


def _is_built(route: Route) -> bool:
    return route.registry is Registry.NPM and route.folder is not None


def _built(tree: Tree, routes: tuple[Route, ...], everything: tuple[Package, ...]) -> Iterator[BuiltPackage]:
    """Give the npm packages of folders that have no package in git: a step before makes their package.json, as wasm-pack does."""
    for one in routes:
        if _is_built(one) and one.folder is not None and not tree.has(posixpath.normpath(f"{one.folder}/package.json")):
            above = [each for each in everything if one.folder.startswith(f"{each.root}/")] if one.folder != "." else []
            beside = max(above, key=lambda each: (len(each.root), each.ecosystem is Ecosystem.CARGO), default=None)
            yield BuiltPackage(registry=one.registry, folder=one.folder, beside=beside.id if beside is not None else "", job=one.job, place=one.place)


def _routes(tree: Tree, workflows: Iterable[Audit]) -> Iterator[Route]:
    crates = Opened(tree).crates
    for audit in workflows:
        done: set[int] = set()
        for deed in audit.publishes if audit.workflow is not None else ():
            place = f"{deed.place.path}:{deed.place.line}"
            said = BY_WORKFLOW.get(deed.registry)
            able = (said,) if said is not None else (Registry.CRATES_IO, Registry.NPM) if deed.what.startswith(_ANY) else ()
            whole = [Route(registry=one, job=deed.job.id, place=place) for one in able]
            if deed.step is None or said is None:
                yield from whole
            elif deed.step.action == "js-devtools/npm-publish":
                package = deed.step.input("package")
                folder = "." if package is None else joined(".", (literal(package) or "$").removesuffix("package.json") or ".")
                yield Route(registry=Registry.NPM, job=deed.job.id, place=place, folder=folder)
            elif deed.step.uses is not None:
                yield from whole
            elif id(deed.step) not in done:
                done.add(id(deed.step))
                yield from _of_step(audit, deed, crates) or whole


def _of_step(audit: Audit, deed: Deed, manifests: Crates) -> list[Route]:
    """Give what the commands of a step publish; nothing where another part of its script does."""
    step = deed.step
    found: list[Route] = []
    for one in audit.commands(step) if step is not None and step.run is not None else ():
        for seen in roles_of_command(one):
            registry = BY_WORKFLOW.get(seen.registry)
            if step is None or step.run is None or seen.role is not Role.PUBLISH or registry is None:
                continue
            where = step.at(step.run, one.line)
            whole = Route(registry=registry, job=deed.job.id, place=f"{where.path}:{where.line}")
            if registry is Registry.CRATES_IO and seen.what == "cargo publish":
                found += _of_cargo(one, whole, manifests)
            elif registry is Registry.NPM and one.name in ("npm", "pnpm", "yarn", "bun", "wasm-pack"):
                found.append(_of_npm(one, whole))
            else:
                found.append(whole)
    return found


def _of_cargo(one: Command, whole: Route, manifests: Crates) -> Iterator[Route]:
    names = list(one.values("-p", "--package"))
    manifest = one.option("--manifest-path")
    folder = one.folder if manifest is None else joined(one.folder, posixpath.dirname(manifest) or ".")
    table = manifests.table("" if folder == "." else folder) if folder is not None else None
    if one.has(*_WHOLE) or any("$" in name for name in names):
        yield whole
    elif names:
        yield from (replace(whole, name=name.partition("@")[0]) for name in names)
    elif table is None or "package" not in table or _has_default_members(table):
        yield whole  # a virtual workspace, or a folder that only the run knows
    else:
        yield replace(whole, folder=folder)


def _has_default_members(table: Table) -> bool:
    workspace = table.get("workspace")
    return isinstance(workspace, dict) and "default-members" in workspace


def _of_npm(one: Command, whole: Route) -> Route:
    """Read a folder behind `publish`; a tarball, or an option that is not known, may be anything."""
    words = list(one.words[one.words.index("publish") + 1 :]) if "publish" in one.words else []
    named: list[str] = []
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            named.append(word)
        elif word in _VALUED:
            del words[:1]
        elif "=" not in word and word not in _SWITCHES:
            return whole
    if len(named) > 1 or "publish" not in one.words[1:2] or any(word.endswith((".tgz", ".gz")) for word in named):
        return whole
    folder = joined(one.folder, named[0] if named else ".")
    return replace(whole, folder=joined(folder, "pkg") if one.name == "wasm-pack" else folder)
