"""`init workflow` writes one file, says what is set once, and never takes away what somebody else wrote."""

from __future__ import annotations

import json
import re

import pytest

from lockstep.app import release_workflow
from lockstep.release_workflow.blocks import blocks, record_of
from lockstep.release_workflow.settings import tag_pattern
from lockstep.workflow.ref_patterns import matches
from tests.conftest import Fresh, Repo, Run
from tests.release_workflow.projects import CI, PROJECTS

RELEASE = ".github/workflows/release.yml"
COMMON_CRATE = '[package]\nname = "egg-more"\nversion = "1.0.0"\nedition = "2021"\nlicense = "MIT"\n'


@pytest.fixture
def repo(fresh: Fresh, run: Run) -> Repo:
    repo = fresh(PROJECTS["everything"])
    run("init", "workflow", repo=repo, code=0)
    return repo.commit("a release workflow")


def test_the_list_of_what_is_set_once_has_the_exact_values(repo: Repo, run: Run) -> None:
    repo.git("remote", "add", "origin", "https://github.com/spam/egg.git")
    said = run("init", "workflow", "--settings", repo=repo, code=0).out
    assert "OWNER/NAME" not in said
    publisher = "    owner        spam\n    repository   egg\n    workflow     release.yml\n    environment  {}\n"
    for name, page, environment in (
        ("crates.io: egg-core", "https://crates.io/crates/egg-core/settings", "crates-io"),
        ("pypi: egg-native", "https://pypi.org/manage/project/egg-native/settings/publishing/", "pypi"),
        ("npm: @spam/egg", "https://www.npmjs.com/package/@spam/egg/access", "npm"),
    ):
        of_it = said[said.index(f"  {name} ") :]
        assert of_it.split("\n")[0].split("  ")[-1] == page
        assert publisher.format(environment) in of_it[: of_it.index("\n\n") if "\n\n" in of_it else None]
    assert "  environment pypi       https://github.com/spam/egg/settings/environments\n" in said
    assert "  tag ruleset  https://github.com/spam/egg/settings/rules\n    target  v*.*.*\n" in said


def test_packages_with_the_same_values_share_them_and_a_manifest_may_name_the_repository(fresh: Fresh, run: Run) -> None:
    crate = '[package]\nname = "{}"\nversion = "1.0.0"\nedition = "2021"\nlicense = "MIT"\ndescription = "x"\n'
    both = {f"{name}/{path}": text for name in ("ham", "spam") for path, text in (("Cargo.toml", crate.format(name)), ("src/lib.rs", ""))}
    root = '[workspace]\nmembers = ["ham", "spam"]\nresolver = "2"\n'
    repo = fresh({"Cargo.toml": root, **both})
    said = run("init", "workflow", "--settings", repo=repo, code=0).out
    assert said.startswith("OWNER/NAME stands for the repository, which no remote and no manifest names: --repository does\n")
    pages = "  crates.io: ham   https://crates.io/crates/ham/settings\n  crates.io: spam  https://crates.io/crates/spam/settings\n    owner "
    assert pages in said
    repo.write({"Cargo.toml": f'{root}[workspace.package]\nrepository = "https://github.com/eggs/bacon"\n'})
    assert "    owner        eggs\n    repository   bacon\n" in run("init", "workflow", "--settings", repo=repo, code=0).out


def test_the_list_stands_behind_the_first_writing(fresh: Fresh, run: Run) -> None:
    repo = fresh(PROJECTS["one crate"])
    first = run("init", "workflow", "--repository", "spam/egg", repo=repo, code=0)
    assert first.out == run("init", "workflow", "--settings", "--repository", "spam/egg", repo=repo, code=0).out
    assert first.err == f"wrote {RELEASE}\n"


