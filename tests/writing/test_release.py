"""Files, commit and tag are one write: whatever git, a hook, a signal or a kill does, all of it is new or nothing is."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lockstep.writing import git_index, git_locks, git_process
from lockstep.writing.durable_files import create_like
from tests.conftest import Fresh, Repo, Run, Story
from tests.faults import kills
from tests.writing.conftest import fail, posix

pytestmark = posix
STAGED, UNSTAGED = "staged\n", "staged\nunstaged\n"


@pytest.fixture
def repo(story: Story) -> Repo:
    """Give a repository with a change of the user's own, half of it staged."""
    repo = story("twins")
    repo.write({"notes.txt": "notes\n"}).commit()
    repo.write({"notes.txt": STAGED}).git("add", "notes.txt")
    return repo.write({"notes.txt": UNSTAGED})


def hook(repo: Repo, name: str, *lines: str) -> None:
    path = repo.write({f".git/hooks/{name}": "\n".join(("#!/bin/sh", *lines, ""))}).path(f".git/hooks/{name}")
    path.chmod(0o755)


ITS_OWN = {"maintenance.lock"}
"""Locks of what git does by itself after a commit, in the background, from 2.47 on."""


def state(repo: Repo) -> tuple[object, ...]:
    refs = repo.git("for-each-ref", "--format=%(refname) %(objectname)")
    left = sorted(one.name for one in repo.path(".git").rglob("*") if one.name.startswith("lockstep") or (one.suffix == ".lock" and one.name not in ITS_OWN))
    return repo.contents(), repo.git("symbolic-ref", "HEAD"), refs, repo.git("status", "--porcelain"), repo.git("diff", "--cached"), left


def refused(repo: Repo, run: Run, *args: str) -> str:
    before = state(repo)
    result = run("bump", "minor", "--tag", *args, repo=repo, code=2)
    assert state(repo) == before
    return result.err


def released(repo: Repo, run: Run) -> None:
    run("bump", "minor", "--tag", repo=repo, code=0)
    assert 'version = "0.3.0"' in repo.read("Cargo.toml")
    assert 'version = "0.3.0"' in repo.git("show", "v0.3.0:Cargo.toml")
    assert repo.git("rev-parse", "v0.3.0^{commit}") == repo.git("rev-parse", "HEAD")
    assert repo.git("status", "--porcelain") == "MM notes.txt\n"
    assert repo.git("show", ":notes.txt") == STAGED


class TestHook:
    def test_one_that_rewrites_an_edited_file_and_refuses(self, repo: Repo, run: Run) -> None:
        hook(repo, "pre-commit", "echo '# formatted' >> Cargo.toml", "git add -A", "echo files were modified >&2", "exit 1")
        told = refused(repo, run)
        assert "git commit refused: files were modified; the edits were taken back" in told
        (shown,) = [word for line in told.splitlines() if "git cat-file blob" in line for word in line.split() if len(word) == 12 and word.isalnum()]
        assert repo.git("cat-file", "blob", shown).endswith("# formatted\n")

    def test_one_that_says_much_is_heard_in_full(self, repo: Repo, run: Run) -> None:
        hook(repo, "pre-commit", "for n in 1 2 3 4 5; do echo line $n; done", "exit 1")
        assert "git commit and its hooks said:\n  line 1\n  line 2\n  line 3\n  line 4\n  line 5\n" in refused(repo, run)

    def test_one_that_removes_an_edited_file(self, repo: Repo, run: Run) -> None:
        hook(repo, "pre-commit", "rm Cargo.toml", "exit 1")
        refused(repo, run)

    def test_one_that_mends_what_is_committed_and_goes_on(self, repo: Repo, run: Run) -> None:
        hook(repo, "pre-commit", "echo '# formatted' >> Cargo.toml", "git add Cargo.toml")
        released(repo, run)
        assert repo.git("show", "HEAD:Cargo.toml").endswith("# formatted\n")

    def test_what_the_user_has_staged_of_an_edited_file_comes_back(self, repo: Repo, run: Run) -> None:
        repo.write({"Cargo.toml": repo.read("Cargo.toml") + "# staged\n"}).git("add", "Cargo.toml")
        repo.write({"Cargo.toml": repo.read("Cargo.toml") + "# not staged\n"})
        hook(repo, "commit-msg", "exit 1")
        refused(repo, run, "--allow-dirty")

    def test_one_that_amends(self, repo: Repo, run: Run) -> None:
        hook(repo, "post-commit", '[ -e .git/amended ] || { : > .git/amended; git commit -q --amend --only -m "Release, amended"; }')
        released(repo, run)
        assert repo.git("log", "-1", "--format=%s") == "Release, amended\n"

    def test_what_it_builds_on_the_commit_lets_that_stand(self, repo: Repo, run: Run) -> None:
        hook(repo, "post-commit", "git branch -f next HEAD", "git config tag.gpgSign true", "git config gpg.program false")
        told = run("bump", "minor", "--tag", repo=repo, code=2).err
        assert "something was built on the commit meanwhile: it stands, and so do the edits" in told
        assert 'version = "0.3.0"' in repo.git("show", "HEAD:Cargo.toml")
        assert repo.git("status", "--porcelain") == "MM notes.txt\n"
        run("check", repo=repo, code=0)

    def test_lockstep_in_a_hook_sees_the_new_tree_and_waits_for_nobody(self, repo: Repo, run: Run) -> None:
        lockstep = f"'{sys.executable}' -c 'from lockstep.cli import main; main()'"
        hook(repo, "pre-commit", f"{lockstep} check --tag v0.3.0 > .git/said 2>&1 && {lockstep} check --staged >> .git/said 2>&1")
        released(repo, run)  # who waits for the lock that is held gives up in the end, and the hook would refuse
        assert repo.read(".git/said").count("in step") == 2


