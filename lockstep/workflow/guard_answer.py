"""What a guard says of a tag, when it is known which of its patterns take the tag."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern
from lockstep.workflow.script_tree import If, Part, always_fails, exits_with_failure, joined, parse_script
from lockstep.workflow.shell import Command, statements
from lockstep.workflow.shell_variables import QUOTED


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardAnswer:
    """What a guard says of a tag: the outputs that it sets, and whether it stops the job; None where that is not known."""

    outputs: Mapping[str, str | None]
    stops: bool | None


_OUTPUT = pattern(r"([A-Za-z_][A-Za-z0-9_-]*)=(.*)", re.DOTALL)


def answer_of_guard(script: str, accepts: Mapping[int, bool]) -> GuardAnswer:
    """Give what a guard says of a tag; `accepts` has the lines of its patterns, and whether each takes the tag."""
    outputs: dict[str, str | None] = {}
    stops = _run(parse_script(statements(script)), accepts, outputs, sure=True)
    return GuardAnswer(outputs=outputs, stops=stops)


def _run(parts: Sequence[Part], accepts: Mapping[int, bool], outputs: dict[str, str | None], *, sure: bool) -> bool | None:
    """Run through a guard's script; give whether it stops."""
    stops: bool | None = False
    for part in parts:
        if isinstance(part, If):
            value = joined([_evaluate(one, accepts) for one in part.test], [one.after for one in part.test])
            branches = [(part.then, value is not False), (part.other, value is not True)]
            for branch, possible in branches:
                if possible:
                    ended = _run(branch, accepts, outputs, sure=sure and value is not None)
                    stops = ended if value is not None else (None if ended is not False or stops is not False else False)
            if stops:
                return True
            continue
        if len(part.commands) > 1 and part.operators and isinstance(part.commands[0], Command):
            value = _evaluate(part.commands[0], accepts)
            last = part.commands[-1]
            ends = always_fails(last) if isinstance(last, tuple) else exits_with_failure(last)
            if ends and (value is None or value is (part.operators[0] == "&&")):
                return None if value is None else True
            continue
        for one in part.commands:
            if not isinstance(one, Command):
                continue
            if one.words[:1] in (("exit",), ("return",)):
                return one.words[1:2] not in ((), ("0",))
            written = len(one.words) > 1 and one.words[0] == "echo" and any("GITHUB_OUTPUT" in word for word in one.words)
            if written and (found := _OUTPUT.fullmatch(one.words[1].replace(QUOTED, ""))):
                literal = "$" not in found[2] and "`" not in found[2]
                outputs[found[1]] = found[2] if literal and sure else None
    return stops


def _evaluate(one: Command, accepts: Mapping[int, bool]) -> bool | None:
    negated = one.words[:1] == ("!",)
    words = one.words[negated:]
    value = (
        accepts.get(one.line)
        if ("=~" in words or "==" in words or words[:1] in (("grep",), ("egrep",), ("echo",)))
        else {"true": True, "false": False}.get(words[0] if len(words) == 1 else "")
    )
    return None if value is None else value is not negated
