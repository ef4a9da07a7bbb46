"""A file that the release owes was not built.

## What it does
Every package that is published must have its crate, its npm tarball, or a file for PyPI. Wheels and the sdist must be there as the release workflow builds
them: one for each platform, interpreter and ABI that its jobs name. What the workflow does not tell for certain is not asked for.

## Why
A registry takes what is missing later, but users do not wait: pip takes the sdist in the place of a wheel, and fails where there is no compiler.

## Example
```
pyproject.toml artifact-missing: spam owes a wheel cp311-abi3, musllinux x86_64, and none of the files is one
```

## Source
[Platform compatibility tags](https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.release.candidate import ArtifactKind
from lockstep.release.owed import Assembly

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(assembly: Assembly) -> Iterator[Finding]:
    """Ask for every file that is owed; of a package without any, once."""
    if assembly.partial:
        return
    there = {file.key for file in assembly.files}
    for key, (name, manifest) in assembly.packages.items():
        if key not in there:
            help_ = "build it, or say publish = false in its manifest; --partial seals what is here"
            said = f"{name} is published to {key[0]}, and none of the files is of it"
            yield Finding(rule="artifact-missing", level=LEVEL, place=Place(path=manifest), message=said, help=help_)
    for one in assembly.missing:
        article = "an" if one.kind in (ArtifactKind.SDIST, ArtifactKind.NPM) else "a"
        help_ = f"{one.place} builds it: lockstep release plan lists what is owed; --partial seals what is here"
        said = f"{one.name} owes {article} {one}, and none of the files is one"
        yield Finding(rule="artifact-missing", level=LEVEL, place=Place(path=assembly.packages[one.key][1]), message=said, help=help_)
