"""lockstep against uv on projects that need nothing from an index: would `uv lock --check` fail, and what does `uv lock` write?"""

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
from lockstep.plans.bump import plan_bump, plan_fix
from lockstep.plans.relock import relock, without_ambiguous_locks
from lockstep.project.project import discover
from lockstep.rules import judge
from lockstep.tree import MemoryTree, Overlay
from lockstep.versions.bump import Bump, bumped

NAMES = ("Alpha_One", "beta", "gamma.x", "delta")
VERSIONS = ("0.1.0", "1.2", "2.0.0rc1", "3.4.5")
PYTHONS = (">=3.9", ">=3.10", ">=3.9, <4", "~=3.9", ">=3.9,<3.14", ">= 3.10")
GROUP_PYTHONS = (">=3.9", ">=3.10", ">=3.12", ">=3.10,<3.13", "~=3.11", "==3.12.*, !=3.12.1", ">=3.12.0rc1", "<3.12")
MARKERS = (
    "python_version >= '3.8'",
    "python_version < '3.8'",
    "python_version < '3.12'",
    "python_version > '3.10'",
    "python_version == '3.11'",
    "python_full_version >= '3.10.2'",
    "sys_platform == 'win32'",
    'sys_platform != "win32"',
    "platform_system == 'Linux' and python_version >= '3.11'",
    "sys_platform == 'linux' or os_name == 'nt'",
    "(python_version < '3.11' or sys_platform == 'darwin') and implementation_name == 'cpython'",
    "'arm' in platform_machine",
)
SETTINGS = (
    *('resolution = "lowest"', 'resolution = "highest"', 'resolution = "lowest-direct"', 'prerelease = "allow"', 'fork-strategy = "fewest"'),
    *("environments = \"sys_platform == 'linux'\"", "environments = ['python_version < \"3.8\"', 'os_name == \"nt\"']", "environments = []"),
    *(
        "required-environments = [\"sys_platform == 'linux' and python_version >= '3.11'\"]",
        'exclude-newer = "2099-01-01"',
        'exclude-newer = "2099-01-02T00:00:00Z"',
    ),
    *('exclude-newer = "7 days"', 'exclude-newer = "1 week"', 'exclude-newer = "P8D"', 'exclude-newer-package = { Beta = "2099-01-01", omega = false }'),
    *('exclude-newer-package = { beta = "7 days" }', 'dependency-metadata = [{ name = "Omega.x", version = "1.0", requires-dist = ["beta >= 1"] }]'),
)
BACKEND = """
def prepare_metadata_for_build_editable(folder, settings=None):
    import os, re
    with open("pyproject.toml") as file:
        text = file.read()
    name = re.search(r'name = "([^"]*)"', text)[1]
    home = os.path.join(folder, re.sub("[-_.]+", "_", name) + "-9.9.dist-info")
    os.mkdir(home)
    import tomllib
    project = tomllib.loads(text)["project"]
    lines = ["Metadata-Version: 2.1", "Name: " + name, "Version: 9.9", "Requires-Python: " + project["requires-python"]]
    lines += ["Requires-Dist: " + one for one in project.get("dependencies", [])]
    for extra, items in project.get("optional-dependencies", {}).items():
        lines.append("Provides-Extra: " + extra)
        for one in items:
            bare, _, marker = one.partition(";")
            lines.append("Requires-Dist: " + bare + " ; " + ("(" + marker + ") and " if marker else "") + "extra == '" + extra + "'")
    with open(os.path.join(home, "METADATA"), "w") as file:
        file.write("\\n".join(lines) + "\\n")
    return os.path.basename(home)

prepare_metadata_for_build_wheel = prepare_metadata_for_build_editable
"""


@dataclass
class Project:
    """One package of a generated workspace."""

    name: str
    folder: str
    version: str
    python: str
    needs: list[str] = field(default_factory=list)
    extras: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    included: list[tuple[str, str]] = field(default_factory=list)
    group_pythons: dict[str, str] = field(default_factory=dict)
    dynamic: bool = False
    built: bool = False
    package: bool | None = None
    constraints: list[str] = field(default_factory=list)
    overrides: list[str] = field(default_factory=list)
    own_sources: bool = False
    settings: list[str] = field(default_factory=list)
    conflict: bool = False


