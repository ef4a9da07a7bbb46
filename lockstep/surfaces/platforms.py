"""The platforms that a wheel is for, as far as files say so: trove classifiers, cibuildwheel's settings, the targets of maturin's jobs.

Sources: https://pypi.org/classifiers/, https://cibuildwheel.pypa.io/en/stable/options/, https://github.com/PyO3/maturin-action
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from lockstep.errors import RepositoryError
from lockstep.model import Place
from lockstep.pattern import pattern
from lockstep.surface import Item, ItemKind, Stability
from lockstep.surfaces.manifests import place
from lockstep.text.toml import Document, Lines, strings
from lockstep.tree import Tree

WORKFLOWS = ".github/workflows/*.{yml,yaml}"
_SYSTEM = "Operating System :: "
_JOB = pattern(r"^  (?P<name>[A-Za-z0-9_-]+):[ ]*(?:#.*)?\n(?P<body>(?:(?:   .*|[ ]*(?:#.*)?)\n)+)", re.MULTILINE)
_COMMAND = pattern(r"^[ ]*command:[ ]*[\"']?(\w+)", re.MULTILINE)
_MATURIN = pattern(r"uses:[ ]*[\"']?PyO3/maturin-action@", re.IGNORECASE)
_TARGET = pattern(
    r"^[ -]*targets?[ ]*:[ ]*(?P<values>[^#\n\[]+?)[ ]*(?:#.*)?$"
    r"|^[ -]*targets?[ ]*:\s*\[(?P<list>[^\]\[{}$]*)\]"
    r"|\{[^{}\n]*\btarget:[ ]*(?P<inline>[\w.-]+)[^{}\n]*\}",
    re.MULTILINE,
)
_ARCHITECTURE = pattern(
    r"(?<![\w.-])(?:x86_64|x86|x64|amd64|i[3-6]86|aarch64|arm64|arm(?:v\d)?\w*|ppc64(?:le|el)?|powerpc64\w*|s390x|riscv64\w*|loongarch64|mips\w*|universal2|wasm32"
    r"|[a-z]\w*-\w+-[\w-]+)(?![\w.-])",
    re.IGNORECASE,
)
_COMMENT = pattern(r"(?<!\S)#[^\n]*")
_NEAR, _MOST = 400, 500
"""Characters of a matrix' entry behind its target that may name the system, and targets of one job."""
_ENTRY = pattern(r"^ *- ", re.MULTILINE)
_AXIS = pattern(r"^(?P<indent> +)(?P<key>[\w-]+):[ ]*\[(?P<values>[^\]\n]*)\][ ]*$", re.MULTILINE)
_RUNS = pattern(r"^ *runs-on:[^$\n]*$", re.MULTILINE)
_SAME = {
    "amd64": "x86_64",
    "arm64": "aarch64",
    "armv7l": "armv7",
    "i386": "i686",
    "powerpc64": "ppc64",
    "powerpc64le": "ppc64le",
    "ppc64el": "ppc64le",
    "riscv64gc": "riscv64",
    "x64": "x86_64",
    "x86": "i686",
}
"""What Rust's triples, maturin-action, Debian and Windows call an architecture, and what a wheel's tag calls it.

Source: https://github.com/PyO3/maturin-action/blob/main/src/index.ts (TARGET_ALIASES), https://doc.rust-lang.org/rustc/platform-support.html
"""
_BOTH = {"universal2": ("x86_64", "aarch64")}
"""One wheel for several architectures."""
_TRIPLES = (("musl", "musllinux"), ("linux-android", "android"), ("linux", "linux"), ("darwin", "macos"), ("windows", "windows"), ("ios", "ios"))
"""What a triple says of the system, which is more than what the job around it does."""
_SYSTEMS = (("musllinux", "musllinux"), ("windows", "windows"), ("macos", "macos"), ("ubuntu", "linux"), ("linux", "linux"))


def platforms(tree: Tree, document: Document) -> Iterator[Item]:
    """Give one item for each platform that is named; `skip` marks one that is left out."""
    for index, text in enumerate(strings(document.table("project").get("classifiers"))):
        if text.startswith(_SYSTEM):
            yield _item(f"classifiers.{text.removeprefix(_SYSTEM)}", place(document, ("project", "classifiers", index)), text, "classifier")
    table = document.table("tool", "cibuildwheel")
    for scope in ((), ("linux",), ("macos",), ("windows",)):
        inner = document.table("tool", "cibuildwheel", *scope) if scope else table
        for key in ("archs", "skip"):
            value = inner.get(key)
            tokens = value.split() if isinstance(value, str) else strings(value)
            at = place(document, ("tool", "cibuildwheel", *scope, key))
            for token in tokens:
                yield _item(".".join(("cibuildwheel", *scope, key, token)), at, token, "skip" if key == "skip" else "arch")
    if (document.string("build-system", "build-backend") or "").startswith("maturin"):
        yield from _built(tree)


