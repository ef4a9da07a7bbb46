"""What sealing found, as JSON."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lockstep.release.built_file import BuiltFile
from lockstep.release.candidate import FILE, Candidate


def data(
    tag: str, candidate: Candidate | None, files: Sequence[BuiltFile], served: Collection[str], findings: Sequence[dict[str, object]]
) -> dict[str, object]:
    """Give the files that were opened, what was found in them (as data), and whether the candidate was written."""
    return {
        "schema": 1,
        "command": "release seal",
        "tag": tag,
        "commit": None if candidate is None else candidate.commit,
        "candidate": None if candidate is None else FILE,
        "files": [
            {
                "path": one.path,
                "registry": one.registry.value,
                "kind": one.kind.value,
                "package": one.package,
                "version": one.version,
                "size": one.size,
                "sha256": one.sha256,
                "origin": "served" if one.path in served else "built",
            }
            for one in files
        ],
        "findings": list(findings),
    }
