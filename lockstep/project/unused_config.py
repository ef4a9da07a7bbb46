"""What does the configuration name that is not there? A name that nothing has decides nothing: it was misspelt, or what it named is gone.

Only what stands in the configuration of the tree at hand is judged: where that of another commit counts, a change cannot mend it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lockstep.config import Config
from lockstep.config.reading import place_of_entry
from lockstep.model import Finding, Level, Place
from lockstep.tree import Tree, glob
from lockstep.wording import nearest

if TYPE_CHECKING:
    from lockstep.surface import Surface

WILD = "*?[{"
"""What makes a name a pattern: that nothing fits it today may be meant."""


def idle(tree: Tree, config: Config, packages: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Find names and patterns that mean none of the packages, given as (ecosystem, name), and none of the files."""
    known = tuple(dict.fromkeys(packages))
    lists = [(("outside",), config.outside), *((("groups", group.name, "packages"), group.packages) for group in config.groups)]
    if any(patterns for _, patterns in lists):
        from lockstep.config.package_patterns import PackageNames  # noqa: PLC0415 - most configurations name no package

        names = PackageNames(known)
        for option, pattern in ((option, pattern) for option, patterns in lists for pattern in patterns):
            if not names.has(pattern):
                yield from _package(tree, config, option, pattern, known)
    for pattern in config.exclude:
        if not _excludes(tree, pattern):
            yield from _files(tree, config, pattern)


def idle_symbols(tree: Tree, config: Config, surfaces: Iterable[Surface]) -> Iterator[Finding]:
    """Find patterns of symbols that fit none of what is promised, at whatever moment."""
    known = tuple(surfaces)
    for option, patterns in (("experimental", config.experimental), ("hidden", config.hidden)):
        for pattern in patterns:
            narrowed, _, rest = pattern.partition(":")
            fits = glob(rest or narrowed).fullmatch
            if any(fits(path) for one in known if not rest or one.surface == narrowed for path in one.items):
                continue
            if (at := place_of_entry(tree, config, (option,), pattern)) is not None:
                yield Finding(
                    rule="configured-pattern-idle",
                    level=Level.WARNING,
                    place=_place(config, at),
                    message=f"no symbol fits {pattern!r} of {option}",
                    help="lockstep surface lists the symbols as they are written there; correct the pattern, or delete it",
                    old=pattern,
                )


def _package(tree: Tree, config: Config, option: tuple[str, ...], pattern: str, known: tuple[tuple[str, str], ...]) -> Iterator[Finding]:
    if (at := place_of_entry(tree, config, option, pattern)) is None:
        return
    if any(char in pattern for char in WILD):
        message, rule, level, near = f"no package fits {pattern!r} of {'.'.join(option)}", "configured-pattern-idle", Level.WARNING, None
    else:
        message, rule, level = f"there is no package {pattern!r}, which {'.'.join(option)} names", "configured-name-unknown", Level.ERROR
        near = _nearest(pattern, known)
    help_ = f"did you mean {near}?" if near is not None else "lockstep show lists the packages; correct the name, or delete it"
    yield Finding(rule=rule, level=level, place=_place(config, at), message=message, help=help_, old=pattern, new=near)


def _nearest(pattern: str, known: tuple[tuple[str, str], ...]) -> str | None:
    """Give the package that was probably meant: under its ecosystem where one is given, which may be what is wrong."""
    wanted, colon, rest = pattern.partition(":")
    name = rest if colon else wanted
    near = nearest(name, [one for ecosystem, one in known if not colon or ecosystem == wanted]) or nearest(name, [one for _, one in known])
    if near is None or not colon:
        return near
    homes = [ecosystem for ecosystem, one in known if one == near]
    return f"{wanted if wanted in homes else homes[0]}:{near}"


def _files(tree: Tree, config: Config, pattern: str) -> Iterator[Finding]:
    if (at := place_of_entry(tree, config, ("exclude",), pattern)) is None:
        return
    literal = pattern.removesuffix("/**").removesuffix("/*").rstrip("/")
    depth = literal.count("/") + 1
    wild = any(char in literal for char in WILD)
    near = None if wild else nearest(literal, sorted({"/".join(path.split("/")[:depth]) for path in tree.paths()}))
    near = None if near is None else near + pattern[len(literal) :]
    yield Finding(
        rule="configured-pattern-idle",
        level=Level.WARNING,
        place=_place(config, at),
        message=f"git tracks nothing that {pattern!r} of exclude names",
        help=f"did you mean {near}?" if near is not None else "delete it: what git does not track is never looked at",
        old=pattern,
        new=near,
    )


def _place(config: Config, at: tuple[int, int]) -> Place:
    return Place(path=config.path, line=at[0], column=at[1])


def _excludes(tree: Tree, pattern: str) -> bool:
    """Say whether a pattern of `exclude` fits a file; most name a folder, which is cheap to see."""
    folder = pattern.rstrip("/") + "/"
    if not any(char in pattern for char in WILD):
        return tree.has(pattern) or any(path.startswith(folder) for path in tree.paths())
    fits, below = glob(pattern).fullmatch, glob(f"{folder}**").fullmatch
    return any(fits(path) or below(path) for path in tree.paths())
