"""Where is a version written? One file per format, one line here.

A format is a module with `SCOPE` and `FILES` (where to look: `lockstep.manifest.Scope`, and globs), `ECOSYSTEM` (whose packages its
paths lead to, None for text) and `read(source) -> Manifest`, which finds what the text declares and mentions. It sees one file, writes
nothing, and does not know whose the versions are.
"""

from __future__ import annotations

from typing import Protocol

from lockstep.manifest import Manifest, Scope, Source
from lockstep.model import Ecosystem
from lockstep.registry import members

NAMES = (
    "cargo_toml",
    "pyproject",
    "python_source",
    "setup_py",
    "setup_cfg",
    "package_json",
    "cargo_lock",
    "package_lock",
    "uv_lock",
    "poetry_lock",
    "pdm_lock",
    "version_file",
    "install_snippet",
    "html_root_url",
    "citation_cff",
    "c_header",
    "sphinx_conf",
    "changelog_link",
    "bump_tool",
)


class Format(Protocol):
    """What a module of this room offers."""

    SCOPE: Scope
    ECOSYSTEM: Ecosystem | None
    FILES: tuple[str, ...]

    def read(self, source: Source) -> Manifest:
        """Read one file."""
        ...


def formats() -> dict[str, Format]:
    """Give the formats by name, in the order in which they are asked."""
    return dict(zip(NAMES, members(__name__, NAMES), strict=True))
