"""Which repository of GitHub this is: `owner/name`, as it is given or as the remote `origin` has it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from lockstep.errors import UsageError
from lockstep.evidence.github import PUBLIC, Api
from lockstep.evidence.http import is_loopback
from lockstep.repository.repository import Repository

SLUG = re.compile(r"[A-Za-z0-9_-]{1,100}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
_REMOTE = re.compile(r"(?:[^/@:]+@)?(?P<host>[A-Za-z0-9.-]+):(?!//)/?(?P<path>[^:]*)")
"""scp's way of writing an address, which git takes: git@github.com:owner/name.git."""
_SCHEMES = ("https", "http", "ssh", "git", "git+ssh")


def slug(text: str, source: str) -> str:
    """Give `owner/name` as it is.

    Raises: UsageError for anything else.
    """
    if not SLUG.fullmatch(text):
        raise UsageError(f"{source} names no repository of GitHub", help="--repository OWNER/NAME")
    return text


def origin(repository: Repository, api: Api, server: str) -> str:
    """Read `owner/name` from the address of the remote `origin`, which is never printed: it may hold a password.

    Raises: UsageError when there is none, or when it is of another host than the API.
    """
    said = repository.try_git("config", "--get", "remote.origin.url")
    hint = "--repository OWNER/NAME names it"
    if said is None:
        raise UsageError("there is no remote origin, so it is not known which repository this is on GitHub", help=hint)
    host, path = _address(said.decode(errors="replace").strip())
    if not host:
        raise UsageError("the remote origin is no address of GitHub", help=hint)
    if host not in _hosts(api, server):
        raise UsageError(f"the remote origin is at {host}, and the API that is asked at {api.host}", help=f"{hint}, GITHUB_API_URL another server")
    return slug(path.strip("/").removesuffix(".git"), "the remote origin")


def known(repository: Repository, api: Api, named: str | None, environment: Mapping[str, str]) -> str:
    """Give `owner/name`: as it is named, else as GitHub Actions names it, else as the remote `origin` has it.

    Raises: UsageError when there is none.
    """
    said = named or environment.get("GITHUB_REPOSITORY") or ""
    if said:
        return slug(said, "--repository" if named else "GITHUB_REPOSITORY")
    return origin(repository, api, environment.get("GITHUB_SERVER_URL", ""))


def page(name: str, api: Api, environment: Mapping[str, str]) -> str:
    """Give the address of the page of `owner/name`, without a slash at the end."""
    server = environment.get("GITHUB_SERVER_URL", "").rstrip("/")
    if api.url == PUBLIC or is_loopback(api.host) or not server:
        server = "https://github.com" if api.url == PUBLIC or is_loopback(api.host) else f"https://{api.host.removeprefix('api.')}"
    return f"{server}/{name}"


def _address(url: str) -> tuple[str, str]:
    """Give host and path of a remote's address; "" for what has none."""
    if (found := _REMOTE.fullmatch(url)) is not None and "://" not in url:
        return found["host"].lower(), found["path"]
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return ((parts.hostname or "").lower(), parts.path) if parts.scheme in _SCHEMES else ("", "")


def _hosts(api: Api, server: str) -> set[str]:
    """Give the hosts that repositories of an API are cloned from."""
    github = {"github.com", "www.github.com", "ssh.github.com"}
    if api.url == PUBLIC:
        return github
    own = {api.host, api.host.removeprefix("api."), (urlsplit(server).hostname or "").lower()} - {""}
    return own | github if is_loopback(api.host) else own
