"""Completion as a shell does it: the real bash, zsh and fish ask the real program."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Repo, Story, part

BIN = Path(sys.executable).parent
WORDS = {
    "command": ("lockstep che", ["check"]),
    "rule": ("lockstep explain version-mism", ["version-mismatch"]),
    "ref": ("lockstep diff v0.1", ["v0.1.0"]),
    "second ref": ("lockstep diff v0.1.0 mai", ["main"]),
    "tag": ("lockstep check --tag v0.", ["v0.2.0", "v0.1.0"]),
    "tag of a gate": ("lockstep gate tag v0.", ["v0.2.0", "v0.1.0"]),
    "ref of a gate": ("lockstep gate ci mai", ["main"]),
    "group": ("lockstep bump minor --group ma", ["main"]),
    "outsider": ("lockstep bump minor --group gouda-b", ["gouda-bench"]),
    "format": ("lockstep check --format js", ["json"]),
    "option": ("lockstep check --stri", ["--strict"]),
    "step": ("lockstep bump p", ["patch", "pre"]),
    "action": ("lockstep changelog d", ["draft"]),
}
words = pytest.mark.parametrize("name", WORDS)


def shell(name: str) -> str:
    """Give a shell; without it the test is skipped, for that reason alone."""
    if (program := shutil.which(name)) is None:
        pytest.skip(f"{name} is not installed")
    if not (BIN / "lockstep").exists():
        pytest.skip("lockstep is not installed as a program")
    return program


@pytest.fixture
def repo(story: Story) -> Repo:
    repo = story("outsider")
    for tag in repo.tags():
        repo.git("tag", "-d", tag)
    for day, tag in enumerate(("v0.1.0", "v0.2.0")):
        repo.commit(tag, tag=tag, when=1_700_000_000 + 86_400 * day)
    return repo


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **more}


def ran(program: str, *args: str, repo: Repo, **more: str) -> str:
    done = subprocess.run([program, *args], cwd=repo.root, env=environment(**more), capture_output=True, text=True, check=False)
    assert done.stderr == "", done.stderr
    return done.stdout


BASH = """
source <(_LOCKSTEP_COMPLETE=source_bash lockstep)
read -ra COMP_WORDS <<< "$1"
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMP_LINE="$1" COMP_POINT=${#1}
function=$(complete -p lockstep | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
$function lockstep "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@words
@part(2)
def test_bash_completes(name: str, repo: Repo) -> None:
    line, wanted = WORDS[name]
    assert ran(shell("bash"), "--norc", "-c", BASH, "bash", line, repo=repo).split("\n")[:-1] == wanted


@words
def test_fish_completes(name: str, repo: Repo, tmp_path: Path) -> None:
    line, wanted = WORDS[name]
    script = "_LOCKSTEP_COMPLETE=source_fish lockstep | source; complete -C $argv[1]"
    out = ran(shell("fish"), "--no-config", "-c", script, line, repo=repo, HOME=str(tmp_path))
    assert sorted(one.partition("\t")[0] for one in out.splitlines()) == sorted(wanted)
    if name == "rule":
        assert out.partition("\t")[2].strip(), "a rule comes with its first sentence"


def test_zsh_completes_what_is_typed(repo: Repo, tmp_path: Path) -> None:
    program = shell("zsh")
    line, wanted = WORDS["rule"]
    (tmp_path / ".zshrc").write_text('autoload -Uz compinit; compinit -u\neval "$(_LOCKSTEP_COMPLETE=source_zsh lockstep)"\nPS1="ready> "\n')
    pid, screen = pty.fork()
    if pid == 0:
        os.chdir(repo.root)
        os.execve(program, [program, "-i"], environment(ZDOTDIR=str(tmp_path), HOME=str(tmp_path), TERM="xterm"))
    try:
        seen = _until(screen, "ready> ")
        os.write(screen, f"{line}\t".encode())
        seen = _until(screen, wanted[0])
    finally:
        os.close(screen)
        os.waitpid(pid, 0)
    assert wanted[0] in seen, seen


def _until(screen: int, wanted: str) -> str:
    seen, end = "", time.monotonic() + 60
    while wanted not in seen and time.monotonic() < end:
        if select.select([screen], [], [], 0.2)[0]:
            seen += os.read(screen, 4096).decode(errors="replace")
    return seen


@words
def test_powershell_is_given_words(name: str, repo: Repo) -> None:
    """PowerShell itself is rarely there: the lines that its script splits at `:::` are."""
    line, wanted = WORDS[name]
    word = line.rpartition(" ")[2]
    out = ran(
        shell(str(BIN / "lockstep")), repo=repo, _LOCKSTEP_COMPLETE="complete_powershell", _TYPER_COMPLETE_ARGS=line, _TYPER_COMPLETE_WORD_TO_COMPLETE=word
    )
    assert [one.partition(":::")[0] for one in out.splitlines()] == wanted


@pytest.mark.parametrize(("name", "marker"), [("bash", "complete -o default -F"), ("zsh", "#compdef lockstep"), ("fish", "complete --command lockstep")])
def test_the_script_for_the_shell_that_asks_is_shown(name: str, marker: str, repo: Repo) -> None:
    assert marker in ran(shell(name), "-c", "lockstep --show-completion; true", repo=repo)


def test_completion_is_installed_for_the_shell_that_asks(repo: Repo, tmp_path: Path) -> None:
    ran(shell("bash"), "--norc", "-c", "lockstep --install-completion; true", repo=repo, HOME=str(tmp_path))
    assert "lockstep" in (tmp_path / ".bash_completions/lockstep.sh").read_text()
    assert "lockstep.sh" in (tmp_path / ".bashrc").read_text()


def test_outside_of_a_repository_nothing_is_offered_and_nothing_is_said(tmp_path: Path) -> None:
    assert ran(shell("bash"), "--norc", "-c", BASH, "bash", "lockstep diff v", repo=Repo(tmp_path)) == "\n"


@pytest.mark.parametrize("option", ["--install-completion", "--show-completion"])
def test_a_shell_without_completion_is_told_where_there_is_one(option: str, repo: Repo, tmp_path: Path) -> None:
    said = ran("/bin/sh", "-c", f"lockstep {option} 2>&1; echo left with $?", repo=repo, HOME=str(tmp_path))
    assert "completes no options of programs" in said
    assert f"bash -ic 'lockstep {option}'" in said
    assert "left with 2" in said
    assert not list(tmp_path.rglob("*lockstep*"))