def test_a_workflow_of_somebody_else_is_left_alone(fresh: Fresh, run: Run) -> None:
    repo = fresh({**PROJECTS["one crate"], RELEASE: CI})
    for options in ((), ("--update",), ("--check",), ("--dry-run",)):
        said = run("init", "workflow", *options, repo=repo, code=2)
        assert said.err.startswith(f"error: {RELEASE} was not written by lockstep, and is left alone\n")
        assert "--output .github/workflows/NAME.yml" in said.err
    assert repo.read(RELEASE) == CI
    run("init", "workflow", "--output", "lockstep-release.yml", repo=repo, code=0)
    assert repo.git("status", "--porcelain") == "?? .github/workflows/lockstep-release.yml\n"


def test_one_that_git_does_not_track_is_left_alone_too(fresh: Fresh, run: Run) -> None:
    repo = fresh(PROJECTS["one crate"]).write({RELEASE: CI})
    run("init", "workflow", "--update", repo=repo, code=2)
    assert repo.read(RELEASE) == CI


def test_another_workflow_that_publishes_for_the_same_tags_is_named(fresh: Fresh, run: Run) -> None:
    other = CI.replace("    branches: [main]\n  pull_request:\n", "    tags: ['v*']\n").replace("cargo test --locked", "cargo publish")
    repo = fresh({**PROJECTS["one crate"], ".github/workflows/publish.yml": other})
    assert ".github/workflows/publish.yml publishes for release tags too" in run("init", "workflow", repo=repo, code=0).err


def test_a_dry_run_and_an_output_write_nothing(fresh: Fresh, run: Run) -> None:
    repo = fresh(PROJECTS["one crate"])
    before = repo.contents()
    shown = run("init", "workflow", "--dry-run", repo=repo, code=0).out
    printed = run("init", "workflow", "--output", "-", repo=repo, code=0).out
    assert repo.contents() == before
    assert all(f"+{line}" in shown.splitlines() for line in printed.splitlines())
    run("init", "workflow", repo=repo, code=0)
    assert repo.read(RELEASE) == printed


