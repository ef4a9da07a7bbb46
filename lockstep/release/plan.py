"""What a group's release consists of, and in which order its packages go out."""

from __future__ import annotations

from collections.abc import Mapping

from lockstep.dataclass import dataclass
from lockstep.model import Group, Package
from lockstep.release.order import Need, Order


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePlan:
    """The packages of a group that are published, why each goes when it does, and those that stay at home.

    `version_from` says where the version comes from that no manifest states. `elsewhere` are the needs of packages here that other groups publish.
    """

    group: Group
    packages: Mapping[str, Package]
    needs: tuple[Need, ...]
    order: Order
    private: tuple[Package, ...]
    version_from: str = ""
    elsewhere: tuple[Need, ...] = ()
