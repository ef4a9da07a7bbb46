"""A file requires a version of a sibling that this release does not have.

## What it does
What a wheel, an sdist, a crate or an npm tarball requires of a package that is released with it must admit the version of this release.

## Why
Users install the new package beside an old sibling, or cannot install it at all; neither can be repaired under the same version.

## Example
```
dist/spam-1.1.0-py3-none-any.whl sibling-version-mismatch: it requires spam-core ==1.0.0, and the release has spam-core 1.1.0
```

## Source
[Dependency specifiers](https://packaging.python.org/en/latest/specifications/dependency-specifiers/), [Cargo: specifying dependencies](https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from packaging.requirements import InvalidRequirement, Requirement

from lockstep.errors import VersionError
from lockstep.model import Finding, Level
from lockstep.release.built_file import BuiltFile, compared
from lockstep.release.candidate import ArtifactKind, Registry
from lockstep.rules.artifacts import ArtifactClaim
from lockstep.versions.requirement import satisfies
from lockstep.versions.version import Spelling, Version

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Hold every requirement on a sibling against its version."""
    file = claim.file
    for name, requirement, spelling in _required(file):
        key = (file.registry, compared(file.registry, name))
        sibling = claim.owed.get(key) if key != file.key else None  # a crate may pass on another version of itself
        if sibling is not None and not _is_satisfied(requirement, spelling, sibling.version):
            said = f"it requires {name} {requirement}".rstrip()
            help_ = "build it from the commit of the tag; lockstep check finds the place"
            yield claim.finding("sibling-version-mismatch", f"{said}, and the release has {name} {sibling.version}", help_)


Required: TypeAlias = tuple[str, str, Spelling]
"""A name, what is required of it, and how that is written."""


def _required(file: BuiltFile) -> Iterator[Required]:
    if file.registry is Registry.PYPI:
        return _of_distribution(file)
    return _of_crate(file) if file.kind is ArtifactKind.CRATE else _of_npm(file)


def _of_distribution(file: BuiltFile) -> Iterator[Required]:
    for text in file.metadata.get("requires-dist", ()):
        try:
            found = Requirement(text)
        except InvalidRequirement:
            continue
        if not found.url and str(found.specifier):
            yield found.name, str(found.specifier), Spelling.PEP440_SPECIFIERS


def _of_crate(file: BuiltFile) -> Iterator[Required]:
    for table in (file.manifest, *_tables(file.manifest.get("target"))):
        for kind in ("dependencies", "build-dependencies", "dev-dependencies"):
            named = table.get(kind)
            for alias, value in named.items() if isinstance(named, dict) else ():
                one = value if isinstance(value, dict) else {"version": value}
                if isinstance(version := one.get("version"), str) and "registry-index" not in one:
                    yield str(one.get("package", alias)), version, Spelling.CARGO_REQUIREMENT


def _tables(value: object) -> list[dict[str, Any]]:
    return [one for one in value.values() if isinstance(one, dict)] if isinstance(value, dict) else []


def _of_npm(file: BuiltFile) -> Iterator[Required]:
    for kind in ("dependencies", "optionalDependencies", "peerDependencies"):
        named = file.manifest.get(kind)
        for name, value in named.items() if isinstance(named, dict) else ():
            if isinstance(value, str):
                yield name, value, Spelling.NPM_RANGE


def _is_satisfied(requirement: str, spelling: Spelling, version: Version) -> bool:
    try:
        return satisfies(requirement, spelling, version)
    except VersionError:
        return False
