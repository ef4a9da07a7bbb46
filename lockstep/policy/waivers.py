"""Which findings has the project accepted, and which of its waivers hold no more or meet nothing?

A waiver names a rule, the symbols and packages that it is about, a reason, and when it ends. It never hides: what is waived stays in the
report with its reason, but asks for no version step.
"""

from __future__ import annotations

from collections.abc import Iterable

from lockstep.config import DATE, WaiverConfig
from lockstep.dataclass import dataclass
from lockstep.model import Finding
from lockstep.tree import glob
from lockstep.versions.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """A finding with the waiver that accepts it."""

    finding: Finding
    waiver: WaiverConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiving:
    """What is left of findings once waivers are applied; `expired` and `unused` are the waivers that did nothing."""

    kept: tuple[Finding, ...]
    waived: tuple[Waived, ...] = ()
    expired: tuple[WaiverConfig, ...] = ()
    unused: tuple[WaiverConfig, ...] = ()


def waive(findings: Iterable[Finding], waivers: Iterable[WaiverConfig], *, today: str = "", version: Version | None = None) -> Waiving:
    """Apply waivers: the first that fits a finding accepts it. `today` is a day as 2027-01-31, `version` the one that is to be released."""
    holding, expired = parted(waivers, today=today, version=version)
    kept: list[Finding] = []
    waived: list[Waived] = []
    for finding in findings:
        waiver = next((one for one in holding if fits(one, finding)), None)
        if waiver is None:
            kept.append(finding)
        else:
            waived.append(Waived(finding=finding, waiver=waiver))
    used = {id(one.waiver) for one in waived}
    return Waiving(kept=tuple(kept), waived=tuple(waived), expired=tuple(expired), unused=tuple(one for one in holding if id(one) not in used))


def parted(waivers: Iterable[WaiverConfig], *, today: str, version: Version | None) -> tuple[list[WaiverConfig], list[WaiverConfig]]:
    """Part waivers into those that hold and those that are over."""
    holding: list[WaiverConfig] = []
    expired: list[WaiverConfig] = []
    for one in waivers:
        (expired if is_over(one, today=today, version=version) else holding).append(one)
    return holding, expired


def fits(waiver: WaiverConfig, finding: Finding) -> bool:
    """Say whether a waiver is about a finding."""
    return (
        waiver.rule == finding.rule
        and glob(waiver.package).fullmatch(finding.package or "") is not None
        and (waiver.symbol == "*" or glob(waiver.symbol).fullmatch(finding.symbol or "") is not None)
    )


def is_over(waiver: WaiverConfig, *, today: str, version: Version | None) -> bool:
    """Say whether a waiver's last day is past, or its version is reached; one without an end holds."""
    if not waiver.expires:
        return False
    if DATE.fullmatch(waiver.expires):
        return today > waiver.expires
    return version is not None and version >= Version.read(waiver.expires)
