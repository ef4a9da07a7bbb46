"""The plan of a release as text, JSON and Mermaid."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from lockstep.model import Ecosystem, Package
from lockstep.release.candidate import ArtifactKind, Registry
from lockstep.release.order import Need
from lockstep.release.owed import Approval, Owing, Untold
from lockstep.release.plan import ReleasePlan
from lockstep.release.registries import REGISTRIES
from lockstep.reports.escape import printable
from lockstep.wording import counted, first_few


def text(plan: ReleasePlan, owing: Owing, *, verbose: bool = False) -> str:
    """Write a plan for people: a round a paragraph, with what each package waits for and owes; `verbose` names every file."""
    return "".join(f"{printable(line)}\n" for line in _lines(plan, owing, verbose=verbose))


def _lines(plan: ReleasePlan, owing: Owing, *, verbose: bool) -> Iterator[str]:
    order, group, packages, needs = plan.order, plan.group, plan.packages, plan.needs
    if order.circle:
        yield f"no order: {', '.join(order.circle)} need each other in a circle"
        inside = {(one, other) for one, other in zip(order.circle, (*order.circle[1:], order.circle[0]), strict=True)}
        yield from (f"  {one.package} has {one.on} as a {one.kind}  {one.place}" for one in needs if (one.package, one.on) in inside)
        yield "  help: a dev-dependency without a version is left out of the published manifest"
        return
    count = f"{counted(len(packages), 'package')} in {counted(len(order.rounds), 'round')}"
    yield f"{group.name} {group.version or ('at the version of its tag' if plan.version_from else 'without a version')}: {count}"
    if plan.version_from:
        yield f"  {plan.version_from}"
    for number, names in enumerate(order.rounds, 1):
        for name in names:
            package = packages[name]
            waits = sorted({one.on.partition(":")[2] for one in needs if one.package == name})
            after = f"  after {', '.join(waits)}" if waits else ""
            named = f"{package.name} {package.version}" if package.version is not None else package.name
            yield f"  {number}. {REGISTRIES.get(package.ecosystem, 'no registry that is known')}  {named}{after}"
            if others := sorted({one.on.partition(":")[2] for one in plan.elsewhere if one.package == name}):
                yield f"       needs {first_few(others, len(others) if verbose else 4)} of other groups, at versions that have to be there before"
            yield from _files(name, owing, verbose=verbose)
    yield from _approvals({REGISTRIES.get(one.ecosystem) for one in packages.values()}, owing.approvals, verbose=verbose)
    for made in owing.built:
        near = f" in the folder of {made.beside.partition(':')[2]}" if made.beside else ""
        yield f"{made.registry} also gets what job {made.job} ({made.place}) builds{near}: git has no {made.folder}/package.json, so its version is not checked"
    if plan.private:
        kinds = {Ecosystem.CARGO: "crate", Ecosystem.PYTHON: "Python package", Ecosystem.NPM: "npm package"}
        for ecosystem in dict.fromkeys(one.ecosystem for one in plan.private):
            named = ", ".join(alike := [one.name for one in plan.private if one.ecosystem is ecosystem])
            yield f"not published: {counted(len(alike), kinds.get(ecosystem, 'package'))} ({named})"
        if any(one.publish is None for one in plan.private):
            yield (
                "  help: counts as private unless its manifest says publish = true: a crate for other languages alone (cdylib, staticlib), "
                "and one that cargo would refuse (a path or git dependency that states no version)"
            )


def data(plan: ReleasePlan, owing: Owing) -> dict[str, object]:
    """Give a plan as a JSON document."""
    return {
        "schema": 1,
        "command": "release plan",
        "group": plan.group.name,
        "version": str(plan.group.version) if plan.group.version is not None else None,
        "version_from": plan.version_from or None,
        "rounds": [[_package(name, plan.packages[name]) for name in names] for names in plan.order.rounds],
        "circle": list(plan.order.circle),
        "needs": [_need(one) for one in plan.needs],
        "needs_elsewhere": [_need(one) for one in plan.elsewhere],
        "private": [_package(one.id, one) for one in plan.private],
        "owed": [
            {
                "package": one.package,
                "registry": one.registry.value,
                "kind": one.kind.value,
                "interpreter": one.interpreter or None,
                "abi": one.abi or None,
                "system": one.system or None,
                "architecture": one.architecture or None,
                "place": one.place,
            }
            for one in owing.files
        ],
        "untold": [{"package": one.package, "what": one.what, "why": one.why} for one in owing.untold],
        "built": [
            {"registry": one.registry.value, "folder": one.folder, "beside": one.beside or None, "job": one.job, "place": one.place} for one in owing.built
        ],
        "approvals": [{"registry": one.registry.value, "job": one.job, "environment": one.environment, "place": one.place} for one in owing.approvals],
    }


def _approvals(registries: Collection[Registry | None], approvals: Sequence[Approval], *, verbose: bool) -> Iterator[str]:
    """Say from which environments the registries of the packages are published, and in which jobs."""
    jobs: dict[tuple[Registry, str], list[str]] = {}
    for one in approvals:
        if one.registry in registries:
            jobs.setdefault((one.registry, _environment(one)), []).append(f"job {one.job}, {one.place}")
    for (registry, environment), places in jobs.items():
        yield f"{registry} is published from {environment} ({first_few(places, len(places) if verbose else 2)})"


def _environment(one: Approval) -> str:
    if one.environment is None:
        return "an environment that an expression decides"
    return f"the environment {one.environment}" if one.environment else "no environment"


def _files(name: str, owing: Owing, *, verbose: bool) -> Iterator[str]:
    """Say what a package owes: how much of each kind, and with `verbose` each file with what says so."""
    mine = [one for one in owing.files if one.package == name]
    words = {ArtifactKind.CRATE: "crate", ArtifactKind.NPM: "npm tarball", ArtifactKind.WHEEL: "wheel", ArtifactKind.SDIST: "sdist"}
    vague = {one.kind for one in mine if not one.is_one}
    counts = [f"{'at least ' * (kind in vague)}{counted(number, word)}" for kind, word in words.items() if (number := owing.least(name, kind))]
    if counts:
        yield f"       owes {', '.join(counts)}"
    yield from (f"         {one}  {one.place}" for one in mine if verbose)
    left: dict[tuple[str, str], list[Untold]] = {}
    for one in owing.untold:
        if one.package == name:
            left.setdefault((one.what, one.why if verbose else one.reason), []).append(one)
    for (what, _), same in left.items():
        yield f"       not told by the workflow: {what}; {same[0].reason.replace('{}', first_few([one.where for one in same], 3))}"


def _need(one: Need) -> dict[str, object]:
    return {"package": one.package, "on": one.on, "kind": one.kind.value, "place": one.place}


def _package(id_: str, package: Package) -> dict[str, object]:
    registry = REGISTRIES.get(package.ecosystem)
    return {
        "id": id_,
        "name": package.name,
        "ecosystem": package.ecosystem.value,
        "version": str(package.version) if package.version is not None else None,
        "manifest": package.manifest,
        "registry": registry.value if registry is not None else None,
    }


def mermaid(packages: Mapping[str, Package], needs: Sequence[Need]) -> str:
    """Draw a plan: an arrow goes from what is needed to what needs it. Source: https://mermaid.js.org/syntax/flowchart.html"""
    numbers = {name: f"p{number}" for number, name in enumerate(packages)}
    lines = ["flowchart LR"]
    lines += [f'  {numbers[name]}["{_quoted(f"{package.name} {package.version or str()}".strip())}"]' for name, package in packages.items()]
    drawn = dict.fromkeys((one.on, one.package, one.kind) for one in needs)
    lines += [f"  {numbers[on]} -->|{kind}| {numbers[package]}" for on, package, kind in drawn]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return printable(value).replace('"', "#quot;")
