"""A release tag as git has it: the commit that it names, what the tag's object says, and whether its signature is good.

A signature is checked by the user's git with the programs and keys of the user: what the repository's own configuration says about them
never counts. Source: git-verify-tag(1), git-config(1) gpg.*, gitformat-signature(5)
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from lockstep.dataclass import dataclass
from lockstep.errors import RepositoryError, UsageError
from lockstep.repository import programs
from lockstep.repository.git_plumbing import SAFE, environment, program
from lockstep.repository.repository import Repository, resolve
from lockstep.rules.tag import Signature, Signed
from lockstep.wording import did_you_mean

SECONDS = 60
"""How long a signature may take: an agent may ask its user for something."""
_PROGRAMS = {"gpg.openpgp.program": "gpg", "gpg.x509.program": "gpgsm", "gpg.ssh.program": "ssh-keygen"}
_BEGINS = {
    "-----BEGIN PGP SIGNATURE-----": "gpg.openpgp.program",
    "-----BEGIN PGP MESSAGE-----": "gpg.openpgp.program",
    "-----BEGIN SIGNED MESSAGE-----": "gpg.x509.program",
    "-----BEGIN SSH SIGNATURE-----": "gpg.ssh.program",
}
_UNKNOWN_KEY = re.compile(r"^\[GNUPG:\] NO_PUBKEY ([0-9A-F]+)", re.MULTILINE)
_STATUS = re.compile(r"^\[GNUPG:\] (BADSIG|ERRSIG|EXPSIG|EXPKEYSIG|REVKEYSIG)\b", re.MULTILINE)
_SAID = {"BADSIG": "is forged or damaged", "EXPSIG": "has expired", "EXPKEYSIG": "is of an expired key", "REVKEYSIG": "is of a revoked key"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag of a repository. `name` is what its object says of itself, None for a lightweight tag, which has none."""

    ref: str
    oid: str
    commit: str
    name: str | None
    signature: str
    """Which kind of program made it, as a key of the configuration; "" where there is none."""


def read_tag(repository: Repository, name: str) -> Tag:
    """Read a tag.

    Raises: UsageError when there is none, or when it names no commit.
    """
    ref = f"refs/tags/{name}"
    found = repository.try_git("rev-parse", "--verify", "--quiet", "--end-of-options", ref)
    if found is None:
        branch = repository.try_git("rev-parse", "--verify", "--quiet", "--end-of-options", f"refs/heads/{name}") is not None
        hint = did_you_mean(name, repository.refs("refs/tags"), "git fetch --tags; or git tag lists what there is")
        raise UsageError(f"there is no tag {name}: that is a branch" if branch else f"there is no tag {name}", help=hint)
    oid = found.decode().strip()
    commit = resolve(repository, ref)
    if oid == commit:
        return Tag(ref=name, oid=oid, commit=commit, name=None, signature="")
    text = repository.git("cat-file", "tag", oid).decode(errors="replace")
    head, _, body = text.partition("\n\n")
    said = re.search(r"^tag (.*)$", head, re.MULTILINE)
    kind = next((key for begin, key in _BEGINS.items() if f"\n{begin}\n" in f"\n{body}"), "")
    if not kind and re.search(r"^gpgsig", head, re.MULTILINE):
        kind = "gpg.openpgp.program"
    return Tag(ref=name, oid=oid, commit=commit, name=said[1] if said else "", signature=kind)


def check_signature(repository: Repository, one: Tag, signers: Path | None = None) -> Signed:
    """Check the signature of a tag; `signers` is the file of allowed signers that the user named."""
    if not one.signature:
        return Signed(state=Signature.NONE)
    users = _Users(repository)
    program = users.program(one.signature)
    if program is None:
        return Signed(state=Signature.UNSEEN, why=f"{_PROGRAMS[one.signature]} is not installed")
    allowed = os.path.abspath(signers) if signers is not None else users.path("gpg.ssh.allowedSignersFile")
    if one.signature == "gpg.ssh.program" and not allowed:
        return Signed(state=Signature.UNSEEN, why="nobody says whose keys count: neither --allowed-signers nor your gpg.ssh.allowedSignersFile")
    settings = {
        **dict.fromkeys(("gpg.program", *_PROGRAMS), os.devnull),  # the one that is asked for is named below
        "gpg.program" if one.signature == "gpg.openpgp.program" else one.signature: program,
        one.signature: program,
        "gpg.ssh.allowedSignersFile": allowed or os.devnull,
        "gpg.ssh.revocationFile": users.path("gpg.ssh.revocationFile") or "",
        "gpg.minTrustLevel": users.value("gpg.minTrustLevel") or "undefined",
    }
    if not settings["gpg.ssh.revocationFile"]:
        del settings["gpg.ssh.revocationFile"]
    status, said = _run(repository, (*(word for key, value in settings.items() for word in ("-c", f"{key}={value}")), "verify-tag", "--raw", one.oid))
    return _judged(status, said, one.signature)


def _judged(status: int | None, said: str, kind: str) -> Signed:
    if status is None:
        return Signed(state=Signature.UNSEEN, why=said)
    if status == 0:
        who = re.search(r"^\[GNUPG:\] GOODSIG [0-9A-F]+ (.*)$", said, re.MULTILINE) or re.search(r'^Good "git" signature for (.*?) with ', said, re.MULTILINE)
        return Signed(state=Signature.GOOD, by=who[1] if who else "")
    if (missing := _UNKNOWN_KEY.search(said)) is not None:
        return Signed(state=Signature.UNSEEN, why=f"the key {missing[1]} is not among yours")
    if kind == "gpg.ssh.program" and "No principal matched" in said:
        return Signed(state=Signature.BAD, why="is of nobody among the allowed signers")
    found = _STATUS.search(said)
    return Signed(state=Signature.BAD, why=_SAID.get(found[1] if found else "", "is not good"))


class _Users:
    """What the user's own configuration says, and not that of the repository."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def value(self, key: str, *options: str) -> str | None:
        for scope in ("--global", "--system"):
            try:
                found = self._repository.git("config", scope, "--includes", *options, "--get", key)
            except RepositoryError:
                continue
            return found.decode(errors="surrogateescape").rstrip("\n")
        return None

    def path(self, key: str) -> str | None:
        """Give a file that the configuration names, as git expands it."""
        return self.value(key, "--type=path") or None

    def program(self, key: str) -> str | None:
        """Find the program of a kind of signature; one that lies in the work tree is none of the user's."""
        named = self.value(key, "--type=path") or (self.value("gpg.program", "--type=path") if key == "gpg.openpgp.program" else None) or _PROGRAMS[key]
        return programs.find(named, self._repository.root or self._repository.git_dir).path


def _run(repository: Repository, args: tuple[str, ...]) -> tuple[int | None, str]:
    import subprocess  # noqa: PLC0415 - a tag without a signature needs none

    root = repository.root or repository.git_dir
    try:
        done = subprocess.run(  # noqa: S603 - the program is git, the arguments are ours
            [program(root), *SAFE, *args],
            cwd=root,
            env=environment(root),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return None, f"no answer within {SECONDS} seconds"
    return done.returncode, (done.stderr + done.stdout).decode(errors="replace")
