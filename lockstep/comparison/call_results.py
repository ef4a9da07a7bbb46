"""What a call gives: a value, something to await, to iterate over, to enter with `with`.

Source: https://docs.python.org/3/reference/datamodel.html#coroutines; contextlib; PEP 255.
"""

from __future__ import annotations

from enum import StrEnum

from lockstep.comparison.python_annotations import parse
from lockstep.comparison.python_types import ANY, Named, Type
from lockstep.surface import Item, Trait


class Outcome(StrEnum):
    """What to do with what a call gives."""

    VALUE = "a value"
    COROUTINE = "a coroutine, to be awaited"
    ITERATOR = "an iterator"
    ASYNC_ITERATOR = "an asynchronous iterator"
    CONTEXT = "a context manager"
    ASYNC_CONTEXT = "an asynchronous context manager"
    UNKNOWN = "what no annotation says"


_BY_NAME = {
    "collections.abc.Coroutine": Outcome.COROUTINE,
    "collections.abc.Awaitable": Outcome.COROUTINE,
    "asyncio.Future": Outcome.COROUTINE,
    "asyncio.Task": Outcome.COROUTINE,
    "collections.abc.Iterator": Outcome.ITERATOR,
    "collections.abc.Generator": Outcome.ITERATOR,
    "collections.abc.AsyncIterator": Outcome.ASYNC_ITERATOR,
    "collections.abc.AsyncGenerator": Outcome.ASYNC_ITERATOR,
    "contextlib.AbstractContextManager": Outcome.CONTEXT,
    "contextlib.AbstractAsyncContextManager": Outcome.ASYNC_CONTEXT,
}
_YIELDING = {f"collections.abc.{name}" for name in ("Iterator", "Generator", "Iterable", "AsyncIterator", "AsyncGenerator", "AsyncIterable")}
_VALUES = ("builtins.", "None", "typing.Literal")


def declared(item: Item) -> Outcome | None:
    """Give the outcome that the `def` itself decides, None where it does not."""
    traits = item.traits
    if Trait.CONTEXTMANAGER in traits:
        return Outcome.CONTEXT
    if Trait.ASYNCCONTEXTMANAGER in traits:
        return Outcome.ASYNC_CONTEXT
    if Trait.ASYNC in traits:
        return Outcome.ASYNC_ITERATOR if Trait.GENERATOR in traits else Outcome.COROUTINE
    return Outcome.ITERATOR if Trait.GENERATOR in traits else None


def outcome(item: Item) -> Outcome:
    """Give what a call of `item` gives, by its `def` and else by its annotation."""
    if (found := declared(item)) is not None:
        return found
    returns = item.call.returns if item.call is not None else None
    if returns is None:
        return Outcome.UNKNOWN
    match parse(returns):
        case Named(name=name):
            return _BY_NAME.get(name, Outcome.VALUE if name.startswith(_VALUES) else Outcome.UNKNOWN)
        case _:
            return Outcome.VALUE


def changed_outcomes(old: Item, new: Item) -> tuple[Outcome, Outcome] | None:
    """Give the outcomes before and after where the caller must do another thing with them.

    Where only an annotation changed, types are what is compared; where nothing is written and nothing was decided, nothing is known.
    """
    before, after = outcome(old), outcome(new)
    if before is after or (declared(old) is None and declared(new) is None):
        return None
    if before is Outcome.UNKNOWN and (old.call is not None and old.call.returns is not None):
        return None  # a class from elsewhere, that may be awaited or entered
    if after is Outcome.UNKNOWN and (new.call is not None and new.call.returns is not None):
        return None
    return before, after


def result_type(item: Item) -> Type | None:
    """Give the type of what a call gives, as the caller gets it; None where no type is written."""
    if item.call is None or item.call.returns is None:
        return None
    inner = parse(item.call.returns)
    match declared(item):
        case Outcome.COROUTINE:
            return Named("collections.abc.Coroutine", (ANY, ANY, inner))
        case Outcome.CONTEXT:
            return Named("contextlib.AbstractContextManager", (_yielded(inner),))
        case Outcome.ASYNC_CONTEXT:
            return Named("contextlib.AbstractAsyncContextManager", (_yielded(inner),))
        case _:
            return inner


def _yielded(one: Type) -> Type:
    return one.arguments[0] if isinstance(one, Named) and one.name in _YIELDING and one.arguments else ANY
