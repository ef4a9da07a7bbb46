"""What a review makes of these surfaces: a header of a crate that no registry has, and settings that are no additions."""

from __future__ import annotations

from lockstep.config import Config
from lockstep.config.reading import load
from lockstep.project.project import discover
from lockstep.review.review import Moment, Verdict, review
from lockstep.surfaces import readers
from lockstep.tree import MemoryTree
from lockstep.versions.version import Version


def moment(version: str, files: dict[str, str]) -> Moment:
    tree = MemoryTree(files)
    packages = discover(tree, Config()).packages
    surfaces = tuple(one for reader in readers() if reader.SURFACE != "python" for one in reader.read(tree, packages))
    waivers = load(tree).waivers
    return Moment(ref=version, sha=None, version=Version.read(version), packages=packages, surfaces=surfaces, waivers=waivers)


def crate(version: str, rest: str = "") -> str:
    return f'[package]\nname = "a"\nversion = "{version}"\n{rest}'


def test_a_header_is_a_promise_although_no_registry_has_its_crate() -> None:
    files = {"Cargo.toml": crate("0.3.0", "publish = false\n"), "include/a.h": "int a_open(void);\n"}
    found = review(moment("0.3.0", files), moment("0.3.1", {"Cargo.toml": crate("0.3.1", "publish = false\n"), "include/a.h": "\n"}))
    assert [(row.surface, row.verdict) for row in found.rows] == [("c", Verdict.TOO_SMALL)]


def test_a_platform_or_a_declared_floor_more_is_no_addition() -> None:
    before = {"Cargo.toml": crate("1.3.0")}
    after = {"Cargo.toml": crate("1.3.1", 'rust-version = "1.70"\n'), "README.md": "MSRV: 1.70\n"}
    found = review(moment("1.3.0", before), moment("1.3.1", after))
    assert [(row.surface, row.added, row.verdict) for row in found.rows] == [("cargo-manifest", 0, Verdict.OK)]


def test_a_feature_more_asks_for_a_minor_release_from_1_0_on() -> None:
    found = review(moment("1.3.0", {"Cargo.toml": crate("1.3.0")}), moment("1.3.1", {"Cargo.toml": crate("1.3.1", "[features]\nfast = []\n")}))
    assert [(row.surface, row.added, row.verdict) for row in found.rows] == [("cargo-manifest", 1, Verdict.TOO_SMALL)]


WAIVER = '[[waivers]]\nrule = "cargo-feature-removed"\nreason = "security"\nexpires = 2027-01-31\n'


def test_a_waived_break_asks_for_no_step_and_is_shown() -> None:
    before = {"Cargo.toml": crate("0.3.0", "[features]\nfast = []\n")}
    after = moment("0.3.1", {"Cargo.toml": crate("0.3.1"), "lockstep.toml": WAIVER})
    found = review(moment("0.3.0", before), after, today="2027-01-31")
    assert (found.verdict, found.findings) == (Verdict.OK, ())
    assert [(one.finding.symbol, one.waiver.reason) for one in found.waived] == [("features.fast", "security")]
    late = review(moment("0.3.0", before), after, today="2027-02-01")
    assert (late.verdict, [one.rule for one in late.findings]) == (Verdict.TOO_SMALL, ["cargo-feature-removed", "waiver-expired"])


def test_a_waiver_that_meets_nothing_is_told() -> None:
    files = {"Cargo.toml": crate("0.3.1"), "lockstep.toml": WAIVER}
    found = review(moment("0.3.0", files), moment("0.3.1", files), today="2026-01-01")
    assert [(one.rule, one.place.path) for one in found.findings] == [("waiver-unused", "lockstep.toml")]
