"""Which files of a package its users get, as far as their places tell: what a release is for."""

from __future__ import annotations

from posixpath import basename, dirname

from lockstep.errors import LockstepError
from lockstep.pattern import pattern
from lockstep.project.discovery import is_example
from lockstep.text.toml import Document

_FOR_MAINTAINERS = pattern(
    r".*\.(?:lock|orig|ipynb)|(?:un)?licen[cs]e.*|readme.*|contributing.*|security.*|copying.*|authors|notice|codeowners|changes|changelog|history|news|package-lock\.json"
    r"|pnpm-lock\.yaml|(?:gnu)?makefile|justfile|dockerfile.*|noxfile\.py|tox\.ini|tasks\.py|conftest\.py|rustfmt\.toml|clippy\.toml|deny\.toml|cliff\.toml"
    r"|release-plz\.toml|rust-toolchain(?:\.toml)?|renovate\.json5?|mkdocs\.ya?ml|lockstep\.toml|release-please-config\.json|codecov\.ya?ml|typos\.toml",
)
_PROSE = (".md", ".markdown", ".rst", ".txt", ".adoc", ".org")
"""What is for readers at the top of a package, and may be a template, or text that is compiled in, below it."""
_FOR_TESTS = pattern(
    r"(?:^|/)(?:tests?|testing[_-]data|testdata|test[_-]?suite|__tests__|newsfragments|changelog\.d|changes|news|fixtures?|snapshots?|fuzz|benches|\.[^/]+)"
    r"(?:/|$)"
)


def is_shipped(path: str, root: str) -> bool:
    """Say whether users of the package in the folder `root` get a file: not what is for tests, for show, or for who maintains it."""
    inner = path[len(root) + 1 :] if root else path
    if _FOR_MAINTAINERS.fullmatch(basename(path).lower()) or basename(path).startswith("."):
        return False
    folder = dirname(inner)
    if not folder and path.lower().endswith(_PROSE):
        return False
    return not folder or not (is_example(folder) or _FOR_TESTS.search(folder))


_OF_MAINTAINERS = frozenset(
    (
        *(
            "dev-dependencies",
            "dev_dependencies",
            "workspace",
            "metadata",
            "profile",
            "lints",
            "bench",
            "test",
            "example",
            "include",
            "exclude",
            "path",
            "patch",
        ),
        *("readme", "dependency-groups", "authors", "maintainers", "keywords", "categories", "homepage", "documentation", "repository", "urls"),
        *("ruff", "mypy", "pytest", "coverage", "black", "isort", "tox", "pyright", "basedpyright", "codespell", "towncrier", "cibuildwheel", "lockstep"),
    )
)
"""What a manifest says to who maintains the package, and where its parts lie."""


def says_more(path: str, old: str, new: str) -> bool:
    """Say whether a manifest in TOML says something else to users than it did: not in other words, nor where its parts lie, nor to who maintains it.

    What is taken from the workspace on either side is left to the comparison of surfaces, which resolves it.
    """
    try:
        return _differs(Document(path, old).data, Document(path, new).data)
    except LockstepError:
        return True


def _differs(old: object, new: object) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        if _inherits(old) or _inherits(new):
            return False
        keys = (old.keys() | new.keys()) - _OF_MAINTAINERS
        return any(_differs(old.get(key), new.get(key)) for key in keys)
    if _inherits(old) or _inherits(new):
        return False
    return old != new


def _inherits(value: object) -> bool:
    return isinstance(value, dict) and value.get("workspace") is True