def requirement(other: Project, random: Random) -> str:
    extra = f"[{random.choice([*other.extras])}]" if other.extras and random.random() < 0.4 else ""
    marker = f" ; {random.choice(MARKERS)}" if random.random() < 0.3 else ""
    return other.name + extra + random.choice(["", "", " >= 0.1", ">=0.1,<9"]) + marker


def world(random: Random) -> list[Project]:
    made: list[Project] = []
    for number in range(random.randint(1, 4)):
        one = Project(NAMES[number], f"packages/p{number}" if number else "", random.choice(VERSIONS), random.choice(PYTHONS))
        one.built, one.dynamic = random.random() < 0.5, False
        one.dynamic = one.built and random.random() < 0.2
        one.package = random.choice([None, None, None, True, False]) if not one.dynamic else None
        one.own_sources = random.random() < 0.3
        if random.random() < 0.3:
            one.extras["Opt_1"] = []
        made.append(one)
    for one in made:
        for _ in range(random.choice([0, 1, 2])):
            extend(made, one, random)
        if len(one.groups) > 1 and random.random() < 0.5:
            one.included.append((min(one.groups), max(one.groups)))
        one.group_pythons = {name: random.choice(GROUP_PYTHONS) for name in one.groups if random.random() < 0.3}
        if one.extras and random.random() < 0.1:
            one.extras["all"] = [f"{one.name}[{next(iter(one.extras))}]"]
    if random.random() < 0.1:
        made[0].constraints.append("beta<99")
    if random.random() < 0.05:
        made[0].overrides.append("beta>=0.1")
    if random.random() < 0.3:
        made[0].settings.append(random.choice(SETTINGS))
    made[0].conflict = random.random() < 0.1
    return made


def extend(made: list[Project], one: Project, random: Random) -> bool:
    others = [other for other in made if other is not one]
    if not others:
        return False
    other = random.choice(others)
    text = requirement(other, random)
    where = random.choice(["needs", "extras", "groups"])
    into = one.needs if where == "needs" else getattr(one, where).setdefault(random.choice(["x", "Y_z"]), [])
    if any(item.startswith(other.name) for item in into) and random.random() < 0.8:
        return False
    into.append(text)
    return True


def files(made: list[Project]) -> dict[str, str]:
    found = {}
    for one in made:
        text = f'[project]\nname = "{one.name}"\nrequires-python = "{one.python}"\n'
        text += 'dynamic = ["version"]\n' if one.dynamic else f'version = "{one.version}"\n'
        text += f"dependencies = {one.needs!r}\n"
        text += "\n[project.optional-dependencies]\n" + "".join(f"{name} = {items!r}\n" for name, items in one.extras.items()) if one.extras else ""
        text += "\n[dependency-groups]\n" if one.groups else ""
        for name, items in one.groups.items():
            more = [f'{{include-group = "{inner}"}}' for outer, inner in one.included if outer == name and inner in one.groups]
            text += f"{name} = [{', '.join([*map(repr, items), *more])}]\n"
        text += '\n[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n' if one.built else ""
        text += "\n[tool.uv]\n"
        text += f"package = {str(one.package).lower()}\n" if one.package is not None else ""
        text += f"constraint-dependencies = {one.constraints!r}\n" if one.constraints else ""
        text += f"override-dependencies = {one.overrides!r}\n" if one.overrides else ""
        text += "".join(f"{line}\n" for line in one.settings)
        conflicting = ", ".join(f"{{ group = '{name}' }}" for name in one.groups) if one.conflict and len(one.groups) > 1 else ""
        text += f"conflicts = [[{conflicting}]]\n" if conflicting else ""
        pythons = [f'{name} = {{ requires-python = "{python}" }}\n' for name, python in one.group_pythons.items() if name in one.groups]
        text += "\n[tool.uv.dependency-groups]\n" + "".join(pythons) if pythons else ""
        if not one.folder:
            text += '\n[tool.uv.workspace]\nmembers = ["packages/*"]\n' if len(made) > 1 else ""
        if not one.folder or one.own_sources:
            text += "\n[tool.uv.sources]\n" + "".join(f'"{other.name}" = {{ workspace = true }}\n' for other in made if other is not one)
        folder = f"{one.folder}/" if one.folder else ""
        found[f"{folder}pyproject.toml"] = text
        if one.built:
            found[f"{folder}backend.py"] = BACKEND
    return found