def test_nothing_is_written_through_a_link(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": PROJECTS["one crate"]["Cargo.toml"], "Cargo.lock": "version = 4\n", "src/lib.rs": ""})
    outside = repo.root.parent / "outside"
    outside.mkdir()
    repo.path(".github").symlink_to(outside)
    run("init", "workflow", repo=repo, code=2)
    assert [*outside.iterdir()] == []


def test_a_change_of_the_project_is_found_and_an_update_follows_it(repo: Repo, run: Run) -> None:
    repo.replace("Cargo.toml", '"egg"', '"egg", "egg-more"').write({"egg-more/Cargo.toml": COMMON_CRATE, "egg-more/src/lib.rs": ""}).commit("one more")
    found = run("init", "workflow", "--check", repo=repo, code=1)
    assert any(line.startswith("+") and "egg-more" in line for line in found.out.splitlines())
    run("init", "workflow", repo=repo, code=2)
    run("init", "workflow", "--update", repo=repo, code=0)
    assert "--package egg-more" in repo.read(RELEASE)
    run("init", "workflow", "--check", repo=repo, code=0)


def test_what_a_maintainer_changed_stays(repo: Repo, run: Run) -> None:
    repo.replace(RELEASE, "  guard:\n    name: Guard", "  # ours\n  guard:\n    name: Look")
    own = "  smoke:\n    name: Smoke\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ours\n"
    repo.replace(RELEASE, "  # Opens every file", f"{own}\n  # Opens every file")
    kept = repo.read(RELEASE)
    said = run("init", "workflow", "--check", repo=repo, code=0)
    assert "job guard is as you changed it" in said.err
    repo.replace("Cargo.toml", '"egg"', '"egg", "egg-more"').write({"egg-more/Cargo.toml": COMMON_CRATE, "egg-more/src/lib.rs": ""}).commit("one more")
    run("init", "workflow", "--update", repo=repo, code=0)
    now = repo.read(RELEASE)
    assert "  # ours\n  guard:\n    name: Look" in now
    assert own in now
    assert "--package egg-more" in now
    assert [*blocks(now)] == [*blocks(kept)]


def test_where_both_changed_what_is_there_stays_and_it_is_told_until_somebody_decides(repo: Repo, run: Run) -> None:
    repo.replace(RELEASE, "  build-crates:\n    name: Build crates", "  build-crates:\n    name: Pack")
    repo.replace("Cargo.toml", '"egg"', '"egg", "egg-more"').write({"egg-more/Cargo.toml": COMMON_CRATE, "egg-more/src/lib.rs": ""}).commit("one more")
    for _ in range(2):
        said = run("init", "workflow", "--update", repo=repo, code=1)
        assert "job build-crates was changed here, and is written otherwise now" in said.err
        assert "--package egg-more" in said.out
        text = repo.read(RELEASE)
        assert "name: Pack" in text
        assert "--package egg-more" not in text
        run("init", "workflow", "--check", repo=repo, code=1)
        assert " egg-more" in blocks(text)["jobs.publish-crates-io"]  # what nobody changed follows
    run("init", "workflow", "--update", "--keep", repo=repo, code=0)
    run("init", "workflow", "--check", repo=repo, code=0)
    assert "name: Pack" in repo.read(RELEASE)


def test_a_job_that_was_taken_out_stays_out(repo: Repo, run: Run) -> None:
    text = repo.read(RELEASE)
    parts = blocks(text)
    repo.write({RELEASE: text.replace(parts["jobs.verify"], "")})
    assert "job verify is left out, as you have it" in run("init", "workflow", "--update", repo=repo, code=0).err
    assert "jobs.verify" not in blocks(repo.read(RELEASE))
    run("init", "workflow", "--update", repo=repo, code=0)
    assert "jobs.verify" not in blocks(repo.read(RELEASE))


def test_newer_pins_of_actions_stay_and_are_no_change(repo: Repo, run: Run) -> None:
    text = repo.read(RELEASE)
    newer = text.replace("actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", f"actions/checkout@{'a' * 40} # v8.0.0")
    assert newer != text
    repo.write({RELEASE: newer})
    said = run("init", "workflow", "--check", repo=repo, code=0)
    assert "as you changed it" not in said.err
    run("init", "workflow", "--update", repo=repo, code=0)
    assert repo.read(RELEASE) == newer


def test_the_lockstep_that_is_installed_moves_by_an_update_alone(repo: Repo, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release_workflow, "__version__", "9.9.9")
    run("init", "workflow", "--check", repo=repo, code=0)
    run("init", "workflow", "--update", repo=repo, code=0)
    assert 'LOCKSTEP: "lockstep-release==9.9.9"\n  LOCKSTEP_ATTEST: "lockstep-release[attest]==9.9.9"' in repo.read(RELEASE)
    assert record_of(repo.read(RELEASE)) is not None
    run("init", "workflow", "--update", "--lockstep", ".", repo=repo, code=0)
    assert 'LOCKSTEP: "."\n  LOCKSTEP_ATTEST: ".[attest]"' in repo.read(RELEASE)
    run("init", "workflow", "--update", repo=repo, code=0)
    assert 'LOCKSTEP: "."\n' in repo.read(RELEASE)
    run("audit", "workflow", RELEASE, repo=repo, code=0)


def test_windows_line_ends_are_no_difference(repo: Repo, run: Run) -> None:
    repo.write({RELEASE: repo.read(RELEASE).replace("\n", "\r\n")})
    run("init", "workflow", "--check", repo=repo, code=0)


@pytest.mark.parametrize("words", [("--check", "--update"), ("--keep",), ("--output", "../x.yml"), ("--output", ".github/release.yml"), ("--group", "none")])
def test_what_cannot_be_is_refused(repo: Repo, run: Run, words: tuple[str, ...]) -> None:
    before = repo.contents()
    run("init", "workflow", *words, repo=repo, code=2)
    assert repo.contents() == before


def test_init_alone_is_what_it_was(fresh: Fresh, run: Run) -> None:
    repo = fresh(PROJECTS["one crate"])
    assert run("init", repo=repo, code=0).err.startswith("nothing to write down")
    assert run("init", "--repo", ".", "workflow", "--dry-run", repo=repo).code in (0, 2)
    assert "workflow" in run("init", "--help", repo=repo, code=0).out


def test_json_holds_both_texts_and_whether_one_was_written(fresh: Fresh, run: Run) -> None:
    repo = fresh(PROJECTS["one crate"])
    dry = json.loads(run("init", "workflow", "--dry-run", "--format", "json", repo=repo, code=0).out)
    wet = json.loads(run("init", "workflow", "--format", "json", repo=repo, code=0).out)
    assert wet == {**dry, "written": True}
    assert (wet["path"], wet["old"], wet["new"]) == (RELEASE, None, repo.read(RELEASE))
    checked = json.loads(run("init", "workflow", "--check", "--format", "json", repo=repo, code=0).out)
    assert checked["old"] == checked["new"] == wet["new"]


@pytest.mark.parametrize("name", ["egg$(touch ran)", "egg`x`", "egg;ls", "egg'", "$HOME"])
def test_a_name_that_would_be_a_command_is_refused(fresh: Fresh, run: Run, name: str) -> None:
    repo = fresh({"package.json": json.dumps({"name": name, "version": "1.0.0"})})
    assert "cannot stand in a script" in run("init", "workflow", repo=repo, code=2).err
    assert not repo.path(RELEASE).exists()


@pytest.mark.parametrize(("template", "tag", "other"), [("v{version}", "v1.2.3", "x1.2.3"), ("egg[1]-{version}", "egg[1]-1.2.3", "egg1-1.2.3")])
def test_the_pattern_for_an_environment_admits_the_tags_of_releases(template: str, tag: str, other: str) -> None:
    assert matches(tag_pattern(template), tag)
    assert not matches(tag_pattern(template), other)


def test_the_way_tags_are_written_cannot_add_to_the_workflow(fresh: Fresh, run: Run) -> None:
    repo = fresh({**PROJECTS["one crate"], "lockstep.toml": 'tag = "v\\"\\n  workflow_dispatch:\\n  x: \\"{version}"\n'})
    assert "cannot stand in a workflow" in run("init", "workflow", repo=repo, code=2).err
    assert not repo.path(RELEASE).exists()


def test_a_pin_that_goes_is_told_and_another_of_the_same_release_stays(repo: Repo, run: Run) -> None:
    text = repo.read(RELEASE)
    pin = re.search(r"actions/checkout@([0-9a-f]{40}) # v([0-9.]+)", text)
    assert pin is not None
    repo.write({RELEASE: text.replace(pin[1], "a" * 40)}).commit()
    run("init", "workflow", "--update", repo=repo, code=0)
    assert "a" * 40 in repo.read(RELEASE)
    repo.write({RELEASE: text.replace(pin[0], f"actions/checkout@{'b' * 40} # v4.2.2")}).commit()
    assert f"actions/checkout is brought from v4.2.2 to v{pin[2]}" in run("init", "workflow", "--update", repo=repo, code=0).err


def test_line_ends_and_odd_signs_stay_as_they_are(repo: Repo, run: Run) -> None:
    text = repo.read(RELEASE).replace("    name: Guard\n", '    name: "a\u2028b\u0085c" # x\u2028y\n')
    repo.write({RELEASE: text.replace("\n", "\r\n")}).commit()
    run("init", "workflow", "--update", repo=repo, code=0)
    after = repo.read(RELEASE)
    assert 'name: "a\u2028b\u0085c" # x\u2028y\r\n' in after
    assert after.count("\n") == after.count("\r\n") == text.count("\n")
