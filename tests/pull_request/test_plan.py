"""What a release pull request proposes, of a commit alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lockstep.app.pr_plan import PlanRequest, PullRequestPlan, plan
from lockstep.app.session import open_ref
from lockstep.changelog.conventional import CommitMessage, read
from lockstep.errors import UsageError
from lockstep.model import Requires
from lockstep.plans.release_step import announced, choose
from lockstep.project.shipped import is_shipped, says_more
from lockstep.release.proposal import is_ours, made_by, mark, merged_body, read_mark, same_body, sealed_message
from lockstep.reports.release_pull_request import cut, neutral
from lockstep.repository.repository import find
from lockstep.versions.version import Version
from lockstep.writing.private_repository import Signature, private_repository
from tests.conftest import Fresh, Repo, Story

CORE = '[package]\nname = "core"\nversion = "{core}"\nedition = "2021"\ndescription = "c"\nlicense = "MIT"\n'
CLI = '[package]\nname = "cli"\nversion = "{cli}"\nedition = "2021"\n\n[dependencies]\ncore = {{ path = "../core", version = "{needs}" }}\n'
LOCK = 'version = 4\n\n[[package]]\nname = "cli"\nversion = "{cli}"\ndependencies = [\n "core",\n]\n\n[[package]]\nname = "core"\nversion = "{core}"\n'


def alone(fresh: Fresh, *, needs: str = "0.2.0", config: str = "") -> Repo:
    """Make two crates that move on their own, each with two releases."""
    files = {
        "Cargo.toml": '[workspace]\nmembers = ["core", "cli"]\nresolver = "2"\n',
        "core/src/lib.rs": "pub fn one() {}\n",
        "cli/src/lib.rs": "pub fn run() {}\n",
        "core/CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n",
    }
    if config:
        files["lockstep.toml"] = config

    def at(core: str, cli: str, needed: str) -> dict[str, str]:
        return {"core/Cargo.toml": CORE.format(core=core), "cli/Cargo.toml": CLI.format(cli=cli, needs=needed), "Cargo.lock": LOCK.format(core=core, cli=cli)}

    repo = fresh({**files, **at("0.1.0", "1.0.0", "0.1.0")})
    repo.git("tag", "core-v0.1.0")
    repo.git("tag", "cli-v1.0.0")
    repo.write(at("0.1.0", "1.1.0", "0.1.0")).commit("cli 1.1.0", tag="cli-v1.1.0")
    repo.write(at("0.2.0", "1.1.0", needs)).commit("core 0.2.0", tag="core-v0.2.0")
    repo.write(at("0.2.0", "1.2.0", needs)).commit("cli 1.2.0", tag="cli-v1.2.0")
    return repo


def planned(repo: Repo, **request: str) -> PullRequestPlan:
    return plan(open_ref(str(repo.root), "HEAD"), PlanRequest(date="2024-02-01", **request))


def moved(found: PullRequestPlan) -> list[list[tuple[str, str, str]]]:
    return [[(one.group, one.old, one.new) for one in proposal.releases] for proposal in found.proposals]


def test_a_break_is_a_minor_release_below_one_and_its_dependent_is_patched(fresh: Fresh) -> None:
    repo = alone(fresh)
    assert moved(planned(repo)) == []
    repo.write({"core/src/lib.rs": "pub fn two() {}\n"}).commit("rename")
    found = planned(repo)
    assert moved(found) == [[("core", "0.2.0", "0.3.0"), ("cli", "1.2.0", "1.2.1")]]
    [proposal] = found.proposals
    assert proposal.title == "Release core 0.3.0, cli 1.2.1"
    assert b'core = { path = "../core", version = "0.3.0" }' in proposal.files["cli/Cargo.toml"]
    assert b'name = "core"\nversion = "0.3.0"' in proposal.files["Cargo.lock"]
    assert b'name = "cli"\nversion = "1.2.1"' in proposal.files["Cargo.lock"]
    assert "| `cli` | 1.2.0 | 1.2.1 | cli requires core 0.3.0 now |" in proposal.body
    assert b"## [0.3.0] - 2024-02-01" in proposal.files["core/CHANGELOG.md"]
    assert "TODO that only you can write" in proposal.body


def test_a_dependent_that_takes_the_new_version_as_it_is_stays(fresh: Fresh) -> None:
    repo = alone(fresh, needs="0.2")
    repo.write({"core/src/lib.rs": "pub fn one() { }\n"}).commit("quicker")
    assert moved(planned(repo)) == [[("core", "0.2.0", "0.2.1")]]


def test_each_group_has_a_pull_request_of_its_own_where_that_is_wanted(fresh: Fresh) -> None:
    repo = alone(fresh, needs="0.2", config='pr = { groups = "each", branch = "release/{group}" }\n')
    repo.write({"core/src/lib.rs": "pub fn one() { }\n", "cli/src/lib.rs": "pub fn run() {}\npub fn walk() {}\n"}).commit("more")
    found = planned(repo)
    assert moved(found) == [[("cli", "1.2.0", "1.3.0")], [("core", "0.2.0", "0.2.1")]]
    assert [one.branch for one in found.proposals] == ["release/cli", "release/core"]
    assert b'version = "1.2.0"' in found.proposals[1].files["Cargo.lock"]
    assert moved(planned(repo, group="cli")) == [[("cli", "1.2.0", "1.3.0")]]


@pytest.mark.parametrize(
    "path", ["core/README.md", "core/tests/it.rs", ".github/workflows/ci.yml", "core/benches/b.rs", "core/examples/e.rs", "core/.gitignore"]
)
def test_what_no_user_gets_is_no_release(fresh: Fresh, path: str) -> None:
    repo = alone(fresh)
    repo.write({path: "x\n"}).commit("for us")
    found = planned(repo)
    assert found.proposals == ()
    assert {one.group: one.why for one in found.skipped}["core"] == "nothing that its users get changed since core-v0.2.0"
    assert found.idle == ("lockstep/release-main",)


def test_a_manifest_counts_by_what_users_see_of_it(fresh: Fresh) -> None:
    repo = alone(fresh)
    repo.replace("core/Cargo.toml", 'edition = "2021"\n', 'edition = "2021" # as ever\ninclude = ["src"]\n').commit("in another way")
    assert moved(planned(repo)) == []
    repo.write({"core/Cargo.toml": repo.read("core/Cargo.toml") + '\n[dependencies]\nlibc = "0.2"\n'}).commit("a dependency")
    assert moved(planned(repo)) == [[("core", "0.2.0", "0.2.1"), ("cli", "1.2.0", "1.2.1")]]


def test_commits_decide_where_the_project_uses_them(fresh: Fresh) -> None:
    repo = alone(fresh, needs="0.2", config="changelog.commits = true\n")
    repo.write({"cli/src/lib.rs": "pub fn run() { }\n"}).commit("refactor: spaces")
    assert moved(planned(repo)) == []
    repo.write({"cli/src/lib.rs": "pub fn run() {  }\n"}).commit("fix: more spaces")
    assert moved(planned(repo)) == [[("cli", "1.2.0", "1.2.1")]]
    repo.write({"cli/src/lib.rs": "pub fn run() {   }\n"}).commit("feat!: even more")
    found = planned(repo)
    assert moved(found) == [[("cli", "1.2.0", "2.0.0")]]
    assert "- Even more" in found.proposals[0].body
    assert "announces a break that the comparison with cli-v1.2.0 does not show" in found.proposals[0].body
    repo.write({"core/src/lib.rs": "pub fn two() { }\n"}).commit("docs: nobody says that it breaks")
    found = planned(repo)
    assert moved(found) == [[("cli", "1.2.0", "2.0.0"), ("core", "0.2.0", "0.3.0")]]
    assert "that no commit announces" in found.proposals[0].body


def test_a_version_that_waits_for_its_tag_is_not_moved_on_unless_it_is_too_small(story: Story) -> None:
    repo = story("promises")
    for path in ("Cargo.toml", "pyproject.toml"):
        repo.replace(path, 'version = "0.5.0"', 'version = "0.6.0"')
    repo.commit("prepare 0.6.0")
    found = planned(repo)
    assert found.proposals == ()
    assert [one.why for one in found.skipped] == ["it is at 0.6.0, which has no tag yet"]
    for path in ("Cargo.toml", "pyproject.toml"):
        repo.replace(path, 'version = "0.6.0"', 'version = "0.5.1"')
    repo.commit("prepare 0.5.1")
    [[(_, old, new)]] = moved(planned(repo))
    assert (old, new) == ("0.5.1", "0.6.0")


def test_a_pre_release_in_the_manifest_is_released(story: Story) -> None:
    repo = story("promises")
    repo.replace("Cargo.toml", 'version = "0.5.0"', 'version = "0.6.0-dev.0"').replace("pyproject.toml", 'version = "0.5.0"', 'version = "0.6.0.dev0"')
    repo.commit("back to development")
    assert moved(planned(repo)) == [[("spam", "0.6.0-dev.0", "0.6.0")]]


def test_a_release_of_another_branch_that_is_no_older_is_for_a_person_to_judge(story: Story) -> None:
    repo = story("promises")
    repo.git("checkout", "-q", "-b", "branch", "v0.5.0")
    for path in ("Cargo.toml", "pyproject.toml"):
        repo.replace(path, 'version = "0.5.0"', 'version = "0.6.0"')
    repo.write({"other": "x"}).commit("0.6.0", tag="v0.6.0")
    repo.git("checkout", "-q", "main")
    assert [one.why for one in planned(repo).skipped] == ["v0.6.0 is not in this history (a release branch?): --to names the step"]
    assert moved(planned(repo, to="0.7.0")) == [[("spam", "0.5.0", "0.7.0")]]


def test_what_has_no_api_that_is_read_is_told(fresh: Fresh) -> None:
    repo = fresh({"package.json": '{"name": "egg", "version": "1.0.0"}\n', "index.js": "exports.one = 1\n"})
    repo.git("tag", "v1.0.0")
    repo.write({"index.js": "exports.two = 2\n"}).commit("feat!: two")
    [proposal] = planned(repo).proposals
    assert [(one.new, one.unread, one.why) for one in proposal.releases] == [("1.0.1", True, "changed since v1.0.0; no API of it is read")]
    assert "egg: lockstep reads no API of it" in proposal.body
    repo.write({"lockstep.toml": "changelog.commits = true\n"}).commit("chore: commits say it")
    assert moved(planned(repo)) == [[("egg", "1.0.0", "2.0.0")]]


def test_pre_releases_go_on_as_python_spells_them(fresh: Fresh) -> None:
    project = '[project]\nname = "egg"\nversion = "{}"\n'
    repo = fresh({"pyproject.toml": project.format("1.0.0b1"), "egg.py": "def one() -> None: ...\n"})
    repo.git("tag", "v1.0.0b1")
    repo.write({"egg.py": "def two() -> None: ...\n"}).commit("rename")
    [proposal] = planned(repo).proposals
    assert [(one.old, one.new, one.tag) for one in proposal.releases] == [("1.0.0b1", "1.0.0b2", "v1.0.0b2")]
    assert "its pre-releases go on (--to release ends them)" in proposal.releases[0].why
    assert moved(planned(repo, to="release")) == [[("egg", "1.0.0b1", "1.0.0")]]


def test_the_step_can_be_named(story: Story) -> None:
    repo = story("promises")
    assert moved(planned(repo, to="1.0.0")) == [[("spam", "0.5.0", "1.0.0")]]
    with pytest.raises(UsageError, match="none of patch"):
        planned(repo, to="huge")


def test_without_a_release_there_is_nothing_to_compare_with(fresh: Fresh) -> None:
    repo = fresh({"Cargo.toml": CORE.format(core="0.1.0"), "src/lib.rs": "pub fn one() {}\n"})
    with pytest.raises(UsageError, match="no release tag is in this history"):
        planned(repo)


def test_what_disagrees_is_mended_first(story: Story) -> None:
    repo = story("promises")
    repo.replace("pyproject.toml", 'version = "0.5.0"', 'version = "0.4.9"').commit("drift")
    found = planned(repo)
    assert found.proposals == ()
    assert found.refused is not None


def test_a_dirty_tree_says_nothing(story: Story) -> None:
    repo = story("promises")
    clean = planned(repo)
    repo.write({"python/spam/__init__.py": "broken(\n", "Cargo.toml": "broken\n"})
    repo.git("add", "Cargo.toml")
    assert planned(repo) == clean


@pytest.mark.parametrize(
    ("last", "now", "found", "said", "released", "new"),
    [
        ("1.2.0", "1.2.0", None, None, False, "1.2.1"),
        ("1.2.0", "1.2.0", Requires.MINOR, None, False, "1.3.0"),
        ("1.2.0", "1.2.0", Requires.MINOR, Requires.MAJOR, False, "2.0.0"),
        ("1.2.0", "1.2.0", Requires.MAJOR, Requires.PATCH, False, "2.0.0"),
        ("0.2.0", "0.2.0", Requires.MINOR, None, False, "0.3.0"),
        ("1.2.0", "1.2.1", None, None, False, None),
        ("1.2.0", "1.2.1", Requires.MINOR, None, False, "1.3.0"),
        ("1.2.0", "1.3.0-dev.0", None, None, False, "1.3.0"),
        ("1.2.0", "1.2.1-dev.0", Requires.MAJOR, None, False, "2.0.0"),
        ("1.2.0", "1.3.0-rc.1", Requires.MINOR, None, True, "1.3.0-rc.2"),
        ("1.2.0", "1.1.0", None, None, False, None),
    ],
)
def test_the_next_version(last: str, now: str, found: Requires | None, said: Requires | None, released: object, new: str | None) -> None:
    chosen = choose(Version.read(last), Version.read(now), found, said, since=f"v{last}", released=bool(released))
    assert (None if chosen.new is None else str(chosen.new)) == new
    assert chosen.why


@pytest.mark.parametrize(
    ("subject", "version", "step"),
    [("feat: a", "1.0.0", "minor"), ("feat: a", "0.1.0", "patch"), ("feat!: a", "0.1.0", "minor"), ("fix!: a", "1.0.0", "major"), ("docs: a", "1.0.0", None)],
)
def test_what_a_commit_announces(subject: str, version: str, step: str | None) -> None:
    commit = read(CommitMessage(id="a" * 40, message=subject))
    assert commit is not None
    found = announced([commit], Version.read(version))
    assert (None if found is None else found.value) == step


@pytest.mark.parametrize(
    ("path", "root", "shipped"),
    [
        ("src/lib.rs", "", True),
        ("a/src/lib.rs", "a", True),
        ("a/tests/x.rs", "a", False),
        ("tests/a/src/lib.rs", "tests/a", True),
        ("a/Cargo.toml", "a", True),
        ("a/LICENSE-MIT", "a", False),
        ("src/tests.rs", "", True),
        ("python/spam/testing.py", "", True),
        ("Cargo.lock", "", False),
        ("a/NOTES.md", "a", False),
        ("a/templates/README.md", "a", False),
        ("a/templates/page.md", "a", True),
        ("newsfragments/1.feature.md", "", False),
        (".cargo/config.toml", "", False),
    ],
)
def test_what_is_shipped(path: str, root: str, shipped: object) -> None:
    assert is_shipped(path, root) is shipped


CRATE = '[package]\nname = "a"\nedition = "2021"\n[dependencies]\nb = { path = "../b", version = "1" }\nc = { version = "1", features = ["x", "y"] }\n'


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        ('edition = "2021"', 'edition = "2021" # as ever\ninclude = ["src"]', False),
        ('edition = "2021"', "edition.workspace = true", False),
        ('"../b"', '"../../b"', False),
        ('features = ["x", "y"]', 'features = ["x"]', True),
        ('edition = "2021"', 'edition = "2024"', True),
        ("[dependencies]", '[dev-dependencies]\nd = "1"\n[dependencies]', False),
        ("[dependencies]", '[dependencies]\nd = "1"', True),
        ("[package]", "[package", True),
    ],
)
def test_what_a_manifest_says_to_users(old: str, new: str, more: object) -> None:
    assert CRATE.count(old) == 1
    assert says_more("Cargo.toml", CRATE, CRATE.replace(old, new)) is more


def test_a_mark_is_found_again_whatever_a_group_is_called(story: Story) -> None:
    [proposal] = planned(story("promises")).proposals
    odd = replace(proposal.releases[0], group="--><b>")
    for releases in (proposal.releases, (odd,)):
        written = mark("Release --> 1", releases)
        assert written.count("-->") == 1
        found = read_mark(f"x\n{written}\ny")
        assert found is not None
        assert (found.title, dict(found.versions)) == ("Release --> 1", {releases[0].group: "0.6.0"})
    for broken in ("", "<!-- lockstep:pr {} -->", "<!-- lockstep:pr {x -->", '<!-- lockstep:pr {"schema": 1, "title": "a", "releases": [1]} -->'):
        assert read_mark(broken) is None


def test_what_a_person_wrote_around_a_body_stays(story: Story) -> None:
    body = planned(story("promises")).proposals[0].body
    assert merged_body("", body) == body
    assert same_body(merged_body(f"Mine\r\n\r\n{body}\nand mine\n", body), f"Mine\n\n{body.rstrip()}\n\nand mine")
    assert merged_body("A person's.", body) == f"A person's.\n\n{body}"


def test_texts_of_the_repository_call_nobody_and_end_no_fold() -> None:
    said = "by @octocat </details> <!-- x --> a@b.c `@kept </details>`\n\n```\n@kept <!-- kept -->\n```\n- ~~~\n  @kept\n  ~~~\n@me"
    found = neutral(said)
    assert "@&#8203;octocat" in found
    assert "&lt;/details>" in found
    assert "&lt;!-- x" in found
    assert found.count("@kept") == 3
    assert found.endswith("@&#8203;me")
    assert "a@b.c" in found


def test_a_text_is_cut_between_blocks() -> None:
    text = "one\n\n```\n" + "x\n\n" * 50 + "```\n\nlast"
    found = cut(text, 60)
    assert found.startswith("one\n")
    assert "```" not in found
    assert cut("short", 60) == "short"


def test_a_commit_of_ours_is_known_until_somebody_touches_it(story: Story) -> None:
    repo = story("promises")
    [proposal] = planned(repo).proposals
    head = repo.git("rev-parse", "HEAD").strip()
    who = Signature(name="A", email="a@example.org", date="1700000000 +0000")
    with private_repository(find(repo.root)) as private:
        tree = private.tree(head, proposal.files)
        message = sealed_message(proposal.message, proposal.releases, tree, head)
        commit, same = private.commit(head, proposal.files, message, who)
        assert same == tree
        raw = private.raw_commit(commit)
        assert raw is not None
        assert is_ours(raw)
        assert made_by(raw) == "A"
        for old, new in ((b"tree ", b"tree 0"), (b"Release 0.6.0", b"Release 0.7.0"), (b"parent ", b"parent 0"), (b"Lockstep-Seal: ", b"Lockstep-Seal: 0")):
            assert not is_ours(raw.replace(old, new, 1))
        assert private.raw_commit("0" * 40) is None
        theirs = private.git("commit-tree", "-p", commit, "-m", "mine", tree, environment=who.environment()).decode().strip()
        assert not is_ours(private.raw_commit(theirs) or b"")
    assert repo.git("cat-file", "--batch-check", "--batch-all-objects").find(commit) == -1, "the user's repository has no object of it"
