"""Where a repository repeats the least Rust that its crates need: READMEs, CI, clippy's settings, and the toolchain it is built with.

Sources: https://doc.rust-lang.org/clippy/configuration.html#specifying-the-minimum-supported-rust-version (clippy warns where the two differ),
https://rust-lang.github.io/rustup/overrides.html#the-toolchain-file
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lockstep.errors import RepositoryError
from lockstep.model import Package, Place
from lockstep.pattern import pattern
from lockstep.surface import Item, ItemKind, Stability
from lockstep.text.toml import Lines
from lockstep.tree import Tree

FILES = ("{**/,}README{,.md,.rst,.txt}", "{**/,}{,.}clippy.toml", "{**/,}rust-toolchain{,.toml}", ".github/workflows/*.{yml,yaml}")
LARGEST = 512 * 1024
"""Characters; a longer file is no place where a person repeats a version."""

_V = r"(?P<version>1\.[0-9]{1,3}(?:\.[0-9]{1,3})?)(?![0-9.]*[0-9])"
_BADGE = pattern(
    rf"badge/(?:msrv|rustc?|(?:min(?:imum)?|requires|supported)[a-z_%0-9-]{{0,40}}?rust[a-z_%0-9-]{{0,20}}?|rust[_%0-9-]{{1,4}}(?:version|msrv))"
    rf"[-_](?:v|%E2%89%A5|%3E%3D|>=|≥|%20|\s)*{_V}",
    re.IGNORECASE,
)
_SENTENCE = pattern(
    rf"(?P<said>\bMSRV\b|minimum (?:supported|required)? ?rust(?:c)?(?: compiler)? version|minimum rust(?:c)? version|requires (?:at least )?rust(?=[ `*v]))"
    rf"(?P<between>[^\n.0-9<>]{{0,48}}?){_V}",
    re.IGNORECASE,
)
_PAST = pattern(r"\b(?:was|were|from|before|previous(?:ly)?|bump\w*|rais\w+|increas\w+|chang\w+|until|than|if|not?|older|drop\w*)\b", re.IGNORECASE)
_CLIPPY = pattern(rf"^[ \t]*msrv[ \t]*=[ \t]*[\"']{_V}[\"']", re.MULTILINE)
_CHANNEL = pattern(rf"^[ \t]*(?:channel[ \t]*=[ \t]*[\"'])?{_V}[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)
_SETTING = pattern(rf"^[ \t-]*[\"']?[A-Z_-]{0, 40}msrv[A-Z_-]{0, 40}[\"']?[ \t]*:[ \t]*[\"']?{_V}[\"']?[ \t]*(?:#.*)?$", re.MULTILINE | re.IGNORECASE)
_JOB = pattern(
    r"^(?P<indent> +)[\"']?[a-z0-9_-]{0,40}msrv[a-z0-9_-]{0,40}[\"']?[ ]*:[ ]*(?:#.*)?\n(?P<body>(?:(?P=indent) +.*\n|[ ]*(?:#.*)?\n)+)",
    re.MULTILINE | re.IGNORECASE,
)
_STEP = pattern(rf"^[ \t-]*(?:toolchain:[ \t]*[\"']?|uses:[ \t]*[\w./-]*rust-toolchain@){_V}[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)


def declarations(tree: Tree, stated: Mapping[Package, str]) -> dict[Package, tuple[Item, ...]]:
    """Give the places that repeat the rust-version of crates, each with the first crate that it speaks for: those in its folder and below."""
    found: dict[Package, list[Item]] = {}
    paths = dict.fromkeys(path for files in FILES for path in tree.paths(files)) if stated else {}
    for path in paths:
        folder = "" if path.startswith(".github/") else path.rpartition("/")[0]
        if folder and not any(package.root == folder for package in stated):
            continue  # a sample, a document, a vendored tree
        crates = [package for package in stated if not folder or package.root == folder or package.root.startswith(f"{folder}/")]
        if not crates:
            continue
        speaker = min(crates, key=lambda package: (len(package.root), package.name))
        accepted = tuple(sorted({stated[package] for package in crates}))
        for number, (version, line, trait) in enumerate(_said(tree, path)):
            found.setdefault(speaker, []).append(
                Item(
                    path=f"rust-version in {path}" + (f" ({number + 1})" if number else ""),
                    kind=ItemKind.FLOOR,
                    place=Place(path=path, line=line),
                    signature=version,
                    value=version,
                    bases=accepted,
                    traits=frozenset({trait}),
                    stability=Stability.HIDDEN,  # it promises nothing that the manifest does not
                )
            )
    return {package: tuple(items) for package, items in found.items()}


def _said(tree: Tree, path: str) -> Iterator[tuple[str, int, str]]:
    """Give (version, line, what it claims) of each mention in a file, each line once."""
    try:
        text = tree.read(path)
    except RepositoryError:
        return
    if len(text) > LARGEST:
        return
    name = path.rpartition("/")[2]
    lines = Lines(text)
    seen: set[int] = set()
    for offset, version in sorted(_mentions(name, text)):
        line, _ = lines.at(offset)
        if line not in seen:
            seen.add(line)
            yield version, line, "toolchain" if name.startswith("rust-toolchain") else "mirror"


def _mentions(name: str, text: str) -> Iterator[tuple[int, str]]:
    if name.startswith("README"):
        yield from ((found.start("version"), found["version"]) for found in _BADGE.finditer(text))
        for found in _SENTENCE.finditer(text):
            line = text[text.rfind("\n", 0, found.start()) + 1 : found.end()]
            if not _PAST.search(found["between"]) and not _PAST.search(line):
                yield found.start("version"), found["version"]
    elif name.startswith("rust-toolchain"):
        yield from ((found.start("version"), found["version"]) for found in _CHANNEL.finditer(text))
    elif name.endswith("clippy.toml"):
        yield from ((found.start("version"), found["version"]) for found in _CLIPPY.finditer(text))
    elif "msrv" in text.lower():
        yield from ((found.start("version"), found["version"]) for found in _SETTING.finditer(text))
        for job in _JOB.finditer(text):
            yield from ((job.start("body") + found.start("version"), found["version"]) for found in _STEP.finditer(job["body"]))
