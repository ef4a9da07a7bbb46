"""Rooms are explicit lists: what is not named is not loaded, and what is named must be there."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def members(room: str, names: tuple[str, ...]) -> tuple[ModuleType, ...]:
    """Load the modules `names` of the package `room`, in that order.

    Raises: ModuleNotFoundError when a name has no file: a fault of lockstep, found by its tests.
    """
    return tuple(import_module(f"{room}.{name}") for name in names)
