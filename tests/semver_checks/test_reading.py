"""What cargo-semver-checks printed, recorded from the real tool (0.51.0, the two folders called /base and /head), and what is made of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lockstep.comparison.second_opinion import LintResult
from lockstep.evidence.semver_checks import Roots, read, steps
from lockstep.model import Place, Requires

HERE = Path(__file__).parent
ROOTS = Roots(base=Path("/base"), head=Path("/head"), target=Path("/target"))
MINOR = {"function_must_use_added": Requires.MINOR}


def recorded(name: str) -> tuple[str, str]:
    """Give stdout and stderr of a recording."""
    _, _, out, err = re.split(r"^-- (?:code|stdout|stderr) --\n", (HERE / f"{name}.txt").read_text(), flags=re.MULTILINE)
    return out, err


def test_a_whole_answer_is_read_finding_by_finding() -> None:
    found = read(*recorded("breaks"), ROOTS, MINOR)
    assert found is not None
    assert {one.lint: (one.text, str(one.place), one.before, one.requires.value) for one in found if one.lint != "auto_trait_impl_removed"} == {
        "constructible_struct_adds_field": ("field Shelf.depth", "src/lib.rs:3", False, "major"),
        "derive_trait_impl_removed": ("type Shelf no longer derives Clone", "src/lib.rs:3", False, "major"),
        "enum_variant_added": ("variant Size:Medium", "src/lib.rs:4", False, "major"),
        "function_missing": ("function spam::fry", "src/lib.rs:6", True, "major"),
        "function_must_use_added": ("function spam::count", "src/lib.rs:7", False, "minor"),
        "function_parameter_count_changed": ("spam::boil now takes 2 parameters instead of 1", "src/lib.rs:5", False, "major"),
    }
    assert [one.text for one in found if one.lint == "auto_trait_impl_removed"] == ["type Held is no longer Send", "type Held is no longer Sync"]


def test_nothing_found_is_an_answer() -> None:
    assert read(*recorded("fine"), ROOTS, MINOR) == ()


def test_what_the_project_only_wants_to_be_warned_of_is_left_out() -> None:
    found = read(*recorded("warned"), ROOTS, MINOR)
    assert found is not None
    assert "function_missing" not in {one.lint for one in found}
    assert len(found) == 6


@pytest.mark.parametrize("name", ["newer-does-not-compile", "older-does-not-compile", "renamed", "no-library", "dependency-unknown"])
def test_an_error_is_no_answer(name: str) -> None:
    assert read(*recorded(name), ROOTS, MINOR) is None


def test_half_an_answer_is_none() -> None:
    """Cut anywhere before its end, stdout has less than stderr counts: that must never read as fewer findings."""
    out, err = recorded("breaks")
    whole = read(out, err, ROOTS, MINOR)
    starts = [found.start() for found in re.finditer(r"^--- failure", out, re.MULTILINE)]
    for start in starts:
        assert read(out[:start], err, ROOTS, MINOR) is None
        assert read(out[: start + 40], err, ROOTS, MINOR) is None
    for line in range(err.count("\n")):
        cut = "".join(err.splitlines(keepends=True)[:line])
        assert read(out, cut, ROOTS, MINOR) in ((whole,) if "Checked" in cut else (None,))


@pytest.mark.parametrize("garbage", ["", "\0\0\0", "Summary no semver update required\n", "     Checked [ 0.1s] many checks: all pass\n", "{}"])
def test_garbage_is_no_answer(garbage: str) -> None:
    out, err = recorded("breaks")
    assert read(out, garbage, ROOTS, MINOR) is None
    assert read(garbage, err, ROOTS, MINOR) is None


def test_places_are_found_in_paths_with_spaces_and_outside_of_the_repository() -> None:
    _, err = recorded("breaks")
    err = err.replace("222 pass, 6 fail", "228 pass, 1 fail") if "6 fail" in err else re.sub(r"\d+ pass, \d+ fail", "228 pass, 1 fail", err)
    body = "  spam::f takes 1 parameters in /base/my src/a.rs:3, but now takes 2 parameters in /head/my src/b.rs:4\n  struct Elsewhere in /usr/lib/x.rs:9\n"
    found = read(f"\n--- failure method_parameter_count_changed: pub method parameter count changed ---\n\nFailed in:\n{body}", err, ROOTS, {})
    assert found == (
        LintResult(
            lint="method_parameter_count_changed",
            title="pub method parameter count changed",
            text="spam::f takes 1 parameters, but now takes 2 parameters",
            requires=Requires.MAJOR,
            place=Place(path="my src/b.rs", line=4),
        ),
        LintResult(lint="method_parameter_count_changed", title="pub method parameter count changed", text="struct Elsewhere", requires=Requires.MAJOR),
    )


def test_the_list_of_lints_says_which_step_each_asks_for() -> None:
    listed = "id            type  description\n==            ====  ===========\nenum_missing  major An enum.\nenum_must_use_added minor An enum.\n"
    assert steps(listed) == {"enum_missing": Requires.MAJOR, "enum_must_use_added": Requires.MINOR}
