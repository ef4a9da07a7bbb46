"""In which order packages are published: what another one needs goes first.

Source: https://doc.rust-lang.org/cargo/commands/cargo-publish.html; cargo's src/ops/cargo_package (a dev-dependency counts where it states a version,
for one without is left out of the published manifest)
"""

from __future__ import annotations

from enum import StrEnum

from lockstep.dataclass import dataclass
from lockstep.release.graph import circle_in, rounds


class NeedKind(StrEnum):
    """Why a package must be there first."""

    NORMAL = "dependency"
    BUILD = "build dependency"
    DEV = "dev-dependency"
    OPTIONAL = "optional dependency"
    PLATFORM = "platform package"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a package needs, by the ids of both, and where that stands (`path:line`)."""

    package: str
    on: str
    kind: NeedKind
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Packages in rounds: all of a round can be published at once, when those before are there. `circle` are those that need each other."""

    rounds: tuple[tuple[str, ...], ...]
    circle: tuple[str, ...] = ()


def order(packages: tuple[str, ...], needs: tuple[Need, ...]) -> Order:
    """Put packages into an order; in one round they stand by their names."""
    graph = _graph(packages, needs)
    if (circle := circle_in(graph)) is not None:
        return Order(rounds=(), circle=circle)
    return Order(rounds=tuple(rounds(graph)))


def _graph(packages: tuple[str, ...], needs: tuple[Need, ...]) -> dict[str, set[str]]:
    graph: dict[str, set[str]] = {one: set() for one in sorted(packages)}
    for need in needs:
        if need.package in graph and need.on in graph and need.package != need.on:
            graph[need.package].add(need.on)
    return graph
