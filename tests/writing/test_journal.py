"""The journal: nothing is believed of one that lies there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lockstep.errors import WriteError
from lockstep.writing import journal, journal_files, recovery, transaction
from tests.faults.trials import snapshot
from tests.writing.conftest import changes

FILES = [["Cargo.toml", "0" * 64, "1" * 64]]
SOUND = {"lockstep": journal.FORMAT, "token": "0" * 16, "beside": False, "files": FILES}


def sealed(**other: object) -> str:
    return journal.sealed({**SOUND, **other}).decode()


@pytest.mark.parametrize("name", [journal_files.JOURNAL, journal_files.COMMITTED])
@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        sealed()[:-9],
        sealed().replace("Cargo.toml", "cargo.toml"),
        sealed().replace("0" * 64, "0" * 63 + "1"),
        json.dumps(SOUND),
        "[" * 100_000,
        "null",
        "\udcff",
        sealed(lockstep=1),
        sealed(token="../../../../x"),
        sealed(token="0" * 16 + "\n"),
        sealed(token=0),
        sealed(beside="yes"),
        sealed(files=[["Cargo.toml"]]),
        sealed(files=[]),
        sealed(files=""),
        sealed(files=[["Cargo.toml", "0" * 64, "old"]]),
        sealed(files=[[1, 2]]),
        *(
            sealed(release=release)
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
        *(sealed(beside=True, files=[[path, "0" * 64, "1" * 64]]) for path in ("../x", "/etc/x", "a/../../x", ".git/hooks/x", "a/.Git/x", "x\0y", "")),
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
