"""Names that a module no longer defines and imports now: they can be used as before, and are what the import gives.

Source: https://docs.python.org/3/reference/simple_stmts.html#the-import-statement
"""

from __future__ import annotations

from lockstep.comparison.python_items import parent
from lockstep.dataclass import replace
from lockstep.surface import Item, ItemKind, Stability, Surface


def kept_by_imports(base: Surface, head: Surface) -> dict[str, Item]:
    """Give what of the old names is there by an import that its module does not give on, with all that is below it, at the old paths."""
    found: dict[str, Item] = {}
    for path, old in base.items.items():
        if old.stability is Stability.HIDDEN or path in head.items or (bound := _bound(path, base, head)) is None:
            continue
        below = path[len(bound.path) :]
        item = head.items.get(f"{bound.origin}{below}")
        if item is None and not below:
            item = bound
        if item is not None:
            found[path] = replace(item, path=path, place=item.place if below else bound.place, stability=bound.stability)
    return found


def _bound(path: str, base: Surface, head: Surface) -> Item | None:
    """Give the import that binds a name, or the class that it belongs to; a module that went is none, for it cannot be imported by its path."""
    while path:
        if (bound := head.imported.get(path)) is not None:
            known = base.items.get(path)
            return bound if known is not None and known.kind is not ItemKind.MODULE else None
        path = parent(path)
    return None
