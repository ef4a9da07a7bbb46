"""In whose name a commit is made that nobody types: git's own settings, else the account of GitHub Actions; at the time of what it stands on.

With the time of its parent the same release, planned twice, is the same commit: two runs at once push the same, and nothing is pushed for nothing.
Source: git-var(1), https://github.com/actions/checkout#push-a-commit-using-the-built-in-token
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lockstep.errors import RepositoryError, WriteError
from lockstep.repository.repository import Repository
from lockstep.writing.private_repository import Signature

ACTIONS = ("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com")
_IDENT = re.compile(r"(?P<name>.*?) ?<(?P<email>[^<>]*)> (?P<date>[0-9]+ [+-][0-9]{4})", re.DOTALL)


def signer(repository: Repository, parent: str, environment: Mapping[str, str]) -> Signature:
    """Give who makes a commit on top of a parent, and when.

    Raises: WriteError when git knows no name, outside of GitHub Actions.
    """
    raw = repository.git("cat-file", "commit", parent).decode(errors="replace")
    line = next((one.removeprefix("committer ") for one in raw.partition("\n\n")[0].split("\n") if one.startswith("committer ")), "")
    found = _IDENT.fullmatch(line)
    date = found["date"] if found is not None else "0 +0000"
    named = bool(environment.get("GIT_COMMITTER_EMAIL") or environment.get("EMAIL")) or repository.try_git("config", "--get", "user.email") is not None
    if not named and environment.get("GITHUB_ACTIONS") == "true":
        return Signature(name=ACTIONS[0], email=ACTIONS[1], date=date)
    try:
        said = _IDENT.match(repository.git("var", "GIT_COMMITTER_IDENT").decode(errors="replace"))
    except RepositoryError as error:
        raise WriteError(f"git does not know who commits: {error.message}", help="git config user.name and user.email") from None
    assert said is not None
    return Signature(name=said["name"], email=said["email"], date=date)
