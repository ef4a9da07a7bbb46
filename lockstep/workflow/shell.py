"""The commands of a shell script, as far as a reader can tell them without running anything.

This is no shell: it finds where commands begin and what their words are, through quotes, continued lines, substitutions, here-documents and the
programs that only start other programs. What it cannot tell stays a word with its `$`.

Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from lockstep.dataclass import dataclass, replace
from lockstep.pattern import pattern
from lockstep.workflow.shell_variables import QUOTED, Variables

DEEPEST = 8
"""Levels of substitutions and of shells in shells."""
MOST = 5000
"""Commands of the longest script that is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: its words without quotes, the line of the script (from 0), and what stands behind it (`||`, `&&`, `|`, `;`).

    `assigns` are the variables that stand before it. `spared` is true where its failure is thrown away: `|| true`.
    `reserved` are the words of the shell's own grammar that stand before it: `if`, `then`, `!`. `inside` says that it stands in the body of a function,
    in a group, or in a branch of `case`. `cut` is true where more stand behind it than are read. `folder` is where it runs, from the root of the repository,
    None where only the run knows.
    """

    words: tuple[str, ...]
    line: int
    assigns: tuple[tuple[str, str], ...] = ()
    after: str = ""
    spared: bool = False
    reserved: tuple[str, ...] = ()
    inside: bool = False
    cut: bool = False
    folder: str | None = None

    @property
    def name(self) -> str:
        """The program, without its folder."""
        return self.words[0].rpartition("/")[2] if self.words else ""

    def has(self, *options: str) -> bool:
        """Say whether one of the options is there, alone or as `option=value`."""
        return any(word == option or word.startswith(f"{option}=") for word in self.words for option in options)

    def option(self, *options: str) -> str | None:
        """Give the value of an option, None where it is not there."""
        return next(self.values(*options), None)

    def values(self, *options: str) -> Iterator[str]:
        """Give the values of an option that may be there several times."""
        for number, word in enumerate(self.words):
            for option in options:
                if word == option and number + 1 < len(self.words):
                    yield self.words[number + 1]
                elif word.startswith(f"{option}="):
                    yield word[len(option) + 1 :]


_ASSIGN = pattern(r"([A-Za-z_][A-Za-z0-9_]*)\+?=(.*)", re.DOTALL)
_ARRAY = pattern(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
_HEREDOC = pattern(r"<<(-?)[ \t]*(?:'([^'\n]+)'|\"([^\"\n]+)\"|\\?([A-Za-z_][A-Za-z0-9_]*))")
_RESERVED = frozenset({"if", "then", "elif", "else", "fi", "while", "until", "do", "done", "!", "{", "}", "time", "in", "esac"})
_OPENS = frozenset({"if", "while", "until", "for", "case", "select", "{", "function"})
_CLOSES = frozenset({"fi", "done", "esac", "}"})
_BLOCKS = frozenset({"{", "case", "function"})
_OPERATORS = ("&&", "||", ";;", "|&", ";", "|", "&", "\n", "(", ")")
_HARMLESS = frozenset({"true", ":", "echo", "printf"})


def commands(script: str, variables: Mapping[str, str] | None = None) -> tuple[Command, ...]:
    """Give the commands of a script in the order of the text; `variables` whose values are known are put in."""
    found = list(islice(_Scanner(script, 0).commands(), MOST + 1))
    cut = len(found) > MOST
    del found[MOST:]
    known = Variables(variables or {})
    out: list[Command] = []
    for number, one in enumerate(found):
        for name, value in one.assigns if not one.words else ():
            if value.startswith("(") and value.endswith(")"):
                known.extend(name, (word for each in _Scanner(value[1:-1], 0).commands() for word in each.words))
            else:
                known.assign(name, value)
        words = known.put_into(one.words)
        follower = found[number + 1] if number + 1 < len(found) else None
        spared = one.after == "||" and follower is not None and (follower.name in _HARMLESS or follower.words == ("exit", "0"))
        out += _unwrapped(replace(one, words=words, spared=spared), 0)
    return (*out, Command(words=(), line=found[-1].line, cut=True)) if cut else tuple(out)


def statements(script: str) -> tuple[Command, ...]:
    """Give the commands of a script as they are written, for a reader of its structure.

    Words of the shell's grammar that stand alone (`fi`) are commands without words, quoted words begin with `QUOTED`, and what a
    substitution runs stays in its word.
    """
    return tuple(islice(_Scanner(script, 0, structured=True).commands(), MOST))


_STARTERS = {
    "sudo": 0,
    "command": 0,
    "exec": 0,
    "env": 0,
    "nohup": 0,
    "xvfb-run": 0,
    "uvx": 0,
    "npx": 0,
    "bunx": 0,
    "timeout": 1,
    "nice": 0,
    "retry": 0,
    "xargs": 0,
    "stdbuf": 0,
}
"""Programs that start another one: how many words of their own they take before it."""
_PAIRS = {
    ("uv", "run"),
    ("uv", "tool", "run"),
    ("pipx", "run"),
    ("poetry", "run"),
    ("pdm", "run"),
    ("hatch", "run"),
    ("pnpm", "dlx"),
    ("pnpm", "exec"),
    ("yarn", "dlx"),
    ("npm", "exec"),
    ("rye", "run"),
}
_PYTHON = pattern(r"python[0-9.]*|py|pypy[0-9.]*")
_SHELLS = frozenset({"bash", "sh", "zsh", "dash"})


def _unwrapped(one: Command, depth: int) -> Iterator[Command]:
    """Give a command without what only starts it; of a shell that is given a text, the commands of the text."""
    if depth > DEEPEST or not one.words:
        yield one
        return
    words = one.words
    if one.name in _SHELLS or one.name == "eval":
        text = words[-1] if one.name == "eval" else next((words[i + 1] for i, w in enumerate(words[:-1]) if re.fullmatch("-[a-z]*c", w)), None)
        if text is not None:
            for inner in _Scanner(text, one.line).commands():
                plain = tuple(word.removeprefix(QUOTED) for word in inner.words)
                yield from _unwrapped(replace(inner, words=plain, line=one.line, spared=one.spared or inner.spared), depth + 1)
            return
    rest = _started(one.name, words)
    if rest and rest != words:
        yield from _unwrapped(replace(one, words=rest), depth + 1)
    else:
        yield one


def _started(name: str, words: tuple[str, ...]) -> tuple[str, ...]:
    if _PYTHON.fullmatch(name) and "-m" in words[1:-1]:
        return words[words.index("-m") + 1 :]
    for pair in _PAIRS:
        if words[: len(pair)] == pair:
            return _program(words[len(pair) :])
    if name in _STARTERS:
        return _program(words[1:], _STARTERS[name])
    return words


def _program(words: tuple[str, ...], skip: int = 0) -> tuple[str, ...]:
    """Leave out options and assignments before the program; an option may have a value, and a program is no option."""
    i = 0
    while i < len(words) and (words[i].startswith("-") or _ASSIGN.fullmatch(words[i])):
        i += 2 if words[i] in ("--with", "--from", "-p", "--python", "--package", "--group", "-u", "-n") and i + 1 < len(words) else 1
    rest = words[i + skip :]
    return (rest[0].partition("@")[0].partition("==")[0], *rest[1:]) if rest else ()


class _Scanner:
    """Splits a script into commands."""

    def __init__(self, text: str, line: int, depth: int = 0, *, structured: bool = False) -> None:
        self._text, self._line, self._depth, self._structured = text.replace("\r\n", "\n"), line, depth, structured
        self._heredocs: list[tuple[str, bool]] = []
        self._inner: list[Command] = []
        self._level = self._brackets = self._blocks = 0

    def commands(self) -> Iterator[Command]:
        words: list[str] = []
        quoted: list[bool] = []
        line, i, text, before = self._line, 0, self._text, ""
        while i <= len(text):
            operator = next((one for one in _OPERATORS if text.startswith(one, i)), "") if i < len(text) else "\n"
            if operator == "&" and text[i - 1 : i] == ">":
                operator = ""
            if operator:
                self._brackets += (operator == "(") - (operator == ")" and self._brackets > 0)  # that of a case has none to close
                yield from self._made(words, quoted, line, operator)
                if words[:1] == ["exit"] and self._level + self._brackets == 0 and before not in ("&&", "||", "|") and operator in ("\n", ";"):
                    return  # what stands behind it never runs
                before = operator if words else before
                words, quoted = [], []
                i += len(operator)
                if operator == "\n":
                    self._line += 1
                    i = self._skip_heredocs(i)
                line = self._line
            elif text[i] in " \t":
                i += 1
            elif text[i] == "#":
                i = end if (end := text.find("\n", i)) != -1 else len(text)
            elif text.startswith("\\\n", i):
                i += 2
                self._line += 1
            elif (found := _HEREDOC.match(text, i)) is not None:
                self._heredocs.append((found[2] or found[3] or found[4], bool(found[1])))
                i = found.end()
            else:
                if not words:
                    line = self._line
                word, was_quoted, i = self._word(i)
                words.append(QUOTED + word if was_quoted else word)
                quoted.append(was_quoted)

    def _made(self, words: list[str], quoted: list[bool], line: int, operator: str) -> Iterator[Command]:
        inner, self._inner = self._inner, []
        yield from () if self._structured else inner
        opening = [word for word, was_quoted in zip(words, quoted, strict=True) if not was_quoted]
        self._level += bool(opening) and opening[0] in _OPENS
        self._level -= bool(opening) and opening[0] in _CLOSES and self._level > 0
        self._blocks += bool(opening) and opening[0] in _BLOCKS
        self._blocks -= bool(opening) and opening[0] in ("}", "esac") and self._blocks > 0
        reserved: list[str] = []
        while words and words[0] in _RESERVED and not quoted[0]:
            reserved.append(words[0])
            words, quoted = words[1:], quoted[1:]
        assigns: list[tuple[str, str]] = []
        while words and (found := _ASSIGN.fullmatch(words[0].removeprefix(QUOTED))):
            assigns.append((found[1].removeprefix(QUOTED), found[2]))
            words = words[1:]
        if words or assigns or (self._structured and reserved):
            yield Command(words=tuple(words), line=line, assigns=tuple(assigns), after=operator, reserved=tuple(reserved), inside=self._blocks > 0)

    def _word(self, i: int) -> tuple[str, bool, int]:
        text, quoted = self._text, False
        out: list[str] = []
        while i < len(text):
            char = text[i]
            if char == "(" and out and _ARRAY.fullmatch("".join(out)):  # the words of an array are no command
                end = _closing(text, i)
                out.append(text[i:end])
                self._line += text.count("\n", i, end)
                i = end
                continue
            if char in " \t\n;&|()" and not (char == "&" and out and out[-1].endswith(">")):
                break
            if text.startswith("\\\n", i):
                self._line += 1
                i += 2
            elif char == "\\":
                out.append(text[i + 1 : i + 2])
                i += 2
            elif char == "'":
                quoted = True
                end = text.find("'", i + 1)
                end = len(text) if end == -1 else end
                out.append(text[i + 1 : end])
                self._line += text.count("\n", i, end)
                i = end + 1
            elif char == '"':
                quoted = True
                piece, i = self._double(i + 1)
                out.append(piece)
            elif char in "$`":
                piece, i = self._dollar(i)
                out.append(piece)
            else:
                out.append(char)
                i += 1
        return "".join(out), quoted, max(i, 0)

    def _double(self, i: int) -> tuple[str, int]:
        text = self._text
        out: list[str] = []
        while i < len(text) and text[i] != '"':
            if text[i] == "\\" and i + 1 < len(text):
                out.append("" if text[i + 1] == "\n" else text[i + 1] if text[i + 1] in '"\\$`' else text[i : i + 2])
                self._line += text[i + 1] == "\n"
                i += 2
            elif text[i] in "$`":
                piece, i = self._dollar(i)
                out.append(piece)
            else:
                self._line += text[i] == "\n"
                out.append(text[i])
                i += 1
        return "".join(out), i + 1

    def _dollar(self, i: int) -> tuple[str, int]:
        """Read a substitution; its commands are found too, and its text stays in the word."""
        text = self._text
        if text.startswith("${{", i):  # an expression of the workflow: text before the shell sees it
            end = text.find("}}", i)
            end = len(text) if end == -1 else end + 2
        elif text.startswith("$((", i):
            end = text.find("))", i)
            end = len(text) if end == -1 else end + 2
        elif text.startswith("$(", i):
            end = _closing(text, i + 1)
            self._nested(text[i + 2 : end - 1])
        elif text[i] == "`":
            end = text.find("`", i + 1)
            end = len(text) if end == -1 else end + 1
            self._nested(text[i + 1 : end - 1])
        elif text.startswith("${", i):
            end = text.find("}", i)
            end = len(text) if end == -1 else end + 1
        else:
            end = i + 1
        self._line += text.count("\n", i, end)
        return text[i:end], end

    def _nested(self, text: str) -> None:
        if self._depth < DEEPEST:
            self._inner += _Scanner(text, self._line, self._depth + 1).commands()

    def _skip_heredocs(self, i: int) -> int:
        """Skip the bodies: data, not commands."""
        for word, dash in self._heredocs:
            while i < len(self._text):
                end = self._text.find("\n", i)
                end = len(self._text) if end == -1 else end
                row = self._text[i:end]
                self._line += 1
                i = end + 1
                if (row.lstrip("\t") if dash else row).strip() == word:
                    break
        self._heredocs = []
        return i


def _closing(text: str, i: int) -> int:
    """Give the offset behind the bracket that closes the one at `i`, quotes and here-documents in it passed over."""
    depth = 0
    while i < len(text):
        char = text[i]
        if char == "\\":
            i += 1
        elif char in "'\"":
            end = _quote(text, i)
            i = end
        elif char == "#" and text[i - 1 : i].isspace():
            end = text.find("\n", i)
            i = len(text) if end == -1 else end
            continue
        elif (found := _HEREDOC.match(text, i)) is not None:
            closing = re.compile(rf"^[ \t]*{re.escape(found[2] or found[3] or found[4])}[ \t]*$", re.MULTILINE).search(text, found.end())
            i = closing.end() if closing else len(text)
            continue
        else:
            depth += (char == "(") - (char == ")")
            if depth == 0:
                return i + 1
        i += 1
    return len(text)


def _quote(text: str, i: int) -> int:
    """Give the offset of the quote that closes the one at `i`."""
    quote, i = text[i], i + 1
    while i < len(text) and text[i] != quote:
        i += 2 if text[i] == "\\" and quote == '"' else 1
    return i
