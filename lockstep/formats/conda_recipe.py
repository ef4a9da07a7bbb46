"""Conda recipes: `{% set version = "..." %}` or `package: version:` of a meta.yaml, `context: version:` of a recipe.yaml, and the archive's address.

A recipe that fixes the checksum of an archive is what was released last: it moves with the release only where it did before.

Source: https://docs.conda.io/projects/conda-build/en/stable/resources/define-metadata.html, https://rattler.build/latest/reference/recipe_file/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.formats.kin import VERSION, mention, stated, within
from lockstep.manifest import Manifest, Mention, Source
from lockstep.pattern import pattern
from lockstep.text.yaml_lines import Entry, below, top
from lockstep.versions.version import Spelling

_SET = pattern(rf"\{{%-?[ \t]*set[ \t]+version[ \t]*=[ \t]*[\"']{VERSION}[\"'][ \t]*-?%\}}")
_NAME = pattern(r"\{%-?[ \t]*set[ \t]+name[ \t]*=[ \t]*[\"'](?P<name>[^\"'\r\n]+)")
_CHECKSUM = pattern(r"^[ \t-]*(?:sha256|md5):[ \t]*[\"']?[0-9a-fA-F]{32,}", re.MULTILINE)


def read(source: Source) -> Manifest:
    """Find the recipe's version."""
    found = top(source.text)
    is_recipe = "context" in found or "package" in found
    return Manifest(source=source, mentions=tuple(_mentions(source.text, found)) if is_recipe else ())


def _mentions(text: str, found: dict[str, Entry]) -> Iterator[Mention]:
    archive = found.get("source")
    fixed = archive is not None and _CHECKSUM.search(text, archive.body, archive.end) is not None
    named = _NAME.search(text)
    names = [named["name"]] if named is not None else [one.value for key in ("context", "package") for one in _inner(text, found, key) if one.key == "name"]
    name = "" if fixed else next((one for one in names if "{" not in one), "")
    why = "version of a conda recipe"
    for each in _SET.finditer(text):
        yield mention("version", name, each.start("version"), each["version"], Spelling.PEP440, why=why, beside=not fixed)
    for key in ("context", "package"):
        for one in _inner(text, found, key):
            if one.key == "version":
                yield from stated(f"{key}.version", name, one.start, one.value, Spelling.PEP440, why=why, beside=not fixed)
    if archive is not None:
        for one in below(text, archive):
            if one.key in ("url", "git_rev", "git_tag", "tag", "rev"):
                yield from within(f"source.{one.key}", name, text, one.start, one.start + len(one.value), why="where the recipe's source is", beside=False)


def _inner(text: str, found: dict[str, Entry], key: str) -> Iterator[Entry]:
    if key in found:
        yield from below(text, found[key])
