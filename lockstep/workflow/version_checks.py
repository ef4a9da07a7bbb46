"""Where a script holds the tag's name against the version that the project says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern
from lockstep.text.yaml import Scalar
from lockstep.workflow.script_tree import If, Part, always_fails, is_failure, parse_script
from lockstep.workflow.script_values import body_of_test
from lockstep.workflow.shell import Command, statements
from lockstep.workflow.shell_variables import QUOTED


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionCheck:
    """A comparison of the tag with the version. `loose` where more than that version passes, `stops` where it ends the step."""

    line: int
    loose: bool
    stops: bool


_TAG = pattern(r"github\.ref(?:_name)?\b|GITHUB_REF(?:_NAME)?\b|(?:outputs|inputs|event\.release)\.[\w-]*tag", re.IGNORECASE)
_VERSION_NAME = pattern(r"(?:^|_)(?:version|ver)(?:$|_)|version$", re.IGNORECASE)
_MANIFEST = pattern(
    r"Cargo\.toml|pyproject\.toml|package\.json|setup\.(?:py|cfg)|__(?:version|init)__|\bVERSION\b|cargo (?:metadata|pkgid)"
    r"|(?:poetry|hatch|uv) version|gemspec|pubspec",
)
_VARIABLE = pattern(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
_ANCHORED = pattern(r"\$[\"')]*$")


def version_checks(script: str, env: Mapping[str, Scalar]) -> tuple[VersionCheck, ...]:
    """Give the comparisons of a script between the tag's name and a version that the project says."""
    given = statements(script)
    tags, versions = {"GITHUB_REF", "GITHUB_REF_NAME"} | {name for name, value in env.items() if _TAG.search(value.text)}, set()
    for one in given:
        for name, value in one.assigns if not one.words else ():
            if _MANIFEST.search(value):
                versions.add(name)
            elif _TAG.search(value) or tags & set(_variables(value)):
                tags.add(name)
            elif versions & set(_variables(value)):
                versions.add(name)
    return (*_found(parse_script(given), tags, versions - tags), *_cases(given, tags, versions - tags))


def _cases(given: Sequence[Command], tags: set[str], versions: set[str]) -> Iterator[VersionCheck]:
    """Read `case "$TAG" in v$version*) ... esac`; where no branch fails it is no check."""
    opened: list[bool] = []
    for number, one in enumerate(given):
        if one.words[:1] == ("case",) and len(one.words) > 1:
            opened.append(any(_kind(name, tags, versions) == "tag" for name in _variables(one.words[1])))
        elif "esac" in one.reserved and opened:
            opened.pop()
        elif opened and opened[-1] and one.after == ")" and one.words and any(_kind(name, tags, versions) == "version" for name in _variables(one.words[-1])):
            rest = given[number + 1 :]
            end = next((index for index, each in enumerate(rest) if "esac" in each.reserved), len(rest))
            yield VersionCheck(line=one.line, loose=one.words[-1].endswith("*"), stops=any(is_failure(each) for each in rest[:end]))


def _found(parts: Sequence[Part], tags: set[str], versions: set[str]) -> Iterator[VersionCheck]:
    piped: tuple[Command, ...] = ()
    for part in parts:
        if isinstance(part, If):
            yield from _read(part.test, tags, versions, stops=always_fails(part.then) or always_fails(part.other))
            yield from _found(part.then, tags, versions)
            yield from _found(part.other, tags, versions)
            continue
        plain = tuple(one for one in part.commands if isinstance(one, Command))
        last = part.commands[-1] if part.commands else ()
        ends = always_fails(last) if isinstance(last, tuple) else is_failure(last)
        yield from _read(plain, tags, versions, stops=ends or len(part.commands) == 1, piped=piped)
        piped = plain[-1:] if plain and plain[-1].after == "|" else ()
        for inner in part.commands:
            if isinstance(inner, tuple):
                yield from _found(inner, tags, versions)


def _read(test: Sequence[Command], tags: set[str], versions: set[str], *, stops: bool, piped: tuple[Command, ...] = ()) -> Iterator[VersionCheck]:
    for before, one in zip((*piped, None)[:1] + tuple(test), test, strict=False):
        words = one.words[one.words[:1] == ("!",) :]
        if words[:1] in (("grep",), ("egrep",), ("fgrep",)):
            yield from _searched(one, words, before, tags, versions, stops=stops)
            continue
        body = body_of_test(words) or ()
        body = body[body[:1] == ("!",) :]
        if len(body) != 3 or body[1] not in ("=", "==", "!=", "=~"):
            continue
        sides = [
            {_kind(name, tags, versions) for name in _variables(word)} | ({"tag"} if "${{" in word and _TAG.search(word) else set())
            for word in (body[0], body[2])
        ]
        if ("tag" in sides[0] and "version" in sides[1]) or ("version" in sides[0] and "tag" in sides[1]):
            right = body[2].replace(QUOTED, "")
            loose = not (_ANCHORED.search(right) and right.startswith("^")) if body[1] == "=~" else words[0] == "[[" and right.endswith("*")
            yield VersionCheck(line=one.line, loose=loose, stops=stops)


def _searched(one: Command, words: tuple[str, ...], before: Command | None, tags: set[str], versions: set[str], *, stops: bool) -> Iterator[VersionCheck]:
    """Read `grep` that looks for the version in the tag: the whole of it with `-x`, or between `^` and `$`."""
    sought = next((number for number, word in enumerate(words) if number and not word.startswith("-")), 0)
    text = words[sought] if sought else ""
    given = [*words[sought + 1 :], *(before.words if before is not None and before.after == "|" else ())]
    if {_kind(name, tags, versions) for name in _variables(text)} == {"version"} and any(
        _kind(n, tags, versions) == "tag" for word in given for n in _variables(word)
    ):
        whole = any(re.fullmatch("-[a-zA-Z]*x[a-zA-Z]*|--line-regexp", word) for word in words)
        yield VersionCheck(line=one.line, loose=not whole and not (text.replace(QUOTED, "").startswith("^") and text.endswith("$")), stops=stops)


def _kind(name: str, tags: set[str], versions: set[str]) -> str:
    return "tag" if name in tags else "version" if name in versions or _VERSION_NAME.search(name) else ""


def _variables(word: str) -> list[str]:
    return _VARIABLE.findall(word)
