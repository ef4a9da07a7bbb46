"""npm packages: what they offer in JavaScript and TypeScript is not analysed, and that is said of each whose files changed.

Packages that only carry a build for one platform (`os` and `cpu`) offer nothing but to the package that names them.
Source: https://docs.npmjs.com/cli/configuring-npm/package-json
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256

from lockstep.errors import LockstepError
from lockstep.manifest import inside
from lockstep.model import Ecosystem, Package, Place
from lockstep.project.discovery import NOT_OURS, SAMPLES, is_example
from lockstep.surface import Blind, Surface
from lockstep.tree import Tree

SURFACE = "npm"
MOST = 16 * 2**20
"""Characters of sources of one package that are compared; of more it is not known whether they are the same."""
SOURCES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".rs")
OFFERING = ("bin", "browser", "exports", "imports", "main", "module", "name", "type", "types", "typesVersions", "typings")
"""What of a package.json says what users can import and run."""


def read(tree: Tree, packages: Sequence[Package]) -> tuple[Surface, ...]:
    """Say of each published package that it is not analysed."""
    npm = [package for package in packages if package.ecosystem is Ecosystem.NPM]
    return tuple(surface for package in npm if (surface := _surface(tree, package, npm)) is not None)


def _surface(tree: Tree, package: Package, beside: Sequence[Package]) -> Surface | None:
    if package.publish is False or is_example(package.root) or SAMPLES.search(package.manifest):
        return None
    try:
        manifest = json.loads(tree.read(package.manifest).removeprefix("\ufeff"))
    except (LockstepError, ValueError, RecursionError):
        manifest = {}
    if not isinstance(manifest, dict) or ("os" in manifest and "cpu" in manifest):
        return None
    why = "lockstep does not read JavaScript or TypeScript; whether its API broke is for a person to judge"
    blind = Blind(symbol=package.name, place=Place(path=package.manifest), why=why, basis=_digest(tree, package, beside, manifest))
    return Surface(surface=SURFACE, package=package.name, blind=(blind,))


def _digest(tree: Tree, package: Package, beside: Sequence[Package], manifest: dict[str, object]) -> str:
    """Give a digest of what the package offers its users: where it is the same, so is its API. Nothing where there is too much of it."""
    digest = sha256(json.dumps({name: manifest[name] for name in OFFERING if name in manifest}, sort_keys=True).encode())
    left, version = MOST, "" if package.version is None else str(package.version)
    for path in _sources(tree, package, beside):
        try:
            text = tree.read(path)
        except LockstepError:
            return ""
        text = text.replace(version, "") if version else text  # what napi writes repeats it
        left -= len(text)
        if left < 0:
            return ""
        digest.update(f"{path}\0{text}\0".encode(errors="surrogatepass"))
    return digest.hexdigest()[:16]


def _sources(tree: Tree, package: Package, beside: Sequence[Package]) -> Iterator[str]:
    start = f"{package.root}/" if package.root else ""
    nested = tuple(f"{one.root}/" for one in beside if one.root != package.root and one.root.startswith(start))
    for path in tree.paths(inside(package.root, "**")):
        below = path.removeprefix(start)
        if path.endswith(SOURCES) and not path.startswith(nested) and not NOT_OURS.search(below) and not SAMPLES.search(below):
            yield path
