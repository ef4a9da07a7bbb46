"""`python -m tests.locks.hashes --tool poetry|pdm [--program PATH] --seed N --count N`: lockstep against Poetry and PDM on random projects.

The oracles are `poetry check --lock` and `pdm lock --check`; what `bump` leaves is held against what the tool's own lock command writes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from lockstep.config import Config
from lockstep.model import Level
from lockstep.project.project import discover
from lockstep.rules import judge
from lockstep.tree import MemoryTree

NAMES = ("alpha", "Beta_Two", "gamma.x")
CHANGES = ("nothing", "version", "sibling version", "python", "drop", "extra", "group", "legacy group", "source", "spaces", "description", "bump", "order")


@dataclass
class Package:
    """One package of a generated project."""

    name: str
    folder: str
    version: str = "0.1.0"
    python: str = ">=3.9"
    needs: dict[str, str] = field(default_factory=dict)
    extras: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    legacy: dict[str, list[str]] = field(default_factory=dict)
    source: bool = False
    description: str = "one"
    note: str = ""
    modern: bool = True


def world(random: Random, *, modern: bool) -> list[Package]:
    made = [
        Package(name, f"libs/p{number}" if number else "", modern=modern and random.random() < 0.7) for number, name in enumerate(NAMES[: random.randint(2, 3)])
    ]
    root, *others = made
    for other in others:
        match random.choice(["needs", "needs", "groups", "legacy"]):
            case "needs":
                root.needs[other.name] = random.choice(["", ">=0.1", "==0.1.0", ">=0.1,<0.2"])
            case "groups":
                root.groups.setdefault(random.choice(["dev", "Doc_s"]), []).append(other.name)
            case _:
                root.legacy.setdefault(random.choice(["dev", "docs2"]), []).append(other.name)
    if random.random() < 0.3:
        root.extras["x"] = []
    return made


def change(made: list[Package], random: Random) -> str:  # noqa: C901 - one branch for each kind of change
    root, other = made[0], made[-1]
    kind = random.choice(CHANGES)
    match kind:
        case "version":
            root.version = "0.1.1"
        case "sibling version":
            other.version = "0.1.1"
        case "python":
            root.python = ">=3.10"
        case "drop":
            for items in (root.needs, root.groups, root.legacy):
                if items:
                    items.pop(next(iter(items)))
                    break
        case "extra":
            root.extras["new"] = []
        case "group":
            root.groups["new"] = []
        case "legacy group":
            root.legacy["old"] = []
        case "source":
            root.source = True
        case "spaces":
            root.needs = {name: text.replace(",", ", ") for name, text in root.needs.items()}
            root.note = "# a comment\n"
        case "description":
            root.description = "two"
        case "order":
            root.needs = dict(reversed(root.needs.items()))
        case _:
            pass
    return kind


def poetry(made: list[Package]) -> dict[str, str]:
    """Write the manifests as Poetry reads them: 1.x knows `[tool.poetry]` alone."""
    found = {}
    for one in made:
        path = {other.name: f'path = "{other.folder}", develop = true' for other in made}
        text = one.note
        if one.modern:
            text += f'[project]\nname = "{one.name}"\nversion = "{one.version}"\ndescription = "{one.description}"\nrequires-python = "{one.python}"\n'
            text += f"dependencies = {[f'{name} ({needed})' if needed else name for name, needed in one.needs.items()]}\n"
            text += "\n[project.optional-dependencies]\n" + "".join(f"{name} = {items}\n" for name, items in one.extras.items()) if one.extras else ""
            text += "\n[dependency-groups]\n" + "".join(f"{name} = {items}\n" for name, items in one.groups.items()) if one.groups else ""
            text += f"\n[tool.poetry]\npackage-mode = {str(bool(one.folder)).lower()}\n"
            text += "\n[tool.poetry.dependencies]\n" + "".join(f'"{name}" = {{ {path[name]} }}\n' for name in one.needs) if one.needs else ""
            for group, items in one.groups.items():
                text += f"\n[tool.poetry.group.{group}.dependencies]\n" + "".join(f'"{name}" = {{ {path[name]} }}\n' for name in items)
        else:
            text += f'[tool.poetry]\nname = "{one.name}"\nversion = "{one.version}"\ndescription = "{one.description}"\nauthors = []\n'
            text += f'package-mode = {str(bool(one.folder)).lower()}\n\n[tool.poetry.dependencies]\npython = "{one.python}"\n'
            text += "".join(f'"{name}" = {{ {path[name]} }}\n' for name in one.needs)
            text += "\n[tool.poetry.extras]\n" + "".join(f"{name} = {items}\n" for name, items in one.extras.items()) if one.extras else ""
            for group, items in one.groups.items():
                text += f"\n[tool.poetry.group.{group}.dependencies]\n" + "".join(f'"{name}" = {{ {path[name]} }}\n' for name in items)
        for group, items in one.legacy.items():
            table = "dev-dependencies" if group == "dev" and not one.modern and "dev" not in one.groups else f"group.{group}l.dependencies"
            text += f"\n[tool.poetry.{table}]\n" + "".join(f'"{name}" = {{ {path[name]} }}\n' for name in items)
        text += '\n[[tool.poetry.source]]\nname = "own"\nurl = "https://example.org/simple/"\npriority = "explicit"\n' if one.source else ""
        text += '\n[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n'
        found[f"{one.folder}/pyproject.toml" if one.folder else "pyproject.toml"] = text
        if one.folder:
            found[f"{one.folder}/{one.name.replace('.', '/').lower()}/__init__.py"] = ""
    return found


def pdm(made: list[Package]) -> dict[str, str]:
    """Write the manifests as PDM reads them; the siblings are taken by path, from a workspace where a modern root says so."""
    workspace = made[0].modern
    found = {}
    for one in made:
        path = {other.name: f"{other.name} @ file:///${{PROJECT_ROOT}}/{other.folder}" for other in made}
        line = {name: f"{name}{needed}" if workspace else path[name] for name, needed in one.needs.items()}
        text = f'{one.note}[project]\nname = "{one.name}"\nversion = "{one.version}"\ndescription = "{one.description}"\nrequires-python = "{one.python}"\n'
        text += f"dependencies = {[*line.values()]}\n"
        text += "\n[project.optional-dependencies]\n" + "".join(f"{name} = {items}\n" for name, items in one.extras.items()) if one.extras else ""
        groups = {group: [path[name] for name in items] for group, items in one.groups.items()}
        text += "\n[dependency-groups]\n" + "".join(f"{name} = {items}\n" for name, items in groups.items()) if groups else ""
        text += f"\n[tool.pdm]\ndistribution = {str(bool(one.folder)).lower()}\n"
        if one.legacy:
            text += "\n[tool.pdm.dev-dependencies]\n"
            text += "".join(
                f"{name}l = {[f'-e file:///${{PROJECT_ROOT}}/{p.folder}' for p in made if p.name in items]}\n" for name, items in one.legacy.items()
            )
        text += '\n[tool.pdm.workspace]\nmembers = ["libs/*"]\n' if workspace and not one.folder else ""
        text += '\n[[tool.pdm.source]]\nname = "own"\nurl = "https://example.org/simple/"\n' if one.source else ""
        text += '\n[build-system]\nrequires = ["pdm-backend"]\nbuild-backend = "pdm.backend"\n'
        found[f"{one.folder}/pyproject.toml" if one.folder else "pyproject.toml"] = text
        if one.folder:
            found[f"{one.folder}/{one.name.replace('.', '/').lower()}/__init__.py"] = ""
    return found


@dataclass(frozen=True)
class Tool:
    """A lock's own program."""

    name: str
    program: str
    folder: Path

    def run(self, root: Path, *args: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PDM_CHECK_UPDATE": "0", "PDM_USE_VENV": "0", "PDM_IGNORE_SAVED_PYTHON": "1", "POETRY_VIRTUALENVS_CREATE": "false"}
        env |= {
            "POETRY_CACHE_DIR": str(self.folder / "poetry"),
            "PDM_CACHE_DIR": str(self.folder / "pdm"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }
        return subprocess.run([self.program, *args], cwd=root, env=env, capture_output=True, text=True, check=False)

    def lock(self, root: Path) -> subprocess.CompletedProcess[str]:
        return self.run(root, "lock", *(("--no-update",) if self.name == "poetry" and self.is_old(root) else ()))

    def is_old(self, root: Path) -> bool:
        return " 1." in self.run(root, "--version").stdout.replace("version 1.", " 1.")

    def is_stale(self, root: Path) -> bool:
        if self.name == "poetry":
            done = self.run(root, "check", "--lock")
            return "changed significantly" in done.stdout + done.stderr
        return bool(self.run(root, "lock", "--check").returncode)


def write(root: Path, texts: dict[str, str]) -> None:
    for path, text in texts.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def git(root: Path, *args: str) -> None:
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *args], cwd=root, capture_output=True, check=True)


