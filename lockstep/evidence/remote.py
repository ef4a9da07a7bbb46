"""Where a commit stands, seen from the remote's branch.

`git ls-remote` is run outside of the repository: its address is all that is taken from there, and of the transports only those that run no
program that an address can name. Source: git-ls-remote(1), git(1) GIT_ALLOW_PROTOCOL, gitprotocol-v2(5)
"""

from __future__ import annotations

import base64
import os
import re
import shlex
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import replace

from lockstep.dataclass import dataclass
from lockstep.repository import programs
from lockstep.repository.git_plumbing import SAFE, environment, program
from lockstep.repository.repository import Repository, resolve
from lockstep.rules.head import Position, Stands
from lockstep.wording import did_you_mean

SECONDS = 60
"""How long the remote may take."""
LARGEST = 64 * 2**20
"""Bytes of its answer that are read."""
MOST_BRANCHES = 5
"""Branches that are named."""
_TRANSPORTS = "https:http:ssh:git:file"
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://.*|[^/:]+:(?!/).*", re.DOTALL)
_NO_SSH = f"{os.devnull}/ssh"
"""What is run for ssh where none is installed: nothing, where a mere name would be looked for, in the repository too."""
_SECRET = re.compile(r"(?<=://)[^/@\s]+@")
_CONTEXT = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """What a remote says: its default branch ("" where it does not say), and the heads of all branches; or why it says nothing."""

    name: str
    default: str = ""
    heads: Mapping[str, str] | None = None
    why: str = ""


def ask_remote(repository: Repository, name: str = "origin", environ: Mapping[str, str] | None = None) -> Remote:
    """Ask a remote, by its name or its address, for its branches."""
    address = address_of(repository, name)
    shown = _SECRET.sub("", address) if address == name else name
    listed = list_refs(repository, name, ("HEAD", "refs/heads/*"), environ)
    if isinstance(listed, str):
        return Remote(name=shown, why=listed)
    default, heads = "", {}
    for ref, value in listed:
        if ref == "HEAD" and value.startswith("ref: refs/heads/"):
            default = value.removeprefix("ref: refs/heads/")
        elif ref.startswith("refs/heads/") and re.fullmatch("[0-9a-f]{40,64}", value):
            heads[ref.removeprefix("refs/heads/")] = value
    return Remote(name=shown, default=default, heads=heads)


