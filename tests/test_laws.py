"""What must hold for every repository: each law over every story.

A bump twice is a bump once; a bumped repository is in step; the dry run is the real run; only lines with a site change; the work tree,
the index and HEAD of a clean repository give equal sites; there and back restores every byte; cargo agrees with every lock.

The section that a release gets in the changelog is history: it stays on the way back. So the laws about bytes hold for the tree with the
lines that a promotion inserts, and for nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from lockstep.app.session import Session
from lockstep.config.reading import load
from lockstep.model import Edit, Role, Site
from lockstep.plans.bump import plan_fix
from lockstep.project.project import Project
from lockstep.repository.git_trees import GitTree, IndexTree, WorkTree
from lockstep.repository.repository import find
from lockstep.rules import judge
from lockstep.tree import Overlay
from tests.conftest import FIXTURES, STORIES, Cargo, Contents, Repo, Result, Run, Story, call, part

BRANCH = re.compile(rb"\.\.\.HEAD")
IN_STEP = tuple(name for name in STORIES if name != "drifted")
"""`drifted` disagrees with itself: a bump refuses it, which is a law of its own."""
STEPS = (("patch", "--force"), ("minor",), ("major", "--pre", "rc"))
"""A patch is forced: in some stories it is too small for what changed."""
UNSPEAKABLE = {("edges", "major"): "version_info = (3, 1, 1) cannot spell a pre-release; the bump is refused"}
FORGETFUL = {("workspace", "major"): 'a requirement "1.5" cannot name a pre-release and remember that it was short'}

every_story = pytest.mark.parametrize("name", IN_STEP)
every_bump = pytest.mark.parametrize(
    "trip",
    [pytest.param((name, step), id=f"{name}-{step[0]}") for name in IN_STEP for step in STEPS if (name, step[0]) not in UNSPEAKABLE],
    indirect=True,
)


def project(repo: Repo, tree: WorkTree | IndexTree | GitTree | None = None) -> Project:
    """Give what lockstep knows of a tree, with the sites that history teaches."""
    repository = find(repo.root)
    seen = tree or WorkTree(repository)
    opened = Session(repository=repository, tree=seen, config=load(seen))
    found = opened.project()
    return opened.learned(found, found.groups[0])


def changed_lines(old: Contents, new: Contents) -> set[tuple[str, int]]:
    """Give (path, line) of every line that differs; files and their modes must be the same."""
    assert {path: mode for path, (mode, _) in old.items()} == {path: mode for path, (mode, _) in new.items()}
    changed = set()
    for path in old:
        before, after = old[path][1].split(b"\n"), new[path][1].split(b"\n")
        assert len(before) == len(after), path
        changed |= {(path, number) for number, (one, other) in enumerate(zip(before, after, strict=True), 1) if one != other}
    return changed


# ---- a bump, and everything around it


@dataclass(frozen=True)
class Trip:
    """One bump of one story: what stood before, what the dry run said and left, what stands after, and after the way back."""

    name: str
    step: tuple[str, ...]
    sites: tuple[Site, ...]
    relinked: frozenset[tuple[str, int]]
    old: Contents = field(repr=False)
    sectioned: Contents = field(repr=False)
    dry: Result
    dried: Contents = field(repr=False)
    patched: Contents = field(repr=False)
    real: Result
    new: Contents = field(repr=False)
    after: Project
    checked: Result
    again: tuple[Result, Contents] = field(repr=False)
    back: Contents = field(repr=False)


Trips: TypeAlias = Callable[[str, tuple[str, ...]], Trip]


@pytest.fixture(scope="session")
def trips(built: Callable[[str], Repo], tmp_path_factory: pytest.TempPathFactory) -> Trips:
    """Make each trip once, for all laws about it."""
    made: dict[tuple[str, tuple[str, ...]], Trip] = {}

    def make(name: str, step: tuple[str, ...]) -> Trip:
        if (name, step) not in made:
            made[name, step] = _trip(name, step, built(name), tmp_path_factory.mktemp("trip"))
        return made[name, step]

    return make


@pytest.fixture
def trip(request: pytest.FixtureRequest, trips: Trips) -> Trip:
    """Give one trip, by name and step."""
    return trips(*request.param)


def _trip(name: str, step: tuple[str, ...], story: Repo, folder: Path) -> Trip:
    repo = story.copy(folder / "repo")
    before, old = project(repo), repo.contents()
    start = str(before.groups[0].version)
    dry = call("bump", *step, "--dry-run", repo=repo, code=0)
    notes = [one for one in json.loads(call("bump", *step, "--dry-run", "--format", "json", repo=repo, code=0).out)["edits"] if one["role"] == Role.NOTES]
    dried = repo.contents()

    patched = story.copy(folder / "patched")
    patch = folder / "dry-run.patch"
    patch.write_bytes(dry.out.encode())
    patched.git("apply", "--whitespace=nowarn", str(patch))

    real = call("bump", *step, repo=repo, code=0)
    new, after = repo.contents(), project(repo)
    checked = call("check", "--strict", repo=repo)
    again = call("bump", str(after.groups[0].version), "--force", "--allow-dirty", repo=repo)
    repeated = repo.contents()
    call("bump", start, "--force", "--allow-dirty", repo=repo, code=0)
    sectioned = story.copy(folder / "sectioned")
    moved = insert(sectioned, [one for one in notes if not one["old"]])
    sites = project(sectioned).sites
    relinked = frozenset((one["path"], moved(one["path"], one["line"])) for one in notes if one["old"])
    return Trip(
        name, step, sites, relinked, old, sectioned.contents(), dry, dried, patched.contents(), real, new, after, checked, (again, repeated), repo.contents()
    )


def insert(repo: Repo, edits: list[dict[str, Any]]) -> Callable[[str, int], int]:
    """Insert what a promotion inserts; give the function that tells where a line stands then."""
    added: list[tuple[str, int, int]] = []
    for one in sorted(edits, key=lambda one: (one["path"], one["line"], one["column"]), reverse=True):
        lines = repo.read(one["path"]).split("\n")
        at = sum(len(line) + 1 for line in lines[: one["line"] - 1]) + one["column"] - 1
        text = repo.read(one["path"])
        repo.write({one["path"]: text[:at] + one["new"] + text[at:]})
        added.append((one["path"], one["line"], one["new"].count("\n")))
    return lambda path, line: line + sum(count for where, above, count in added if where == path and above < line)


@every_bump
def test_a_bumped_repository_is_in_step(trip: Trip) -> None:
    assert (trip.checked.code, trip.checked.err) == (0, ""), str(trip.checked)
    assert trip.after.faults == ()


@every_bump
def test_the_dry_run_writes_nothing(trip: Trip) -> None:
    assert trip.dried == trip.old


@every_bump
def test_the_dry_run_is_the_real_run(trip: Trip) -> None:
    assert trip.patched == trip.new != trip.old
    assert trip.real.out.splitlines()[0] in trip.dry.err.replace("would bump", "bumped").splitlines()


@every_bump
def test_only_lines_with_a_site_change(trip: Trip) -> None:
    assert changed_lines(trip.sectioned, trip.new) <= {(site.path, site.line) for site in trip.sites} | trip.relinked


@every_bump
def test_the_sites_stay_where_they_are(trip: Trip) -> None:
    """A link that compares with the branch is no site while it shows what waits in a changelog."""
    before, after = (
        [(site.path, site.line, site.key, site.role) for site in sites if not BRANCH.search(trip.new[site.path][1].split(b"\n")[site.line - 1])]
        for sites in (trip.sites, trip.after.sites)
    )
    assert before == after


@every_bump
def test_a_bump_twice_is_a_bump_once(trip: Trip) -> None:
    result, contents = trip.again
    assert contents == trip.new, str(result)


@every_bump
def test_there_and_back_restores_every_byte(trip: Trip) -> None:
    if reason := FORGETFUL.get((trip.name, trip.step[0])):
        pytest.skip(reason)
    assert trip.back == trip.sectioned


def test_a_version_that_one_site_cannot_spell_is_refused_before_anything_is_written(story: Story, run: Run) -> None:
    repo = story("edges")
    old = repo.contents()
    result = run("bump", "major", "--pre", "rc", repo=repo, code=2)
    assert result.err.startswith("error: crumpet/__init__.py:4:17: 4.0.0-rc.1 cannot be written as a tuple of numbers")
    assert repo.contents() == old


@every_story
def test_the_way_makes_no_difference(name: str, story: Story, run: Run, trips: Trips) -> None:
    trip = trips(name, ("minor",))
    repo = story(name)
    run("bump", "patch", "--force", repo=repo, code=0)
    run("bump", str(trip.after.groups[0].version), "--allow-dirty", "--force", repo=repo, code=0)
    history = {path for path in trip.old if trip.old[path] != trip.sectioned[path]}
    assert {path: one for path, one in repo.contents().items() if path not in history} == {path: one for path, one in trip.new.items() if path not in history}


# ---- a repository at rest


@every_story
def test_every_release_of_a_story_is_in_step(name: str, built: Callable[[str], Repo], run: Run) -> None:
    repo = built(name)
    for tag in repo.tags():
        result = run("check", "--ref", tag, "--tag", tag, "--strict", repo=repo)
        assert (result.code, result.err) == (0, ""), str(result)


@pytest.mark.parametrize("name", STORIES)
def test_the_work_tree_the_index_and_head_of_a_clean_repository_give_equal_sites(name: str, built: Callable[[str], Repo]) -> None:
    repo = built(name)
    repository = find(repo.root)
    work, index, head = (project(repo, tree) for tree in (WorkTree(repository), IndexTree(repository), GitTree(repository, "HEAD")))
    assert work.sites == index.sites == head.sites != ()
    assert work.packages == index.packages == head.packages
    assert work.groups == index.groups == head.groups
    assert work.faults == index.faults == head.faults == ()


@pytest.mark.parametrize("name", STORIES)
def test_a_site_says_what_stands_there_and_no_place_is_two(name: str, built: Callable[[str], Repo]) -> None:
    repo = built(name)
    found = project(repo).sites
    assert len({(site.path, site.start) for site in found}) == len(found)

    def stands(site: Site) -> bool:
        text = repo.read(site.path)
        return text.startswith(site.text, site.start) and text.split("\n")[site.line - 1].startswith(site.text, site.column - 1)

    assert [site for site in found if not stands(site)] == []


# ---- drift


@every_story
@part(2)
def test_every_single_drift_is_found_named_and_mended(name: str, built: Callable[[str], Repo]) -> None:
    """Write another version into any one place: the rules name the place, and the plan of `check --fix` restores every byte.

    The only place that states the version of its packages is right by definition; then it is the requirements and locks that are named.
    A reference inside of a lock and a range that still holds the version are no drift; learned places are held by `bump` alone.
    """
    repository = find(built(name).root)
    tree = WorkTree(repository)
    opened = Session(repository=repository, tree=tree, config=load(tree))
    main = opened.project().groups[0]
    sites = [site for site in opened.project().sites if site.package.group == main.name]
    stating = [site for site in sites if site.role in (Role.OWN, Role.MIRROR)]
    for site in sites:
        if site.text not in (str(main.version), f"={main.version}", f"^{main.version}") or site.key.endswith(".reference") or stating == [site]:
            continue
        stale = Overlay(tree, [Edit(site=site, new=site.text.replace(str(main.version), "0.0.7"))])
        project = opened.project(stale)
        assert site.place in {one.place for one in judge(project)}, site.place
        mended = Overlay(stale, plan_fix(project))
        assert mended.texts == {site.path: tree.read(site.path)}, site.place


def places(result: Result) -> list[str]:
    return [line.partition(" ")[0] for line in result.out.splitlines() if not line.startswith(" ")]


def test_a_drifted_repository_is_refused_until_it_is_aligned(story: Story, run: Run) -> None:
    repo = story("drifted")
    old = repo.contents()
    refused = run("bump", "minor", repo=repo, code=1)
    assert repo.contents() == old
    assert places(refused) == places(run("check", repo=repo, code=1)) != []

    run("check", "--fix", repo=repo, code=0)
    fixed = repo.contents()
    run("check", "--fix", repo=repo, code=0)
    assert repo.contents() == fixed
    run("bump", "minor", "--allow-dirty", repo=repo, code=0)
    in_two_steps = repo.contents()

    repo.git("checkout", "-q", "--force", "HEAD", "--", ".")
    assert repo.contents() == old
    run("bump", "minor", "--fix", repo=repo, code=0)
    assert repo.contents() == in_two_steps


# ---- cargo, the oracle


CARGO_STORIES = tuple(name for name in STORIES if any((FIXTURES / name).rglob("Cargo.lock")))


def workspaces(repo: Repo) -> list[str]:
    return sorted(path.relative_to(repo.root).with_name("Cargo.toml").as_posix() for path in repo.root.rglob("Cargo.lock"))


@pytest.mark.parametrize("name", CARGO_STORIES)
@part(2)
def test_cargo_sees_the_same_packages(name: str, built: Callable[[str], Repo], cargo: Cargo) -> None:
    repo = built(name)
    theirs = {
        (package["name"], package["version"], Path(package["manifest_path"]).relative_to(repo.root).as_posix())
        for manifest in workspaces(repo)
        for package in json.loads(cargo("metadata", "--no-deps", "--format-version=1", repo=repo, manifest=manifest).stdout)["packages"]
    }
    assert {(one.name, str(one.version), one.manifest) for one in project(repo).packages if one.ecosystem == "cargo"} == theirs


def as_cargo_writes_it(repo: Repo, manifest: str, cargo: Cargo) -> None:
    cargo("metadata", "--locked", "--format-version=1", repo=repo, manifest=manifest)
    lock = repo.path(manifest).with_name("Cargo.lock")
    ours = lock.read_bytes().replace(b"\r\n", b"\n")
    lock.unlink()
    cargo("generate-lockfile", repo=repo, manifest=manifest)
    assert lock.read_bytes().decode() == ours.decode()


@pytest.mark.parametrize("name", CARGO_STORIES)
@part(2)
def test_cargo_takes_every_lock_before_and_after_a_bump(name: str, story: Story, run: Run, cargo: Cargo) -> None:
    repo = story(name)
    for manifest in workspaces(repo):
        cargo("metadata", "--locked", "--format-version=1", repo=repo, manifest=manifest)
    run("bump", "minor", "--fix", repo=repo, code=0)
    for manifest in workspaces(repo):
        as_cargo_writes_it(repo, manifest, cargo)


@pytest.mark.parametrize(
    ("tag", "new"),
    [
        ("v0.2.0", "0.5.0-rc.1"),
        ("v0.2.0", "0.6.0"),
        ("v0.6.0", "0.4.0"),
        ("v0.2.0", "0.5.0"),
    ],
)
def test_an_entry_that_passes_its_namesake_takes_its_place_in_the_order_of_the_lock(tag: str, new: str, story: Story, run: Run, cargo: Cargo) -> None:
    repo = story("namesake", tag)
    run("bump", new, "--force", repo=repo, code=0)
    as_cargo_writes_it(repo, "Cargo.toml", cargo)
