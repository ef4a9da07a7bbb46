"""`release checklist`: each step is ticked by what is observed, and what only a person can do stays open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from lockstep.dataclass import replace
from lockstep.release.candidate import FILE, SUMS, Candidate, sums, written
from lockstep.release.checklist import Mark
from tests.conftest import Repo, Run
from tests.gate.releases import ReleaseHandler, ReleaseHub
from tests.gate.standin import serve
from tests.registries.acting import OF_WHEEL, TOKENS, WHEEL, Acting, repo
from tests.registries.conftest import World

__all__ = ("repo",)
CI = "on:\n  push:\n    branches: [main]\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pytest\n"
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2026-01-01\n\n### Added\n\n- An egg.\n"
STEPS = ("tree", "check", "step", "notes", "workflow", "order", "tag", "head", "ci", "settings", "publishers", "agreement", "candidate", "registries", "public")
LAST = ("approvals", "proof", "others")


class Project:
    """A project that is about to be released, and its checklist."""

    def __init__(self, run: Run, repo: Repo, hub: ReleaseHub) -> None:
        self.run, self.repo, self.hub = run, repo, hub

    def steps(self, *args: str, code: int) -> dict[str, tuple[str, str]]:
        out = self.run("release", "checklist", "--repository", self.hub.name, "--format", "json", *args, repo=self.repo, code=code).out
        found: dict[str, Any] = json.loads(out)
        jsonschema.validate(found, json.loads(files("lockstep").joinpath("schemas/release.json").read_text()))
        return {one["id"]: (one["mark"], one["why"]) for one in found["items"]}


@pytest.fixture
def project(run: Run, repo: Repo, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    del world
    monkeypatch.chdir(repo.root)
    manifest = '[project]\nname = "egg-core"\nversion = "1.0.0"\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    repo.write(
        {"pyproject.toml": manifest, "egg_core/__init__.py": "", "CHANGELOG.md": CHANGELOG, ".github/workflows/ci.yml": CI, ".gitignore": f"dist\n{FILE}\n"}
    ).commit("release")
    with serve(ReleaseHub(writers={TOKENS["GH_TOKEN"]}, says_push=False), ReleaseHandler) as hub:
        monkeypatch.setenv("GITHUB_API_URL", hub.url)
        monkeypatch.setenv("GH_TOKEN", TOKENS["GH_TOKEN"])
        yield Project(run, repo, hub)


def test_before_the_tag_the_commit_is_looked_at(project: Project) -> None:
    steps = project.steps("--offline", code=3)
    assert tuple(steps) == (*STEPS, *LAST)
    assert {one: steps[one][0] for one in ("tree", "check", "step", "notes", "order")} == dict.fromkeys(("tree", "check", "step", "notes", "order"), Mark.DONE)
    assert steps["tag"] == (Mark.OPEN, "there is no tag v1.0.0")
    assert {steps[one] for one in ("candidate", "registries", "public")} == {(Mark.OPEN, "the tag comes first")}
    assert {steps[one] for one in ("head", "ci", "settings", "publishers")} == {(Mark.UNSEEN, "nobody was asked (--offline)")}
    assert {steps[one][0] for one in ("agreement", *LAST)} == {Mark.PERSON}
    assert project.hub.paths == []


def test_where_there_is_no_changelog_none_has_its_section(project: Project) -> None:
    project.repo.git("rm", "-q", "CHANGELOG.md")
    project.repo.commit("no changelog")
    assert project.steps("--offline", code=3)["notes"] == (Mark.DONE, "there is no changelog, and no break")


@pytest.mark.parametrize(
    ("files_", "step", "said"),
    [
        ({"egg_core/__init__.py": "x = 1\n"}, "tree", "egg_core/__init__.py has changes that no commit holds"),
        ({"egg_core/__init__.py": '__version__ = "0.9.0"\n'}, "check", "version-mismatch"),
        ({"CHANGELOG.md": CHANGELOG.replace("1.0.0", "0.9.0")}, "notes", "CHANGELOG.md"),
    ],
)
def test_what_is_wrong_is_refused(project: Project, files_: dict[str, str], step: str, said: str) -> None:
    project.repo.write(files_)
    if step != "tree":
        project.repo.commit("wrong")
    mark, why = project.steps("--offline", code=3 if step == "tree" else 1)[step]
    assert mark == (Mark.OPEN if step == "tree" else Mark.REFUSED)
    assert said in why


def test_a_release_is_ticked_as_it_goes(project: Project, world: World) -> None:
    project.repo.git("tag", "v1.0.0")
    commit = project.repo.git("rev-parse", "HEAD").strip()
    project.hub.refs["v1.0.0"] = commit
    project.hub.run("ci.yml", commit, "in_progress")
    assert project.steps(code=3)["ci"][0] == Mark.OPEN
    project.hub.runs.clear()
    project.hub.run("ci.yml", commit, "completed/success")
    steps = project.steps(code=3)
    assert steps["ci"][0] == Mark.DONE
    assert steps["tag"][0] == Mark.DONE
    assert steps["candidate"][0] == steps["registries"][0] == Mark.UNSEEN
    sealed = Candidate(tag="v1.0.0", commit=commit, group="main", versions={}, artifacts=(OF_WHEEL,))
    Acting(project.run, project.repo).seal(sealed, {})
    steps = project.steps(code=3)
    assert steps["candidate"] == (Mark.DONE, f"1 file, ./{FILE}")
    assert steps["registries"] == (Mark.OPEN, f"{OF_WHEEL.id} is not there")
    assert steps["public"][0] == Mark.UNSEEN, "a draft is shown to who may write alone"
    world.publish(OF_WHEEL, WHEEL)
    release = project.hub.release("v1.0.0", draft=True)
    for name, text in ((SUMS, sums(sealed)), (FILE, written(sealed))):
        release.add(name, text.encode())
    steps = project.steps(code=3)
    assert steps["registries"][0] == Mark.DONE
    assert steps["public"] == (Mark.OPEN, "everything is verified")
    release.draft = False
    steps = project.steps(code=3)
    assert steps["public"][0] == Mark.DONE
    project.repo.path(FILE).unlink()
    assert project.steps("v1.0.0", code=3)["candidate"] == (Mark.DONE, f"1 file, {FILE} of the release v1.0.0 of spam/eggs")
    world.pypi.yanked[OF_WHEEL.name] = "broken"
    assert project.steps("v1.0.0", code=1)["registries"] == (Mark.REFUSED, f"{OF_WHEEL.id}: it was yanked: broken")


def test_the_tag_of_another_commit_is_refused(project: Project) -> None:
    project.repo.git("tag", "v1.0.0")
    project.repo.write({"egg_core/more.py": ""}).commit("more")
    assert project.steps("--offline", code=1)["tag"] == (Mark.REFUSED, "v1.0.0 is on another commit")


def test_a_candidate_of_another_tag_is_refused(project: Project) -> None:
    project.repo.git("tag", "v1.0.0")
    commit = project.repo.git("rev-parse", "HEAD").strip()
    sealed = Candidate(tag="v0.9.0", commit=commit, group="main", versions={}, artifacts=(replace(OF_WHEEL),))
    Acting(project.run, project.repo).seal(sealed, {})
    assert project.steps("--no-github", code=1)["candidate"] == (Mark.REFUSED, "the candidate is that of v0.9.0")


def test_it_is_written_for_people_and_for_an_issue(project: Project) -> None:
    text = project.run("release", "checklist", "--offline", repo=project.repo, code=3).out
    assert text.startswith("v1.0.0: ")
    assert "\n[x] versions, requirements and locks agree: every place says the same\n" in text
    assert "\n[ ] the maintainers agree to publish (a person): " in text
    assert "\n[?] the checks of this commit succeeded: nobody was asked (--offline)\n" in text
    assert "      help: lockstep bump VERSION --tag, then git push --follow-tags\n" in text
    tasks = project.run("release", "checklist", "--offline", "--format", "markdown", repo=project.repo, code=3).out
    assert "\n- [x] everything is committed: " in tasks
    assert "\n- [ ] *not visible*: the checks of this commit succeeded: " in tasks
