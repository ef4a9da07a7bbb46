"""Which version is the project's own, where packages disagree and the newest tag is no answer."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Fresh, Repo, Run

ROOT = '[workspace]\nmembers = ["crates/*"]\n\n[workspace.package]\nversion = "{0}"\n'
MEMBER = '[package]\nname = "{0}"\nversion.workspace = true\n'
WHEEL = '[project]\nname = "{0}"\nversion = "{1}"\n'
CRATES = {f"crates/{name}/Cargo.toml": MEMBER.format(name) for name in ("eggs", "ham", "toast")}


def main(run: Run, repo: Repo) -> str:
    document = json.loads(run("show", "--format", "json", repo=repo, code=0).out)
    return str(document["groups"][0]["version"])


def test_a_version_that_copies_alone_say_is_no_packages(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": ROOT.format("0.3.0"), **CRATES, "pyproject.toml": WHEEL.format("spam", "1.1.0")})
    repo.git("tag", "v1.0.0")
    copies = {f"next/bacon/{name}.py": '__version__ = "2.0.0.dev0"\n' for name in ("__init__", "_version")}
    repo.write({"next/pyproject.toml": WHEEL.format("bacon", "2.0.0"), **copies}).commit()
    assert main(run, repo) == "1.1.0"


def test_a_tag_of_long_ago_does_not_choose_between_its_followers(fresh: Fresh, run: Run) -> None:
    root = ROOT + '\n[workspace.dependencies]\neggs = {{ path = "crates/eggs", version = "{0}" }}\n'
    repo = fresh({"Cargo.toml": root.format("0.2.0"), **CRATES})
    repo.git("tag", "v0.2.0")
    repo.write({"Cargo.toml": root.format("0.9.0"), "pyproject.toml": WHEEL.format("workspace", "0.5.0")}).commit()
    assert main(run, repo) == "0.9.0"


def test_a_tag_that_was_just_made_does(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": ROOT.format("0.9.0"), **CRATES, "wheel/pyproject.toml": WHEEL.format("spam", "0.4.0")})
    repo.git("tag", "v0.4.0")
    repo.write({"wheel/pyproject.toml": WHEEL.format("spam", "0.5.0")}).commit()
    assert main(run, repo) == "0.5.0"


@pytest.mark.parametrize(
    ("tag", "publish", "version"),
    [
        ("v1.7.6", "publish = false\n", "1.7.7-dev"),
        ("v1.7.6", "", "1.7.7-dev"),
        ("v0.5.0", "publish = false\n", "0.5.1"),  # the tag means what npm gets
        ("npm-v0.5.0", "publish = false\n", "0.5.1"),
        ("v1.2.0", "publish = false\n", "0.5.1"),  # neither follows it
    ],
)
def test_what_no_registry_gets_is_released_where_the_newest_tag_means_it(tag: str, publish: str, version: str, fresh: Fresh, run: Run) -> None:
    crates = {path: text + publish for path, text in CRATES.items()}
    npm: dict[str, str | bytes] = {f"npm/{name}/package.json": f'{{\n  "name": "@dairy/{name}",\n  "version": "0.5.1"\n}}\n' for name in ("spam", "bacon")}
    repo = fresh({"Cargo.toml": ROOT.format("1.7.6"), **crates, **npm})
    repo.git("tag", tag)
    repo.write({"Cargo.toml": ROOT.format("1.7.7-dev")}).commit()
    assert main(run, repo) == version


def test_a_module_belongs_to_the_nearest_wheel_of_its_name(fresh: Fresh, run: Run) -> None:
    old = WHEEL.format("spam", "1.2.0") + '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n'
    files = {"pyproject.toml": old, "spam/__init__.py": '__version__ = "1.2.0"\n'}
    rewrite = {"python/pyproject.toml": WHEEL.format("Spam", "2.0.0.dev1"), "python/spam/__init__.py": '__version__ = "2.0.0.dev1"\n'}
    repo = fresh({**files, **rewrite})
    repo.git("tag", "v1.2.0")
    run("check", repo=repo, code=0)
    run("bump", "1.2.1", repo=repo, code=0)
    assert repo.read("spam/__init__.py") == '__version__ = "1.2.1"\n'
    assert repo.read("python/spam/__init__.py") == '__version__ = "2.0.0.dev1"\n'


@pytest.mark.parametrize(("wheel", "code"), [("70.0.0", 0), ("69.0.0", 1), ("0.1.0", 0), ("40.0.0", 0)])
def test_a_package_that_was_left_one_step_behind_is_seen_without_a_tag_of_these_days(wheel: str, code: int, fresh: Fresh, run: Run) -> None:
    root = ROOT + '\n[workspace.dependencies]\neggs = {{ path = "crates/eggs", version = "{0}" }}\n'
    repo = fresh({"Cargo.toml": root.format("52.0.0"), **CRATES})
    repo.git("tag", "v52.0.0")
    repo.write({"Cargo.toml": root.format("70.0.0"), "wheel/pyproject.toml": WHEEL.format("spam", wheel)}).commit()
    assert main(run, repo) == "70.0.0"
    run("check", repo=repo, code=code)


def test_an_example_that_was_left_one_step_behind_stops_nothing(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": ROOT.format("52.0.0"), **CRATES})
    repo.git("tag", "v52.0.0")
    example = {"examples/toast/Cargo.toml": '[workspace]\n\n[package]\nname = "example"\nversion = "69.0.0"\n'}
    repo.write({"Cargo.toml": ROOT.format("70.0.0"), **example}).commit()
    run("bump", "71.0.0", repo=repo, code=0)
    assert 'version = "69.0.0"' in repo.read("examples/toast/Cargo.toml")


def test_hatch_reads_the_version_where_it_puts_it(fresh: Fresh, run: Run) -> None:
    hatch = '\n[tool.hatch.version]\npath = "./version-info.toml"\n\n[tool.hatch.build.force-include]\n"../Cargo.toml" = "version-info.toml"\n'
    wheel = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n[project]\nname = "spam"\ndynamic = ["version"]\n' + hatch
    repo = fresh({"Cargo.toml": ROOT.format("0.3.0"), **CRATES, "wheel/pyproject.toml": wheel})
    assert "python:spam  0.3.0  wheel/pyproject.toml" in " ".join(run("show", repo=repo, code=0).out.split(" "))
    run("check", repo=repo, code=0)


def test_git_versioning_may_read_a_file(fresh: Fresh, run: Run) -> None:
    wheel = '[build-system]\nrequires = ["setuptools", "setuptools-git-versioning>=2"]\n\n[project]\nname = "spam"\ndynamic = ["version"]\n'
    repo = fresh({"pyproject.toml": wheel + '\n[tool.setuptools-git-versioning]\nversion_file = "VERSION"\n', "VERSION": "45.0.0\n"})
    run("bump", "major", repo=repo, code=0)
    assert repo.read("VERSION") == "46.0.0\n"


def test_what_is_tagged_comes_before_a_root_at_a_version_of_templates(fresh: Fresh, run: Run) -> None:
    dev = '[project]\nname = "{}"\nversion = "1.0.0"\n'
    files = {"pyproject.toml": dev.format("rye-dev"), "devtools/pyproject.toml": dev.format("rye-devtools")}
    repo = fresh({**files, "rye/Cargo.toml": '[package]\nname = "rye"\nversion = "0.43.0"\n', "rye/src/lib.rs": ""}).commit(tag="0.43.0")
    repo.replace("rye/Cargo.toml", "0.43.0", "0.44.0").commit(tag="0.44.0")
    assert "main 0.44.0" in run("show", repo=repo, code=0).out


@pytest.mark.parametrize("before", ["0.2.1", "0.2.3"], ids=["by habit", "by chance"])
def test_packages_with_tags_of_their_own_meet_at_a_version_by_habit_or_by_chance(before: str, fresh: Fresh, run: Run) -> None:
    crate = '[package]\nname = "{0}"\nversion = "{1}"\n'

    def at(eggs: str, ham: str) -> dict[str, str | bytes]:
        main_ = crate.format("spam", "3.1.0") + '\n[workspace]\nmembers = ["crates/*"]\n'
        return {"Cargo.toml": main_, "crates/eggs/Cargo.toml": crate.format("eggs", eggs), "crates/ham/Cargo.toml": crate.format("ham", ham)}

    now = "0.2.2" if before == "0.2.1" else before
    repo = fresh(at("0.2.1", before))
    for tag in ("3.1.0", "eggs-0.2.1", f"ham-{before}"):
        repo.git("tag", tag)
    repo.write(at(now, now)).commit("later", tag=f"eggs-{now}")
    groups = json.loads(run("show", "--format", "json", repo=repo, code=0).out)["groups"]
    assert [len(group["packages"]) for group in groups] == ([1, 2] if before == "0.2.1" else [1])
