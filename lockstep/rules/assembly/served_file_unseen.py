"""It could not be seen whether a registry owns a file already, or what it serves.

## What it does
Every file is asked for at its registry before it is sealed. One that could not be asked for, was accepted and is not visible yet, or could not be read, is not
sealed.

## Why
A candidate with the built bytes would be in conflict with what is there, and with that stop the release half way.

## Example
```
pypi:spam-1.0.0.tar.gz served-file-unseen: pypi.org answers 500
```

## Source
[Simple repository API](https://packaging.python.org/en/latest/specifications/simple-repository-api/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Confidence, Finding, Level, Place
from lockstep.release.owed import Assembly

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(assembly: Assembly) -> Iterator[Finding]:
    """Name what could not be seen."""
    for one in assembly.served:
        if one.unseen:
            help_ = "ask again; --offline asks nobody, and takes every file for one that is not published yet"
            place = Place(path=one.observation.artifact)
            yield Finding(rule="served-file-unseen", level=LEVEL, place=place, message=one.unseen, help=help_, confidence=Confidence.BLIND)
