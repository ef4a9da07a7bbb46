"""What cargo tells a registry of a crate beside its bytes, from the manifest inside of the crate, which cargo has written in full.

Sources: https://doc.rust-lang.org/cargo/reference/registry-web-api.html#publish, src/cargo/ops/registry/publish.rs (`transmit`)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from posixpath import normpath
from typing import Any

CRATES_IO = "https://github.com/rust-lang/crates.io-index"
"""How cargo names crates.io among registries."""
_KINDS = {"dependencies": "normal", "dev-dependencies": "dev", "build-dependencies": "build"}
_COMPARATOR = re.compile(r"(=|>=|>|<=|<|~|\^)?\s*(\d+|[*xX])(?:\.(\d+|[*xX]))?(?:\.(\d+|[*xX]))?(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")


class CrateMetadataError(ValueError):
    """A manifest of which it is not known what cargo would tell."""


_CFG = re.compile(r'\s*(?:([\w-]+|"[^"]*")|([(),=]))\s*')
_READMES = ("README.md", "README.txt", "README")
"""What cargo takes for the readme where the manifest names none. Source: src/cargo/util/toml/mod.rs, `DEFAULT_README_FILES`"""


def readme_of(manifest: Mapping[str, Any], paths: Collection[str]) -> str | None:
    """Give the path of the readme in the crate, None where there is none; `paths` are those of its files."""
    found = manifest["package"].get("readme")
    if found is None:
        return next((one for one in _READMES if one in paths), None)
    return normpath(found) if isinstance(found, str) else _READMES[0] if found is True else None


def metadata(manifest: Mapping[str, Any], readme: tuple[str, str] | None, index: str) -> dict[str, Any]:
    """Give what cargo tells: `readme` are path and text of the readme, `index` is the index of the registry as cargo names it (`sparse+https://...`).

    Raises: CrateMetadataError.
    """
    package = manifest["package"]
    found = {name: package.get(name) for name in ("description", "homepage", "documentation", "license", "repository", "links")}
    return {
        "name": package["name"],
        "vers": package["version"],
        "deps": [one for table, target in _tables(manifest) for one in _dependencies(table, target, index)],
        "features": {name: list(values) for name, values in sorted(manifest.get("features", {}).items())},
        "authors": list(package.get("authors", ())),
        **found,
        "keywords": list(package.get("keywords", ())),
        "categories": list(package.get("categories", ())),
        "readme": None if readme is None else readme[1],
        "readme_file": None if readme is None else readme[0],
        "license_file": package.get("license-file"),
        "badges": dict(sorted(manifest.get("badges", {}).items())),
        "rust_version": package.get("rust-version"),
    }


def _tables(manifest: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str | None]]:
    yield manifest, None
    for target, table in manifest.get("target", {}).items():
        yield table, platform(target)


def _dependencies(table: Mapping[str, Any], target: str | None, index: str) -> Iterator[dict[str, Any]]:
    for section, kind in _KINDS.items():
        for name, said in table.get(section, {}).items():
            one = {"version": said} if isinstance(said, str) else said
            if "version" not in one and kind == "dev":
                continue  # what is of a path or of git alone, no registry is told
            if "version" not in one or "artifact" in one or "registry" in one:
                raise CrateMetadataError(f"the dependency {name} has {'no version' if 'version' not in one else 'what cargo alone can write'}")
            registry = one.get("registry-index", CRATES_IO)
            found = {
                "optional": one.get("optional", False),
                "default_features": one.get("default-features", one.get("default_features", True)),
                "name": one.get("package", name),
                "features": list(one.get("features", ())),
                "version_req": requirement(one["version"]),
                "target": target,
                "kind": kind,
            }
            other = {"registry": registry} if registry.rstrip("/") != index.rstrip("/") else {}
            renamed = {"explicit_name_in_toml": name} if "package" in one else {}
            yield {**found, **other, **renamed}


def platform(text: str) -> str:
    """Write a platform as cargo does, which spaces the parts of `cfg(...)` its own way.

    Raises: CrateMetadataError for what is none.
    """
    if not text.startswith("cfg("):
        return text
    found, at = "", 0
    while at < len(text):
        part = _CFG.match(text, at)
        if part is None:
            raise CrateMetadataError(f"{text} is no platform")
        at = part.end()
        word, sign = part.groups()
        if sign == ")":
            found = found.removesuffix(", ")  # after the last part a comma may stand
        found += word or {",": ", ", "=": " = "}.get(sign, sign)
    return found


def requirement(text: str) -> str:
    """Write a requirement on a version as cargo does.

    Raises: CrateMetadataError for what is none.
    """
    if text.strip() in ("*", "x", "X"):
        return "*"
    return ", ".join(_comparator(one.strip()) for one in text.rstrip().removesuffix(",").split(","))


def _comparator(text: str) -> str:
    found = _COMPARATOR.fullmatch(text)
    if found is None:
        raise CrateMetadataError(f"{text!r} is no requirement on a version")
    operator, *parts, pre = found.groups()
    numbers: list[str] = []
    for one in parts:
        if one is None or not one.isdigit():
            break
        numbers.append(str(int(one)))
    wild = any(one is not None and not one.isdigit() for one in parts)
    if wild and operator in (None, "="):
        return ".".join([*numbers, "*"])
    return f"{operator or '^'}{'.'.join(numbers)}{pre or ''}"
