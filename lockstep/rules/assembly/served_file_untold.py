"""A registry has a file of this version, and nobody says whether the release has it.

## What it does
A file of the version that is at PyPI already and was not built here is taken where the release workflow names it. Where the workflow does not tell all files
of a package, such a file is neither owed nor foreign: nothing is sealed. With `--partial` it may be there: another part of the release has it.

## Why
Left out, it stops the release half way as a file that the candidate does not have; taken in, whoever uploaded it has a file in the release.

## Example
```
pypi:spam-1.0.0-cp313-cp313-win_arm64.whl served-file-untold: pypi has it, and the workflow does not tell whether the release has it
```

## Source
[Files of a project](https://docs.pypi.org/project-management/storage-limits/), [cibuildwheel](https://cibuildwheel.pypa.io/en/stable/options/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Confidence, Finding, Level, Place
from lockstep.release.owed import Assembly, Standing

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(assembly: Assembly) -> Iterator[Finding]:
    """Name what nobody tells of."""
    for one in assembly.served if not assembly.partial else ():
        if one.artifact is None and assembly.standing(one) is Standing.UNTOLD:
            registry, _, name = one.observation.artifact.partition(":")
            said = f"{registry} has it, it is not among the built files, and the workflow does not tell whether the release has it"
            help_ = f"if it is yours, download {name} and seal it with the others; if not, find out who published it, and release the next version"
            place = Place(path=one.observation.artifact)
            yield Finding(rule="served-file-untold", level=LEVEL, place=place, message=said, help=help_, confidence=Confidence.BLIND)
