"""The roles that only the whole of a script has: it compares bytes, or holds a tag's name against a pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lockstep.pattern import pattern
from lockstep.text.yaml import Scalar
from lockstep.workflow.action_roles import DRAFT_OFF, RELEASE_API
from lockstep.workflow.artifacts import accepts_tag
from lockstep.workflow.command_roles import operands, roles_of_command
from lockstep.workflow.model import Role, Step, StepRole
from lockstep.workflow.shell import Command

_HASH = pattern(r"(?:sha|md5|b2)[0-9]*sum|shasum|openssl")
_TEST = frozenset({"[", "[[", "test"})
_TAG = pattern(r"github\.ref(?:_name)?\b|GITHUB_REF(?:_NAME)?\b|(?:outputs|inputs)\.[\w-]*(?:tag|version)", re.IGNORECASE)
_REGEX = pattern(
    r"(\$\{?\w+\}?|\$\{\{[^}]{0,1000}\}\})\"?[ \t]*=~[ \t]*(.+?)[ \t]*(?:\]\]|&&|\|\|)|re\.(?:fullmatch|match)\(\s*r?[\"']([^\"'\n]+)[\"'],([^)\n]*)"
)


def roles_of_script(step: Step, script: tuple[Command, ...], env: Mapping[str, Scalar] | None = None) -> Iterator[StepRole]:
    """Give the roles that only the whole of a script has."""
    verified = verification(script)
    if verified is not None:
        yield StepRole(role=Role.VERIFY, what="a comparison of the bytes", line=verified)
    public = _makes_public(step)
    if public is not None and not any(seen.role is Role.UNDRAFT for one in script for seen in roles_of_command(one)):
        yield StepRole(role=Role.UNDRAFT, what="the API of releases: draft false", line=public)
    for regex, line in tag_patterns(step, script, env):
        yield StepRole(role=Role.GUARD, what=f"the pattern {regex[:60]}", line=line)


def _makes_public(step: Step) -> int | None:
    """Give the line where a script tells GitHub's API, by a file or in another language, that a release is no draft."""
    text = step.run.text if step.run is not None else ""
    found = DRAFT_OFF.search(text) if RELEASE_API.search(text) else None
    return None if found is None else text.count("\n", 0, found.start())


def may_fail(script: tuple[Command, ...]) -> bool:
    """Say whether a script can end with failure by its own decision."""
    return any(one.words[:1] in (("exit",), ("return",)) and one.words[1:2] != ("0",) and len(one.words) > 1 for one in script) or any(
        one.words == ("false",) for one in script
    )


def verification(script: tuple[Command, ...]) -> int | None:
    """Give the line where a script compares files that are here with each other, None where it does not.

    A file that it has just downloaded by itself counts as no file that is here: what a registry serves is compared when it is published.
    """
    served = {word for one in script if one.name in ("curl", "wget") for word in (one.option("-o", "--output", "-O"),) if word}
    hashed: dict[str, int] = {}
    for one in script:
        operands = [word for word in one.words[1:] if not word.startswith(("-", ">", "<")) and word not in ("dgst", "-")]
        if _HASH.fullmatch(one.name):
            if one.has("-c", "--check") and not one.spared:
                return one.line
            hashed.update({word: one.line for word in operands if word not in served and not word.isdigit()})
        elif one.name in ("cmp", "diff") and len(operands) >= 2 and not one.spared and not set(operands) & served:
            return one.line
    compares = any(
        one.words[:1] and one.words[0] in _TEST and set(one.words) & {"=", "==", "!="} and sum("$" in word for word in one.words) >= 2 for one in script
    )
    said = any("::error" in word for one in script for word in one.words)  # one that says so and goes on is `error-unraised`
    return max(hashed.values()) if len(hashed) >= 2 and compares and (said or may_fail(script)) else None


def tag_patterns(step: Step, script: tuple[Command, ...], env: Mapping[str, Scalar] | None = None) -> Iterator[tuple[str, int]]:
    """Give the regular expressions that a script holds a tag's name against, each with its line; `env` is the environment of the step."""
    text = step.run.text if step.run else ""
    tags = {name for name, value in {**(env or {}), **step.env}.items() if _TAG.search(value.text)} | {"GITHUB_REF", "GITHUB_REF_NAME"}
    assigned = {name: value.lstrip("\0") for one in script for name, value in one.assigns}
    for _ in range(3):
        tags |= {name for name, value in assigned.items() if any(re.search(rf"\$\{{?{tag}\b", value) for tag in tags) or _TAG.search(value)}
    for found in _REGEX.finditer(text):
        subject, regex = found[1] or found[4] or "", (found[2] or found[3] or "").strip().strip("\"'")
        if not (_TAG.search(subject) or any(re.search(rf"\b{tag}\b", subject) for tag in tags)):
            continue
        regex = assigned.get(regex.strip("${}"), regex) if regex.startswith("$") else regex
        if regex and not regex.startswith("$") and not _takes_any_word(regex):
            yield regex, text.count("\n", 0, found.start())
    for one in script:
        compares = one.words[:1] == ("[[",) and len(one.words) == 5 and one.words[2] in ("=", "==") and re.match(r"v?[*?\[]", one.words[3])
        if not compares or not any(re.search(rf"\$\{{?{tag}\b", one.words[1]) for tag in tags):
            continue
        if re.search(regex := _regex_of_glob(one.words[3]), "v1.2.3"):  # else it asks for something else, a pre-release say
            yield regex, one.line
    for number, one in enumerate(script):
        if one.name in ("grep", "egrep") and (one.name == "egrep" or any(re.fullmatch("-[a-zA-Z]*[EP][a-zA-Z]*", word) for word in one.words)):
            if any(re.fullmatch("-[a-zA-Z]*o[a-zA-Z]*|--only-matching", word) for word in one.words):
                continue  # it takes the version out of a text
            words = operands(one)
            given = " ".join(script[number - 1].words) if number and script[number - 1].after == "|" else " ".join(words[1:])
            if words and any(re.search(rf"\$\{{?{tag}\b", given) for tag in tags):
                yield words[0], one.line


def _takes_any_word(regex: str) -> bool:
    """Say whether an expression only says which characters a text may have: words and numbers alike."""
    return all(accepts_tag(regex, word) for word in ("x", "main", "1", "1.2"))


def _regex_of_glob(glob: str) -> str:
    """Write a pattern of the shell as an expression."""
    pieces = {"*": ".*", "?": "."}
    return "^" + "".join(pieces.get(char) or (char if char in "[]" else re.escape(char)) for char in glob) + "$"
