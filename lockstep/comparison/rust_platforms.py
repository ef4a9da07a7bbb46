"""Conditions of Rust items, judged for the platforms that most users have: whether one of them lacks the item.

Source: https://doc.rust-lang.org/rustc/platform-support.html and https://doc.rust-lang.org/reference/conditional-compilation.html
"""

from __future__ import annotations

from lockstep.pattern import pattern

_COLUMNS = ("target_os", "target_arch", "target_family", "target_env", "target_pointer_width", "target_endian")
_PLATFORMS = tuple(
    dict(zip(_COLUMNS, line.split(), strict=True))
    for line in (
        "linux x86_64 unix gnu 64 little",
        "linux aarch64 unix musl 64 little",
        "linux arm unix gnu 32 little",
        "linux s390x unix gnu 64 big",
        "macos aarch64 unix - 64 little",
        "windows x86_64 windows msvc 64 little",
        "windows x86 windows gnu 32 little",
        "android aarch64 unix - 64 little",
        "ios aarch64 unix - 64 little",
        "freebsd x86_64 unix - 64 little",
        "unknown wasm32 wasm - 32 little",
    )
)
"""What the compiler says of platforms that it supports."""
_TOKEN = pattern(r'[\w]+\s*=\s*"[^"]*"|\w+|[(),]')
_EQUAL = pattern(r'(\w+)\s*=\s*"([^"]*)"')
_DEEPEST = 32


def is_missing_somewhere(condition: str) -> bool:
    """Say whether what exists under a condition is certainly missing for those who turn on no feature, on one of the platforms at least."""
    tokens = [*_TOKEN.findall(condition), ""]
    return any(_judge(tokens, 0, platform, 0)[0] is False for platform in _PLATFORMS)


def _judge(tokens: list[str], at: int, platform: dict[str, str], depth: int) -> tuple[bool | None, int]:
    """Judge what stands at a place, and give the place behind it; None is not known."""
    word = tokens[at]
    if word not in ("all", "any", "not") or tokens[at + 1] != "(":
        return _fact(word, platform), at + bool(word)
    truths, at = list[bool | None](), at + 2
    while tokens[at] not in (")", ""):
        truth, at = _judge(tokens, at, platform, depth + 1) if depth < _DEEPEST else (None, len(tokens) - 1)
        truths.append(truth)
        at += tokens[at] == ","
    at += bool(tokens[at])
    if word == "not":
        return (None if truths[:1] in ([None], []) else not truths[0]), at
    decisive = word == "any"
    return (decisive if decisive in truths else None if None in truths else not decisive), at


def _fact(word: str, platform: dict[str, str]) -> bool | None:
    found = _EQUAL.fullmatch(word)
    if found is not None:
        return False if found[1] == "feature" else platform[found[1]] == found[2] if found[1] in platform else None
    return platform["target_family"] == word if word in ("unix", "windows") else None
