"""A comparison of two commits in parts, each made on a machine of its own: what a part found is a file, and the files together are the comparison.

A file holds data and nothing that runs. It is of the two commits whose trees it names, and of this version of lockstep; any other is refused.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockstep import __version__
from lockstep.app.cache_folder import folder
from lockstep.app.surfaces import Request, read_share
from lockstep.cache import Cache, packed, unpacked
from lockstep.dataclass import dataclass
from lockstep.errors import UsageError
from lockstep.repository.git_trees import GitTree
from lockstep.surface import Surface

if TYPE_CHECKING:
    from lockstep.app.parallel_surfaces import Found
    from lockstep.app.session import Session

LARGEST = 2**30
"""Bytes of the largest file that is read."""
_HOW = "lockstep diff BASE HEAD --part K/N > part-K.json makes one"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffPart:
    """A part: which of how many, of which commits by their names and trees, and the surfaces by the number of their reading and of their commit."""

    lockstep: str
    number: int
    count: int
    refs: tuple[str, str]
    trees: tuple[str, str]
    surfaces: tuple[tuple[int, int, tuple[Surface, ...]], ...]


def read_number(text: str) -> tuple[int, int]:
    """Read which part is wanted, as `2/4`.

    Raises: UsageError when it is no such pair.
    """
    number, slash, count = text.partition("/")
    if not (slash and number.isascii() and number.isdigit() and count.isascii() and count.isdigit() and 1 <= int(number) <= int(count) <= 1000):
        raise UsageError(f"--part {text} names no part", help="write --part 1/4 for the first of four, up to 1000")
    return int(number), int(count)


def write_part(before: Session, head: Session, number: int, count: int) -> str:
    """Read one of `count` parts of a comparison of two commits, and write it down.

    Raises: UsageError when the later one is no commit.
    """
    found = read_share((Request(opened=before, later=head), Request(opened=head)), Cache(folder()), number, count)
    surfaces = tuple((*key, each) for key, each in sorted(found.items()))
    (old, old_tree), (new, new_tree) = _named(before), _named(head)
    part = DiffPart(lockstep=__version__, number=number, count=count, refs=(old, new), trees=(old_tree, new_tree), surfaces=surfaces)
    return packed(part, DiffPart) + "\n"


def read_files(paths: Sequence[str]) -> tuple[DiffPart, ...]:
    """Read the files of all parts of one comparison, in their order.

    Raises: UsageError when one is no part, or of another comparison, and when one is missing.
    """
    parts = [_read(path) for path in paths]
    first, named = parts[0], paths[0]
    for part, path in zip(parts, paths, strict=True):
        if part.lockstep != __version__:
            raise UsageError(f"{path} was made by lockstep {part.lockstep}, this is {__version__}", help="make and merge the parts with one version")
        if (part.count, part.trees) != (first.count, first.trees):
            raise UsageError(f"{path} is part {_what(part)}, and {named} is part {_what(first)}", help="merge the parts of one comparison")
    by_number = {part.number: part for part in parts}
    if missing := [f"{number}/{first.count}" for number in range(1, first.count + 1) if number not in by_number]:
        raise UsageError(f"missing: part {', '.join(missing[:10])}", help=_HOW)
    return tuple(by_number[number] for number in sorted(by_number))


def _what(part: DiffPart) -> str:
    return f"{part.number}/{part.count} of {part.refs[0]} ({part.trees[0][:9]}) with {part.refs[1]} ({part.trees[1][:9]})"


def merged(parts: Sequence[DiffPart], before: Session, head: Session) -> Found:
    """Give what the parts found.

    Raises: UsageError when these are not the commits that they compare.
    """
    part = parts[0]
    for (name, tree), was, ref in zip((_named(before), _named(head)), part.trees, part.refs, strict=True):
        if tree != was:
            raise UsageError(
                f"the parts compare {ref} with the tree {was[:9]}; {name} holds {tree[:9]}", help="check out the commit that the parts were made of"
            )
    return {(number, at): surfaces for one in parts for number, at, surfaces in one.surfaces}


def _named(opened: Session) -> tuple[str, str]:
    tree = opened.tree
    if not isinstance(tree, GitTree):
        raise UsageError("a comparison in parts is one of two commits", help="lockstep diff BASE HEAD --part 1/4")
    return tree.name, tree.tree_id()


def _read(path: str) -> DiffPart:
    try:
        if os.path.getsize(path) > LARGEST:
            raise UsageError(f"{path} is larger than {LARGEST // 2**30} GiB", help=_HOW)
        with open(path, "rb") as file:
            found = unpacked(file.read(), DiffPart)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}", help=_HOW) from None
    if not isinstance(found, DiffPart) or not 1 <= found.number <= found.count:
        raise UsageError(f"{path} is no part of a comparison", help=_HOW)
    return found
