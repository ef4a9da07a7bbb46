"""The text of a drafted note: a change as a sentence with its names as code, and an example of who is affected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lockstep.changelog.changes import Change, ChangeKind
from lockstep.changelog.mentions import SearchText, mentions, symbol_parts
from lockstep.pattern import pattern
from lockstep.plans.note_groups import module_of, named
from lockstep.versions.version import Version

WHY = "TODO: why, and what to write instead."
"""What only a person knows."""
_NAME = pattern(
    r"#!?\[[^\]\s]{1,80}\]|(?<![\w.:/-])[\w.-]+(?:/[\w.-]*\w)+|(?<![\w.:-])[A-Za-z_]\w*(?:(?:\.|::)[A-Za-z_]\w*)+"
    r"|(?<![\w.:-])(?:\w*_\w+|[A-Z][a-z0-9]+[A-Z]\w*)"
)
"""What reads as code in a sentence: an attribute, an address, a path, a name that is no word."""
_NEW = pattern(r" is new(?: \(.*\))?", re.DOTALL)


def addition(change: Change, *others: Change) -> str:
    """Write the entry of an addition: its name and how it is used, where the message says no more than that it is new; of several, the names."""
    if others:
        return f"{label(change)}, {named(label(change), others, module_of(change.symbol))}"
    found = _NEW.search(change.message)
    if found is None or found.end() != len(change.message):
        return f"{sentence(change)}."
    said = change.new.removeprefix("def ") if change.new and "(" in change.new and not set("`\n") & set(change.new) and len(change.new) <= 120 else ""
    return label(change) + (f": `{said}`" if said else "")


def migration(change: Change, base: Version | None, others: Sequence[Change] = ()) -> list[str]:
    """Write the lines of the entry of a break: the sentence, who is affected, what else changed so, and a TODO where only a person knows why."""
    example = _example(change, base)
    lines = [f"{sentence(change)}."]
    if example and change.message == f"{change.symbol} changed from `{change.old}` to `{change.new}`":
        lines = [f"The signature of {label(change)} changed."]  # the example shows both
    if not change.witness and change.why:
        lines[0] += f" {change.why}."
    if others:
        lines[0] += f" The same applies to {named(lines[0], others, module_of(change.symbol))}."
    lines += example
    if change.instead:
        lines += ["", f"It was deprecated: {change.instead.rstrip('.')}."]
    elif change.kind is ChangeKind.BREAK:
        lines += ["", WHY]
    return lines


def _example(change: Change, base: Version | None) -> list[str]:
    """Show who is affected: code that stops working; and the signature before and after."""
    if change.language == "toml":
        return []
    note = {"python": "#", "rust": "//", "c": "//", "go": "//"}.get(change.language, "#")
    since = f" {base}" if base is not None else ""
    body: list[str] = []
    if change.witness:
        body += [f"{note} works with{since}, and no longer:" if since else f"{note} works no longer:", *change.witness.strip("\n").splitlines()]
    old, new = _telling_signatures(change)
    if old and new:
        body += [f"{note} before", *old.splitlines(), f"{note} after", *new.splitlines()]
    elif new:
        body += new.splitlines()
    elif old and not change.witness:
        body += [f"{note} before", *old.splitlines()]
    if not body:
        return []
    fence = "`" * max(3, 1 + max((len(run) for line in body for run in _TICKS.findall(line)), default=0))
    return ["", f"{fence}{change.language}", *body, fence]


def _telling_signatures(change: Change) -> tuple[str, str]:
    """Give the signatures that tell more than the sentence: not what it says already, nor, before a part that is new, that of the whole."""
    old, new = change.old or "", change.new or ""
    leaf = symbol_parts(change.symbol)[-1:] or ("",)
    if old == new:
        return "", ""
    if old and new and _NEW_PART.search(change.message):
        return "", "" if new.rpartition("::")[2] == leaf[0] else new
    if old and not new and (old in change.message or old.rpartition("::")[2] == leaf[0]):
        return "", ""
    return old, new


_NEW_PART = pattern(r" was added: ")
"""A part of something, of which `old` is the whole."""
_TICKS = pattern(r"`+")


def label(change: Change) -> str:
    """Name a symbol as code, and what it is where it is no name of the language."""
    kind, _, name = change.symbol.partition(".")
    if change.language == "toml" and name:
        owner = name.partition(".dependencies.")[0] if kind == "extras" else name
        return f"{ {'features': 'Feature ', 'extras': 'Extra '}.get(kind, '') }`{owner}`"
    word, _, path = change.symbol.replace("`", "").rpartition(" ")
    return f"{ {'mod': 'Module ', '': ''}.get(word, f'{word.capitalize()} ') }`{path}`"


_VALUE = r"[^`\s]+(?: (?:(?<=[<>=!~^,] )|(?=[<>=!~^,]))[^`\s]+)*"
CHANGED_VALUE = pattern(rf"\b(?P<verb>was|from) (?P<old>{_VALUE})(?P<then>, and is| to) (?P<new>{_VALUE})$")
"""A requirement, or another value of a manifest, before and after; a requirement may have blanks around its operators."""
_LONGEST = 2_000
"""Characters of the longest sentence in which values are marked as code."""


def _setting(change: Change, plain: str) -> str:
    """Write what a manifest says as a sentence: the name once, as code, and so its values."""
    kind, _, name = change.symbol.partition(".")
    leaf = name.rpartition(".")[2] or change.symbol
    said = CHANGED_VALUE.sub(lambda found: f"{found['verb']} `{found['old']}`{found['then']} `{found['new']}`", plain) if len(plain) <= _LONGEST else plain
    if leaf == "abi3":
        return f"Wheels (`abi3`){said.removeprefix('wheels')}" if said.startswith("wheels ") else f"{label(change)}: {said}"
    if change.symbol == "features.default":
        coded = re.sub(r"^default feature ([^ ,`]+)", r"default feature `\1`", said)
        return f"{label(change)}: {coded}"
    said = re.sub(rf"(?<![\w`.-]){re.escape(leaf)}(?![\w`.-])", f"`{leaf}`", said, count=1)
    if said.lower().startswith(label(change).lower()):
        return label(change) + said[len(label(change)) :]
    return said if said.startswith(f"`{leaf}`") and kind not in ("features", "extras") else f"{label(change)}: {said}"


_TYPE = r"(?:\w+: )?(?!(?:nothing|anything|what|a|an|no)\b)[A-Za-z_][\w.]*(?:\[[^`]*\])?(?: \| [\w.]+(?:\[[^`]*\])?)*"
_TYPED = pattern(rf"\b(?P<does>takes|returns|gives|is|stands for) (?P<new>{_TYPE})(?P<did>, and (?:took|returned|gave|was|stood for) )(?P<old>{_TYPE})$")
"""A type before and after, which is code as a whole."""
_SPOKEN = pattern(
    r"\b(requires|takes|must define|renamed to|parameter|matches on|literals of|implementations of|minimum|maximum) ([A-Za-z_]\w*)"
    r"(?=$|, which is new|, whose default| no longer| without it| by keyword only| by position only| of | was raised| was lowered)"
)
"""A parameter, a member or an owner of which a sentence speaks."""


def _coded(message: str) -> str:
    """Put what is code in a message into backticks, where the words around it tell."""
    if (typed := _TYPED.search(message)) is not None:
        new, old = (typed[name].replace("`", "") for name in ("new", "old"))
        return f"{message[: typed.start()]}{typed['does']} `{new}`{typed['did']}`{old}`"
    said = _SPOKEN.sub(r"\1 `\2`", message)
    return re.sub(r"^the module (?=was )", "the Go `module` ", said)


def sentence(change: Change) -> str:
    """Give the message as a sentence that names the symbol: names as code, a capital first, without what ends it."""
    message = change.message.replace("\n", " ").rstrip(". ")
    plain = message.replace("`", "")
    if change.language == "toml":
        return _setting(change, plain)
    path = symbol_parts(change.symbol)
    pieces = list(_pieces(_coded(message), change))
    found = {name for text, code in pieces if not code for name in _NAME.findall(text)}
    names = sorted({*([change.symbol] if len(path) > 1 else []), *found} or {change.symbol}, key=len, reverse=True)
    spoken = re.compile(rf"(?<![\w.:-])(?:{'|'.join(map(re.escape, names))})(?:\(\))?(?![\w-]|(?:\.|::)\w)")
    said = "".join(f"`{text}`" if code else spoken.sub(lambda found: f"`{found[0]}`", text) for text, code in pieces)
    if not mentions(SearchText.of(said), change.symbol):
        return f"{label(change)}: {said}"
    return said[:1].upper() + said[1:]


def _pieces(message: str, change: Change) -> Iterator[tuple[str, bool]]:
    """Part a message into words and code: what stands in backticks, and a signature, are code as a whole."""
    known = [re.escape(text) for text in (change.old, change.new) if text and "(" in text and not set("`\n") & set(text)]
    end = 0
    for found in re.finditer("|".join([r"`([^`]+)`", *sorted(known, key=len, reverse=True)]), message):
        yield message[end : found.start()].replace("`", ""), False
        yield found[0].strip("`"), True
        end = found.end()
    yield message[end:].replace("`", ""), False