CHANGES = (
    *("nothing", "version", "version", "python", "more", "more", "less", "less", "extra", "group", "another", "another", "name", "marker", "marker"),
    *(
        "dynamic",
        "package",
        "constraint",
        "extras order",
        "gone",
        "include",
        "all pythons",
        "drop extra",
        "drop group",
        "group pythons",
        "setting",
        "setting",
        "conflict",
    ),
)


def change(made: list[Project], random: Random) -> str:  # noqa: C901, PLR0912, PLR0915 - one branch for each kind of change
    one = random.choice(made)
    kind = random.choice(CHANGES)
    lists = [items for items in (one.needs, *one.extras.values(), *one.groups.values()) if items]
    match kind:
        case "version":
            one.version = random.choice(VERSIONS)
        case "python":
            one.python = random.choice([*PYTHONS, ">=3.11"])
        case "all pythons":
            for each in made:
                each.python = ">=3.11"
        case "more":
            extend(made, one, random)
        case "less" if lists:
            random.choice(lists).pop()
        case "marker" if lists:
            items = random.choice(lists)
            items[0] = items[0].partition(" ;")[0] + random.choice(["", f" ; {random.choice(MARKERS)}"])
        case "extra":
            one.extras["new"] = []
        case "extras order":
            one.extras = dict(reversed(one.extras.items()))
        case "drop extra" if one.extras:
            one.extras.popitem()
        case "drop group" if one.groups:
            one.groups.popitem()
        case "group":
            one.groups["new"] = []
        case "group pythons" if one.groups:
            one.group_pythons[random.choice([*one.groups])] = random.choice(GROUP_PYTHONS)
        case "include" if len(one.groups) > 1:
            one.included = [] if one.included else [(min(one.groups), max(one.groups))]
        case "another":
            made.append(Project("omega", "packages/omega", random.choice(VERSIONS), made[0].python, built=random.random() < 0.5))
            if random.random() < 0.5:
                random.choice(made[:-1]).needs.append("omega")
        case "gone" if len(made) > 1:
            gone = made.pop()
            for each in made:
                for items in (each.needs, *each.extras.values(), *each.groups.values(), each.constraints, each.overrides):
                    items[:] = [item for item in items if not item.startswith(gone.name)]
        case "name" if len(made) == 1:
            one.name = "renamed"
        case "dynamic" if one.built:
            one.dynamic = not one.dynamic
        case "package":
            one.package = random.choice([None, True, False])
        case "constraint":
            made[0].constraints = ["beta<98"]
        case "setting":
            made[0].settings = random.sample(SETTINGS, 1) if random.random() < 0.8 else []
        case "conflict":
            made[0].conflict = not made[0].conflict
        case _:
            pass
    return kind


@dataclass(frozen=True)
class Trial:
    """One project: does uv take its lock, was it mended, and every disagreement."""

    taken: bool
    mended: bool
    bumped: bool
    fault: str


