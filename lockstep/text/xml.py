"""XML with places, as far as manifests need it: elements, their texts, and where these stand.

A scanner in place of a parser: nothing is expanded, so that no entity can grow, and offsets count characters. What is no well-formed XML gives
the elements that can be told.

Source: https://www.w3.org/TR/xml/#sec-logical-struct
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.dataclass import dataclass, field
from lockstep.pattern import pattern

LARGEST = 1_000_000
"""How many characters a text may have; no manifest comes near it."""
DEEPEST = 64

_MARKUP = pattern(
    r"<!--[\s\S]*?(?:-->|\Z)|<!\[CDATA\[[\s\S]*?(?:\]\]>|\Z)|<[?!][^>]*(?:>|\Z)"
    r"|<(?P<close>/?)(?P<name>[\w:.-]+)(?P<rest>[^<>]*)>"
)


@dataclass(slots=True)
class Element:
    """An element: `start` is where its text starts, which is "" where it holds elements or nothing."""

    name: str
    start: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, *names: str) -> Iterator[Element]:
        """Give the elements below, by the names on the way to them."""
        for child in self.children:
            if child.name == names[0]:
                if len(names) == 1:
                    yield child
                else:
                    yield from child.all(*names[1:])

    def text_of(self, *names: str) -> str:
        """Give the text of the first element of that way, "" where there is none."""
        return next((one.text for one in self.all(*names)), "")


def read(text: str) -> Element:
    """Give an element that holds the root of a text, without the prefixes of namespaces."""
    top = Element("", 0)
    if len(text) > LARGEST:
        return top
    open_ = [top]
    for found in _MARKUP.finditer(text):
        if found["name"] is None:
            continue
        name = found["name"].rpartition(":")[2]
        if found["close"]:
            if len(open_) == 1 or open_[-1].name != name:
                break
            element = open_.pop()
            inner = text[element.start : found.start()]
            if not element.children and "<" not in inner:
                element.text = inner.strip()
                element.start += len(inner) - len(inner.lstrip())
            continue
        element = Element(name, found.end())
        open_[-1].children.append(element)
        if not found["rest"].endswith("/"):
            open_.append(element)
        if len(open_) > DEEPEST:
            break
    return top
