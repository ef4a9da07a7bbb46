"""One ref of a remote is moved, from a private repository: only where it still is what it was seen to be, and no hook of anybody here runs.

Source: git-push(1) --force-with-lease=<refname>:<expect> and --porcelain
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import unquote

from lockstep.dataclass import dataclass
from lockstep.evidence.remote import address_of, remote_environment, without_secret
from lockstep.repository.repository import Repository, contains
from lockstep.writing.private_repository import PrivateRepository, words

_REJECTED = re.compile(r"^!\t[^\t]*\t(?P<why>[^\n]*)", re.MULTILINE)
_DENIED = re.compile(
    r"permission to .* denied|denied to|40[13]|authentication failed|could not read username|write access|not allowed to push|read.?only", re.IGNORECASE
)
_PROTECTED = re.compile(r"protected branch|GH006|GH013|rule violations|pre-receive hook declined|hook declined|protected tag", re.IGNORECASE)


NEEDED = "the job needs permissions: contents: write, in the repository itself: the token of a fork may never; elsewhere git push must be allowed"


class Pushed(StrEnum):
    """What came of a push."""

    DONE = "done"
    STALE = "stale"  # somebody moved it meanwhile
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What came of it, in the words of the remote, and the way out."""

    outcome: Pushed
    said: str
    help: str = ""


def push(private: PrivateRepository, repository: Repository, remote: str, refs: Mapping[str, tuple[str, str]], environ: Mapping[str, str]) -> Push:
    """Move refs of a remote, all or none: each by its full name, with the object that it becomes ("" deletes it) and the one that it is ("" is none)."""
    address = address_of(repository, remote, push=True)
    if _is_of(repository, address):
        return Push(
            outcome=Pushed.REFUSED,
            said=f"the remote {remote} is this repository itself, or lies in it: its hooks would run",
            help=f"git remote set-url {remote} names where others get it from",
        )
    environment = remote_environment(private.root, address, environ)
    leases = [f"--force-with-lease={ref}:{expected}" for ref, (_, expected) in refs.items()]
    wanted = [f"{new}:{ref}" for ref, (new, _) in refs.items()]
    atomic = ("--atomic",) if len(refs) > 1 else ()
    ended = private.run("push", "--porcelain", "--no-verify", "--quiet", *atomic, *leases, "--", address, *wanted, environment=environment)
    out, err = ended.out.decode(errors="replace"), without_secret(ended.err)
    if ended.code == 0:
        return Push(outcome=Pushed.DONE, said="pushed")
    rejected = [found["why"] for found in _REJECTED.finditer(out)]
    said = "; ".join(dict.fromkeys(rejected)) or words(err)
    lines = " ".join(line.removeprefix("remote:").strip() for line in err.splitlines() if line.startswith("remote:"))
    if any("stale info" in one or "fetch first" in one or "cannot lock ref" in one or "reference already exists" in one for one in rejected):
        return Push(outcome=Pushed.STALE, said=said)
    if _PROTECTED.search(f"{said} {lines}"):
        why = f"{said}: {lines[:200]}" if lines else said
        return Push(outcome=Pushed.REFUSED, said=why, help="a rule protects it: let whoever pushes pass by that rule, or name another branch with pr.branch")
    if rejected or _DENIED.search(err):
        why = f"{said}: {lines[:200]}" if lines and lines not in said else said
        return Push(outcome=Pushed.REFUSED, said=why, help=NEEDED)
    return Push(outcome=Pushed.UNKNOWN, said=said, help="look at the remote, and run the command again")


def _is_of(repository: Repository, address: str) -> bool:
    """Say whether an address is a path into the repository: git would start the receiving side there, with its hooks and its configuration."""
    if "://" in address and not address.lower().startswith("file:"):
        return False
    named = unquote(re.sub(r"(?i)^file:(?://[^/]*)?", "", address))
    path = os.path.realpath(re.sub(r"^/(?=[A-Za-z]:)", "", named) if os.name == "nt" else named)
    common = (repository.try_git("rev-parse", "--git-common-dir") or b"").decode(errors="surrogateescape").rstrip("\n")
    homes = [repository.root, repository.git_dir, os.path.join(repository.root or repository.git_dir, common) if common else None]
    found = [os.path.realpath(home) for home in homes if home is not None]
    return any(contains(home, path) or contains(path, home) for home in found)


def fetch(private: PrivateRepository, repository: Repository, remote: str, ref: str, environ: Mapping[str, str], *, whole: bool = False) -> str:
    """Bring a ref of a remote, the commit alone or with its history; say why it cannot be had, "" where it is there."""
    address = address_of(repository, remote)
    depth = () if whole or repository.shallow else ("--depth=1",)
    options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", *depth)
    target = f"+{ref}:refs/lockstep/{ref.removeprefix('refs/')}"
    ended = private.run("fetch", *options, "--", address, target, environment=remote_environment(private.root, address, environ))
    return "" if ended.code == 0 else without_secret(words(ended.err))
