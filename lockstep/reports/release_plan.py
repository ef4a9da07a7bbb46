"""The plan of a release as text, JSON and Mermaid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lockstep.model import Group, Package
from lockstep.release.candidate import ArtifactKind
from lockstep.release.order import Need, Order
from lockstep.release.owed import Approval, Owing
from lockstep.release.registries import REGISTRIES
from lockstep.reports.escape import printable
from lockstep.wording import counted


def text(
    group: Group, packages: Mapping[str, Package], needs: Sequence[Need], order: Order, private: Sequence[Package], owing: Owing, *, verbose: bool = False
) -> str:
    """Write a plan for people: a round a paragraph, with what each package waits for and owes; `verbose` names every file."""
    return "".join(f"{printable(line)}\n" for line in _lines(group, packages, needs, order, private, owing, verbose=verbose))


def _lines(
    group: Group, packages: Mapping[str, Package], needs: Sequence[Need], order: Order, private: Sequence[Package], owing: Owing, *, verbose: bool
) -> Iterator[str]:
    if order.circle:
        yield f"no order: {', '.join(order.circle)} need each other in a circle"
        inside = {(one, other) for one, other in zip(order.circle, (*order.circle[1:], order.circle[0]), strict=True)}
        yield from (f"  {one.package} has {one.on} as a {one.kind}  {one.place}" for one in needs if (one.package, one.on) in inside)
        yield "  help: a dev-dependency without a version is left out of the published manifest"
        return
    count = f"{counted(len(packages), 'package')} in {counted(len(order.rounds), 'round')}"
    yield f"{group.name} {group.version or 'without a version'}: {count}"
    for number, names in enumerate(order.rounds, 1):
        for name in names:
            package = packages[name]
            waits = sorted({one.on.partition(":")[2] for one in needs if one.package == name})
            after = f"  after {', '.join(waits)}" if waits else ""
            yield f"  {number}. {REGISTRIES.get(package.ecosystem, 'no registry that is known')}  {package.name} {package.version or ''}{after}"
            yield from _files(name, owing, verbose=verbose)
    for registry in dict.fromkeys(one.registry for one in owing.approvals):
        mine = [one for one in owing.approvals if one.registry is registry]
        named = ", ".join(f"{_environment(one)} (job {one.job}, {one.place})" for one in mine)
        yield f"{registry} is published from {named}"
    if private:
        yield f"not published: {', '.join(one.name for one in private)}"
        if any(one.publish is None for one in private):
            yield "  help: a crate for other languages alone (cdylib, staticlib) counts as private unless its manifest says publish = true"


def data(group: Group, packages: Mapping[str, Package], needs: Sequence[Need], order: Order, private: Sequence[Package], owing: Owing) -> dict[str, object]:
    """Give a plan as a JSON document."""
    return {
        "schema": 1,
        "command": "release plan",
        "group": group.name,
        "version": str(group.version) if group.version is not None else None,
        "rounds": [[_package(name, packages[name]) for name in names] for names in order.rounds],
        "circle": list(order.circle),
        "needs": [{"package": one.package, "on": one.on, "kind": one.kind.value, "place": one.place} for one in needs],
        "private": [_package(one.id, one) for one in private],
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
        "approvals": [{"registry": one.registry.value, "job": one.job, "environment": one.environment, "place": one.place} for one in owing.approvals],
    }


def _environment(one: Approval) -> str:
    if one.environment is None:
        return "an environment that an expression decides"
    return f"the environment {one.environment}" if one.environment else "no environment"


def _files(name: str, owing: Owing, *, verbose: bool) -> Iterator[str]:
    """Say what a package owes: how much of each kind, and with `verbose` each file with what says so."""
    mine = [one for one in owing.files if one.package == name]
    words = {ArtifactKind.CRATE: "crate", ArtifactKind.NPM: "npm tarball", ArtifactKind.WHEEL: "wheel", ArtifactKind.SDIST: "sdist"}
    counts = [counted(number, word) for kind, word in words.items() if (number := sum(one.kind is kind for one in mine))]
    if counts:
        yield f"       owes {', '.join(counts)}"
    yield from (f"         {one}  {one.place}" for one in mine if verbose)
    yield from (f"       not told by the workflow: {one.what}; {one.why}" for one in owing.untold if one.package == name)


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
