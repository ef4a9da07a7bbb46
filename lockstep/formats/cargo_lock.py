"""Cargo.lock: the entries that stand for a package of a repository, and every reference to them.

An entry without a `source` is a path package; nothing else is ever a site. The file is scanned, not parsed: tomllib needs
0.3 s for 10,000 lines, the scan 4 ms.

Source: https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html; cargo's src/cargo/core/resolver/encode.rs
"""

from __future__ import annotations

import re

from lockstep.declaration import Manifest, Mention, Named, Scope, Source
from lockstep.locks import cargo_text
from lockstep.model import Ecosystem, Role
from lockstep.toml import Document
from lockstep.version import Spelling

SCOPE = Scope.TREE
ECOSYSTEM = Ecosystem.CARGO
FILES = ("**/Cargo.lock",)

# What cargo writes, line by line; a text that is nothing but such lines is valid TOML without asking a parser.
_TEXT = r'"[^"\\\x00-\x1f]*"'
_LINE = (
    r"(?:\[\[(?:package|patch\.unused)\]\]|\[(?:metadata|root)\]"
    rf"|[\w-]+ = (?:{_TEXT}|[0-9]+|\[\r?\n(?: {_TEXT},?\r?\n)*+\])|{_TEXT} = {_TEXT}|[ \t]*\#[^\r\n\x00-\x08]*|[ \t]*)"
)
_WRITTEN_BY_CARGO = re.compile(rf"\ufeff?(?:{_LINE}\r?\n)*+{_LINE}?")
_ENTRY = re.compile(r'^\[\[package\]\]\r?\nname = "(?P<name>[^"\r\n]*)"\r?\nversion = "(?P<version>[^"\r\n]*)"\r?\n(?P<source>source = )?', re.MULTILINE)
_ENTRY_ROOT = re.compile(r'^\[root\]\r?\nname = "(?P<name>[^"\r\n]*)"\r?\nversion = "(?P<version>[^"\r\n]*)"\r?\n(?P<source>source = )?', re.MULTILINE)
_REFERENCE = re.compile(r'^ "(?P<name>[^" \r\n]+) (?P<version>[^" \r\n]+)",?\r?$', re.MULTILINE)


def read(source: Source) -> Manifest:
    """Find the version of every path package, and of every reference to one.

    Raises: ManifestError when the file is not TOML.
    """
    text = source.text
    if not _WRITTEN_BY_CARGO.fullmatch(text):
        Document(source.path, text)
    mentions = []
    ours: set[tuple[str, str]] = set()
    for entry in (*_ENTRY.finditer(text), *_ENTRY_ROOT.finditer(text)):
        if entry["source"]:
            continue
        ours.add((entry["name"], entry["version"]))
        mentions.append(_mention(entry, "version", "entry without a source"))
    mentions += [
        _mention(reference, "reference", "reference to an entry without a source")
        for reference in _REFERENCE.finditer(text)
        if (reference["name"], reference["version"]) in ours
    ]
    return Manifest(source=source, mentions=tuple(mentions), lock=cargo_text.read(text))


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
