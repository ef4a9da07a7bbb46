"""The release pull request on a real remote, and on GitHub's stand-in: what goes wrong, and what must not be overwritten."""

from __future__ import annotations

import stat
from collections.abc import Callable

import pytest

from lockstep.acts import git_push
from tests.conftest import Repo, call
from tests.gate import standin
from tests.pull_request.conftest import BRANCH, TOKEN, Project

SOURCE = "python/spam/__init__.py"


def mend(project: Project) -> str:
    """Take the break of the fixture back: nothing is left to release."""
    project.repo.git("checkout", "-q", "v0.5.0", "--", "python", "src")
    project.repo.commit("take it back")
    project.repo.git("push", "-q", "origin", "main")
    return project.repo.git("rev-parse", "HEAD").strip()


def hook(project: Project, name: str, text: str) -> None:
    path = project.remote.path(f"hooks/{name}")
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_it_is_opened_kept_current_and_closed(project: Project) -> None:
    assert project.outcome() == "opened"
    assert (project.pull.title, project.pull.base, project.pull.head) == ("Release 0.6.0", "main", BRANCH)
    first, body = project.head(), project.pull.body
    assert project.outcome() == "current"
    assert (project.head(), project.pull.body) == (first, body)
    assert [method for method, *_ in project.hub.sent] == ["POST"]
    head = project.push("docs", README="x")
    assert project.outcome() == "updated"
    assert project.remote.git("rev-parse", f"{BRANCH}^").strip() == head
    assert project.remote.git("rev-list", "--count", f"main..{BRANCH}").strip() == "1"
    mend(project)
    assert project.outcome() == "closed"
    assert project.pull.state == "closed"
    assert project.head() == ""
    assert project.outcome() == "nothing"


def test_a_dry_run_asks_nobody_and_writes_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GH_TOKEN", "")
    objects = sorted(project.repo.path(".git/objects").rglob("*"))
    result = project.pr("--dry-run")
    assert "would open or update: Release 0.6.0" in result.out
    assert "  Cargo.toml      +1 -1" in result.out
    assert project.json("--dry-run")["pull_requests"][0]["outcome"] == "planned"
    assert (project.hub.asked, project.hub.sent, project.head()) == ([], [], "")
    assert sorted(project.repo.path(".git/objects").rglob("*")) == objects
    project.repo.git("remote", "remove", "origin")
    project.pr("--dry-run")


def test_a_dirty_tree_a_detached_head_and_an_odd_index_are_left_as_they_are(project: Project) -> None:
    project.repo.write({"Cargo.toml": "broken\n", SOURCE: "broken(\n", "new.py": "x"})
    project.repo.git("add", "new.py")
    project.repo.git("checkout", "-q", "--detach")
    assert project.outcome() == "opened"
    assert 'version = "0.6.0"' in project.show("Cargo.toml")
    assert "new.py" not in project.remote.git("ls-tree", "--name-only", BRANCH)


def test_no_hook_and_no_setting_of_the_repository_runs(project: Project) -> None:
    canary = project.folder / "canary"
    project.repo.write({"lockstep.toml": "changelog.commits = true\n"}).commit("feat!: notes from commits")
    project.repo.git("push", "-q", "origin", "main")
    for name in ("pre-commit", "commit-msg", "prepare-commit-msg", "post-commit", "pre-push", "reference-transaction", "post-index-change"):
        path = project.repo.path(f".git/hooks/{name}")
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {canary}\nexit 1\n")
        path.chmod(0o755)
    for name, value in {
        "core.hooksPath": str(project.repo.path(".git/hooks")),
        "core.sshCommand": f"touch {canary}",
        "core.fsmonitor": f"touch {canary}",
        "credential.helper": f"!touch {canary}",
        "gpg.program": str(project.repo.path(".git/hooks/pre-commit")),
        "commit.gpgsign": "true",
        "tag.gpgsign": "true",
        "push.gpgSign": "true",
        "log.showSignature": "true",
        "diff.external": f"touch {canary}",
        "core.alternateRefsCommand": f"touch {canary}",
        "filter.evil.clean": f"touch {canary}",
        "push.default": "matching",
    }.items():
        project.repo.git("config", name, value)
    assert project.outcome() == "opened"
    assert not canary.exists()
    assert "gpgsig" not in project.remote.git("cat-file", "commit", BRANCH)
    assert "announces a break that the comparison with v0.5.0 does not show" in project.pull.body


