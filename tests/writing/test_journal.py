"""The journal: nothing is believed of one that lies there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lockstep.errors import WriteError
from lockstep.writing import journal, journal_files, recovery, transaction
from tests.faults.trials import snapshot
from tests.writing.conftest import changes

SOUND = {"lockstep": journal.FORMAT, "token": "0" * 16, "beside": False, "files": [["Cargo.toml", "0" * 64]]}


@pytest.mark.parametrize("name", [journal_files.JOURNAL, journal_files.COMMITTED])
@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        json.dumps(SOUND)[:-9],
        "[" * 100_000,
        "null",
        "\udcff",
        json.dumps({**SOUND, "lockstep": 2}),
        json.dumps({**SOUND, "token": "../../../../x"}),
        json.dumps({**SOUND, "token": "0" * 16 + "\n"}),
        json.dumps({**SOUND, "token": 0}),
        json.dumps({**SOUND, "beside": "yes"}),
        json.dumps({**SOUND, "files": [["Cargo.toml"]]}),
        json.dumps({**SOUND, "files": [[1, 2]]}),
        *(
            json.dumps({**SOUND, "release": release})
            for release in (
                [],
                ["HEAD", "", 1],
                ["HEAD", "--all", 1, "v1"],
                ["--stdin", "", 1, "v1"],
                ["refs/tags/v1", "", 1, "v1"],
                ["HEAD", "", "1", "v1"],
                ["HEAD", "", 1, 1],
            )
        ),
        *(
            json.dumps({**SOUND, "beside": True, "files": [[path, "0" * 64]]})
            for path in ("../x", "/etc/x", "a/../../x", ".git/hooks/x", "a/.Git/x", "x\0y", "")
        ),
    ],
)
def test_a_journal_that_is_not_ours_is_refused_and_nothing_touched(root: Path, git_dir: Path, name: str, content: str) -> None:
    (git_dir / name).write_bytes(content.encode(errors="surrogateescape"))
    for file in ("x", f".lockstep-{'0' * 16}-0.old", f".lockstep-{'0' * 16}-0.new"):
        (root.parent / file).write_text("not ours")
    before = snapshot(root.parent)
    with pytest.raises(WriteError, match="the journal of an interrupted write"):
        recovery.recover(root, git_dir)
    with pytest.raises(WriteError, match="the journal of an interrupted write"):
        transaction.write(root, git_dir, changes())
    assert snapshot(root.parent) == before
    assert (git_dir / name).exists()
