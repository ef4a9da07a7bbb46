"""The options of PyO3's attributes, wherever they are written: `#[pyclass(name = "x")]` and `#[pyo3(name = "x")]` say the same."""

from __future__ import annotations

from collections.abc import Sequence

from lockstep.pattern import pattern
from lockstep.surfaces.rust_source.attributes import Attributes
from lockstep.surfaces.rust_source.tokens import Group, Token, Tree, literal, split, unraw, write

Options = dict[str, tuple[Tree, ...]]


def options(attributes: Attributes, *names: str) -> Options:
    """Gather the options of `#[pyo3(...)]` and of the attributes called one of `names`."""
    found: Options = {}
    for attribute in attributes.named("pyo3", *names):
        found.update(attribute.options())
    for attribute in attributes.named("text_signature", "signature", "name"):  # how PyO3 before 0.17 wrote them
        found.setdefault(attribute.name, attribute.value or (Group("(", attribute.arguments),))
    return found


def text(found: Options, name: str) -> str | None:
    """Give the text of an option; `stringify!` and `concat!` are read, a bare name speaks for itself."""
    return constant_text(found[name]) if name in found else None


def constant_text(parts: Sequence[Tree]) -> str | None:
    """Give the text that a constant expression is, as far as it can be seen without names."""
    match parts:
        case (Token(text="stringify"), Token(text="!"), Group(trees=inner)):
            return unraw(write(inner))
        case (Token(text="concat"), Token(text="!"), Group(trees=inner)):
            each = [constant_text(part) for part in split(inner)]
            return None if None in each else "".join(one for one in each if one is not None)
        case (Token(text=word), Token(text="!"), *_, Group(trees=inner)) if word in ("intern", "c_str"):
            last = split(inner)
            return constant_text(last[-1]) if last else None
        case (Group(trees=inner),):
            return constant_text(inner)
        case (Token() as token,) if token.is_name and token.text not in ("true", "false"):
            return unraw(token.text)
    value = literal(parts)
    if value is None and len(parts) == 1 and isinstance(parts[0], Token) and parts[0].is_literal:
        return parts[0].text
    return value


_WORD = pattern(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+|[^\W_]+")


def renamed(name: str, rule: str | None) -> str:
    """Spell a name by a `rename_all` rule, as the crate `heck` does."""
    words = _WORD.findall(name)
    match rule:
        case "camelCase":
            return "".join(word.lower() if index == 0 else word.capitalize() for index, word in enumerate(words))
        case "PascalCase":
            return "".join(word.capitalize() for word in words)
        case "snake_case":
            return "_".join(words).lower()
        case "SCREAMING_SNAKE_CASE":
            return "_".join(words).upper()
        case "kebab-case":
            return "-".join(words).lower()
        case "SCREAMING-KEBAB-CASE":
            return "-".join(words).upper()
        case "lowercase":
            return name.lower()
        case "UPPERCASE":
            return name.upper()
    return name
