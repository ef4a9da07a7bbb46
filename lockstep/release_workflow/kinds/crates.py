"""Crates: `cargo package` packs them together, each with the others as they will be at crates.io, and builds what it packed.

Source: https://doc.rust-lang.org/cargo/commands/cargo-package.html
"""

from __future__ import annotations

import re

from lockstep.model import Ecosystem
from lockstep.release_workflow.project import Job, Part, Project
from lockstep.release_workflow.template import filled
from lockstep.text.toml import values

RUST = "1.95.0"
"""The cargo that packs where the project names none, or an older one: it packs a workspace whose crates are not published yet since 1.90."""
_FILES = ("rust-toolchain.toml", "rust-toolchain")
_EXACT = re.compile(r"1\.[0-9]+\.[0-9]+")


def part(project: Project) -> Part | None:
    """Give the job that packs the crates."""
    crates = project.of(Ecosystem.CARGO)
    if not crates:
        return None
    lines = []
    told = []
    for folder in dict.fromkeys(one.workspace for one in crates):
        words = ["cargo package --locked"]
        if folder:
            words.append(f"--manifest-path {folder}/Cargo.toml --target-dir target")
        words += (f"--package {one.package.name}" for one in crates if one.workspace == folder)
        lines.append(" ".join(words))
        lock = f"{folder}/Cargo.lock".lstrip("/")
        if not project.tree.has(lock):
            told.append(f"git does not track {lock}: cargo packs another lock from day to day, and --locked refuses; track it")
    text = filled("build_crates", checkout=filled("checkout"), toolchain=toolchain(project), pack="\n".join(lines))
    return Part(packages=tuple(one.id for one in crates), jobs=(Job(name="build-crates", text=text),), told=tuple(told))


def toolchain(project: Project) -> str:
    """Give the version of Rust that packs: the project's own where it names one exactly, and that is new enough."""
    named = ""
    for path in _FILES:
        if project.tree.has(path):
            text = project.tree.read(path)
            table = values(text).get("toolchain") if "[toolchain]" in text else None
            said = table.get("channel") if isinstance(table, dict) else text.strip()
            named = said if isinstance(said, str) and _EXACT.fullmatch(said) else named
    return max(RUST, named, key=lambda one: [int(part) for part in one.split(".") if part])
