"""Waivers: what they accept, until when, and what is said about those that accept nothing."""

from __future__ import annotations

import pytest

from lockstep.config import WaiverConfig
from lockstep.config.reading import load
from lockstep.errors import ConfigError
from lockstep.model import Finding, Level, Place
from lockstep.policy.stability import classify
from lockstep.policy.waivers import waive
from lockstep.rules import judge_waivers
from lockstep.surface import Item, ItemKind, Stability, Surface
from lockstep.tree import MemoryTree
from lockstep.versions.version import Version

FLOOR = Finding(
    rule="python-floor-raised",
    level=Level.WARNING,
    place=Place(path="pyproject.toml", line=4),
    message="requires-python was >=3.9, and is >=3.10",
    help="",
    package="spam",
    symbol="project.requires-python",
)


def waiver(**fields: str) -> WaiverConfig:
    return WaiverConfig(**{"rule": "python-floor-raised", "reason": "end-of-life", "expires": "2027-01-31", "path": "lockstep.toml", **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "one",
    [waiver(), waiver(symbol="project.*"), waiver(package="sp*"), waiver(expires="2026-11-22"), waiver(expires="0.6.0")],
    ids=lambda one: f"{one.symbol} {one.package} {one.expires}",
)
def test_a_waiver_that_fits_accepts_and_is_shown(one: WaiverConfig) -> None:
    done = waive([FLOOR], [one], today="2026-11-22", version=Version.read("0.5.1"))
    assert done.kept == ()
    assert [(found.finding, found.waiver) for found in done.waived] == [(FLOOR, one)]
    assert judge_waivers(done) == []


@pytest.mark.parametrize("one", [waiver(rule="python-cap-lowered"), waiver(symbol="dependencies.*"), waiver(package="eggs")])
def test_a_waiver_that_fits_nothing_is_a_finding(one: WaiverConfig) -> None:
    done = waive([FLOOR], [one], today="2026-11-22", version=Version.read("0.5.1"))
    assert done.kept == (FLOOR,)
    assert [found.rule for found in judge_waivers(done)] == ["waiver-unused"]


@pytest.mark.parametrize("one", [waiver(expires="2026-11-21"), waiver(expires="0.5.1"), waiver(expires="0.5.0")], ids=lambda one: one.expires)
def test_a_waiver_that_is_over_accepts_nothing_and_is_a_finding(one: WaiverConfig) -> None:
    done = waive([FLOOR], [one], today="2026-11-22", version=Version.read("0.5.1"))
    assert done.kept == (FLOOR,)
    assert [found.rule for found in judge_waivers(done)] == ["waiver-expired"]


def test_one_waiver_may_accept_many_and_two_may_fit_one() -> None:
    done = waive([FLOOR, FLOOR], [waiver(), waiver(symbol="project.*")], today="2026-11-22", version=None)
    assert len(done.waived) == 2
    assert [one.symbol for one in done.unused] == ["project.*"]


def test_waivers_are_read_with_their_places_and_dates_need_no_quotes() -> None:
    text = '[[waivers]]\nrule = "a-rule"\nreason = "security"\nexpires = 2027-01-31\n\n[[waivers]]\nrule = "b-rule"\nreason = "x"\nexpires = "1.0.0"\n'
    found = load(MemoryTree({"lockstep.toml": text})).waivers
    assert [(one.rule, one.expires, one.path, one.line) for one in found] == [
        ("a-rule", "2027-01-31", "lockstep.toml", 1),
        ("b-rule", "1.0.0", "lockstep.toml", 6),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[[waivers]]\nrule = "a"\nreason = "x"\n',
        '[[waivers]]\nrule = "a"\nreason = " "\nexpires = "1.0.0"\n',
        '[[waivers]]\nrule = "a"\nreason = "x"\nexpires = "soon"\n',
        '[[waivers]]\nrule = "a"\nreason = "x"\nexpires = 3\n',
        '[[waivers]]\nrule = 3\nreason = "x"\nexpires = "1.0.0"\n',
        '[[declared]]\npath = "a"\nkind = "yaml"\n',
        '[[declared]]\npath = "a"\nkind = "constant"\npattern = "x"\n',
        '[[declared]]\nkind = "file"\n',
        'declared = "a"\n',
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(MemoryTree({"lockstep.toml": text}))
    assert caught.value.line


def test_the_configuration_says_what_is_experimental() -> None:
    tree = MemoryTree({"lockstep.toml": 'experimental = ["features.test-*"]\nhidden = ["cargo-manifest:features.bench", "python:features.kept"]\n'})
    names = ("features.test-utils", "features.bench", "features.kept")
    items = {name: Item(path=name, kind=ItemKind.FEATURE, place=Place(path="Cargo.toml")) for name in names}
    found = classify(Surface(surface="cargo-manifest", package="a", items=items), load(tree))
    assert [found.items[name].stability for name in names] == [Stability.EXPERIMENTAL, Stability.HIDDEN, Stability.STABLE]
