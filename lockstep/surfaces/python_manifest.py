"""What a distribution's pyproject.toml promises: extras, the Pythons, the dependencies, the stable ABI and the platforms of its wheels.

Sources: https://packaging.python.org/en/latest/specifications/pyproject-toml/, https://python-poetry.org/docs/dependency-specification/,
https://pyo3.rs/latest/building-and-distribution#minimum-python-version-for-abi3
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from lockstep.declaration import inside, join
from lockstep.errors import ManifestError, RepositoryError, VersionError
from lockstep.locks.crates import NORMAL, Crate, activated
from lockstep.model import Ecosystem, Package, Place
from lockstep.pattern import pattern
from lockstep.pep508 import need, normalized
from lockstep.ranges import python
from lockstep.surface import Blind, Item, ItemKind, Stability, Surface
from lockstep.surfaces.manifests import Manifests, place, stability
from lockstep.surfaces.platforms import platforms
from lockstep.toml import Document, Key, strings
from lockstep.tree import Tree

SURFACE = "python-manifest"
VERSION = 1

_ABI3 = pattern(r"abi3(?:-py3(?P<minor>[0-9]{1,3}))?")
_DEVELOPMENT = pattern(r"^(?:all-?)?(?:dev(?:elop(?:ment)?)?|tests?|testing|docs?|documentation|lint(?:ing)?|typing|mypy|bench(?:marks?)?|ci|quality|style)$")
"""Extras that serve those who work on the project."""


def read(tree: Tree, packages: Sequence[Package]) -> tuple[Surface, ...]:
    """Read the manifest of every distribution that is published."""
    manifests = Manifests(tree, ())
    surfaces = []
    for package in packages:
        if package.ecosystem is not Ecosystem.PYTHON or package.publish is False:
            continue
        path = inside(package.root, "pyproject.toml")
        blind: list[Blind] = []
        items: list[Item] = []
        if not tree.has(path):
            blind.append(Blind(symbol="", place=Place(path=package.manifest), why="what setup.py and setup.cfg declare is not read"))
        else:
            try:
                document = Document(path, tree.read(path))
            except (ManifestError, RepositoryError) as error:
                blind.append(Blind(symbol="", place=Place(path=path, line=error.line), why=error.message))
            else:
                items = [*_extras(document), *_needs(document, blind), *_abi3(manifests, tree, document, package), *platforms(tree, document, blind)]
        surfaces.append(Surface(surface=SURFACE, package=package.name, items={item.path: item for item in items}, blind=(*blind, *manifests.blind)))
    return tuple(surfaces)


def _extras(document: Document) -> Iterator[Item]:
    for home in (("project", "optional-dependencies"), ("tool", "poetry", "extras")):
        for name, body in document.table(*home).items():
            needs = strings(body)
            yield Item(
                path=f"extras.{normalized(name)}",
                kind=ItemKind.FEATURE,
                place=place(document, (*home, name)),
                signature=f"{name} = [{', '.join(map(json.dumps, needs))}]",
                bases=needs,
                traits=frozenset({"extra"}),
                stability=_class(name),
            )


def _class(extra: str) -> Stability:
    return Stability.HIDDEN if _DEVELOPMENT.search(extra) else stability(extra)


# ---- floors


def _needs(document: Document, blind: list[Blind]) -> Iterator[Item]:
    key: Key
    for key in (("project", "requires-python"), ("tool", "poetry", "dependencies", "python")):
        if (text := document.string(*key)) is not None:
            yield Item(path="project.requires-python", kind=ItemKind.FLOOR, place=place(document, key), signature=f"requires-python = {text}", value=text)
            break
    for name in strings(document.table("project").get("dynamic")):
        if name in ("requires-python", "dependencies", "optional-dependencies"):
            why = f"{name} is dynamic: the build backend provides it"
            blind.append(Blind(symbol=f"project.{name}", place=place(document, ("project", "dynamic")), why=why))
    yield from _gathered(document, ("project", "dependencies"), "dependencies", Stability.STABLE, blind)
    for extra in document.table("project", "optional-dependencies"):
        yield from _gathered(document, ("project", "optional-dependencies", extra), f"extras.{normalized(extra)}.dependencies", _class(extra), blind)
    yield from _poetry(document, blind)


def _gathered(document: Document, key: tuple[str, ...], prefix: str, stability: Stability, blind: list[Blind]) -> Iterator[Item]:
    """Give one item for each name: a name may stand on several lines, each with a marker."""
    lines: dict[str, list[tuple[str, Place]]] = {}
    for index, text in enumerate(strings(document.table(*key[:-1]).get(key[-1]))):
        at = place(document, (*key, index))
        try:
            one = need(text)
            python(one.versions)
        except VersionError as error:
            blind.append(Blind(symbol=".".join(key), place=at, why=error.message))
            continue
        lines.setdefault(one.name, []).append((text, at))
    for name, found in lines.items():
        written = "\n".join(text for text, _ in found)
        yield _dependency(f"{prefix}.{name}", name, written, found[0][1], stability)


def _dependency(path: str, name: str, written: str, at: Place, stability: Stability = Stability.STABLE) -> Item:
    return Item(
        path=path,
        kind=ItemKind.DEPENDENCY,
        place=at,
        origin=name,
        signature=written.replace("\n", " | "),
        value=written,
        traits=frozenset({"python"} | ({"extra"} if path.startswith("extras.") else set())),
        stability=stability,
    )


def _poetry(document: Document, blind: list[Blind]) -> Iterator[Item]:
    """Give Poetry's own table; source: https://python-poetry.org/docs/dependency-specification/."""
    home = ("tool", "poetry", "dependencies")
    for name, body in document.table(*home).items():
        at = place(document, (*home, name))
        version = body.get("version") if isinstance(body, dict) else body
        if name == "python" or not isinstance(version, str) or (isinstance(body, dict) and body.get("optional") is True):
            continue
        try:
            admitted = python(version)
        except VersionError as error:
            blind.append(Blind(symbol=f"dependencies.{name}", place=at, why=error.message))
            continue
        bounds = [f"{'>=' if one.inclusive else '>'}{one.text}" for one in (admitted.low,) if one]
        bounds += [f"{'<=' if one.inclusive else '<'}{one.text}" for one in (admitted.high,) if one]
        marker = body.get("markers") if isinstance(body, dict) else None
        written = f"{name}{','.join(bounds)}" + (f"; {marker}" if isinstance(marker, str) else "")
        try:
            need(written)
        except VersionError as error:
            blind.append(Blind(symbol=f"dependencies.{name}", place=at, why=error.message))
            continue
        yield _dependency(f"dependencies.{normalized(name)}", normalized(name), written, at)


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
    for one in crate.needs:
        if one.name == "pyo3" and one.kind == NORMAL:
            for name in one.features:
                yield name, manifests.crates.place(one)
