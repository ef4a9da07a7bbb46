"""The modules that a build adds to the Python ones, and where their source is.

Source: https://www.maturin.rs/project_layout and /config; https://setuptools-rust.readthedocs.io
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lockstep.dataclass import dataclass
from lockstep.project.python_project import PythonProject
from lockstep.text.toml import strings


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A native module by its dotted name. `manifest` is the Cargo.toml of its crate, "" for one that is not Rust's."""

    name: str
    manifest: str = ""
    features: tuple[str, ...] = ()
    default_features: bool = True
    named: bool = True
    """Whether a manifest says the name; one that is guessed may be another."""


def extensions(project: PythonProject, modules: Mapping[str, tuple[str, ...]]) -> Iterator[Extension]:
    """Give the native modules of a distribution."""
    if project.backend.startswith("maturin") or project.document.table("tool", "maturin"):
        yield from _maturin(project, modules)
    listed = project.document.table("tool", "setuptools-rust").get("ext-modules")
    for entry in listed if isinstance(listed, list) else ():
        target, path = entry.get("target"), entry.get("path", "Cargo.toml")
        if isinstance(target, str) and isinstance(path, str) and entry.get("binding", "PyO3") == "PyO3" and (manifest := project.path(path)):
            yield Extension(
                name=target, manifest=manifest, features=strings(entry.get("features")), default_features=entry.get("default-features") is not False
            )
    for found in project.setup.rust:
        if found.binding == "PyO3" and (manifest := project.path(found.path)):
            yield Extension(name=found.target, manifest=manifest, features=found.features)
    for name in project.setup.extensions:
        yield Extension(name=name)


def _maturin(project: PythonProject, modules: Mapping[str, tuple[str, ...]]) -> Iterator[Extension]:
    table = project.document.table("tool", "maturin")
    path = table.get("manifest-path")
    guesses = [path] if isinstance(path, str) else ["Cargo.toml", "rust/Cargo.toml"]
    manifest = next((found for guess in guesses if (found := project.path(guess)) is not None and project.tree.has(found)), project.path(guesses[0]))
    if manifest is None or table.get("bindings") in ("bin", "cffi", "uniffi"):
        return
    written = table.get("module-name")
    name = written if isinstance(written, str) else project.library or project.module
    if "." not in name and name in modules and not all(path.endswith(f"{name}.pyi") for path in modules[name]):
        pure = all(path.endswith(".pyi") for path in modules[name])
        name = name if pure else f"{name}.{name}"  # maturin puts it into the package of its name
    yield Extension(
        name=name,
        manifest=manifest,
        features=strings(table.get("features")),
        default_features=table.get("no-default-features") is not True,
        named=isinstance(written, str),
    )
