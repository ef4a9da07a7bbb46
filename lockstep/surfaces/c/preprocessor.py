"""A C header without its directives: what is left to parse, the macros, and the condition that each line stands under.

Nothing is expanded and nothing is included: all branches stay side by side, but those that only C++ sees and those that nobody does.
Offsets and lines are those of the file.

Source: https://en.cppreference.com/w/c/preprocessor
"""

from __future__ import annotations

import re

from lockstep.dataclass import dataclass, field
from lockstep.pattern import pattern

_NOISE = pattern(r"//(?:[^\\\n]|\\[\s\S])*|/\*[\s\S]*?(?:\*/|\Z)|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'")
_DIRECTIVE = pattern(r"[ \t]*#[ \t]*(?P<word>[a-z_]*)[ \t]*(?P<rest>[\s\S]*)")
_DEFINE = pattern(r"(?P<name>[A-Za-z_]\w*)(?P<parameters>\([^)]*\))?[ \t]*(?P<value>[\s\S]*)")
_NOT_DEFINED = pattern(r"!defined\(\w+\)")
_VISIBLE = pattern(r"[^\n]")
CPP = "defined(__cplusplus)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """One #define; `parameters` is None where the macro takes none, and `condition` what it stands under."""

    name: str
    parameters: str | None
    value: str
    line: int
    condition: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A header that can be parsed: `conditions` has an entry for each line."""

    text: str
    macros: tuple[Macro, ...]
    conditions: tuple[str | None, ...]


MOST_TERMS = 8
"""Terms of the longest condition that is written out: of branches within branches, and of branches before one."""


@dataclass
class _Chain:
    """One #if with its #elif and #else: the condition of the open branch (None: always), those before it, and what stands around it."""

    before: list[str]
    condition: str | None = None
    dead: bool = False
    around: tuple[str, ...] = ()
    around_dead: bool = False

    @property
    def terms(self) -> tuple[str, ...]:
        return self.around if self.condition is None or len(self.around) >= MOST_TERMS else (*self.around, self.condition)

    @property
    def hidden(self) -> bool:
        return self.dead or self.around_dead


@dataclass
class _State:
    stack: list[_Chain] = field(default_factory=list)
    macros: list[Macro] = field(default_factory=list)

    @property
    def dead(self) -> bool:
        return bool(self.stack) and self.stack[-1].hidden

    @property
    def condition(self) -> str | None:
        return " && ".join(self.stack[-1].terms) or None if self.stack else None

    def push(self, chain: _Chain) -> None:
        if self.stack:
            chain.around, chain.around_dead = self.stack[-1].terms, self.stack[-1].hidden
        self.stack.append(chain)

    def open(self, condition: str) -> None:
        self.push(_Chain(before=[condition], condition=_open(condition), dead=condition in (CPP, "0")))

    def turn(self, condition: str | None) -> None:
        """Go on to the next branch, #elif with its condition or #else without."""
        if not self.stack:
            return
        chain = self.stack[-1]
        chain.dead = "1" in chain.before or f"!{CPP}" in chain.before or condition == "0"
        others = [_negated(one) for one in chain.before[:MOST_TERMS] if one not in (CPP, "0")]
        chain.condition = " && ".join([*others, *([condition] if condition not in (None, "1") else [])]) or None
        if len(chain.before) < MOST_TERMS or condition in (None, "1"):
            chain.before.append(condition or "1")


def preprocess(text: str) -> Plain:
    """Blank comments, directives and what no C compiler sees."""
    text = _NOISE.sub(lambda found: found[0] if found[0][0] in "\"'" else _VISIBLE.sub(" ", found[0]), text)
    state = _State()
    out: list[str] = []
    conditions: list[str | None] = []
    lines = text.split("\n")
    guards = _guards(lines)
    number = 0
    while number < len(lines):
        first = number
        while lines[number].endswith("\\") and number + 1 < len(lines):
            number += 1
        logical = " ".join([*(line[:-1] for line in lines[first:number]), lines[number]])
        number += 1
        directive = _DIRECTIVE.fullmatch(logical)
        if directive is not None:
            _obey(state, directive, first + 1, guards)
        blank = directive is not None or state.dead
        out += [_VISIBLE.sub(" ", line) if blank else line for line in lines[first:number]]
        conditions += [state.condition] * (number - first)
    return Plain(text="\n".join(out), macros=tuple(state.macros), conditions=tuple(conditions))


def _obey(state: _State, directive: re.Match[str], line: int, guards: frozenset[str]) -> None:
    rest = " ".join(directive["rest"].split())
    match directive["word"]:
        case "ifdef":
            state.open(f"defined({rest})")
        case "ifndef" if rest in guards:
            state.push(_Chain(before=[]))
        case "ifndef":
            state.open(f"!defined({rest})")
        case "if":
            left = _unguarded(_tidy(rest), guards)
            state.push(_Chain(before=[])) if left is None else state.open(left)
        case "elif":
            state.turn(_tidy(rest))
        case "else":
            state.turn(None)
        case "endif" if state.stack:
            state.stack.pop()
        case "define" if not state.dead and (found := _DEFINE.fullmatch(rest)) and found["name"] not in guards:
            own = f"!defined({found['name']})"  # a value that users may set before they include the header
            condition = " && ".join(one for one in (state.stack[-1].terms if state.stack else ()) if one != own) or None
            state.macros.append(Macro(name=found["name"], parameters=found["parameters"], value=found["value"].strip(), line=line, condition=condition))
        case _:
            pass


def _guards(lines: list[str]) -> frozenset[str]:
    """Give the names of include guards: what one directive asks not to be defined and the next one defines, as nothing."""
    found: set[str] = set()
    asked: frozenset[str] = frozenset()
    for line in lines:
        directive = _DIRECTIVE.fullmatch(line)
        if directive is None or directive["word"] == "pragma":
            continue
        rest = directive["rest"].strip()
        match directive["word"]:
            case "define":
                found |= asked & {rest}
                asked = frozenset()
            case "ifndef":
                asked = frozenset({rest})
            case "if":
                asked = frozenset(term[9:-1] for term in _tidy(rest).split(" && ") if _NOT_DEFINED.fullmatch(term))
            case _:
                asked = frozenset()
    return frozenset(found)


def _unguarded(condition: str, guards: frozenset[str]) -> str | None:
    """Give a condition without its guards, None where nothing is left."""
    terms = [term for term in condition.split(" && ") if not (_NOT_DEFINED.fullmatch(term) and term[9:-1] in guards)]
    return " && ".join(terms) or None if "||" not in condition else condition


def _tidy(condition: str) -> str:
    """Write a condition one way: `defined X` and `defined ( X )` as `defined(X)`."""
    return " ".join(re.sub(r"\bdefined\s*\(?\s*(\w+)\s*\)?", r"defined(\1)", re.sub(r"!\s+", "!", condition)).split())


def _negated(condition: str) -> str:
    if condition.startswith("!defined(") and condition.count("(") == 1:
        return condition[1:]
    return f"!{condition}" if re.fullmatch(r"defined\(\w+\)", condition) else f"!({condition})"


def _open(condition: str) -> str | None:
    return None if condition in ("1", f"!{CPP}") else condition