def trials(tool: Tool, seed: int, count: int) -> Iterator[tuple[str, bool, str]]:
    """Give (what was changed, is the lock stale, the disagreement or "") for each project."""
    root, lock = tool.folder / "repository", f"{tool.name}.lock"
    old = tool.name == "poetry" and tool.is_old(tool.folder)
    for number in range(count):
        random = Random(f"{tool.name}/{seed}/{number}")
        shutil.rmtree(root, ignore_errors=True)
        made = world(random, modern=not old)
        manifests = poetry if tool.name == "poetry" else pdm
        write(root, manifests(made))
        done = tool.lock(root)
        if done.returncode:
            yield "refused", False, f"{tool.name} {seed}/{number} refuses: {done.stderr[-300:]}{done.stdout[-300:]}"
            continue
        kind = change(made, random)
        label = f"{tool.name} {seed}/{number} {kind}"
        if kind == "bump":
            yield kind, False, bump(tool, root, lock, label)
            continue
        after = manifests(made)
        write(root, after)
        stale = tool.is_stale(root)
        found = judge(discover(MemoryTree({**after, lock: (root / lock).read_text()}), Config()))
        mine = [one for one in found if one.place.path == lock and one.level is Level.ERROR]
        fault = "" if bool(mine) == stale else f"{label}: the tool says {'stale' if stale else 'fresh'}, lockstep {[(one.rule, one.message) for one in mine]}"
        yield kind, stale, fault