def list_refs(repository: Repository, name: str, patterns: Iterable[str], environ: Mapping[str, str] | None = None) -> list[tuple[str, str]] | str:
    """Ask a remote for its refs, by patterns of git-ls-remote(1): each with what it is; or why it says nothing."""
    address = address_of(repository, name)
    if not address:
        return "this repository has no such remote"
    root = repository.root or repository.git_dir
    try:
        done = subprocess.run(  # noqa: S603 - the program is git, the arguments are ours
            [program(root), *SAFE, "ls-remote", "--symref", "--", address, *patterns],
            cwd=os.sep,
            env=remote_environment(root, address, os.environ if environ is None else environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {SECONDS} seconds"
    if done.returncode:
        said = [line for line in done.stderr[:4096].decode(errors="replace").splitlines() if line.strip()]
        first = next((line for line in said if line.startswith(("fatal:", "ERROR:", "ssh:"))), said[0] if said else "no reason given")
        return without_secret(first.removeprefix("fatal: "))[:300]
    lines = (line.partition("\t") for line in done.stdout[:LARGEST].decode(errors="replace").splitlines())
    return [(ref, value) for value, _, ref in lines]


def without_secret(text: str) -> str:
    """Give a text of git's without the password of an address in it."""
    return _SECRET.sub("", text)


def address_of(repository: Repository, name: str, *, push: bool = False) -> str:
    """Give the address of a remote, that to `push` to where it has one of its own; a path is seen from the work tree, "" where there is no remote."""
    found = None
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]*", name) and not name.startswith(("/", ".")):
        found = repository.try_git("config", "--get", f"remote.{name}.pushurl") if push else None
        found = repository.try_git("config", "--get", f"remote.{name}.url") if found is None else found
    text = found.decode(errors="surrogateescape").rstrip("\n") if found is not None else name if _URL.fullmatch(name) or "/" in name else ""
    return text if not text or _URL.fullmatch(text) else os.path.join(repository.root or repository.git_dir, text)


def remote_environment(root: programs.StrPath, address: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Give an environment in which no repository's configuration counts; in Actions with the job's token, for GitHub alone."""
    kept = {name: value for name, value in environment(root).items() if name not in _CONTEXT}
    kept |= {"GIT_DIR": os.devnull, "GIT_ALLOW_PROTOCOL": _TRANSPORTS, "GIT_SSH_VARIANT": kept.get("GIT_SSH_VARIANT", "ssh")}
    kept.setdefault("GIT_SSH_COMMAND", f"{shlex.quote(programs.find('ssh', root).path or _NO_SSH)} -o BatchMode=yes")
    server, token = environ.get("GITHUB_SERVER_URL", ""), environ.get("GH_TOKEN") or environ.get("GITHUB_TOKEN") or ""
    if token and environ.get("GITHUB_ACTIONS") == "true" and re.fullmatch(r"https://[A-Za-z0-9.-]+", server) and address.startswith(f"{server}/"):
        count = int(kept["GIT_CONFIG_COUNT"]) if kept.get("GIT_CONFIG_COUNT", "").isdecimal() else 0
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        kept |= {
            "GIT_CONFIG_COUNT": str(count + 2),
            f"GIT_CONFIG_KEY_{count}": f"http.{server}/.extraheader",
            f"GIT_CONFIG_VALUE_{count}": f"AUTHORIZATION: basic {basic}",
            f"GIT_CONFIG_KEY_{count + 1}": "http.followRedirects",  # the header would follow, to wherever
            f"GIT_CONFIG_VALUE_{count + 1}": "false",
        }
    return kept


def position(repository: Repository, ref: str, found: Remote, branch: str = "") -> Position:
    """Tell where a commit stands, as far as this clone can tell.

    Raises: UsageError when there is no such commit here.
    """
    commit = resolve(repository, ref)
    shown = ref.removeprefix("refs/tags/")
    branch = branch or found.default
    if found.heads is None or branch not in found.heads:
        here = Position(ref=shown, commit=commit, remote=found.name, stands=Stands.UNSEEN, branch=branch, why=found.why)
        if found.heads is None:
            return here
        listed = f"its branches are {', '.join(sorted(found.heads)[:MOST_BRANCHES])}" if found.heads else "push the branch first"
        if not branch:
            return replace(here, absent="does not say which branch is its default", hint=f"name the branch with --branch or gate.branch; {listed}")
        return replace(here, absent=f"has no branch {branch}", hint=did_you_mean(branch, found.heads, f"correct --branch or gate.branch; {listed}"))
    head = found.heads[branch]
    here = Position(ref=shown, commit=commit, remote=found.name, stands=Stands.HEAD, branch=branch, head=head)
    return here if commit == head else _not_at_head(repository, here, found.heads)


def _not_at_head(repository: Repository, here: Position, heads: Mapping[str, str]) -> Position:
    if repository.try_git("cat-file", "-e", f"{here.head}^{{commit}}") is None:
        others = tuple(name for name, head in heads.items() if head == here.commit)[:MOST_BRANCHES]
        if others:
            return replace(here, stands=Stands.ELSEWHERE, others=others, tips=others)
        return replace(here, stands=Stands.UNKNOWN, why=f"git fetch {here.remote} {here.branch} (fetch-depth: 0 in Actions) lets the gate say more")
    if _holds(repository, here.head, here.commit):
        return _behind_or_merged(repository, here)
    if repository.shallow:
        return replace(here, stands=Stands.UNKNOWN, why="the clone is shallow: fetch-depth: 0 in Actions lets the gate say more")
    if _holds(repository, here.commit, here.head) and here.commit not in heads.values():
        return replace(here, stands=Stands.AHEAD)
    tips = [name for name, head in heads.items() if head == here.commit]
    known = [*tips, *(name for name, head in heads.items() if name not in tips and _holds(repository, head, here.commit))]
    return replace(here, stands=Stands.ELSEWHERE, others=tuple(known[:MOST_BRANCHES]), tips=tuple(tips[:MOST_BRANCHES]))


def _behind_or_merged(repository: Repository, here: Position) -> Position:
    """Tell an older head from what a merge brought in."""
    line = repository.git("rev-list", "--first-parent", here.head).decode().split()
    if here.commit in line:
        return replace(here, stands=Stands.BEHIND, count=line.index(here.commit))
    low, high = 0, len(line)  # line[low] holds the commit, line[high] does not
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _holds(repository, line[middle], here.commit) else (low, middle)
    return replace(here, stands=Stands.MERGED, merge=line[low])


def _holds(repository: Repository, head: str, commit: str) -> bool:
    return repository.try_git("merge-base", "--is-ancestor", commit, head) is not None
