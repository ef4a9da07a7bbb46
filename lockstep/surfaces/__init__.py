"""What does a package promise? One reader per language; each makes surfaces of a tree and the packages found in it.

A reader is a module with `SURFACE`, its name, `VERSION`, a number that grows whenever it reads the same tree differently (what is cached
under another number is not used), and `read(tree, packages)`, which gives the surfaces that it finds. Nothing of the tree is run.
"""

from __future__ import annotations

NAMES: tuple[str, ...] = ()