def bump(tool: Tool, root: Path, lock: str, label: str) -> str:
    """Bump, then let the tool lock again: it must change no byte."""
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "start")
    done = subprocess.run([sys.executable, "-m", "lockstep", "bump", "minor"], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"{label}: lockstep refuses: {done.stdout}{done.stderr}"
    if tool.is_stale(root):
        return f"{label}: the lock is stale after the bump"
    mine = (root / lock).read_bytes()
    again = tool.lock(root)
    if again.returncode:
        return f"{label}: the tool refuses: {again.stderr[-300:]}"
    return "" if (root / lock).read_bytes() == mine else f"{label}: the tool writes another lock\n{mine.decode()}\n---\n{(root / lock).read_text()}"


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.locks.hashes", description=__doc__)
    options.add_argument("--tool", choices=["poetry", "pdm"], default="poetry")
    options.add_argument("--program", help="the tool's program, where it is not the one in PATH")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=100)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tool = Tool(chosen.tool, chosen.program or chosen.tool, Path(folder))
        version = tool.run(Path(folder), "--version").stdout.strip()
        done = []
        for one in trials(tool, chosen.seed, chosen.count):
            done.append(one)
            sys.stdout.write(f"{one[2]}\n" if one[2] else "")
            sys.stdout.flush()
    wrong = sum(bool(fault) for _, _, fault in done)
    stale, bumped = sum(stale for _, stale, _ in done), sum(kind == "bump" for kind, _, _ in done)
    sys.stdout.write(f"{version}, seed {chosen.seed}: {len(done)} projects, {stale} stale, {bumped} bumped; {wrong} disagree\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
