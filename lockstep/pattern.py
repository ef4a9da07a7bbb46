"""Regular expressions that are compiled when they are first used: a run asks few of those that lockstep knows, and compiling all takes a tenth of it."""

from __future__ import annotations

import re
from typing import Any, cast


class _Later:
    """Stands where a compiled pattern would; the first use of a method compiles, and leaves the pattern's own method in its place."""

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a pattern has
        if name.startswith("__"):
            raise AttributeError(name)
        value = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, value)
        return value


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Give a pattern like `re.compile`, compiled at its first use.

    An error in it shows at that use, too: the tests use each of them.
    """
    return cast("re.Pattern[str]", _Later(text, flags))
