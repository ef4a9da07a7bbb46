"""`release plan`: the order is one that cargo accepts, and what cannot be ordered is named with its places."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest

from tests.conftest import Fresh, Repo, Run

CRATE = '[package]\nname = "{}"\nversion = "1.0.0"\nedition = "2021"\nlicense = "MIT"\ndescription = "x"\n{}\n'


def crate(name: str, body: str = "") -> dict[str, str | bytes]:
    return {f"{name}/Cargo.toml": CRATE.format(name, body), f"{name}/src/lib.rs": ""}


@pytest.fixture
def repo(fresh: Fresh) -> Repo:
    return fresh(
        {
            "Cargo.toml": '[workspace]\nresolver = "2"\nmembers = ["a", "b", "c", "d", "e", "home"]\n'
            '[workspace.dependencies]\nc = { path = "c", version = "1.0.0" }\n',
            **crate("a", '[dependencies]\nbee = { package = "b", path = "../b", version = "1.0.0" }\n[build-dependencies]\nc.workspace = true\n'),
            **crate("b", '[target.\'cfg(unix)\'.dependencies]\nc = { path = "../c", version = "1.0.0", optional = true }\n'),
            **crate("c", '[dev-dependencies]\na = { path = "../a" }\nd = { path = "../d", version = "1.0.0" }\n'),
            **crate("d"),
            **crate("e", '[dependencies]\na = { path = "../a", version = "1.0.0" }\n'),
            "home/Cargo.toml": CRATE.format("home", "publish = false\n[dependencies]\ne = { path = '../e' }\n"),
            "home/src/lib.rs": "",
            "py/pyproject.toml": '[project]\nname = "p"\nversion = "1.0.0"\ndependencies = ["q==1.0.0"]\n',
            "qy/pyproject.toml": '[project]\nname = "q"\nversion = "1.0.0"\n',
        }
    )


def test_what_is_needed_goes_first(repo: Repo, run: Run) -> None:
    found = json.loads(run("release", "plan", "--format", "json", repo=repo, code=0).out)
    rounds = [" ".join(one["id"] for one in names) for names in found["rounds"]]
    assert rounds == ["cargo:d python:q", "cargo:c python:p", "cargo:b", "cargo:a", "cargo:e"]
    kinds = {(one["package"][6:], one["on"][6:]): one["kind"] for one in found["needs"] if one["package"].startswith("cargo")}
    assert kinds == {
        ("a", "b"): "dependency",
        ("a", "c"): "build dependency",
        ("b", "c"): "optional dependency",
        ("c", "d"): "dev-dependency",
        ("e", "a"): "dependency",
    }
    assert [one["name"] for one in found["private"]] == ["home"]


def test_the_order_is_cargos(repo: Repo, run: Run) -> None:
    if shutil.which("cargo") is None:
        pytest.skip("cargo is not installed")
    line = ["cargo", "package", "--workspace", "--exclude", "home", "--no-verify", "--allow-dirty"]
    done = subprocess.run(line, cwd=repo.root, capture_output=True, text=True, check=False)
    packed = re.findall(r"Packaging (\w+) v1\.0\.0", done.stderr)
    if len(packed) < 5:
        pytest.skip("cargo packs a workspace only where it reaches the registry's index")
    found = json.loads(run("release", "plan", "--format", "json", repo=repo, code=0).out)
    assert sorted(packed) == sorted(one["name"] for names in found["rounds"] for one in names if one["registry"] == "crates.io")
    needs = [(one["package"][6:], one["on"][6:]) for one in found["needs"]]
    assert all(packed.index(on) < packed.index(by) for by, on in needs if by in packed)


def test_a_circle_is_refused_with_its_places(fresh: Fresh, run: Run) -> None:
    needs = '[{}dependencies]\n{} = {{ path = "../{}", version = "1.0.0" }}\n'
    repo = fresh({"Cargo.toml": '[workspace]\nmembers = ["a", "b"]\n', **crate("a", needs.format("dev-", "b", "b")), **crate("b", needs.format("", "a", "a"))})
    said = run("release", "plan", repo=repo, code=1).out
    assert "cargo:a has cargo:b as a dev-dependency  a/Cargo.toml:8" in said
    assert "cargo:b has cargo:a as a dependency  b/Cargo.toml:8" in said
    assert "need each other in a circle" in said


def test_text_and_diagram(repo: Repo, run: Run) -> None:
    said = run("release", "plan", repo=repo, code=0).out
    assert said.splitlines()[0] == "main 1.0.0: 7 packages in 5 rounds"
    assert "  4. crates.io  a 1.0.0  after b, c" in said
    assert said.endswith("not published: 1 crate (home)\n")
    drawn = run("release", "plan", "--mermaid", repo=repo, code=0).out
    assert drawn.startswith("flowchart LR\n")
    assert "-->|build dependency|" in drawn


def test_what_is_not_there(repo: Repo, run: Run) -> None:
    assert "there is no group 'ham'" in run("release", "plan", "--group", "ham", repo=repo, code=2).err


SCM = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n[project]\nname = "spam"\ndynamic = ["version"]\n'


def test_a_version_that_comes_from_git_s_tags(fresh: Fresh, run: Run) -> None:
    repo = fresh({"pyproject.toml": f'{SCM}[tool.hatch.version]\nsource = "vcs"\n'})
    assert "there is no release tag yet" in run("release", "plan", repo=repo, code=0).out
    repo.git("tag", "v1.2.3")
    said = run("release", "plan", repo=repo, code=0).out.splitlines()
    assert said[:3] == ["spam at the version of its tag: 1 package in 1 round", "  hatch takes it from vcs; the newest is v1.2.3", "  1. pypi  spam"]
    found = json.loads(run("release", "plan", "--group", "spam", "--format", "json", repo=repo, code=0).out)
    assert (found["version"], found["version_from"]) == (None, "hatch takes it from vcs; the newest is v1.2.3")


def test_packages_that_move_alone_are_named(fresh: Fresh, run: Run) -> None:
    repo = fresh({"a/package.json": '{"name": "a", "version": "1.0.0"}', "b/package.json": '{"name": "b", "version": "2.0.0"}'})
    found = run("release", "plan", repo=repo)
    assert "error: " not in found.err or "no packages here move together; on their own: a, b" in found.err


def test_what_other_groups_publish_has_to_be_there_before(fresh: Fresh, run: Run) -> None:
    crate = '[package]\nname = "{0}"\nversion = "{1}"\nedition = "2021"\nlicense = "MIT"\n[lib]\n'
    needs = "[dependencies]\nb = { path = '../b', version = '0.4.0' }\nc = { path = '../c', version = '3.0.0' }\n"
    repo = fresh(
        {
            "Cargo.toml": '[workspace]\nmembers = ["a", "b", "c"]\n',
            "a/Cargo.toml": crate.format("a", "3.0.0") + needs,
            "b/Cargo.toml": crate.format("b", "0.4.0"),
            "c/Cargo.toml": crate.format("c", "3.0.0"),
            "lockstep.toml": '[groups.main]\npackages = ["a", "c"]\n',
            **{f"{one}/src/lib.rs": "" for one in "abc"},
        }
    )
    said = run("release", "plan", repo=repo, code=0).out
    assert "  2. crates.io  a 3.0.0  after c\n       needs b of other groups, at versions that have to be there before\n" in said
    found = json.loads(run("release", "plan", "--format", "json", repo=repo, code=0).out)
    assert [(one["package"], one["on"], one["place"]) for one in found["needs_elsewhere"]] == [("cargo:a", "cargo:b", "a/Cargo.toml:8")]


def test_where_nothing_has_a_version(fresh: Fresh, run: Run) -> None:
    assert "no package here has a version" in run("release", "plan", repo=fresh({"README.md": ""}), code=2).err


@pytest.mark.parametrize(
    ("more", "published"),
    [("", False), ("publish = true\n", True), ('[[bin]]\nname = "ham"\npath = "src/ham.rs"\n', True)],
)
def test_a_crate_for_other_languages_alone_is_published_where_its_manifest_says_so(fresh: Fresh, run: Run, *, more: str, published: bool) -> None:
    kind = '[lib]\ncrate-type = ["cdylib"]\n'
    body = f"{more}{kind}" if more.startswith("publish") else f"{kind}{more}"
    repo = fresh({"Cargo.toml": CRATE.format("spam", body), "src/lib.rs": "", "pyproject.toml": '[project]\nname = "spam"\nversion = "1.0.0"\n'})
    found = json.loads(run("release", "plan", "--format", "json", repo=repo, code=0).out)
    assert ("cargo:spam" in [one["id"] for names in found["rounds"] for one in names]) is published
    assert ("counts as private unless" in run("release", "plan", repo=repo, code=0).out) is not published


def test_a_crate_that_cargo_would_refuse_is_not_published(fresh: Fresh, run: Run) -> None:
    bare = {
        **crate("core"),
        **crate("binding", '[dependencies]\ncore = { path = "../core" }\n'),
        **crate("spare", '[dev-dependencies]\ncore = { path = "../core" }\n'),
    }
    repo = fresh({"Cargo.toml": '[workspace]\nmembers = ["core", "binding", "spare"]\n', **bare})
    found = json.loads(run("release", "plan", "--format", "json", repo=repo, code=0).out)
    assert {one["name"] for one in found["private"]} == {"binding"}


def test_a_sibling_that_is_taken_from_the_registry_goes_first(fresh: Fresh, run: Run) -> None:
    files = {**crate("core"), **crate("alpha", '[dependencies]\ncore = "1.0.0"\n'), **crate("beta", '[dependencies]\ncore = "0.3"\n')}
    repo = fresh({"Cargo.toml": '[workspace]\nmembers = ["core", "alpha", "beta"]\n', **files})
    said = run("release", "plan", repo=repo, code=0).out
    assert re.search(r"2\. crates.io  alpha 1\.0\.0  after core", said), said
    assert "1. crates.io  beta 1.0.0" in said, "it takes an older release"
