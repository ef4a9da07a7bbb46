"""What the configuration names that is not there, and what lies there that git does not know: each is told, with what was meant."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Fresh, Repo, Run, Story

CI = "on: push\njobs: {test: {runs-on: ubuntu-latest, steps: [{run: cargo test}]}}\n"


@pytest.fixture
def repo(story: Story) -> Repo:
    return story("twins")


@pytest.mark.parametrize(
    ("config", "code", "place", "said", "help_"),
    [
        ('outside = ["spamm"]', 1, "1:12", "there is no package 'spamm', which outside names", "did you mean spam?"),
        ('outside = ["cargo:spam", "cargo:sapm"]', 1, "1:26", "there is no package 'cargo:sapm', which outside names", "did you mean cargo:spam?"),
        ('outside = ["npm:spam"]', 1, "1:12", "there is no package 'npm:spam', which outside names", "did you mean cargo:spam?"),
        ('outside = ["zzz"]', 1, "1:12", "there is no package 'zzz', which outside names", "lockstep show lists the packages; correct the name, or delete it"),
        ('groups.core.packages = ["spam", "egs"]', 1, "1:33", "there is no package 'egs', which groups.core.packages names", "lockstep show lists"),
        ('groups.core.packages = ["spam", "spam-*"]', 0, "1:33", "warning configured-pattern-idle: no package fits 'spam-*' of groups.core", "lockstep show"),
        ('exclude = ["pyhton"]', 0, "1:12", "git tracks nothing that 'pyhton' of exclude names", "did you mean python?"),
        ('exclude = ["python/spamm/**"]', 0, "1:12", "git tracks nothing that 'python/spamm/**' of exclude names", "did you mean python/spam/**?"),
        ('exclude = [\n  "src",\n  "target",\n]', 0, "3:3", "git tracks nothing that 'target' of exclude names", "delete it: what git does not track"),
        ('[[sites]]\npath = "REDME.md"\npattern = "x {version}"', 1, "1:1", "git tracks no file REDME.md", "did you mean README.md?"),
        ('[[sites]]\npath = "README.md"\npattern = "x {version}"', 1, "1:1", "'x {version}' stands nowhere in README.md", "correct the pattern"),
        ('[[sites]]\npath = "README.md"\npattern = "x {version}"\ngroup = "mian"', 1, "1:1", "there is no group 'mian'", "did you mean main?"),
    ],
)
def test_a_name_that_means_nothing_is_told(config: str, code: int, place: str, said: str, help_: str, repo: Repo, run: Run) -> None:
    repo.write({"lockstep.toml": config + "\n", "README.md": "# spam\n"}).commit("chore: configure")
    result = run("check", repo=repo, code=code)
    assert f"lockstep.toml:{place} " in result.out
    assert said in result.out
    assert f"  help: {help_}" in result.out
    assert said in run("show", repo=repo, code=0).err, "show is where one looks for why"


def test_what_is_there_is_not_told(repo: Repo, run: Run) -> None:
    names = 'exclude = ["src", "src/**", "*.md", "python/", "**/lib.rs"]\noutside = ["cargo:*"]\ngroups.core.packages = ["s*", "python:spam"]\n'
    repo.write({"lockstep.toml": names, "README.md": "# spam\n"}).commit("chore: configure")
    assert "configured" not in run("check", "--strict", repo=repo, code=0).out


@pytest.mark.parametrize("home", ["pyproject.toml", "Cargo.toml"])
def test_the_place_is_that_of_the_entry_in_whatever_file(home: str, repo: Repo, run: Run) -> None:
    table = {"pyproject.toml": "tool.lockstep", "Cargo.toml": "workspace.metadata.lockstep"}[home]
    text = f"{repo.path(home).read_text()}\n[{table}]\noutside = [\n  'eggs',\n]\n"
    repo.write({home: text}).commit("chore: configure")
    found = json.loads(run("check", "--format", "json", repo=repo, code=1).out)["findings"]
    assert [(one["path"], one["line"], one["column"], one["old"]) for one in found] == [(home, text.count("\n") - 1, 3, "eggs")]


def test_a_change_that_removes_a_package_and_its_name_is_not_held_to_the_older_configuration(repo: Repo, run: Run) -> None:
    repo.write({"lockstep.toml": 'outside = ["eggs"]\n', "eggs/Cargo.toml": '[package]\nname = "eggs"\nversion = "0.7.0"\n', "eggs/src/lib.rs": ""})
    repo.write({"Cargo.toml": repo.path("Cargo.toml").read_text() + '\n[workspace]\nexclude = ["eggs"]\n'}).commit("feat: eggs").git("branch", "base")
    repo.git("rm", "-qr", "eggs")
    assert "there is no package 'eggs'" in run("check", "--base", "base", repo=repo, code=1).out
    repo.write({"lockstep.toml": "outside = []\n"}).commit("feat!: no eggs")
    assert "configured" not in run("check", "--base", "base", repo=repo, code=0).out


def test_patterns_of_symbols_are_held_against_what_is_promised(story: Story, run: Run) -> None:
    repo = story("promises")
    repo.write({"lockstep.toml": 'experimental = ["spam.normalise", "rust:spam.*"]\nhidden = ["spam.*"]\n'}).commit("chore: configure")
    told = run("diff", repo=repo).out
    assert "no symbol fits 'spam.normalise' of experimental" in told
    assert "no symbol fits 'rust:spam.*' of experimental" in told
    assert "of hidden" not in told
    assert "lockstep.toml:1:17" in told


def test_a_waiver_of_no_rule(story: Story, run: Run) -> None:
    repo = story("promises")
    waiver = '[[waivers]]\nrule = "parameter-remved"\nreason = "an alias stays"\nexpires = "2999-01-01"\n'
    repo.write({"lockstep.toml": waiver}).commit("chore: configure")
    told = run("diff", repo=repo).out
    assert "the waiver of parameter-remved is of no rule that there is" in told
    assert "did you mean parameter-removed?" in told


@pytest.mark.parametrize(
    ("config", "said", "help_"),
    [
        (
            'workflow.files = [".github/workflows/relase.yml"]',
            "1:19: git tracks no workflow '.github/workflows/relase.yml'",
            "mean .github/workflows/release.yml?",
        ),
        ('workflow.files = ["*.yml"]', "1:19: git tracks no workflow '*.yml'", "there are .github/workflows/ci.yml, .github/workflows/release.yml"),
        ('workflow.roles.publsh = "publish"', "1:1: no workflow has a job 'publsh', which workflow.roles names", "did you mean publish?"),
    ],
)
def test_an_audit_of_nothing_is_no_audit(config: str, said: str, help_: str, fresh: Fresh, run: Run) -> None:
    release = "on: {push: {tags: ['v*']}}\njobs: {publish: {runs-on: ubuntu-latest, steps: [{run: cargo publish}]}}\n"
    repo = fresh({"lockstep.toml": config + "\n", ".github/workflows/release.yml": release, ".github/workflows/ci.yml": CI})
    told = run("audit", "workflow", "--no-zizmor", repo=repo, code=2).err
    assert f"lockstep.toml:{said}" in told
    assert help_ in told


def test_a_workflow_that_is_misspelt_on_the_line(fresh: Fresh, run: Run) -> None:
    told = run("audit", "workflow", ".github/workflows/cii.yml", repo=fresh({".github/workflows/ci.yml": CI}), code=2).err
    assert "did you mean .github/workflows/ci.yml?" in told


# ---- what git does not track


def test_a_manifest_that_git_does_not_track_is_told_where_one_looks_for_it(repo: Repo, run: Run) -> None:
    said = "not looked at, since git does not track it: eggs/Cargo.toml; git add it, or ignore it"
    manifest = '[package]\nname = "eggs"\nversion = "0.1.0"\n'
    repo.write({"eggs/Cargo.toml": manifest, "target/x/Cargo.toml": manifest, "vendor/x/Cargo.toml": manifest, ".gitignore": "target/\n"})
    assert said in run("show", repo=repo, code=0).err
    assert said in run("check", "--verbose", repo=repo, code=0).err
    assert "not looked at" not in run("check", repo=repo, code=0).err
    assert "not looked at" not in run("show", "--quiet", repo=repo, code=0).err
    repo.commit("feat: eggs")
    assert "not looked at" not in run("show", repo=repo).err


def test_where_there_is_nothing_at_all_it_is_told_without_asking(fresh: Fresh, run: Run) -> None:
    repo = fresh({"README.md": "# spam\n"}).write({"Cargo.toml": '[package]\nname = "spam"\nversion = "0.1.0"\n'})
    assert "not looked at, since git does not track it: Cargo.toml" in run("check", repo=repo, code=0).err
