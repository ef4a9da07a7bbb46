"""Hold what lockstep says of two Rust types against rustc: `python -m tests.surfaces.rust.compiler [SEED...]`.

Of each pair of types that are made by chance, a function takes and gives the one, and is used as one that takes and gives the other. Where lockstep is
certain of a break, rustc must refuse that; what rustc refuses and lockstep leaves to a person is told, and is no fault.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lockstep.config.reading import load
from lockstep.model import Confidence
from lockstep.project.project import discover
from lockstep.rules import judge_surfaces
from lockstep.rules.compat import Comparison
from lockstep.surface import Surface
from lockstep.surfaces import rust
from lockstep.tree import MemoryTree
from lockstep.versions.version import Version

MANIFEST = '[package]\nname = "a"\nversion = "1.0.0"\nedition = "2021"\n'
HEAD = """\
use std::{borrow::Cow, collections::*, path::{Path, PathBuf}, rc::Rc, sync::Arc};
pub struct Own;
pub struct Text(String);
impl std::ops::Deref for Text { type Target = String; fn deref(&self) -> &String { &self.0 } }
pub type Id = u32;
pub type Res<T, E = std::io::Error> = Result<T, E>;
"""
PLAIN = (
    "u8", "u32", "Id", "String", "Own", "Text", "bool", "char",
    "PathBuf", "std::ffi::CString", "std::io::Error", "std::fmt::Error", "std::num::NonZeroU8",
    "std::num::NonZero<u8>", "std::time::Duration", "core::time::Duration",
)  # fmt: skip
UNSIZED = ("str", "Path", "[u8]", "[u32]", "[String]")
MADE = (
    "Option<{}>", "Vec<{}>", "Box<{}>", "Rc<{}>", "[{}; 2]", "[{}; 4]", "({}, {})", "Res<{}>", "Result<{}, String>", "HashMap<u8, {}>",
    "HashMap<u8, {}, std::collections::hash_map::RandomState>", "&{}", "&mut {}", "*const {}", "*mut {}",
)  # fmt: skip
POINTERS = ("&{}", "&mut {}", "*const {}", "*mut {}", "Box<{}>", "Rc<{}>", "Arc<{}>", "Cow<'static, {}>")
SWAPS = (
    ("String", "str"), ("Vec<u8>", "[u8]"), ("[u8; 4]", "[u8]"), ("&mut ", "&"), ("&", "&mut "), ("&&", "&"), ("PathBuf", "Path"), ("Box<", "Rc<"),
    ("Text", "String"), ("Text", "str"), ("u32", "Id"), ("Res<", "Result<"), ("&", "&&"), ("[u8]", "Vec<u8>"), ("str", "String"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of some pairs: how many there were, how many lockstep is certain of, those that rustc takes all the same, and those left to a person."""

    pairs: int
    certain: int
    false: tuple[str, ...]
    left: tuple[str, ...]


def _type(chance: random.Random, depth: int) -> str:
    if depth <= 0 or chance.random() < 0.15:
        return chance.choice(PLAIN)
    if chance.random() < 0.25:
        return chance.choice(POINTERS).format(chance.choice(UNSIZED))
    return re.sub(r"\{\}", lambda _: _type(chance, depth - 1), chance.choice(MADE))


def _near(chance: random.Random, one: str) -> str:
    """Give another type that is much like one."""
    if chance.random() < 0.3:
        return _type(chance, 2)
    return one.replace(*chance.choice(SWAPS), 1) if chance.random() < 0.7 else chance.choice(POINTERS).format(one)


def _errors(source: str) -> Iterator[tuple[int, int, str | None]]:
    """Give line, column and code of what rustc refuses."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.rs")
        path.write_text(source)
        command = ["rustc", "--edition=2021", "--crate-type=lib", "--emit=metadata", "-o", f"{folder}/a.rmeta", "--error-format=json", "-Awarnings", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    for line in done.stderr.splitlines():
        said = json.loads(line)
        if said["level"] == "error" and said["spans"]:
            yield said["spans"][0]["line_start"], said["spans"][0]["column_start"], (said["code"] or {}).get("code")


def _owned(one: str) -> str:
    return re.sub(r"&(?!')", "&'static ", one)


def _pairs(chance: random.Random, count: int) -> list[tuple[str, str]]:
    """Make pairs of types that are Rust."""
    made = [(one, _near(chance, one)) for one in (_type(chance, chance.randrange(4)) for _ in range(count))]
    found = [pair if chance.random() < 0.5 else (pair[1], pair[0]) for pair in made if pair[0] != pair[1]]
    while True:
        tried = "".join(f"fn a{i}(x: {_owned(old)}) -> {_owned(old)} {{ x }} fn b{i}(x: {_owned(new)}) {{}}\n" for i, (old, new) in enumerate(found))
        bad = {line - HEAD.count("\n") - 1 for line, _, _ in _errors(HEAD + tried)}
        if not bad:
            return found
        found = [one for i, one in enumerate(found) if i not in bad]


def _surface(types: Sequence[str]) -> Surface:
    functions = "".join(f"pub fn p{i}(x: {_owned(one)}) {{}}\npub fn r{i}() -> {_owned(one)} {{}}\n" for i, one in enumerate(types))
    tree = MemoryTree({"Cargo.toml": MANIFEST, "src/lib.rs": HEAD + functions})
    return rust.read(tree, discover(tree, load(tree)).packages)[0]


def ask(seed: int, count: int) -> Answer:
    """Make pairs, and ask both."""
    found = _pairs(random.Random(seed), count)
    base, head = (_surface([pair[side] for pair in found]) for side in (0, 1))
    judged = judge_surfaces(Comparison(base=base, head=head, version=Version.read("1.0.0")))
    certain = {(one.symbol or "").removeprefix("a::") for one in judged if one.rule == "rust-type-changed" and one.confidence is Confidence.CERTAIN}
    used = [
        part
        for old, new in ((_owned(old), _owned(new)) for old, new in found)
        for part in (f"fn f(x: {old}) {{ fn g(x: {new}) {{}} g(x); }}", f"fn f() {{ fn g() -> {new} {{ loop {{}} }} let x: {old} = g(); }}")
    ]
    source = HEAD + "".join(f"mod m{i} {{ use super::*; {one} }}\n" for i, one in enumerate(used))
    refused = {line - HEAD.count("\n") - 1 for line, _, code in _errors(source) if code == "E0308"}
    named = {i: f"{'pr'[i % 2]}{i // 2}" for i in range(len(used))}
    return Answer(
        pairs=len(found),
        certain=len(certain),
        false=tuple(used[i] for i, name in named.items() if name in certain and i not in refused),
        left=tuple(used[i] for i, name in named.items() if name not in certain and i in refused),
    )


def main() -> None:
    """Ask for each seed."""
    for seed in map(int, sys.argv[1:] or ("1", "2", "3")):
        said = ask(seed, 1000)
        sys.stdout.write(f"seed {seed}: {said.pairs} pairs, certain {said.certain}, of these false {len(said.false)}, left to a person {len(said.left)}\n")
        sys.stdout.write("".join(f"  false: {one}\n" for one in said.false) + "".join(f"  left: {one}\n" for one in said.left[:8]))


if __name__ == "__main__":
    main()
