"""What a distribution's pyproject.toml promises: extras, the Pythons, the dependencies, the stable ABI and the platforms of its wheels.

Sources: https://packaging.python.org/en/latest/specifications/pyproject-toml/, https://python-poetry.org/docs/dependency-specification/,
https://pyo3.rs/latest/building-and-distribution#minimum-python-version-for-abi3
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from lockstep.errors import ManifestError, RepositoryError, VersionError
from lockstep.locks.crates import NORMAL, Crate, activated
from lockstep.manifest import inside, join
from lockstep.model import Ecosystem, Package, Place
from lockstep.pattern import pattern
from lockstep.project.discovery import is_example
from lockstep.surface import Blind, Item, ItemKind, Stability, Surface
from lockstep.surfaces.distribution import PYTHON, Distribution, Line, distribution
from lockstep.surfaces.manifests import Manifests, place, stability
from lockstep.surfaces.platforms import platforms
from lockstep.text.toml import Document, strings
from lockstep.tree import Tree
from lockstep.versions.pep508 import normalized, read_requirement
from lockstep.versions.ranges import python

SURFACE = "python-manifest"

_ABI3 = pattern(r"abi3(?:-py3(?P<minor>[0-9]{1,3}))?")
_WORK = (
    "bench(?:mark(?:s|ing)?)?|ci|cov(?:erage)?|dev(?:s|el|elop|eloper|elopers|elopment)?|doc(?:s|umentation)?|examples?|flake8|lint(?:s|ing|er|ers)?"
    "|mkdocs|mypy|nox|pre-?commit|pylint|pyright|pytest|quality|ruff|sphinx|style|tests?|testing|tox|type-?check(?:s|ing|er)?|typing"
)
_MEASURE = (
    "all|additional|base|basic|build|common|core|deps?|dependencies|extras?|free|full|integration|light|local|min(?:imal)?|only"
    "|reqs?|requirements|slow|tools?|unit|utils?"
)
_DEVELOPMENT = pattern(rf"(?:(?:{_MEASURE})[-_.]*)*(?:{_WORK})(?:[-_.]*(?:{_WORK}|{_MEASURE}|\d))*", re.IGNORECASE)
"""Names of extras whose words, written apart or together, all are about the work on a project, or say how much of it: `dev`, `testing-free`, `docsfull`."""
_FOR_WORK = pattern(r"(?:dev(?:el|elopment)?|tests?|testing|docs|lint(?:ing)?|bench(?:marks?)?)(?:[-_.].+)?|.+[-_.](?:dev|tests?|testing)", re.IGNORECASE)
"""Names that begin or end with such a word: `test-gpu`, `server-dev`."""


def read(tree: Tree, packages: Sequence[Package]) -> tuple[Surface, ...]:
    """Read the manifest of every distribution that is published."""
    manifests = Manifests(tree, ())
    surfaces = []
    for package in packages:
        if package.ecosystem is not Ecosystem.PYTHON or package.publish is False or is_example(package.root):
            continue
        path = inside(package.root, "pyproject.toml")
        try:
            document = Document(path, tree.read(path)) if tree.has(path) else None
        except (ManifestError, RepositoryError) as error:
            unread = Blind(symbol="", place=Place(path=path, line=error.line), why=error.message)
            surfaces.append(Surface(surface=SURFACE, package=package.name, blind=(unread,)))
            continue
        stated = distribution(tree, package.root, document)
        items = [*_extras(stated), *_requirements(stated)]
        if document is not None:
            items += [*_abi3(manifests, tree, document, package), *platforms(tree, document)]
        blind = (*stated.blind, *manifests.blind)
        surfaces.append(Surface(surface=SURFACE, package=package.name, items={item.path: item for item in items}, blind=blind))
    return tuple(surfaces)


def _extras(stated: Distribution) -> Iterator[Item]:
    for name, (at, lines) in stated.extras.items():
        requirements = tuple(text for text, _ in lines)
        yield Item(
            path=f"extras.{normalized(name)}",
            kind=ItemKind.FEATURE,
            place=at,
            signature=f"{name} = [{', '.join(map(json.dumps, requirements))}]",
            bases=requirements,
            traits=frozenset({"extra"}),
            stability=_class(name),
        )


def _class(extra: str) -> Stability:
    """Say what is promised of an extra: nothing where it serves those who work on the project."""
    return Stability.HIDDEN if _DEVELOPMENT.fullmatch(extra) or _FOR_WORK.fullmatch(extra) else stability(extra)


# ---- floors


def _requirements(stated: Distribution) -> Iterator[Item]:
    if stated.pythons is not None:
        text, at = stated.pythons
        yield Item(path=PYTHON, kind=ItemKind.FLOOR, place=at, signature=f"requires-python = {text}", value=text)
    yield from _gathered(stated.dependencies, "dependencies", Stability.STABLE, stated)
    for extra, (_, lines) in stated.extras.items():
        yield from _gathered(lines, f"extras.{normalized(extra)}.dependencies", _class(extra), stated)


def _gathered(lines: Sequence[Line], prefix: str, stability: Stability, stated: Distribution) -> Iterator[Item]:
    """Give one item for each name: a name may stand on several lines, each with a marker."""
    gathered: dict[str, list[Line]] = {}
    for text, at in lines:
        try:
            one = read_requirement(text)
            python(one.versions)
        except VersionError as error:
            stated.unseen(prefix, at, error.message)
            continue
        gathered.setdefault(one.name, []).append((text, at))
    for name, found in gathered.items():
        written = "\n".join(text for text, _ in found)
        yield Item(
            path=f"{prefix}.{name}",
            kind=ItemKind.DEPENDENCY,
            place=found[0][1],
            origin=name,
            signature=written.replace("\n", " | "),
            value=written,
            traits=frozenset({"python"} | ({"extra"} if prefix.startswith("extras.") else set())),
            stability=stability,
        )


# ---- the stable ABI of CPython


def _abi3(manifests: Manifests, tree: Tree, document: Document, package: Package) -> Iterator[Item]:
    """Give the least Python of the stable ABI that the wheel is built for; maturin's settings, the crate's features and its need of pyo3 decide.

    Source: https://www.maturin.rs/bindings#py_limited_apiabi3
    """
    if not (document.string("build-system", "build-backend") or "").startswith(("maturin", "setuptools")):
        return
    maturin = document.table("tool", "maturin")
    pointed = maturin.get("manifest-path")
    path = join(package.root, pointed) if isinstance(pointed, str) else inside(package.root, "Cargo.toml")
    if path is None or not tree.has(path):
        return
    manifests.read(path)
    crate = manifests.crates.crate(path.rpartition("/")[0])
    if crate is None:
        return
    wanted = set(strings(maturin.get("features")))
    wanted |= set() if maturin.get("no-default-features") is True else {"default"}
    yield Item(path="wheel.native", kind=ItemKind.PLATFORM, place=Place(path=path, line=1), signature=crate.name, value=crate.name, stability=Stability.HIDDEN)
    floors: dict[int, Place] = {}
    for name, at in _asked(manifests, document, crate, wanted):
        if (found := _ABI3.fullmatch(name)) is not None:
            floors.setdefault(int(found["minor"] or 0), at)
    if not floors:
        return
    # pyo3 takes the least of those that are named; source: pyo3-build-config, `get_abi3_version`
    minor = min((one for one in floors if one), default=0)
    text = f"3.{minor}" if minor else ""
    yield Item(path="wheel.abi3", kind=ItemKind.FLOOR, place=floors[minor], signature=f"abi3-py3{minor}" if minor else "abi3", value=text)


def _asked(manifests: Manifests, document: Document, crate: Crate, wanted: set[str]) -> Iterator[tuple[str, Place]]:
    """Give each feature of pyo3 that the build turns on, with the place that says so."""
    for name in wanted:
        if name.startswith("pyo3/"):
            yield name.removeprefix("pyo3/"), place(document, ("tool", "maturin", "features"))
    own = {name for name in wanted if "/" not in name}
    for alias, features in activated(crate, own).items():
        if alias == "pyo3":
            for name in features:
                source = next((key for key, values in crate.features.items() if f"pyo3/{name}" in values or f"pyo3?/{name}" in values), "default")
                yield name, manifests.place(crate.manifest, ("features", source))
    for one in crate.dependencies:
        if one.name == "pyo3" and one.kind == NORMAL:
            for name in one.features:
                yield name, manifests.crates.place(one)