@pytest.mark.parametrize("address", [".", "./.git", "file://{}", "{}/python"])
def test_a_remote_that_is_the_repository_itself_is_refused(project: Project, address: str) -> None:
    """git would start the receiving side there, and with it the repository's own hooks."""
    root = project.repo.root
    ran = root.parent / "ran"
    for name in ("pre-receive", "update", "post-receive", "reference-transaction"):
        path = project.repo.path(f".git/hooks/{name}")
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch '{ran}'\n")
        path.chmod(0o755)
    ran.unlink(missing_ok=True)
    project.repo.git("-c", "core.hooksPath=/dev/null", "config", "remote.origin.pushurl", address.format(root))
    result = project.pr(code=1)
    assert "is this repository itself, or lies in it" in result.out + result.err
    assert not ran.exists()


def test_signing_is_asked_for_and_its_refusal_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    config = project.folder / "gitconfig"
    config.write_text("[gpg]\n\tprogram = /bin/false\n[user]\n\tsigningKey = none\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert "git commit-tree refused" in project.pr("--sign", code=2).err
    assert project.head() == ""
    assert project.outcome() == "opened"


def test_a_branch_of_somebody_else_is_never_overwritten(project: Project) -> None:
    other = project.other()
    other.git("checkout", "-q", "-b", BRANCH)
    other.write({"mine": "mine\n"}).commit("mine")
    other.git("push", "-q", "origin", BRANCH)
    theirs = project.head()
    result = project.pr(code=1)
    assert f"the branch has a commit that lockstep did not make, {theirs[:9]} by A. Maintainer" in result.out
    assert "commit that to main and delete lockstep/release-main" in result.out
    assert project.head() == theirs
    assert project.hub.pulls == []


@pytest.mark.parametrize("touch", ["amend", "reword", "rebase", "on top", "merge of main"])
def test_a_commit_of_ours_that_somebody_touched_is_theirs(project: Project, touch: str) -> None:
    project.pr()
    project.push("docs", README="x")
    other = project.other()
    other.git("checkout", "-q", BRANCH)
    match touch:
        case "amend":
            other.write({"Cargo.toml": other.read("Cargo.toml") + "# mine\n"})
            other.git("commit", "-q", "-a", "--amend", "--no-edit")
        case "reword":
            message = other.git("log", "-1", "--format=%B").replace("Release 0.6.0", "Ship it")
            other.git("commit", "-q", "--amend", "-m", message)
        case "rebase":
            other.git("rebase", "-q", "origin/main")
        case "on top":
            other.write({"mine": "x"}).commit("mine")
        case _:
            other.git("merge", "-q", "--no-edit", "origin/main")
    other.git("push", "-q", "--force", "origin", BRANCH)
    theirs = project.head()
    project.pr(code=1)
    assert project.head() == theirs
    assert "> [!WARNING]" in project.pull.body
    sent = len(project.hub.sent)
    project.pr(code=1)
    assert len(project.hub.sent) == sent, "it is noted once"
    project.remote.git("update-ref", "-d", f"refs/heads/{BRANCH}")
    assert project.outcome() == "updated"
    assert "> [!WARNING]" not in project.pull.body


def test_a_branch_that_moves_between_the_look_and_the_push_is_not_overwritten(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.pr()
    project.push("docs", README="x")
    other = project.other()
    other.git("checkout", "-q", BRANCH)
    other.write({"mine": "x"}).commit("mine")
    real = git_push.push

    def late(*args: object, **options: object) -> git_push.Push:
        other.git("push", "-q", "origin", BRANCH)
        return real(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(git_push, "push", late)
    result = project.pr(code=3)
    assert "somebody moved the branch at this very moment" in result.out
    assert project.head() == other.git("rev-parse", "HEAD").strip()


def test_two_runs_at_once_make_one_pull_request(project: Project) -> None:
    project.hub.fault("POST /repos/spam/eggs/pulls", lambda handler: _both(project, handler))
    assert project.outcome() == "updated"
    assert len(project.hub.pulls) == 1
    assert project.remote.git("rev-list", "--count", f"main..{BRANCH}").strip() == "1"


def _both(project: Project, handler: standin.Handler) -> None:
    """Let another run open the pull request before this one is answered."""
    headers, body = handler.said  # type: ignore[attr-defined]
    project.hub.reply("POST", handler.path, headers, body)
    handler.send(*project.hub.reply("POST", handler.path, headers, body))


def test_an_older_run_leaves_it_to_the_newer_one(project: Project) -> None:
    project.pr()
    old = project.repo.git("rev-parse", "HEAD").strip()
    other = project.other()
    other.write({"README": "x"}).commit("newer")
    other.git("push", "-q", "origin", "main")
    branch = project.head()
    found = project.json()
    assert found["closed"][0]["outcome"] == "superseded"
    assert "main has moved on to" in found["closed"][0]["why"]
    assert (project.head(), project.repo.git("rev-parse", "HEAD").strip()) == (branch, old)


def test_what_is_not_pushed_is_not_released(project: Project) -> None:
    project.repo.write({"README": "x"}).commit("not pushed")
    assert "git push origin main" in project.pr(code=1).out
    project.repo.git("checkout", "-q", "-b", "feature")
    assert project.head() == ""
    assert "HEAD" not in project.pr("--branch", "main", code=1).out
    assert "did you mean main?" in project.pr("--branch", "mian", code=2).err


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        ("echo 'error: GH006: Protected branch update failed for refs/heads/lockstep/release-main.' >&2; exit 1", "a rule protects it", 1),
        ("echo 'Changes must be made through a pull request: GH013: Repository rule violations found' >&2; exit 1", "GH013", 1),
    ],
)
def test_a_protected_branch_is_told(project: Project, text: str, said: str, code: int) -> None:
    hook(project, "pre-receive", text)
    result = project.pr(code=code)
    assert said in result.out
    assert project.hub.pulls == []


def test_a_remote_that_may_not_be_written_is_told(project: Project) -> None:
    """A fork's token reads, and does not write."""
    hook(project, "update", "echo 'remote: Permission to spam/eggs.git denied to github-actions[bot].' >&2; exit 1")
    assert "protects it" in project.pr(code=1).out
    project.remote.path("hooks/update").unlink()
    project.hub.writers = set()
    result = project.pr(code=1)
    assert "the branch is pushed at" in result.out
    assert "GitHub answers 403: Resource not accessible by integration" in result.out
    assert "permissions: { contents: write, pull-requests: write }" in result.out
    project.hub.writers = {TOKEN}
    assert project.outcome() == "opened"


def test_actions_that_may_open_none_are_told(project: Project) -> None:
    project.hub.may_open = False
    result = project.pr(code=1)
    assert "GitHub Actions is not permitted to create or approve pull requests" in result.out
    assert "Settings, Actions, General" in result.out


ANSWERS: list[tuple[str, Callable[[], standin.Fault], str, int]] = [
    ("GET /repos/spam/eggs/pulls", lambda: standin.status(403, "Resource not accessible by integration"), "does not show that (403)", 3),
    ("GET /repos/spam/eggs/pulls", lambda: standin.status(404, "Not Found"), "does not show that (404)", 3),
    ("GET /repos/spam/eggs/pulls", lambda: standin.status(401, "Bad credentials"), "does not take the token", 3),
    ("GET /repos/spam/eggs/pulls", lambda: standin.status(500, "oops"), "GitHub answers 500", 3),
    ("GET /repos/spam/eggs/pulls", lambda: standin.says(b"<html>log in</html>", "text/html"), "no JSON", 3),
    ("GET /repos/spam/eggs/pulls", lambda: standin.says(b'{"a": 1}'), "no list of pull requests", 3),
    ("GET /repos/spam/eggs/pulls", lambda: standin.says(b'[{"number": "7"}]'), "no list of pull requests", 3),
    ("POST /repos/spam/eggs/pulls", lambda: standin.status(403, "API rate limit exceeded", x_ratelimit_remaining="0"), "asked more slowly", 3),
    ("POST /repos/spam/eggs/pulls", lambda: standin.status(422, "Validation Failed"), "GitHub answers 422: Validation Failed", 1),
    ("POST /repos/spam/eggs/pulls", lambda: standin.status(500, "oops"), "GitHub answers 500", 3),
    ("POST /repos/spam/eggs/pulls", lambda: standin.status(502, "<html>", "text/html"), "GitHub answers 502", 3),
    ("POST /repos/spam/eggs/pulls", lambda: standin.says(b"<html>log in</html>", "text/html"), "but no JSON", 3),
    ("POST /repos/spam/eggs/pulls", lambda: standin.status(301, "Moved", location="https://elsewhere.example"), "it is elsewhere now", 1),
    ("POST /repos/spam/eggs/pulls", lambda: standin.hangs_up, "broke off", 3),
]


@pytest.mark.parametrize(("place", "fault", "said", "code"), ANSWERS, ids=lambda one: one if isinstance(one, str) else "")
def test_what_github_answers_is_told_and_the_next_run_mends_it(project: Project, place: str, fault: Callable[[], standin.Fault], said: str, code: int) -> None:
    method, _, path = place.partition(" ")
    project.hub.fault(place if method != "GET" else f"{path}?", fault(), times=4)
    result = project.pr(code=code)
    assert said in result.out, result
    pushed = project.head()
    assert bool(pushed) is (method == "POST")
    project.hub.faults.clear()
    assert project.outcome() in ("opened", "updated")
    assert project.head() == pushed or not pushed


def test_what_is_there_when_github_fails_after_it_opened_it_counts(project: Project) -> None:
    def opens_and_fails(handler: standin.Handler) -> None:
        headers, body = handler.said  # type: ignore[attr-defined]
        project.hub.reply("POST", handler.path, headers, body)
        handler.send(500, b"oops")

    project.hub.fault("POST /repos/spam/eggs/pulls", opens_and_fails)
    assert project.outcome() in ("current", "updated")
    assert len(project.hub.pulls) == 1


def test_a_title_and_words_of_a_person_stay(project: Project) -> None:
    project.pr()
    project.pull.title = "The big one"
    project.pull.body = f"Please look.\r\n\r\n{project.pull.body}\r\nThanks!"
    project.push("docs", README="x")
    result = project.pr()
    assert "somebody gave it another title, which stays; it would be Release 0.6.0" in result.out
    assert project.pull.title == "The big one"
    assert project.pull.body.startswith("Please look.\r\n\r\n<!-- lockstep:begin -->")
    assert project.pull.body.rstrip().endswith("Thanks!")


def test_labels_are_added_and_those_that_are_there_stay(project: Project) -> None:
    project.repo.write({"lockstep.toml": 'pr = { labels = ["release", "bot"], draft = true }\n'}).commit("labels")
    project.repo.git("push", "-q", "origin", "main")
    project.pr()
    assert project.pull.labels == ["release", "bot"]
    assert project.pull.draft is True
    project.pull.labels.append("mine")
    project.hub.sent.clear()
    assert project.outcome() == "current"
    assert project.hub.sent == []
    project.pull.labels = []
    project.hub.fault("/labels", standin.status(403, "Resource not accessible by integration"))
    assert "it has no label release, bot yet: GitHub answers 403" in project.pr().out


def test_a_pull_request_of_a_fork_is_not_taken_for_ours(project: Project) -> None:
    project.hub.finds_by_head = False
    project.hub.pull("somebody:else", title="theirs")
    assert project.outcome() == "opened"
    assert [one.title for one in project.hub.pulls] == ["theirs", "Release 0.6.0"]


def test_one_that_a_person_closed_is_opened_anew(project: Project) -> None:
    project.pr()
    project.pull.state = "closed"
    assert project.outcome() == "opened"
    assert len(project.hub.pulls) == 2


def test_the_base_may_be_another_branch(project: Project) -> None:
    project.repo.git("push", "-q", "origin", "main:stable")
    project.pr()
    assert project.pull.base == "main"
    project.pr("--branch", "stable")
    assert project.pull.base == "stable"


def test_without_a_remote_or_a_token_nothing_is_asked(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no such remote" in project.pr("--remote", "upstream", code=2).err
    project.repo.git("remote", "remove", "origin")
    assert "git remote add origin ADDRESS" in project.pr(code=2).err
    monkeypatch.setenv("GH_TOKEN", "")
    assert "there is no token for GitHub" in project.pr(code=2).err
    assert project.hub.asked == []


def test_the_token_goes_to_github_alone(project: Project) -> None:
    project.pr()
    said = [headers.get("authorization") for _, headers in project.hub.asked] + [headers.get("authorization") for _, _, headers, _ in project.hub.sent]
    assert said
    assert set(said) == {f"Bearer {TOKEN}"}


def test_a_shallow_clone_works_where_the_release_is_in_it(project: Project) -> None:
    shallow = Repo(project.folder / "shallow")
    project.remote.git("clone", "-q", "--depth=1", "--no-local", f"file://{project.remote.root}", str(shallow.root))
    result = call("pr", repo=shallow, code=2)
    assert "no release tag is in this history" in result.err
    assert "fetch-depth: 0" in result.err
    deep = Repo(project.folder / "deep")
    project.remote.git("clone", "-q", "--depth=3", "--no-local", f"file://{project.remote.root}", str(deep.root))
    deep.git("fetch", "-q", "--depth=1", "origin", "tag", "v0.5.0")
    assert deep.git("rev-parse", "--is-shallow-repository").strip() == "true"
    call("pr", repo=deep, code=0)
    assert project.remote.git("rev-list", "--count", f"main..{BRANCH}").strip() == "1"
    project.push("docs", README="x")
    deep.git("pull", "-q", "--ff-only")
    call("pr", repo=deep, code=0)
    assert project.remote.git("rev-list", "--count", f"main..{BRANCH}").strip() == "1"


def test_a_linked_work_tree_and_one_in_a_subfolder_work(project: Project) -> None:
    project.repo.git("worktree", "add", "-q", "--detach", str(project.folder / "linked"))
    call("pr", repo=project.folder / "linked" / "python", code=0)
    assert project.head()


def test_what_disagrees_is_told_and_nothing_is_pushed(project: Project) -> None:
    project.repo.replace("pyproject.toml", 'version = "0.5.0"', 'version = "0.4.9"').commit("drift")
    project.repo.git("push", "-q", "origin", "main")
    result = project.pr(code=1)
    assert "version-mismatch" in result.out
    assert "lockstep check --fix aligns them first" in result.err
    found = project.json(code=1)
    assert [one["rule"] for one in found["findings"]] == ["version-mismatch"]
    assert project.hub.asked == []


def test_somebody_else_keeps_an_empty_one_open(project: Project) -> None:
    project.pr()
    other = project.other()
    other.git("checkout", "-q", BRANCH)
    other.write({"mine": "x"}).commit("mine")
    other.git("push", "-q", "origin", BRANCH)
    mend(project)
    result = project.pr(code=1)
    assert "nothing is left to release, but lockstep did not make" in result.out
    assert project.pull.state == "open"


def test_in_a_workflow_the_outputs_are_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    output = project.folder / "output"
    output.write_text("")
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    project.pr()
    said = output.read_text()
    assert said == "pr-outcome=opened\npr-number=7\npr-url=https://github.com/spam/eggs/pull/7\n"


def test_in_actions_the_bot_commits_where_nobody_is_named(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    call("pr", repo=project.repo, code=0)
    assert project.remote.git("log", "-1", "--format=%an %cn", BRANCH).strip() == "github-actions[bot] github-actions[bot]"
