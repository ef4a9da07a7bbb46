"""A package that was in step at the releases before and is not now, also where the commit carries the tag of the release that left it behind."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Fresh, Repo, Run

CRATE = '[package]\nname = "spam-python"\nversion = "{0}"\nedition = "2021"\n'
WHEEL = '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n\n[project]\nname = "spam"\nversion = "{0}"\n'


def released(fresh: Fresh, *pairs: tuple[str, str]) -> Repo:
    """Build a repository of a crate and its wheel with a tag, named by the crate's version, for each pair of theirs."""
    repo = fresh({"src/lib.rs": ""})
    for number, (crate, wheel) in enumerate(pairs):
        repo.write({"Cargo.toml": CRATE.format(crate), "pyproject.toml": WHEEL.format(wheel)}).commit(when=1_600_000_000 + number, tag=f"v{crate}")
    return repo


def outside(run: Run, repo: Repo) -> dict[str, str]:
    packages = json.loads(run("show", "--format", "json", repo=repo, code=0).out)["packages"]
    return {one["name"]: one["why"] for one in packages if one["group"] is None}


@pytest.mark.parametrize("tagged", [True, False])
@pytest.mark.parametrize(
    "pairs",
    [
        (("2.11.0", "2.11.0"), ("2.12.0-rc1", "2.12.0-rc1"), ("2.12.0", "2.12.0-rc1")),
        (("2.11.0", "2.11.0"), ("2.12.0-rc1", "2.12.0-rc1"), ("2.12.0-rc2", "2.12.0-rc1")),
        (("2.10.0", "2.10.0"), ("2.11.0", "2.11.0"), ("2.12.0", "2.11.0")),
        (("0.9.0", "0.9.0"), ("1.0.0-rc.1", "1.0.0rc1"), ("1.0.0", "1.0.0rc1")),
        (("2.12.0", "2.12.0-rc1"),),
    ],
)
def test_a_release_that_left_a_wheel_behind_is_no_proof_of_two_lives(pairs: tuple[tuple[str, str], ...], tagged: bool, fresh: Fresh, run: Run) -> None:  # noqa: FBT001 - a parameter
    repo = released(fresh, *pairs)
    if not tagged:
        repo.git("tag", "-d", f"v{pairs[-1][0]}")
    told = run("check", repo=repo, code=1).out
    assert f"pyproject.toml:7:12 version-mismatch: version is {pairs[-1][1]}, but the group is at {pairs[-1][0]}\n" in told
    assert outside(run, repo) == {}


@pytest.mark.parametrize(
    "pairs",
    [
        (("2.10.0", "0.5.0"), ("2.11.0", "0.5.1"), ("2.12.0", "0.5.1")),
        (("2.10.0", "2.10.0"), ("2.11.0", "2.10.1"), ("2.12.0", "2.10.1")),
        (("0.1.0", "0.0.1"), ("0.2.0", "0.1.0"), ("0.3.0", "0.1.0")),
        (("1.0.0", "0.9.0"), ("1.1.0", "1.0.0"), ("1.2.0", "1.1.0")),
        (("2.11.0", "2.12.0-rc1"), ("2.11.1", "2.12.0-rc2"), ("2.12.0", "2.12.0-rc2")),
    ],
)
def test_packages_that_moved_on_their_own_before_do_so_now(pairs: tuple[tuple[str, str], ...], fresh: Fresh, run: Run) -> None:
    repo = released(fresh, *pairs)
    run("check", repo=repo, code=0)
    at = f"v{pairs[-2][0]}"
    assert outside(run, repo) == {"spam": f"outside: versioned independently ({pairs[-1][1]}; also differed at {at})"}


def test_what_was_left_behind_for_good_moves_on_its_own(fresh: Fresh, run: Run) -> None:
    repo = released(fresh, ("2.10.0", "2.10.0"), ("2.11.0", "2.11.0"), ("2.12.0", "2.11.0"))
    run("check", repo=repo, code=1)
    repo.write({"src/lib.rs": "// more\n"}).commit(tag="v2.12.1", when=1_600_000_010)
    run("check", repo=repo, code=0)


def test_a_crate_that_a_release_passed_over_moves_on_its_own(fresh: Fresh, run: Run) -> None:
    crate = CRATE.replace("spam-python", "{1}")
    repo = fresh({"Cargo.toml": '[workspace]\nmembers = ["eggs", "ham"]\n', "eggs/src/lib.rs": "", "ham/src/lib.rs": ""})
    for number, (eggs, ham) in enumerate((("2.10.0", "2.10.0"), ("2.11.0", "2.11.0"), ("2.12.0", "2.11.0"))):
        repo.write({"eggs/Cargo.toml": crate.format(eggs, "eggs"), "ham/Cargo.toml": crate.format(ham, "ham")}).commit(when=1_600_000_000 + number)
        run("check", repo=repo, code=0 if eggs == ham else 1)
        repo.git("tag", f"v{eggs}")
        run("check", repo=repo, code=0)


def test_a_post_release_of_the_wheel_alone_is_in_step_with_the_crate_that_cannot_spell_it(fresh: Fresh, run: Run) -> None:
    repo = released(fresh, ("2.10.0", "2.10.0"), ("2.11.0", "2.11.0"))
    repo.write({"pyproject.toml": WHEEL.format("2.11.0.post1")}).commit(tag="v2.11.0.post1", when=1_600_000_009)
    run("check", "--tag", "v2.11.0.post1", repo=repo, code=0)
    run("bump", "minor", repo=repo, code=0)
    assert (repo.read("Cargo.toml"), repo.read("pyproject.toml")) == (CRATE.format("2.12.0"), WHEEL.format("2.12.0"))


def test_a_side_group_keeps_its_half_that_was_left_behind(fresh: Fresh, run: Run) -> None:
    repo = fresh({"src/lib.rs": ""})
    root = '[project]\nname = "eggs"\nversion = "{0}"\n'
    for number, (main, crate, wheel) in enumerate((("7.0.0", "2.10.0", "2.10.0"), ("7.1.0", "2.11.0", "2.11.0"), ("7.2.0", "2.12.0", "2.12.0-rc1"))):
        files = {"pyproject.toml": root.format(main), "core/Cargo.toml": CRATE.format(crate), "core/pyproject.toml": WHEEL.format(wheel), "core/src/lib.rs": ""}
        repo.write(files).commit(when=1_600_000_000 + number, tag=f"v{main}")
    assert "core/pyproject.toml:7:12 version-mismatch: version is 2.12.0-rc1, but the group spam is at 2.12.0\n" in run("check", repo=repo, code=1).out
    assert outside(run, repo) == {}
