"""The scripts of a package.json that a step starts: `npm run release` does what stands there under `release`. Nothing of it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from posixpath import normpath

from lockstep.dataclass import replace
from lockstep.pattern import pattern
from lockstep.workflow.shell import Command, commands

Tasks = Mapping[str, Mapping[str, str]]
"""The scripts of each package.json, by its folder from the root: "." for the root itself."""
DEEPEST = 4
"""Scripts that start each other."""
LONGEST = 4000
"""Characters of a script that is read."""
MOST = 200
"""Commands of all scripts that one command starts."""
_MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
_ELSEWHERE = ("--workspace", "-w", "--workspaces", "-ws", "--filter", "-F", "--recursive", "-r", "--prefix", "-C", "--dir", "--cwd")
"""Options by which a script of another package runs, or of several."""
_OWN = frozenset({"publish", "pack", "install", "add", "remove", "exec", "dlx", "init", "link", "login", "npm", "up", "update", "version", "workspace"})
"""What yarn and pnpm take for a command of their own, and not for a script."""
_SUBSHELL = pattern(r"\(\s*(?:cd|pushd)\b")
_UNKNOWN = pattern(r"[$~*?`\\]|^[-/]")


def with_tasks(found: Iterable[Command], tasks: Tasks, folder: str, text: str) -> Iterator[Command]:
    """Give the commands of a script with the folders that they run in, each with those of the package.json script that it starts.

    `folder` is where the script begins.
    """
    here = None if _SUBSHELL.search(text) else joined(".", folder or ".")
    for one in found:
        yield replace(one, folder=here)
        if one.name in ("cd", "pushd", "popd"):
            known = one.name == "cd" and len(one.words) == 2 and not one.inside and not one.reserved and one.after in ("", "&&", ";", "\n")
            here = joined(here, one.words[1]) if known else None
        elif here is not None and here in tasks:
            for each in islice(_started(replace(one, folder=here), tasks[here], ()), MOST):
                yield replace(each, line=one.line, spared=each.spared or one.spared, reserved=())


def joined(here: str | None, folder: str) -> str | None:
    """Give a folder from the root; None for one that only the run knows, or that is outside."""
    if here is None or _UNKNOWN.search(folder):
        return None
    path = normpath(f"{here}/{folder}")
    return None if path.split("/")[0] == ".." else path


def _started(one: Command, scripts: Mapping[str, str], above: tuple[str, ...]) -> Iterator[Command]:
    """Give the commands of the script that a command starts, with those that these start."""
    name = _task(one)
    if name not in scripts or name in above or len(above) == DEEPEST:
        return
    dry = ("--dry-run",) if one.has("--dry-run") else ()
    for part in (f"pre{name}", name, f"post{name}"):
        moved = False
        for each in _read(scripts.get(part, "")):
            given = replace(each, words=(*each.words, *dry), folder=None if moved else one.folder)
            yield given
            moved = moved or each.name in ("cd", "pushd", "popd")
            if not moved:
                yield from _started(given, scripts, (*above, name))


@lru_cache(maxsize=256)
def _read(script: str) -> tuple[Command, ...]:
    return commands(script)[:MOST] if len(script) <= LONGEST else ()


def _task(one: Command) -> str:
    """Give the script of the package that a command starts; "" for none, and for one of another package."""
    if one.name not in _MANAGERS or one.has(*_ELSEWHERE):
        return ""
    words = [word for word in one.words[1:] if not word.startswith("-")]
    if words[:1] and words[0] in ("run", "run-script"):
        return words[1] if len(words) > 1 else ""
    return words[0] if words and one.name in ("yarn", "pnpm") and words[0] not in _OWN else ""
