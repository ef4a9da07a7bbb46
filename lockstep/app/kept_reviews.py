"""Reviews that were made before, kept by what both moments promise: whether they are commits or a work tree, and whatever else those hold."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from lockstep import __version__
from lockstep.app.review_cache import stamp
from lockstep.cache import Cache, packed
from lockstep.dataclass import replace
from lockstep.review.review import Key, Moment, Review, review
from lockstep.surface import LaterItems, Surface

if TYPE_CHECKING:
    from lockstep.comparison.second_opinion import SecondOpinion


def reviewed(
    cache: Cache, base: Moment, head: Moment, *, unchanged: Collection[Key], today: str, strict: bool = False, witnesses: Sequence[SecondOpinion] = ()
) -> Review:
    """Compare two moments, as `lockstep.review.review.review` does; what was compared before is not compared again."""
    if not cache.keeps or witnesses:
        return review(base, head, unchanged=unchanged, today=today, strict=strict, witnesses=witnesses)
    depends = (__version__, stamp(), _digest(base), _digest(head), repr(sorted(unchanged)), today, str(strict))
    known = cache.read(Review, *depends)
    if known is not None:
        return replace(known, base=base, head=head)
    found = review(base, head, unchanged=unchanged, today=today, strict=strict)
    cache.keep(replace(found, base=without_promises(base), head=without_promises(head)), *depends)
    return found


def without_promises(one: Moment) -> Moment:
    """Give a moment without what it promises, which is most of it, and which the rows and findings of a review have told."""
    return replace(one, packages=(), surfaces=())


def _digest(one: Moment) -> str:
    """Tell a moment from others."""
    surfaces = "\0".join(map(_of_surface, one.surfaces))
    return hashlib.sha256(f"{packed(replace(one, surfaces=()), Moment)}\0{surfaces}".encode(errors="surrogateescape")).hexdigest()


def _of_surface(one: Surface) -> str:
    if isinstance(one.items, LaterItems) and one.items.name:
        return f"{packed(replace(one, items={}), Surface)} {one.items.name}"
    return packed(one, Surface)
