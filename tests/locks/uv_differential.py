"""lockstep against uv on projects that need nothing from an index: would `uv lock --check` fail?"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from lockstep.config import Config
from lockstep.model import Level
from lockstep.project import discover
from lockstep.rules import judge
from lockstep.tree import MemoryTree

NAMES = ("Alpha_One", "beta", "gamma.x", "delta")
VERSIONS = ("0.1.0", "1.2", "2.0.0rc1", "3.4.5")


@dataclass
class Project:
    name: str
    folder: str
    version: str
    python: str
    needs: list[str] = field(default_factory=list)
    extras: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    dynamic: bool = False


def requirement(other: Project, random: Random) -> str:
    return other.name + random.choice(["", "", " >= 0.1", ">=0.1,<9", " ; python_version >= '3.8'"])


def world(random: Random) -> list[Project]:
    made: list[Project] = []
    for number in range(random.randint(1, 4)):
        one = Project(NAMES[number], f"packages/p{number}" if number else "", random.choice(VERSIONS), random.choice([">=3.9", ">=3.10"]))
        made.append(one)
        for _ in range(random.choice([0, 1, 2])):
            extend(made, one, random)
    return made


def extend(made: list[Project], one: Project, random: Random) -> bool:
    others = [other for other in made if other is not one]
    if not others:
        return False
    other = random.choice(others)
    text = requirement(other, random)
    where = random.choice(["needs", "extras", "groups"])
    into = one.needs if where == "needs" else getattr(one, where).setdefault(random.choice(["x", "Y_z"]), [])
    if any(item.startswith(other.name) for item in into):
        return False  # the same package twice differs in markers alone, which lockstep does not compare
    into.append(text)
    return True


def files(made: list[Project]) -> dict[str, str]:
    found = {}
    for one in made:
        text = f'[project]\nname = "{one.name}"\nrequires-python = "{one.python}"\nversion = "{one.version}"\n'
        text += f"dependencies = {one.needs!r}\n"
        text += "\n[project.optional-dependencies]\n" + "".join(f"{name} = {items!r}\n" for name, items in one.extras.items()) if one.extras else ""
        text += "\n[dependency-groups]\n" + "".join(f"{name} = {items!r}\n" for name, items in one.groups.items()) if one.groups else ""
        if not one.folder:
            text += '\n[tool.uv.workspace]\nmembers = ["packages/*"]\n' if len(made) > 1 else ""
            text += "\n[tool.uv.sources]\n" + "".join(f'"{other.name}" = {{ workspace = true }}\n' for other in made)
        found[f"{one.folder}/pyproject.toml" if one.folder else "pyproject.toml"] = text
    return found


def change(made: list[Project], random: Random) -> str:
    one = random.choice(made)
    kind = random.choice(["nothing", "version", "python", "more", "less", "extra", "group", "another", "name"])
    match kind:
        case "version":
            one.version = random.choice(VERSIONS)
        case "python":
            one.python = random.choice([">=3.9", ">=3.10", ">=3.11"])
        case "more":
            extend(made, one, random)
        case "less":
            for items in (one.needs, *one.extras.values(), *one.groups.values()):
                if items:
                    items.pop()
                    break
        case "extra":
            one.extras["new"] = []
        case "group":
            one.groups["new"] = []
        case "another":
            made.append(Project("omega", "packages/omega", random.choice(VERSIONS), made[0].python))
        case "name" if len(made) == 1:
            one.name = "renamed"
        case _:
            pass
    return kind


def trials(seed: int, count: int, folder: Path) -> Iterator[tuple[bool, str]]:
    """Give (does uv take the lock, the disagreement or "") for each project."""
    uv = shutil.which("uv")
    assert uv is not None
    env = {**os.environ, "UV_CACHE_DIR": str(folder / "cache"), "UV_PYTHON_DOWNLOADS": "never", "UV_NO_CONFIG": "1"}
    root = folder / "repository"
    for number in range(count):
        random = Random(f"uv/{seed}/{number}")
        made = world(random)
        shutil.rmtree(root, ignore_errors=True)
        _write(root, files(made))
        done = subprocess.run([uv, "lock", "--offline"], cwd=root, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            continue  # a requirement excludes the version that the package is at
        kind = change(made, random)
        after = files(made)
        _write(root, after)
        done = subprocess.run([uv, "lock", "--check", "--offline"], cwd=root, env=env, capture_output=True, text=True, check=False)
        found = judge(discover(MemoryTree({**after, "uv.lock": (root / "uv.lock").read_text()}), Config()))
        mine = [one for one in found if one.place.path == "uv.lock" and one.level is Level.ERROR]
        unresolvable = "No solution found" in done.stderr
        agree = bool(mine) == bool(done.returncode) or (unresolvable and any(one.level is Level.ERROR for one in found))
        yield not done.returncode, "" if agree else f"uv {seed}/{number} {kind}: uv says {done.stderr!r}, lockstep {[(one.rule, one.message) for one in mine]}"


def _write(root: Path, texts: dict[str, str]) -> None:
    for path, text in texts.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
