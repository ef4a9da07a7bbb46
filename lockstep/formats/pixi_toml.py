"""pixi.toml: the version of a workspace, and of the package that pixi builds.

Source: https://pixi.sh/latest/reference/pixi_manifest/#version-optional
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.formats.kin import stated
from lockstep.manifest import Manifest, Mention, Source
from lockstep.text.toml import Document
from lockstep.versions.version import Spelling


def read(source: Source) -> Manifest:
    """Find the literal versions.

    Raises: ManifestError when the file is not TOML.
    """
    return Manifest(source=source, mentions=tuple(_mentions(Document(source.path, source.text))))


def _mentions(document: Document) -> Iterator[Mention]:
    names = [name for table in ("package", "workspace", "project") if (name := document.string(table, "name"))]
    for table in ("workspace", "project", "package"):
        span = document.span(table, "version")
        if span is not None and document.string(table, "version") is not None:
            name = document.string(table, "name") or "".join(names[:1])
            yield from stated(f"{table}.version", name, span.start, document.text[span.start : span.end], Spelling.PREFIX, why="version that pixi knows")
