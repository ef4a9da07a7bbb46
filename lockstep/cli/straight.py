"""The ordinary line, read without typer: `lockstep check --staged`, `lockstep bump minor --group=core`.

To load typer and to build its commands takes longer than a check. What is read here is read as typer does, from the same declarations (the
tests hold the two against each other); help, faults, completion, and whatever else is not plain are typer's alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from enum import StrEnum
from types import NoneType
from typing import get_args

from lockstep.cli.options import REQUIRED, Argument, Declared, Option, Parameter, arguments, parameters


def read(command: Callable[..., None], words: Sequence[str]) -> dict[str, object] | None:
    """Give the parameters that the words of a line stand for; None where typer has to say."""
    if os.name == "nt" or "_LOCKSTEP_COMPLETE" in os.environ:  # there, typer expands globs itself
        return None
    if not words and len(command.__defaults__ or ()) == command.__code__.co_argcount:
        return {}
    declared = parameters(command)
    given = _given(declared, words)
    required = {name for name, _, default in declared if default is REQUIRED}
    return arguments(command, given) if given is not None and given.keys() >= required else None


def filled(command: Callable[..., None], words: Sequence[str]) -> list[str]:
    """Give the words of a line with the value of each option that may stand without one, and with several words of one parameter as one, a line each.

    `--wait` is `--wait=1800`, `--wait 60` stays; of `--merge a b` and of an argument that takes several, the words are joined.
    """
    declared = [(_plain(get_args(hint)[0]), one) for _, hint, _ in parameters(command) for one in get_args(hint) if isinstance(one, Declared)]
    bare = {name: one.bare for _, one in declared if one.bare for name in one.names}
    several = {name for _, one in declared if one.several for name in one.names}
    valued = {name for kind, one in declared if kind is not bool for name in one.names}
    gathers = any(isinstance(one, Argument) and one.several for _, one in declared)
    end = words.index("--") if "--" in words else len(words)
    found, places, at = list[str](), list[str](), 0
    while at < end:
        word, following = words[at], [*words[at + 1 : end], ""]
        at += 1
        if word in bare and not following[0].replace(".", "", 1).isdigit():
            found.append(f"{word}={bare[word]}")
        elif word in several:
            taken = next(number for number, one in enumerate([*following[:-1], "-"]) if one.startswith("-"))
            found.append(f"{word}=" + "\n".join(following[:taken]) if taken else word)
            at += taken
        elif gathers and not word.startswith("-"):
            places.append(word)
        else:
            found.append(word)
            if gathers and word in valued and at < end:
                found.append(words[at])
                at += 1
    if gathers:
        places += words[end + 1 :]
        return [*found, "--", "\n".join(places)] if places else found
    return [*found, *words[end:]]


def _given(declared: Sequence[Parameter], words: Sequence[str]) -> dict[str, object] | None:
    options: dict[str, tuple[str, type]] = {}
    places: list[tuple[str, type]] = []
    for name, hint, _ in declared:
        match get_args(hint):
            case (annotation, Option() as option):
                options |= dict.fromkeys(option.names, (name, _plain(annotation)))
            case (annotation, Argument()):
                places.append((name, _plain(annotation)))
            case _:
                return None
    given: dict[str, object] = {}
    rest = iter(words)
    for word in rest:
        value: object
        if not word.startswith("-"):
            name, kind = places.pop(0) if places else ("", NoneType)
            value = _value(kind, word)
        else:
            spelled, equals, text = word.partition("=")
            name, kind = options.get(spelled, ("", NoneType))
            value = (True if not equals else None) if kind is bool else _value(kind, text if equals else next(rest, ""))
            if equals and not spelled.startswith("--"):
                return None
        if value is None or name in given:
            return None
        given[name] = value
    return given


def _plain(annotation: object) -> type:
    """Give the type of one value, `NoneType` for what is none: a flag that has a third state, a list."""
    if isinstance(annotation, type):
        return annotation
    match get_args(annotation):
        case (type() as kind, last) if last is NoneType and kind is not bool:
            return kind
    return NoneType


def _value(kind: type, word: str) -> object | None:
    if not word or word.startswith("-"):
        return None
    if kind is str:
        return word
    return next((one for one in kind if one == word), None) if issubclass(kind, StrEnum) else None
