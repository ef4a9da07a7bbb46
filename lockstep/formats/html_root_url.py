"""`#![doc(html_root_url = "https://docs.rs/spam/0.5.0")]` in a crate's root.

Source: https://rust-lang.github.io/api-guidelines/documentation.html#crate-sets-html_root_url-attribute-c-html-root
"""

from __future__ import annotations

from lockstep.manifest import Manifest, Mention, Named, Scope, Source
from lockstep.model import Ecosystem, Role
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

SCOPE = Scope.TEXT
ECOSYSTEM = Ecosystem.CARGO
FILES = ("src/lib.rs", "lib.rs")

_URL = pattern(r"\bhtml_root_url[ \t]*=[ \t]*\"https?://docs\.rs/(?P<name>[\w-]+)/(?P<version>[0-9][0-9A-Za-z.+-]*)/?\"")


def read(source: Source) -> Manifest:
    """Find the address of the crate's own documentation."""
    return Manifest(
        source=source,
        mentions=tuple(
            Mention(
                key="html_root_url",
                start=found.start("version"),
                text=found["version"],
                role=Role.MIRROR,
                spelling=Spelling.PREFIX,
                owner=Named(Ecosystem.CARGO, found["name"]),
                why="address of the documentation of this version",
                weak=True,
                kept=True,
            )
            for found in (_URL.finditer(source.text) if "html_root_url" in source.text else ())
        ),
    )
