"""What reads a repository: each target takes files, spoilt, and may end with an answer or an error of lockstep's own."""

from __future__ import annotations

import subprocess
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from random import Random

from lockstep.changelog.reading import read as read_changelog
from lockstep.config.reading import load
from lockstep.evidence.workflows import audits
from lockstep.plans.bump import plan_bump, plan_fix
from lockstep.project.project import discover
from lockstep.repository import git_files
from lockstep.repository.git_objects import Store
from lockstep.rules import judge, judge_workflow
from lockstep.surfaces import read as read_surfaces
from lockstep.tree import MemoryTree
from lockstep.versions.bump import Bump, bumped
from tests.conftest import environment
from tests.fuzz.mutations import spoilt
from tests.fuzz.seeds import Files, alike, repositories


@dataclass(frozen=True, slots=True)
class Target:
    """`make` gives an input from chance, `read` hands it over."""

    make: Callable[[Random], Files]
    read: Callable[[Files], object]


def _tree(files: Files) -> MemoryTree:
    """Give files as a commit has them; what is no UTF-8 is no text there, and not read."""
    texts = {}
    for name, data in files.items():
        try:
            texts[name] = data.decode()
        except UnicodeDecodeError:
            texts[name] = data.decode(errors="replace")
    return MemoryTree(texts)


def _some(chance: Random, wanted: Callable[[str], bool]) -> Files:
    """Give a repository with one or two of its wanted files spoilt."""
    fitting = [one for one in repositories() if any(map(wanted, one))]
    files = dict(chance.choice(fitting))
    names = [name for name in files if wanted(name)]
    for name in chance.sample(names, min(len(names), chance.choice((1, 1, 2)))):
        files[name] = spoilt(files[name], alike()[name.rpartition(".")[2]], chance)
    return files


def _check(files: Files) -> None:
    tree = _tree(files)
    config = load(tree)
    project = discover(tree, config)
    judge(project)
    plan_fix(project)
    for group in project.groups[:2]:
        if group.version is not None:
            plan_bump(project, group, bumped(group.version, Bump.MINOR))


def _surface(files: Files) -> None:
    tree = _tree(files)
    config = load(tree)
    for _ in read_surfaces(tree, discover(tree, config).packages, config):
        pass


def _workflow(files: Files) -> None:
    tree = _tree(files)
    for one in audits(tree, load(tree)):
        for _ in judge_workflow(one):
            pass


def _changelog(files: Files) -> None:
    for name, data in files.items():
        if name.startswith("CHANGE"):
            read_changelog(name, data.decode(errors="replace"))


# ---- git's own files


SCRATCH: list[Path] = []
"""The folder in which the git target works; the harness sets it."""


def _git_dirs() -> Sequence[Mapping[str, bytes]]:
    """Give what git's folder holds, in a few shapes, by path below it."""
    if not _SHAPES:
        for number, steps in enumerate(
            (
                (("add", "-A"), ("commit", "-qm", "a"), ("tag", "-am", "b", "v1")),
                (("add", "-A"), ("commit", "-qm", "a"), ("tag", "v1"), ("update-index", "--index-version", "4"), ("gc", "-q"), ("pack-refs", "--all")),
                (
                    ("add", "-A"),
                    ("commit", "-qm", "a"),
                    ("commit", "-q", "--allow-empty", "-m", "b"),
                    ("repack", "-adfq", "--depth=50"),
                    ("commit-graph", "write"),
                ),
            )
        ):
            root = SCRATCH[0] / f"shape{number}"
            (root / "a").mkdir(parents=True)
            for one in range(12):
                (root / "a" / f"f{one}.txt").write_text("line\n" * 40 + f"{one}\n")
            for step in (("init", "-q", "-b", "main"), *steps):
                subprocess.run(["git", *step], cwd=root, env=environment(), check=True, capture_output=True)
            folder = root / ".git"
            _SHAPES.append(
                {one.relative_to(folder).as_posix(): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file() and "hooks" not in one.parts}
            )
    return _SHAPES


_SHAPES: list[Mapping[str, bytes]] = []
_READ = ("index", "packed-refs", "config", "HEAD", "refs/", "objects/")


def _git_input(chance: Random) -> Files:
    files = dict(chance.choice(_git_dirs()))
    names = [name for name in files if name.startswith(_READ)]
    for name in chance.sample(names, chance.choice((1, 1, 2))):
        data = files[name]
        if name.startswith("objects/") and "pack" not in name and "info" not in name and chance.random() < 0.7:
            data = zlib.compress(spoilt(zlib.decompress(data), (), chance))  # else only the first byte is ever wrong
        else:
            data = spoilt(data, (), chance)
            if name == "index" and chance.random() < 0.7:
                data = data[:-20] + sha1(data[:-20], usedforsecurity=False).digest()
        files[name] = data
    return files


def _git(files: Files) -> None:
    folder = SCRATCH[0] / "now" / ".git"
    for name, data in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(data)
    for path in [one for one in folder.rglob("*") if one.is_file() and one.relative_to(folder).as_posix() not in files]:
        path.unlink()
    root, where = str(folder.parent), str(folder)
    git_files.locate(root)
    head = git_files.head(where)
    git_files.boundary(where)
    git_files.moving_parts(where)
    git_files.tags_identity(where, 0)
    git_files.index(where)
    objects = Store(where)
    for oid in {name[8:].replace("/", "") for name in files if name.startswith("objects/") and len(name) == 49} | ({head} if head else set()):
        objects.read(oid)
    for ref in ("HEAD", "v1", "refs/tags/v1"):
        found = objects.commit(ref)
        tree = objects.peeled(found, "tree") if found else None
        if found and tree:
            objects.files(tree)
            objects.first_parent(found)


TARGETS: dict[str, Target] = {
    "check": Target(lambda chance: _some(chance, lambda name: not name.endswith((".rs", ".c", ".go"))), _check),
    "surface": Target(lambda chance: _some(chance, lambda name: name.endswith((".py", ".pyi", ".rs", ".h", ".go", ".toml", ".json", ".mod"))), _surface),
    "workflow": Target(lambda chance: _some(chance, lambda name: name.startswith(".github/workflows/")), _workflow),
    "changelog": Target(lambda chance: _some(chance, lambda name: name.startswith("CHANGE")), _changelog),
    "git": Target(_git_input, _git),
}
