"""The ABI of a C library broke, and its ABI version says what it said.

## What it does
Where a public header has a constant for the version of the ABI (`..._ABI_VERSION` and the like), it must change with every change that a
compiled program can notice: a symbol, a signature, a layout, a type or a value.

## Why
The constant is how a program finds out that it was compiled against another ABI, before it reads garbage.

## Example
```
include/ordvec.h:15 c-abi-version-unchanged: the ABI broke (ordvec_index_free), but ORDVEC_ABI_VERSION is still 1
```

## Source
ordvec's compatibility policy; https://semver.org/#spec-item-8
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.c_abi import COMPILED
from lockstep.model import Finding, Level
from lockstep.rules.compat import Comparison
from lockstep.wording import first_few

LEVEL = Level.ERROR
SINCE = "0.1.0"
SURFACES = ("c",)
MOST_NAMED = 3
"""Names that one message lists."""


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the constants that say which ABI it is, once something broke."""
    broken = [one for one in comparison.c if one.sure and one.fault in COMPILED]
    if not broken:
        return
    for old, new in comparison.pairs():
        if "abi-version" in new.traits and old.value == new.value:
            names = first_few([one.old.path for one in broken], MOST_NAMED)
            message = f"the ABI broke ({names}), but {new.path} is still {new.value}"
            help_ = f"raise {new.path}, or mend the break"
            yield comparison.contradiction(rule="c-abi-version-unchanged", level=LEVEL, old=old, new=new, message=message, help=help_)
