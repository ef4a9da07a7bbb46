"""The names of artifacts, folders, files and tags: which of them meet."""

from __future__ import annotations

import re
from functools import lru_cache

from lockstep.workflow.audit_model import Upload
from lockstep.workflow.model import Step
from lockstep.workflow.shell import Command

LONGEST_PATTERN = 300
"""Characters of the longest pattern that is tried."""


DISTRIBUTIONS = (".whl", ".tar.gz", ".crate", ".tgz", ".gem", ".nupkg", ".zip", ".tar.xz", ".tar.bz2", ".exe", ".deb", ".node", ".wasm")


_BESIDE = (
    ".sigstore",
    ".sigstore.json",
    ".intoto.jsonl",
    ".sig",
    ".asc",
    ".cdx.json",
    ".spdx.json",
    ".sha256",
    ".json",
    ".jsonl",
    ".txt",
    ".md",
    ".pem",
    ".xml",
    ".html",
    ".log",
)


_PACKS = frozenset({"package", "publish", "release", "workspaces", "ws", "smart-release"})


def with_stars(name: str) -> str:
    """Write a name with a star for everything that is not known."""
    return re.sub(r"\$\{\{.*?\}\}|\$\{?[A-Za-z_]\w*\}?|\{[^}]*\}|\[[^\]]*\]|\?|\*+", "*", name)


@lru_cache(maxsize=4096)
def may_coincide(one: str, other: str) -> bool:
    """Say whether two patterns with stars can mean the same name."""
    reach = {(0, 0)}
    seen: set[tuple[int, int]] = set()
    while reach:
        i, j = reach.pop()
        if (i, j) in seen or i > len(one) or j > len(other):
            continue
        seen.add((i, j))
        if i == len(one) and j == len(other):
            return True
        a, b = one[i : i + 1], other[j : j + 1]
        if a == "*":
            reach |= {(i + 1, j), (i, j + 1)} if b else {(i + 1, j)}
        elif b == "*":
            reach |= {(i, j + 1), (i + 1, j)} if a else {(i, j + 1)}
        elif a == b:
            reach.add((i + 1, j + 1))
    return False


def accepts_tag(regex: str, tag: str) -> bool | None:
    """Say whether a pattern of a guard takes a tag; None for one that is not tried."""
    if len(regex) > LONGEST_PATTERN or re.search(r"[*+]\)[*+{]", regex):
        return None
    try:
        return re.search(regex.replace("$", r"\Z") if not regex.endswith(r"\$") else regex, tag) is not None
    except (re.error, OverflowError, RecursionError):
        return None


def always_matches(pattern: str, name: str) -> bool:
    """Say whether a pattern takes a name whatever its stars stand for."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), name) is not None


def normalized_folder(folder: str) -> str:
    """Write a folder without what means nothing: `./dist/` is `dist`."""
    text = re.sub(r"/+", "/", folder.strip().replace("\\", "/")).removeprefix("./").rstrip("/")
    return text or "."


def uploaded_folder(step: Step) -> str:
    """Give the folder that `pypa/gh-action-pypi-publish` uploads."""
    given = step.input("packages-dir", "packages_dir")
    return normalized_folder(given.text if given else "dist")


def may_hold(one: Upload, folder: str) -> bool:
    """Say whether an artifact may hold files of a folder of the workspace, as far as its patterns tell."""
    inner = normalized_folder(folder)
    if not one.files or inner.startswith(("/", "~", "..", ".")) or "/../" in inner:
        return True
    taken = (normalized_folder(with_stars(path)) for path in one.files if not path.startswith("!"))
    return any(path == "." or any(may_coincide(pattern, f"{with_stars(inner)}/*") for pattern in (path, f"{path}/*")) for path in taken)


def is_distribution(one: Upload) -> bool:
    """Say whether an artifact holds what is published, and not signatures, SBOMs or reports."""
    return not one.files or any(not path.startswith("!") and not path.endswith(_BESIDE) for path in one.files)


def file_ending(pattern: str) -> str:
    """Give the ending of a pattern of files, "" where it does not say one."""
    name = pattern.rpartition("/")[2]
    return next((one for one in (*_BESIDE, *DISTRIBUTIONS) if name.endswith(one)), "")


def packs_crates(one: Command) -> bool:
    """Say whether a command is cargo, making or publishing a package."""
    return one.name == "cargo" and bool(set(one.words[1:4]) & _PACKS)
