# ruff: noqa: T201 - its output is its purpose
"""`python -m tests.surfaces.truth [--scratch FOLDER] [--misses] [PROJECT ...]`: what is read from Rust against the compiled wheels of real projects.

For each project, an sdist and a wheel of the same version are fetched with pip into a scratch folder; the sdist is read, the wheel is imported in a
process of its own. The table says how many of the compiled names are found, how many found names do not exist, how many signatures agree, and how many
misses no blind spot accounts for.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from lockstep.model import Ecosystem, Package, Place
from lockstep.surfaces.pyo3 import native_modules
from lockstep.surfaces.pyo3.model import NativeModule
from lockstep.surfaces.python.extensions import Extension
from lockstep.surfaces.python.layout import layout
from lockstep.tree import MemoryTree
from tests.surfaces.truth import introspection
from tests.surfaces.truth.comparing import Score, compare
from tests.surfaces.truth.fetching import Pair, UnfetchedError, fetch, install_needs

PROJECTS = (
    "ahocorasick-rs", "anise", "arro3-core", "ast-grep-py", "bcrypt", "bed-reader", "biscuit-python", "blake3", "chia_rs", "cramjam", "cryptography",
    "css-inline", "datafusion", "deltalake", "dulwich", "eclipse-zenoh", "fastexcel", "fastobo", "fastuuid", "granian", "grimp", "hifitime", "icechunk",
    "jellyfish", "jiter", "jsonschema-rs", "kornia-rs", "libcst", "loro", "minijinja", "moyopy", "nh3", "obstore", "opendal", "ordvec", "ormsgpack",
    "outlines-core", "oxbow", "pendulum", "polars-runtime-32", "primp", "psqlpy", "py-rattler", "pycrdt", "pydantic-core", "pyoxigraph", "pyreqwest",
    "python-calamine", "qiskit", "quil", "robyn", "rpds-py", "rtoml", "rustac", "rustworkx", "safetensors", "solders", "sudachipy", "tantivy",
    "temporalio", "tiktoken", "tokenizers", "tsdownsample", "typst", "uuid-utils", "watchfiles", "yara-x",
)  # fmt: skip
READ = {".rs", ".toml", ".lock", ".py"}


@dataclass
class Row:
    """One line of the table."""

    project: str
    version: str = ""
    score: Score = field(default_factory=Score)
    blind: int = 0
    seconds: float = 0.0
    note: str = ""


def tree_of(folder: Path) -> MemoryTree:
    texts = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in READ and path.is_file():
            try:
                texts[path.relative_to(folder).as_posix()] = path.read_bytes().decode()
            except UnicodeDecodeError:
                continue
    return MemoryTree(texts)


def libraries(wheel: Path) -> dict[str, Path]:
    """Give the shared libraries that Python could import, by dotted name."""
    return {
        ".".join(path.relative_to(wheel).with_name(path.name.split(".")[0]).parts): path
        for path in sorted(wheel.rglob("*.so"))
        if not path.parts[-2].endswith(".libs")
    }


def truth(pair: Pair, name: str, library: Path) -> dict[str, object]:
    """Give what a compiled module shows.

    Raises: UnfetchedError when it cannot be imported, with its dependencies or without.
    """
    needs = pair.wheel.parent / "needs"
    for folders in ((pair.wheel,), (pair.wheel, needs)):
        if needs in folders:
            install_needs(pair.project, pair.version, needs)
        command = [sys.executable, introspection.__file__, name, str(library), *map(str, folders)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=pair.wheel.parent)
        if not done.returncode:
            found: dict[str, object] = json.loads(done.stdout)
            return found
    raise UnfetchedError((done.stderr.strip().splitlines() or ["the import failed"])[-1])


def measure(project: str, scratch: Path) -> Row:
    row = Row(project)
    try:
        pair = fetch(project, scratch)
        row.version = pair.version
        built = libraries(pair.wheel)
        tree = tree_of(pair.source)
        start = time.process_time()  # what else the machine does does not count
        known = [(one, _modules(tree, one)) for one in extensions_of(tree, project) if one.manifest]
        row.seconds = time.process_time() - start
        for name, library in built.items():
            extension, modules = next(((one, found) for one, found in known if one.name.rpartition(".")[2] == name.rpartition(".")[2]), (None, ()))
            compiled = truth(pair, name, library)
            module = modules[0] if modules else NativeModule(name=name, place=Place(path=""))
            if extension is None:
                row.note = f"no build of {name} is found"
            elif name not in (extension.name, f"{extension.name}.{extension.name}"):  # maturin makes a package of the same name around it
                row.note = f"{extension.name} is {name}"
            compare(compiled, module, row.score)
            row.blind += _blind(module)
        if not built:
            row.note = "the wheel holds no native module"
    except UnfetchedError as error:
        row.note = str(error)[:100]
    return row


def extensions_of(tree: MemoryTree, project: str) -> tuple[Extension, ...]:
    return layout(tree, Package(name=project, ecosystem=Ecosystem.PYTHON, root="", manifest="pyproject.toml", version=None)).extensions


def _modules(tree: MemoryTree, extension: Extension) -> tuple[NativeModule, ...]:
    name = extension.name.rpartition(".")[2]
    return native_modules(tree, extension.manifest, features=extension.features, default_features=extension.default_features, name=name)


def _blind(module: NativeModule) -> int:
    return len(module.blind) + sum(_blind(one) for one in module.members.values() if isinstance(one, NativeModule))


HEAD = f"{'project':<20} {'version':<11} {'names':>11} {'false':>5} {'signatures':>11} {'silent':>6} {'blind':>5} {'cpu s':>7}"


def line(row: Row) -> str:
    score = row.score
    return (
        f"{row.project:<20} {row.version:<11} {score.found:>5}/{score.names:<5} {len(score.false):>5} {score.equal:>5}/{score.compared:<5} "
        f"{len(score.silent):>6} {row.blind:>5} {row.seconds:>7.3f} {row.note}"
    ).rstrip()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.surfaces.truth", description=__doc__)
    parser.add_argument("projects", nargs="*", default=PROJECTS)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()) / "lockstep-truth", help="where archives are kept between runs")
    parser.add_argument("--misses", action="store_true", help="name what is missing, false or different")
    arguments = parser.parse_args()
    print(HEAD)
    total = Row("total")
    for project in arguments.projects:
        row = measure(project, arguments.scratch)
        print(line(row), flush=True)
        total.score.add(row.score)
        total.blind += row.blind
        total.seconds += row.seconds
        if arguments.misses:
            for kind, names in (("missing", row.score.missing), ("silent", row.score.silent), ("false", row.score.false), ("differs", row.score.different)):
                for name in names:
                    print(f"    {kind:<8} {name}")
    print(line(total))
    score = total.score
    found = score.found + len(score.false)
    print(f"recall {score.found / max(score.names, 1):.4f}  precision {score.found / max(found, 1):.4f}  signatures {score.equal / max(score.compared, 1):.4f}")


if __name__ == "__main__":
    main()
