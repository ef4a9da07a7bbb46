"""A file promises other Pythons than its manifest.

## What it does
`Requires-Python` of a wheel or an sdist must be what `requires-python` of the pyproject.toml says.

## Why
Installers choose the release by it: too wide, it is installed where it cannot run; too narrow, users stay behind.

## Example
```
dist/spam-1.0.0-py3-none-any.whl requires-python-mismatch: it requires Python >=3.8, and the manifest says >=3.9
```

## Source
[Core metadata](https://packaging.python.org/en/latest/specifications/core-metadata/#requires-python)
"""

from __future__ import annotations

from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from lockstep.model import Finding, Level
from lockstep.release.candidate import Registry
from lockstep.rules.artifacts import ArtifactClaim

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Compare what both say."""
    mine, file = claim.mine, claim.file
    if mine is None or mine.requires_python is None or file.registry is not Registry.PYPI or not file.metadata:
        return
    said = file.metadata.get("requires-python", ("",))[0]
    if _set(said) != _set(mine.requires_python):
        told = f"it requires Python {said}" if said else "it says no Python that it requires"
        yield claim.finding("requires-python-mismatch", f"{told}, and the manifest says {mine.requires_python}", "build it from the commit of the tag")


def _set(text: str) -> SpecifierSet | str:
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return text