def _item(name: str, at: Place, text: str, trait: str) -> Item:
    stability = Stability.HIDDEN if trait == "unseen" else Stability.STABLE  # what a job builds for is a hint, and so is that it cannot be seen
    return Item(path=f"platforms.{name}", kind=ItemKind.PLATFORM, place=at, signature=text, value=text, traits=frozenset({trait}), stability=stability)


def _built(tree: Tree) -> Iterator[Item]:
    """Give the system and the target of every job that builds with maturin."""
    seen: set[str] = set()
    for path in tree.paths(WORKFLOWS):
        try:
            text = tree.read(path)
        except RepositoryError:
            continue
        if not _MATURIN.search(text):
            continue
        lines = Lines(text)
        for job in _JOB.finditer(text + "\n"):
            commands = set(_COMMAND.findall(job["body"]))
            if not _MATURIN.search(job["body"]) or (commands and commands <= {"sdist", "upload", "publish"}):
                continue
            targets = list(_targets(job["body"]))
            known = _Job(job["name"], job["body"])
            found = [(offset, system, target) for offset, target in targets[:_MOST] for system in known.systems(offset)]
            if not found or len(targets) > _MOST or any(system is None and read_target(target)[1] is None for _, system, target in found):
                at = Place(path=path, line=lines.at(job.start("name"))[0])
                yield _item(f"unseen.{path}.{job['name']}", at, f"the platforms of job {job['name']}, which are not written as plain targets", "unseen")
            for offset, around, target in found:
                architecture, system = read_target(target)
                system = system or around
                if system is None:
                    continue
                for one in _BOTH.get(architecture, (architecture,)):
                    if (name := f"{system}.{one}") not in seen:
                        seen.add(name)
                        yield _item(name, Place(path=path, line=lines.at(job.start("body") + offset)[0]), f"{system} {one}", "built")


def read_target(target: str) -> tuple[str, str | None]:
    """Give the architecture of a target, and its system if it is a triple that says so."""
    architecture, _, rest = target.lower().partition("-")
    return _SAME.get(architecture, architecture), next((system for word, system in _TRIPLES if word in rest), None)


class _Job:
    """One job: on which system each of its targets is built."""

    def __init__(self, name: str, body: str) -> None:
        self._body = _COMMENT.sub(lambda found: " " * len(found[0]), body)
        self._lines = self._body.split("\n")
        self._entries = [found.start() for found in _ENTRY.finditer(self._body)]
        runs = _RUNS.search(self._body)
        # a job called musllinux runs on ubuntu all the same
        self._said = (name if "musl" in name.lower() else "", runs[0] if runs else "", name)

    def systems(self, offset: int) -> tuple[str | None, ...]:
        """Give the systems that a target is built on: all of the list beside it in the matrix, where it stands in a list itself, else one."""
        start = self._body.rfind("\n", 0, offset) + 1
        line = self._body[start : self._body.find("\n", offset)]
        axis = _AXIS.match(line)
        if axis is None:
            return (self._system(offset),)
        beside = [
            one for one in _AXIS.finditer(self._around(start, axis["indent"])) if one["indent"] == axis["indent"] and one["key"] not in ("target", "targets")
        ]
        found = [named_system(value) for one in beside for value in one["values"].split(",")]
        return tuple(dict.fromkeys(one for one in found if one is not None)) or (self._system(offset),)

    def _around(self, start: int, indent: str) -> str:
        """Give the lines around one that are indented as far or farther: the keys of one matrix."""
        lines = self._lines
        at = self._body.count("\n", 0, start)
        first = last = at
        while first and (not lines[first - 1].strip() or lines[first - 1].startswith(indent)):
            first -= 1
        while last + 1 < len(lines) and (not lines[last + 1].strip() or lines[last + 1].startswith(indent)):
            last += 1
        return "\n".join(lines[first : last + 1])

    def _system(self, offset: int) -> str | None:
        """Give what the entry of the matrix around a target says, else where the job runs, else the job's name."""
        at = bisect_right(self._entries, offset)
        end = self._entries[at] if at < len(self._entries) else len(self._body)
        entry = self._body[self._entries[at - 1] : min(end, offset + _NEAR)] if at else ""
        return next((system for text in (entry, *self._said) if (system := named_system(text)) is not None), None)


def named_system(text: str) -> str | None:
    """Give the system that a text names."""
    return next((system for word, system in _SYSTEMS if word in text.lower()), None)


def _targets(body: str) -> Iterator[tuple[int, str]]:
    for found in _TARGET.finditer(body):
        group = found.lastgroup
        if group is not None and "${{" not in found[group]:
            yield from ((found.start(group) + one.start(), one[0]) for one in _ARCHITECTURE.finditer(found[group]))
