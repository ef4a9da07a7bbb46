"""Cargo.lock: the entries that stand for a package of a repository, and every reference to them.

An entry without a `source` is a path package; nothing else is ever a site. The file is scanned, not parsed: tomllib needs
0.3 s for 10,000 lines, the scan 4 ms.

A lock may be kept under another name (`ci/compat-Cargo.lock`, `Cargo-minimal.lock`), for a build that puts it in its place: its entries are sites, and what
else it holds is not compared with the manifests, for it is of other versions on purpose.

Source: https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html; cargo's src/cargo/core/resolver/encode.rs
"""

from __future__ import annotations

import re

from lockstep.dataclass import replace
from lockstep.errors import LockstepError
from lockstep.manifest import Manifest, Mention, Named, Scope, Source
from lockstep.model import Ecosystem, Role
from lockstep.pattern import pattern
from lockstep.text import cargo_lock
from lockstep.text.toml import Document
from lockstep.versions.version import Spelling

SCOPE = Scope.TREE
ECOSYSTEM = Ecosystem.CARGO
NAME = "Cargo.lock"
FILES = ("**/Cargo.lock", "**/*{-,_,.}Cargo.lock", "**/Cargo{-,_,.}*.lock", "**/Cargo.lock{-,_,.}*")

_ENTRY = pattern(r'^\[\[package\]\]\r?\nname = "(?P<name>[^"\r\n]*)"\r?\nversion = "(?P<version>[^"\r\n]*)"\r?\n(?P<source>source = )?', re.MULTILINE)
_ENTRY_ROOT = pattern(r'^\[root\]\r?\nname = "(?P<name>[^"\r\n]*)"\r?\nversion = "(?P<version>[^"\r\n]*)"\r?\n(?P<source>source = )?', re.MULTILINE)
_REFERENCE = pattern(r'^ "(?P<whole>(?P<name>[^" \r\n]+) (?P<version>[^" \r\n]+))",?\r?$', re.MULTILINE)


def read(source: Source) -> Manifest:
    """Find the version of every path package, and of every reference to one.

    Raises: ManifestError when the file is not TOML, unless it has a name of its own.
    """
    if source.path.rpartition("/")[2] == NAME:
        return _read(source)
    try:
        return replace(_read(source), lock=None)
    except LockstepError:
        return Manifest(source=source)  # it may be anything


def _read(source: Source) -> Manifest:
    text = source.text
    lock = cargo_lock.read(text)
    if lock is None:
        lock = cargo_lock.tabled(text, Document(source.path, text).data)
        ours = [entry for rule in (_ENTRY, _ENTRY_ROOT) for entry in rule.finditer(text) if not entry["source"]]
    else:
        ours = [found for entry in lock.entries if entry.source is None and (found := _ENTRY.match(text, entry.start)) is not None]
    mentions = [_mention(entry, "version", "entry without a source") for entry in ours]
    named = {f"{entry['name']} {entry['version']}" for entry in ours}
    if not named.isdisjoint(lock.references):
        mentions += [
            _mention(reference, "reference", "reference to an entry without a source") for reference in _REFERENCE.finditer(text) if reference["whole"] in named
        ]
    return Manifest(source=source, mentions=tuple(mentions), lock=lock)


def _mention(found: re.Match[str], what: str, why: str) -> Mention:
    return Mention(
        key=f"{found['name']}.{what}",
        start=found.start("version"),
        text=found["version"],
        role=Role.LOCK,
        spelling=Spelling.SEMVER,
        owner=Named(Ecosystem.CARGO, found["name"]),
        why=why,
    )