class Uv:
    """uv, with nothing but the folder of the test."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("uv")
        assert program is not None
        self.program = program
        self.env = {
            **os.environ,
            "UV_CACHE_DIR": str(folder / "cache"),
            "UV_PYTHON_DOWNLOADS": "never",
            "XDG_CONFIG_HOME": str(folder),
            "XDG_CONFIG_DIRS": str(folder),
        }

    def lock(self, root: Path, *args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([self.program, "lock", "--offline", *args], cwd=root, env=self.env, capture_output=True, text=True, check=False)


def fixed(texts: dict[str, str]) -> dict[str, str]:
    """Give the files after `check --fix`."""
    tree = MemoryTree(texts)
    before = discover(tree, Config())
    edits = plan_fix(before)
    planned = relock(before, discover(Overlay(tree, without_ambiguous_locks(before, edits)), Config()), edits)
    result = Overlay(tree, planned)
    return {path: result.read(path) for path in texts}


def trials(seed: int, count: int, folder: Path) -> Iterator[Trial]:
    """Compare lockstep with uv on each project."""
    uv, root = Uv(folder), folder / "repository"
    for number in range(count):
        random = Random(f"uv/{seed}/{number}")
        made = world(random)
        shutil.rmtree(root, ignore_errors=True)
        _write(root, files(made))
        if uv.lock(root).returncode:
            continue  # a requirement excludes the version that the package is at
        kind = change(made, random)
        if kind == "gone":
            shutil.rmtree(root / "packages", ignore_errors=True)
        after = files(made)
        _write(root, after)
        done = uv.lock(root, "--check")
        stale = (root / "uv.lock").read_text()
        project = discover(MemoryTree({**after, "uv.lock": stale}), Config())
        found = judge(project)
        mine = [one for one in found if one.place.path == "uv.lock" and (one.level is Level.ERROR or one.message.startswith("the setting "))]
        refuses = "No solution found" in done.stderr or "error: Failed" in done.stderr or "Requirements contain conflicting" in done.stderr
        agree = bool(mine) == bool(done.returncode) or (refuses and (any(one.level is Level.ERROR for one in found) or kind in ("marker", "more", "python")))
        label, said = f"uv {seed}/{number} {kind}", [(one.rule, one.message, one.help) for one in mine]
        if not agree:
            yield Trial(not done.returncode, mended=False, bumped=False, fault=f"{label}: uv says {done.stderr!r}, lockstep {said}")
        elif not done.returncode:
            yield Trial(taken=True, mended=False, bumped=True, fault=_bumped(uv, root, {**after, "uv.lock": stale}, label))
        elif refuses or any(one.help == "uv lock" for one in mine):
            yield Trial(taken=False, mended=False, bumped=False, fault="")
        else:
            texts = fixed({**after, "uv.lock": stale})
            _write(root, texts)
            yield Trial(taken=False, mended=True, bumped=False, fault=_same(uv, root, stale, texts["uv.lock"], f"{label} fixed, from {said}"))


def _same(uv: Uv, root: Path, stale: str, mine: str, label: str) -> str:
    """Hold a lock against what uv makes of the stale one, and of this one."""
    faults = ""
    for start in (stale, mine):
        (root / "uv.lock").write_text(start)
        if start is stale and not uv.lock(root, "--check").returncode:
            continue  # the manifest was what had drifted, not the lock
        done = uv.lock(root)
        theirs = (root / "uv.lock").read_text()
        if done.returncode or theirs != mine:
            faults += f"{label}: uv {done.stderr!r} writes another lock\n{_diff(mine, theirs)}\n"
    return faults


def _diff(mine: str, theirs: str) -> str:
    from difflib import unified_diff  # noqa: PLC0415 - only where something is wrong

    return "\n".join(unified_diff(mine.splitlines(), theirs.splitlines(), "lockstep", "uv", lineterm="", n=2))


def _bumped(uv: Uv, root: Path, texts: dict[str, str], label: str) -> str:
    """Bump a project whose lock is in step; uv must have nothing to change."""
    tree = MemoryTree(texts)
    before = discover(tree, Config())
    group = next((one for one in before.groups if one.version is not None and one.version.pre is None), None)
    if group is None or group.version is None:
        return ""
    edits = plan_bump(before, group, bumped(group.version, Bump.PATCH)).edits
    planned = relock(before, discover(Overlay(tree, without_ambiguous_locks(before, edits)), Config()), edits)
    result = Overlay(tree, planned)
    _write(root, {path: result.read(path) for path in texts})
    mine = result.read("uv.lock")
    done = uv.lock(root)
    theirs = (root / "uv.lock").read_text()
    return "" if done.returncode or theirs == mine else f"{label}: after a bump uv writes another lock\n{_diff(mine, theirs)}"


def _write(root: Path, texts: dict[str, str]) -> None:
    for path, text in texts.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
