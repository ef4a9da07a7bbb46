"""Where the repository is on the web, as its manifests state it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.errors import LockstepError
from lockstep.pattern import pattern
from lockstep.text.toml import Document
from lockstep.tree import Tree

_URL = pattern(r"(?:git\+)?(?:https?|git|ssh)://(?:[\w.-]+@)?(?P<host>[\w.-]+(?::[0-9]+)?)/(?P<path>[\w.~-]+(?:/[\w.~-]+)+)/?(?:[#?].*)?$")
_NPM = pattern(r'"repository"\s*:\s*(?:\{[^{}]*?"url"\s*:\s*)?"(?P<url>[^"\s]{1,300})"')
_SHORT = pattern(r"(?:github:)?(?P<path>[\w.-]+/[\w.-]+)")
_NAMES = ("repository", "source", "source code", "source-code", "code", "github", "homepage", "home")
_FORGES = ("github", "gitlab", "codeberg", "gitea", "sr.ht", "bitbucket")


def repository_url(tree: Tree, folder: str) -> str:
    """Give the address that the manifests of a folder, else those of the root, state; "" where none does."""
    for place in dict.fromkeys((folder, "")):
        prefix = f"{place}/" if place else ""
        for url in _urls(tree, prefix):
            if (found := _URL.match(url)) is not None:
                return f"https://{found['host']}/{_repository(found['host'], found['path'])}"
            if (short := _SHORT.fullmatch(url)) is not None:
                return f"https://github.com/{short['path']}"
    return ""


def _repository(host: str, path: str) -> str:
    """Leave out what leads below a repository: a folder, a branch."""
    parts = re.split(r"/(?:-/)?(?:tree|blob|issues|wiki)(?:/|$)", path)[0].split("/")
    return "/".join(parts[:2] if "github" in host else parts).removesuffix(".git")


def _urls(tree: Tree, prefix: str) -> Iterator[str]:
    for name, keys in (("Cargo.toml", (("package", "repository"), ("workspace", "package", "repository"))), ("pyproject.toml", ())):
        if not tree.has(prefix + name):
            continue
        try:
            document = Document(prefix + name, tree.read(prefix + name))
        except LockstepError:
            continue
        yield from (url for key in keys if isinstance(url := document.string(*key), str))
        if name == "pyproject.toml":
            named = {str(key).lower(): value for table in (document.table("project", "urls"), document.table("tool", "poetry")) for key, value in table.items()}
            chosen = [str(named[key]) for key in _NAMES if isinstance(named.get(key), str)]
            yield from (url for url in chosen if any(forge in url for forge in _FORGES))
    if tree.has(f"{prefix}package.json"):
        try:
            text = tree.read(f"{prefix}package.json")
        except LockstepError:
            return
        if (found := _NPM.search(text)) is not None:
            yield found["url"]