class TestGit:
    @pytest.mark.parametrize("extra", [["--object-format=sha256"], ["--ref-format=reftable"], ["--object-format=sha256", "--ref-format=reftable"]])
    def test_whatever_format_a_repository_has(self, repo: Repo, run: Run, extra: list[str]) -> None:
        shutil.rmtree(repo.path(".git"))
        if subprocess.run(["git", "init", "-q", "-b", "main", *extra, "."], cwd=repo.root, check=False, capture_output=True).returncode:
            pytest.skip("this git is too old for that")
        repo.write({"notes.txt": "notes\n"}).commit(tag="v0.2.0")
        repo.write({"notes.txt": STAGED}).git("add", "notes.txt")
        repo.write({"notes.txt": UNSTAGED})
        hook(repo, "pre-commit", "exit 1")
        run("bump", "minor", "--tag", repo=repo, code=2)
        repo.path(".git/hooks/pre-commit").unlink()
        released(repo, run)

    @pytest.mark.parametrize("step", ["commit", "tag"])
    def test_one_that_does_it_and_fails(self, repo: Repo, run: Run, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        git = shutil.which("git")
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin/git").write_text(f'#!/bin/sh\n"{git}" "$@" || exit\ncase " $* " in *" {step} "*) echo no space left >&2; exit 128;; esac\n')
        (tmp_path / "bin/git").chmod(0o755)
        with monkeypatch.context() as patched:
            patched.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
            before = state(repo)
            assert "no space left; the edits were taken back" in run("bump", "minor", "--tag", repo=repo, code=2).err
        assert state(repo) == before
        released(repo, run)

    def test_the_first_commit_of_a_repository_is_taken_back(self, fresh: Fresh, run: Run) -> None:
        repo = fresh({"Cargo.toml": '[package]\nname = "spam"\nversion = "0.1.0"\n'})
        repo.git("checkout", "-q", "--orphan", "new")
        repo.git("config", "tag.gpgSign", "true")
        repo.git("config", "gpg.program", "false")
        before = repo.contents(), repo.git("status", "--porcelain")
        run("bump", "minor", "--tag", "--allow-dirty", repo=repo, code=2)
        assert (repo.contents(), repo.git("status", "--porcelain")) == before
        assert "refs/heads/new" not in repo.git("for-each-ref", "--format=%(refname)")

    def test_in_a_linked_work_tree_and_away_from_a_branch(self, repo: Repo, run: Run, tmp_path: Path) -> None:
        other = Repo(tmp_path / "other")
        repo.git("worktree", "add", "-q", "--detach", str(other.root))
        before = repo.git("rev-parse", "main")
        run("bump", "minor", "--tag", repo=other, code=0)
        assert other.git("status", "--porcelain") == ""
        assert other.git("rev-parse", "v0.3.0^{commit}") == other.git("rev-parse", "HEAD")
        assert repo.git("rev-parse", "main") == before
        assert repo.git("status", "--porcelain") == "MM notes.txt\n"

    @pytest.mark.parametrize("name", ["index.lock", "HEAD.lock", "refs/heads/main.lock", "refs/tags/v0.3.0.lock"])
    def test_a_lock_that_is_there_before_is_told_and_stays(self, repo: Repo, run: Run, name: str) -> None:
        repo.write({f".git/{name}": ""})
        before = repo.contents()
        assert f"{name}: this lock of git's is held" in run("bump", "minor", "--tag", repo=repo, code=2).err
        assert repo.contents() == before
        assert repo.path(f".git/{name}").exists()

    def test_nobody_who_commits_is_told_before_anything_is_written(self, repo: Repo, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        for who in ("AUTHOR", "COMMITTER"):
            monkeypatch.delenv(f"GIT_{who}_NAME")
            monkeypatch.delenv(f"GIT_{who}_EMAIL")
        repo.git("config", "user.useConfigOnly", "true")
        before = repo.contents()
        assert "git would not commit: " in run("bump", "minor", "--tag", repo=repo, code=2).err
        assert repo.contents() == before


@contextmanager
def committing(repo: Repo, name: str, *lines: str) -> Iterator[subprocess.Popen[str]]:
    """Bump and tag, with a hook that says when it begins."""
    hook(repo, name, '[ "$1" = preparing ] && exit 0', ": > .git/begun", *lines)  # a reference transaction that prepares has no locks yet
    with subprocess.Popen(
        (*kills.LOCKSTEP, "bump", "minor", "--tag"), cwd=repo.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        deadline = time.monotonic() + 60
        while not repo.path(".git/begun").exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        yield process
    repo.path(f".git/hooks/{name}").unlink()
    repo.path(".git/begun").unlink()


class TestStop:
    @pytest.mark.parametrize("name", ["pre-commit", "post-commit"])
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_an_interrupt_of_lockstep_alone_ends_git_and_waits_for_its_hook(self, repo: Repo, number: signal.Signals, name: str) -> None:
        before = state(repo)
        with committing(repo, name, "sleep 1", "echo '# late' >> Cargo.toml") as process:
            process.send_signal(number)
            assert process.communicate()[1].startswith("interrupted; nothing was changed")
        assert process.returncode == 130
        assert state(repo) == before

    def test_a_git_that_still_works_is_waited_for(self, repo: Repo, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        before = state(repo)
        with committing(repo, "pre-commit", "sleep 2") as process:
            process.kill()
            process.wait()
            monkeypatch.setattr(git_process, "PATIENCE", 0.1)
            assert "which a killed lockstep had started, is still making a release" in run("check", repo=repo, code=2).err
            monkeypatch.undo()
            assert "undid an interrupted write of 5 files and of its commit: the tree is the old one" in run("check", repo=repo, code=0).err
        assert state(repo) == before

    def test_the_locks_of_a_git_that_was_killed_go(self, repo: Repo, run: Run) -> None:
        before = state(repo)
        with committing(repo, "reference-transaction", "sleep 5") as process:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            assert {"index.lock", "HEAD.lock", "main.lock"} <= {one.name for one in repo.path(".git").rglob("*.lock")}
        run("check", repo=repo, code=0)
        assert state(repo) == before
        released(repo, run)

    def test_a_commit_is_found_without_the_note_of_its_git(self, repo: Repo, run: Run) -> None:
        """A loss of power keeps what git has written, and not what lockstep has."""
        before = state(repo)
        with committing(repo, "post-commit", "sleep 5") as process:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        assert 'version = "0.3.0"' in repo.git("show", "HEAD:Cargo.toml")
        (staging,) = repo.path(".git").glob("lockstep-*/")
        for name in ("git", "paths"):
            (staging / name).unlink()
        run("check", repo=repo, code=0)
        assert state(repo) == before

    def test_a_lock_that_may_be_somebody_elses_is_told_and_stays(self, repo: Repo, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        before = state(repo)
        with committing(repo, "reference-transaction", "sleep 5") as process:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        with monkeypatch.context() as patched:
            patched.setattr(git_process, "others_at_work", lambda _: True)
            assert "this lock of git's appeared with the git that lockstep had started" in run("check", repo=repo, code=2).err
        assert repo.path(".git/HEAD.lock").exists()
        run("check", repo=repo, code=0)
        assert state(repo) == before

    def test_a_commit_by_hand_after_a_kill_stays(self, repo: Repo, run: Run) -> None:
        with committing(repo, "pre-commit", "sleep 5") as process:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        repo.path(".git/index.lock").unlink()
        repo.git("commit", "-q", "-a", "-m", "by hand", when=int(time.time()) + 60)
        by_hand = repo.git("rev-parse", "HEAD")
        run("check", "--quiet", repo=repo)
        assert repo.git("rev-parse", "HEAD") == by_hand
        assert 'version = "0.3.0"' in repo.read("Cargo.toml")
        assert repo.git("status", "--porcelain") == ""

    @pytest.mark.parametrize("way", kills.WAYS)
    def test_a_kill_at_any_moment_leaves_all_old_or_all_new(self, tmp_path: Path, way: str) -> None:
        template = tmp_path / "template"
        template.mkdir()
        kills.build(template, 0.1)
        shutil.copytree(template, tmp_path / "whole", symlinks=True)
        whole = kills.strike(tmp_path / "whole", "lockstep", None)
        assert kills.judge(tmp_path / "whole") == ("new", "")
        for number in range(5):
            _, wrong, _ = kills.trial(tmp_path, template, way, whole * number / 5)
            assert not wrong, number


def other_git(folder: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Put a git before the real one: lines of a shell, in which `real` is that."""
    folder.mkdir()
    (folder / "git").write_text("\n".join(("#!/bin/bash", f'real="{shutil.which("git")}"', *lines, 'exec "$real" "$@"', "")))
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


class TestLocksThatStay:
    """git ends well all the same when it cannot remove a lock of its own."""

    def test_those_of_a_git_that_is_done_go(self, repo: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(git_locks, "_SETTLED", 0.0)
        commit = '*" commit "*) touch .git/HEAD.lock .git/refs/heads/main.lock .git/next-index-$$.lock;;'
        tag = '*" tag "*) touch .git/packed-refs.lock .git/refs/tags/v0.3.0.lock;;'
        other_git(tmp_path / "bin", monkeypatch, '"$real" "$@" || exit', f'case " $* " in {commit} {tag} esac; exit 0')
        released(repo, run)
        assert not list(repo.path(".git").rglob("*.lock"))

    def test_one_that_may_be_of_another_git_is_told(self, repo: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(git_locks, "_SETTLED", 0.0)
        monkeypatch.setattr(git_process, "others_at_work", lambda _: True)
        other_git(tmp_path / "bin", monkeypatch, '"$real" "$@" || exit', 'case " $* " in *" commit "*) touch .git/HEAD.lock;; esac; exit 0')
        told = run("bump", "minor", "--tag", repo=repo, code=0).err
        assert "<root>/.git/HEAD.lock: this lock of git's appeared with the commit, and still stands\n  help: delete the file" in told
        assert repo.path(".git/HEAD.lock").exists()
        assert repo.git("rev-parse", "v0.3.0^{commit}") == repo.git("rev-parse", "HEAD")

    def test_those_of_a_git_that_takes_the_commit_back_go(self, repo: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(git_locks, "_SETTLED", 0.0)
        back = 'case " $* " in *" tag "*) exit 1;; *" update-ref "*) "$real" "$@" || exit; touch .git/HEAD.lock; exit 0;; esac'
        other_git(tmp_path / "bin", monkeypatch, back)
        refused(repo, run)

    def test_no_maintenance_goes_on_behind_the_release(self, repo: Repo, run: Run) -> None:
        repo.git("config", "maintenance.gc.enabled", "false")
        repo.git("config", "maintenance.commit-graph.enabled", "true")
        repo.git("config", "maintenance.commit-graph.auto", "-1")  # whenever it may
        released(repo, run)
        assert not repo.path(".git/objects/info/commit-graphs").exists()

    def test_a_recovery_that_is_killed_while_it_mends_the_index(self, repo: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """git was killed between its commit and its index: the lock of the index is held until that is whole."""
        hook(repo, "reference-transaction", '[ "$1" = committed ] && [ ! -e .git/begun ] && grep -q HEAD && : > .git/begun && sleep 5', "exit 0")
        with subprocess.Popen((*kills.LOCKSTEP, "bump", "minor", "--commit"), cwd=repo.root, stderr=subprocess.DEVNULL, start_new_session=True) as process:
            while not repo.path(".git/begun").exists():
                assert process.poll() is None
                time.sleep(0.01)
            os.killpg(process.pid, signal.SIGKILL)
        repo.path(".git/hooks/reference-transaction").unlink()
        with monkeypatch.context() as patched:
            reset = '*" reset "*) touch "${GIT_INDEX_FILE:-.git/index}.lock"; kill -9 $$;;'
            other_git(tmp_path / "bin", patched, f'case " $* " in {reset} esac')
            assert "an interrupted release could not be undone: git reset was killed by signal 9" in run("check", repo=repo, code=2).err
        run("check", repo=repo, code=0)
        assert 'version = "0.3.0"' in repo.git("show", "HEAD:Cargo.toml")
        assert repo.git("status", "--porcelain") == "MM notes.txt\n"
        assert not list(repo.path(".git").rglob("*.lock"))


@pytest.mark.parametrize("end", ["exit 128", "kill -9 $$"])
def test_a_question_that_git_does_not_answer_is_no_no(repo: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    """The disk is full when git is asked what it has done, and only then: the commit is taken back with the files."""
    real, folder = shutil.which("git"), tmp_path / "bin"
    folder.mkdir()
    asked = f'*" rev-parse --verify "*) if [ -e {folder}/made ] && [ ! -e {folder}/told ]; then touch {folder}/told; {end}; fi;;'
    lines = ("#!/bin/sh", 'case " $* " in', f'*" commit "*) touch {folder}/made;;', asked, "esac", f'exec {real} "$@"', "")
    (folder / "git").write_text("\n".join(lines))
    (folder / "git").chmod(0o755)
    before = state(repo)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    run("bump", "minor", "--tag", repo=repo, code=2)
    assert (folder / "told").exists()
    assert state(repo) == before


def test_a_disk_that_is_full_when_git_is_to_start(repo: Repo, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever listens to a git that never starts reads to the end of what it says, and from nothing that was closed."""
    plain, failed = os.read, list[object]()

    def slow(descriptor: int, size: int) -> bytes:
        if threading.current_thread() is not threading.main_thread():
            time.sleep(0.3)
        return plain(descriptor, size)

    monkeypatch.setattr(git_process, "_write_down", fail(errno.ENOSPC))
    monkeypatch.setattr(os, "read", slow)
    monkeypatch.setattr(threading, "excepthook", failed.append)
    assert "no space left on device; nothing was changed" in refused(repo, run)
    for thread in set(threading.enumerate()) - {threading.main_thread()}:
        thread.join(5)
    assert not failed


@pytest.mark.parametrize("name", ["index", "index.before"])
def test_a_disk_that_fills_up_while_the_index_is_copied(repo: Repo, run: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Half of a copy never takes the place of the index."""
    plain = create_like

    def cut(path: str, data: bytes, status: os.stat_result) -> None:
        half = os.path.basename(path) == name
        plain(path, data[: len(data) // 2] if half else data, status)
        if half:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(git_index, "create_like", cut)
    assert "no space left" in refused(repo, run)


@pytest.mark.skipif(not os.environ.get("LOCKSTEP_FULL") or shutil.which("strace") is None, reason="LOCKSTEP_FULL is not set, or there is no strace")
@pytest.mark.parametrize("scenario", ["release", "refused", "recovery, tag locked"])
def test_a_kill_at_a_call_of_lockstep_or_of_git(scenario: str) -> None:
    """A slice of `python -m tests.faults.calls`."""
    words = ("--scenario", scenario, "--fault", "kill", "--fault", "kill all", "--count", "8", "--seed", "3")
    done = subprocess.run((sys.executable, "-m", "tests.faults.calls", *words), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ", 0 wrong" in done.stdout
