"""Where the links of a changelog lead: made absolute for release notes, followed as far as the repository goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, normpath

from lockstep.changelog.masking import without_code
from lockstep.changelog.model import Changelog
from lockstep.dataclass import dataclass
from lockstep.pattern import pattern

_INLINE = pattern(
    r"(?P<image>!?)\[(?:[^\[\]\\]|\\.|\[[^\[\]]*\]){0,500}\]\([ \t]*<?(?P<url>[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:[ \t]+[\"'(][^\n]*?)?[ \t]*\)"
)
_FULL = pattern(r"\[(?:[^\[\]\\]|\\.){1,500}\]\[(?P<label>[^\[\]]{1,200})\]")
_ABSOLUTE = pattern(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_HEADING = pattern(r"^ {0,3}#{1,6}[ \t]+(?P<text>.*)$|^(?P<under>[^\s#][^\n]*)\r?\n[=-]{3,}[ \t]*$", re.MULTILINE)
_ANCHOR = pattern(r"<a\b[^<>]*\b(?:name|id)=[\"'](?P<name>[^\"']+)[\"']|\bid=[\"'](?P<id>[^\"']+)[\"']|\{#(?P<attribute>[\w-]+)\}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a link leads: `url` stands at `start`; for a reference, it is the label, which nothing may define."""

    start: int
    url: str
    image: bool = False
    reference: bool = False


def unquote(text: str) -> str:
    """Resolve percent signs; what is no UTF-8 then is left as it is."""
    data = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), text.encode())
    try:
        return data.decode()
    except UnicodeDecodeError:
        return text


def is_local(url: str) -> bool:
    """Say whether a link stays in the repository."""
    return _ABSOLUTE.match(url) is None


def local_links(changelog: Changelog, start: int, end: int) -> Iterator[Target]:
    """Give the links of a part that stay in the repository, and the references by label."""
    text = without_code(changelog.text[start:end])
    for found in _INLINE.finditer(text):
        if is_local(found["url"]):
            yield Target(start=start + found.start("url"), url=found["url"], image=bool(found["image"]))
    for found in _FULL.finditer(text):
        yield Target(start=start + found.start("label"), url=found["label"], reference=True)
    for definition in changelog.definitions:
        if start <= definition.at < end and is_local(definition.url):
            yield Target(start=definition.at, url=definition.url)


def broken(changelog: Changelog, link: Target, files: frozenset[str]) -> str | None:
    """Say why a link leads nowhere, None where it leads somewhere."""
    if link.reference:
        defined = {_label(one.label) for one in changelog.definitions}
        return None if _label(link.url) in defined else f"no link is defined as [{link.url}]"
    path, _, anchor = link.url.partition("#")
    path = path.partition("?")[0]
    if not path:
        known = anchors(changelog.text)
        return None if not anchor or unquote(anchor).lower() in known else f"no heading of this file is #{anchor}"
    target = resolved(changelog.path, path)
    if target is None:
        return f"{path} leads out of the repository"
    if target in ("", ".") or target in files or any(one.startswith(f"{target}/") for one in files):
        return None
    return f"{target} is not in the repository"


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()


def resolved(path: str, link: str) -> str | None:
    """Give the path in the repository that a link of a file means; None where it leads out of it."""
    target = unquote(link)
    joined = normpath(target.lstrip("/") if target.startswith("/") else f"{dirname(path)}/{target}".lstrip("/"))
    return None if joined.startswith("..") else "" if joined == "." else joined


def anchors(text: str) -> frozenset[str]:
    """Give the anchors of a file's headings, as GitHub makes them, and those that it names itself.

    Source: https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links
    """
    found: set[str] = set()
    alike: dict[str, int] = {}
    for heading in _HEADING.finditer(text):
        written = (heading["text"] or "").rstrip(" \t#\r") or heading["under"] or ""
        said = re.sub(r"\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])?", r"\1", written)
        slug = re.sub(r"[^\w\- ]", "", said.strip().lower()).replace(" ", "-")
        number = alike.get(slug, 0)
        while (name := slug if not number else f"{slug}-{number}") in found:
            number += 1
        alike[slug] = number
        found.add(name)
    found |= {(one["name"] or one["id"] or one["attribute"]).lower() for one in _ANCHOR.finditer(text)}
    return frozenset(found)


def absolute(changelog: Changelog, start: int, end: int, base: str, ref: str) -> str:
    """Give a part of a changelog for readers elsewhere: links lead to the repository at `ref`, and the references that it uses are defined below."""
    out, at = [], start
    plain = without_code(changelog.text[start:end])
    spans = [
        *((start + found.start("url"), found["url"], bool(found["image"])) for found in _INLINE.finditer(plain) if is_local(found["url"])),
        *((one.at, one.url, False) for one in changelog.definitions if start <= one.at < end and is_local(one.url)),
    ]
    for offset, url, image in sorted(spans):
        out += [changelog.text[at:offset], _absolute(changelog.path, url, base, ref, image=image)]
        at = offset + len(url)
    out.append(changelog.text[at:end])
    body = "".join(out).rstrip()
    return body + _definitions(changelog, start, end, plain, base, ref)


_HOME = pattern(r"(https?://[^\s/()<>]+/[^\s()<>]+?)/(?:-/)?(?:compare|releases/tag|tree)/")


def home(changelog: Changelog) -> str:
    """Give the repository's address, as the links between releases have it; "" where there are none."""
    for text in (*(one.url for one in changelog.definitions), *(section.heading for section in changelog.sections)):
        if (found := _HOME.search(text)) is not None:
            return found[1]
    return ""


def _absolute(path: str, url: str, base: str, ref: str, *, image: bool) -> str:
    name, mark, anchor = url.partition("#")
    target = resolved(path, name) if name else path
    if not base or target is None:
        return url
    return f"{base}/{'raw' if image else 'blob'}/{ref}/{target}{mark}{anchor}"


def _definitions(changelog: Changelog, start: int, end: int, plain: str, base: str, ref: str) -> str:
    """Give the definitions that a part uses and does not hold."""
    used = {_label(label) for label in re.findall(r"\[((?:[^\[\]\\]|\\.){1,200})\]", plain)}
    lines: dict[str, str] = {}
    inside = {_label(one.label) for one in changelog.definitions if start <= one.start < end}
    for one in changelog.definitions:
        label = _label(one.label)
        if label in used and label not in inside and label not in lines:
            url = _absolute(changelog.path, one.url, base, ref, image=False) if is_local(one.url) else one.url
            lines[label] = f"[{one.label}]: {url}"
    return "\n\n" + "\n".join(lines.values()) if lines else ""
