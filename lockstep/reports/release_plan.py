"""The plan of a release as text, JSON and Mermaid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lockstep.model import Group, Package
from lockstep.release.order import Need, Order
from lockstep.release.registries import REGISTRIES
from lockstep.reports.escape import printable
from lockstep.wording import counted


def text(group: Group, packages: Mapping[str, Package], needs: Sequence[Need], order: Order, private: Sequence[Package]) -> str:
    """Write a plan for people: a round a paragraph, with what each package waits for."""
    return "".join(f"{printable(line)}\n" for line in _lines(group, packages, needs, order, private))


def _lines(group: Group, packages: Mapping[str, Package], needs: Sequence[Need], order: Order, private: Sequence[Package]) -> Iterator[str]:
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
    if private:
        yield f"not published: {', '.join(one.name for one in private)}"
        if any(one.publish is None for one in private):
            yield "  help: a crate for other languages alone (cdylib, staticlib) counts as private unless its manifest says publish = true"


def data(group: Group, packages: Mapping[str, Package], needs: Sequence[Need], order: Order, private: Sequence[Package]) -> dict[str, object]:
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
    }


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
