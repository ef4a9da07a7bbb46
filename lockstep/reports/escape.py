"""Text from a repository is data: on its way out it can steer neither a terminal nor a workflow."""

from __future__ import annotations

import re

from lockstep.pattern import pattern

# C0 and C1 controls but for tab and newline, and the bidirectional controls of Trojan Source (CVE-2021-42574).
_CONTROL = pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


_STEERING = pattern(r"(?m)^([ \t]*):(?=:)|##(?=\[)")


def inert(text: str) -> str:
    """Take from a report whatever GitHub Actions would take for a command: `::` at the start of a line, `##[` anywhere.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    if "::" not in text and "##[" not in text:
        return text
    return _STEERING.sub(lambda found: "# #" if found[0] == "##" else f"{found[1]}: ", text)


def printable(text: str) -> str:
    """Give a text with every control character spelled out; newlines too, for a report has one line a fact."""
    if text.isprintable():
        return text
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text).replace("\n", "\\n")


_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


def uri(path: str) -> str:
    """Write a path as a relative reference, its bytes percent-encoded; source: RFC 3986, 2.3 and 4.2."""
    return "".join(chr(byte) if chr(byte) in _UNRESERVED else f"%{byte:02X}" for byte in path.encode(errors="surrogateescape"))


def markdown_code(text: str) -> str:
    """Give a code span that no backtick in the text can end, and no bar in a table can split."""
    shown = printable(text).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    return f"{fence}{' ' if fence != '`' else ''}{shown}{' ' if fence != '`' else ''}{fence}" if shown else ""


def markdown_text(text: str) -> str:
    """Take from a text whatever Markdown or HTML would read as more than text; what stands between backticks stays code."""
    parts = re.split(r"(`[^`\n]*`)", printable(text))
    return "".join(markdown_code(part[1:-1]) if number % 2 else re.sub(r"([\\`*_{}\[\]<>#|~@!])", r"\\\1", part) for number, part in enumerate(parts))
