"""poetry.lock: the packages that it takes from folders of the repository.

Source: https://python-poetry.org/docs/basic-usage/#committing-your-poetrylock-file-to-version-control
"""

from __future__ import annotations

from lockstep.manifest import Manifest, Scope, Source
from lockstep.model import Ecosystem
from lockstep.text.toml import Document

SCOPE = Scope.TREE
ECOSYSTEM = Ecosystem.PYTHON
FILES = ("**/poetry.lock",)


def read(source: Source) -> Manifest:
    """Find the entries of our own packages.

    Raises: ManifestError when the file is not TOML.
    """
    from lockstep.locks import content_hash, folder_entries, poetry  # noqa: PLC0415 - few repositories have such a lock

    if not content_hash.is_plain(source.text):
        Document(source.path, source.text)
    return Manifest(source=source, mentions=tuple(folder_entries.mentions(source, poetry.FOLDER)))
