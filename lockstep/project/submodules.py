"""Where the submodules of a repository are: what lies there is another repository, whose files git does not track here.

Source: https://git-scm.com/docs/gitmodules
"""

from __future__ import annotations

import re

from lockstep.errors import LockstepError
from lockstep.pattern import pattern
from lockstep.tree import Tree

_PATH = pattern(r"^[ \t]*+path[ \t]*+=[ \t]*+\"?+(?P<path>[^\"\r\n]*[^\"\r\n \t])\"?[ \t]*+\r?$", re.MULTILINE)


def submodules(tree: Tree) -> tuple[str, ...]:
    """Give the folders of the submodules, as `.gitmodules` names them."""
    if not tree.has(".gitmodules"):
        return ()
    try:
        text = tree.read(".gitmodules")
    except LockstepError:
        return ()
    return tuple(found["path"].strip("/") for found in _PATH.finditer(text))
