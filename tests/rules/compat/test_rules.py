"""The rules against the labels: the figures that are reached are held, and what a finding says is fit to be read."""

from __future__ import annotations

import ast

import pytest

from lockstep import rules
from lockstep.model import Level, Requires
from lockstep.policy.semver import Impact
from lockstep.registry import members
from lockstep.rules import judge_surfaces
from lockstep.rules.compat import Comparison
from lockstep.surface import Surface
from lockstep.versions.version import Version
from tests.rules.compat.labels import HELD_OUT, Case, Label, cases
from tests.rules.compat.measure import label_of, outcome, score, surface

VERSION = Version.read("1.2.3")
CASES = [*cases(), *cases(HELD_OUT)]
KNOWN = {
    "kind-generator-to-list": "nothing is written about what the function gives now: a person must look",
    "namedtuple-call-becomes-class": "a namedtuple made by a call is read as a variable",
    "namedtuple-call-reordered": "a namedtuple made by a call is read as a variable",
    "stub-parameter-renamed": "how a function is called is the module's word, and not that of the stub beside it",
}
"""Pairs that are judged wrong, and why."""


@pytest.mark.parametrize("case", [case for case in CASES if case.name not in KNOWN], ids=lambda case: case.name)
def test_a_pair_is_judged_as_its_label_says(case: Case) -> None:
    found = outcome(case)
    assert found.right, [(one.rule, one.symbol, one.message) for one in found.findings]


def test_the_figures_that_are_reached() -> None:
    found = [outcome(case) for case in CASES]
    runtime, typing = score(found, Label.RUNTIME), score(found, Label.TYPING)
    assert runtime.precision == typing.precision == 1
    assert runtime.recall > 0.98
    assert typing.recall > 0.98


def test_one_thing_under_two_paths_is_one_finding() -> None:
    for name in ("reexport-two-public-paths-removed", "inherited-from-a-public-base-removed", "name-class-removed", "name-module-removed"):
        found = outcome(next(case for case in CASES if case.name == name)).findings
        assert sum(label_of(one) is Label.RUNTIME for one in found) == 1, name


def test_every_rule_about_python_has_a_pair_that_it_alone_finds() -> None:
    known = {one.id for one in rules.rules("compat") if "python" in _surfaces(one.id)}
    found = {finding.rule for case in CASES for finding in outcome(case).findings}
    assert known - found == {"stub-disagrees"}


def _surfaces(rule: str) -> tuple[str, ...]:
    module = next(one for one in members(rules.room("compat").__name__, (rule.replace("-", "_"),)))
    surfaces: tuple[str, ...] = module.SURFACES
    return surfaces


def test_a_finding_is_fit_to_be_read() -> None:
    for case in CASES:
        for one in outcome(case).findings:
            assert one.symbol
            assert one.symbol.rpartition(".")[2] in one.message or one.symbol in one.message, one.message
            assert one.help
            assert one.message[0].islower()
            if one.witness is not None:
                ast.parse(one.witness)


def test_a_break_at_run_time_has_a_witness() -> None:
    for case in CASES:
        for one in outcome(case).findings:
            assert (label_of(one) is not Label.RUNTIME) or one.witness, (case.name, one.rule)


def test_a_rule_says_its_worst_impact() -> None:
    room = rules.room("compat")
    worst = {one.__name__.rpartition(".")[2].replace("_", "-"): one.IMPACT for one in members(room.__name__, room.NAMES) if "python" in one.SURFACES}
    for case in CASES:
        for one in outcome(case).findings:
            if label_of(one) is Label.TYPING:
                assert worst[one.rule] is Impact.TYPING, one.rule
            if label_of(one) is Label.REVIEW:
                assert worst[one.rule] in {Impact.REVIEW, Impact.TYPING, Impact.BREAKING}, one.rule


def test_nothing_changed_is_nothing_found() -> None:
    for case in CASES:
        one = surface(case.files("before"))
        assert judge_surfaces(Comparison(base=one, head=surface(case.files("before")), version=VERSION)) == [], case.name


def test_a_pair_can_be_read_backwards() -> None:
    for case in CASES:
        for one in judge_surfaces(Comparison(base=surface(case.files("after")), head=surface(case.files("before")), version=VERSION)):
            ast.parse(one.witness or "")
            assert one.level is not Level.ERROR or one.witness, (case.name, one.rule)


def test_a_package_that_is_new_or_gone_is_one_finding() -> None:
    full = surface(next(case for case in CASES if case.name == "name-method-removed").files("before"))
    empty = Surface(surface="python", package="spam")
    (gone,) = judge_surfaces(Comparison(base=full, head=empty, version=VERSION))
    assert (gone.rule, gone.symbol, gone.witness) == ("name-removed", "spam", "import spam")
    (new,) = judge_surfaces(Comparison(base=empty, head=full, version=VERSION))
    assert (new.rule, new.symbol) == ("name-added", "spam")


def test_what_could_not_be_read_is_in_doubt_and_not_gone() -> None:
    files = {"pyproject.toml": '[project]\nname = "spam"\nversion = "1.2.3"\n', "spam/__init__.py": "", "spam/core.py": "def cook(): ...\nclass Egg: ...\n"}
    broken = {**files, "spam/core.py": "def cook(:\n"}
    found = judge_surfaces(Comparison(base=surface(files), head=surface(broken), version=VERSION))
    assert found
    assert {label_of(one) for one in found} == {Label.REVIEW}
    assert all("spam/core.py could not be read" in one.help for one in found)


def test_a_changed_alias_is_told_once() -> None:
    before = 'Number = int | str\ndef cook(eggs: Number) -> list[Number]: ...\nclass Egg:\n    weight: "Number | None"\n'
    manifest = '[project]\nname = "spam"\nversion = "1.2.3"\n'
    base, head = (surface({"pyproject.toml": manifest, "spam/__init__.py": text}) for text in (before, before.replace("int | str", "int | bytes")))
    assert [one.rule for one in judge_surfaces(Comparison(base=base, head=head, version=VERSION))] == ["type-alias-changed"]


@pytest.mark.parametrize(("strict", "requires"), [(False, Requires.PATCH), (True, Requires.MAJOR)])
def test_a_typing_break_asks_for_more_where_it_is_strict(strict: bool, requires: Requires) -> None:  # noqa: FBT001 - a parameter of the test
    case = next(case for case in CASES if case.name == "parameter-type-changed")
    base, head = surface(case.files("before")), surface(case.files("after"))
    (found,) = judge_surfaces(Comparison(base=base, head=head, version=VERSION, strict=strict))
    assert found.requires is requires
