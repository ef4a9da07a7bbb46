"""What was read and printed before of commits, in the user's cache: found without loading anything that reads."""

from __future__ import annotations

import os
import sys
import time
from functools import cache

from lockstep import __version__
from lockstep.app.cache_folder import folder
from lockstep.app.code_stamp import sources_stamps, stamp_of
from lockstep.cache import Cache
from lockstep.repository import git_files
from lockstep.repository.git_objects import store

PARSERS = ("griffe", "packaging", "tree_sitter", "tree_sitter_rust", "tree_sitter_c", "tree_sitter_go")


@cache
def stamp() -> str:
    """Tell these readers from others: what older code, another parser or another Python has read does not count."""
    stamps = [*sources_stamps(), *(stamp_of(path, os.stat(path)) for path in filter(None, map(_origin, PARSERS)))]
    return ",".join((sys.version, *stamps))


def _origin(name: str) -> str | None:
    """Give the file that a package starts with."""
    for path in (f"{entry}/{name}/__init__.py" for entry in sys.path):
        if os.path.isfile(path):
            return path
    from importlib.util import find_spec  # noqa: PLC0415 - it stands in no ordinary folder

    spec = find_spec(name)
    return spec.origin if spec is not None and spec.origin is not None and os.path.isfile(spec.origin) else None


class PrintedBefore:
    """What a command printed of some commits, and its exit code; found by all that it depends on."""

    def __init__(self, cache_folder: str, *depends: str) -> None:
        self._cache = Cache(cache_folder)
        self._depends = ("said", __version__, stamp(), *depends)

    def read(self) -> tuple[str, int] | None:
        """Give what was printed, and the exit code; None where nothing was."""
        known = self._cache.read_text(*self._depends)
        if known is None:
            return None
        code, _, text = known.partition("\n")
        return (text, int(code)) if code.isdigit() else None

    def keep(self, text: str, code: int) -> None:
        """Keep what is printed."""
        self._cache.keep_text(f"{code}\n{text}", *self._depends)


def printed_before(repo: str, refs: tuple[str | None, ...], *words: str) -> PrintedBefore | None:
    """Give what a command printed of commits: `words` are its options, each told from the others by its place.

    None where nothing is kept, and where git has to say which commits these are.
    """
    if (named := folder()) is None or (located := git_files.locate(repo)) is None:
        return None
    objects = store(located[1])
    commits = [objects.commit(ref) if ref is not None and objects is not None else None for ref in refs]
    if any(commit is None and ref is not None for ref, commit in zip(refs, commits, strict=True)):
        return None
    today = os.environ.get("SOURCE_DATE_EPOCH") or time.strftime("%Y-%m-%d", time.gmtime())
    return PrintedBefore(named, str(located[2]), today, *(str(one) for pair in zip(refs, commits, strict=True) for one in pair), *words)
