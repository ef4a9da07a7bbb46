"""A comparison in parts says what one run says, and a file that is no part of it is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Repo, Run, Story

PAIR = ("v0.4.0", "v0.5.0")


@pytest.fixture
def promises(story: Story) -> Repo:
    return story("promises")


def parts(run: Run, repo: Repo, folder: Path, count: int, *refs: str) -> list[str]:
    paths = []
    for number in range(1, count + 1):
        path = folder / f"{'-'.join(refs)}-{number}-{count}.json"
        path.write_text(run("diff", *refs, "--part", f"{number}/{count}", repo=repo, code=0).out)
        paths.append(str(path))
    return paths


@pytest.mark.parametrize("count", [1, 2, 4, 30])
@pytest.mark.parametrize("format_", ["json", "text"])
def test_parts_together_say_what_one_run_says(promises: Repo, run: Run, tmp_path: Path, count: int, format_: str) -> None:
    whole = run("diff", *PAIR, "--format", format_, repo=promises)
    files = parts(run, promises, tmp_path, count, *PAIR)
    merged = run("diff", "--format", format_, "--merge", *reversed(files), repo=promises)
    assert (merged.out, merged.code) == (whole.out, whole.code)
    assert run("diff", *PAIR, "--merge", *files, "--format", format_, repo=promises).out == whole.out


def test_a_part_holds_its_share_alone(promises: Repo, run: Run, tmp_path: Path) -> None:
    files = parts(run, promises, tmp_path, 3, *PAIR)
    read = [{(number, at) for number, at, _ in json.loads(Path(one).read_text())[5]} for one in files]
    assert all(read)
    assert sum(map(len, read)) == len(set().union(*read))


def test_what_is_no_part_of_this_comparison_is_refused(promises: Repo, run: Run, tmp_path: Path) -> None:
    one, two = parts(run, promises, tmp_path, 2, *PAIR)
    other = parts(run, promises, tmp_path, 2, "v0.5.0", "v0.5.0")[1]
    older = tmp_path / "older.json"
    older.write_text(Path(one).read_text().replace('"', '"0.0.', 1))
    nonsense = tmp_path / "nonsense.json"
    nonsense.write_text("[]")
    for files, said in (
        ([one], "missing: part 2/2"),
        ([one, other], "is part 2/2 of v0.5.0"),
        ([str(older), two], "was made by lockstep 0.0."),
        ([str(nonsense)], "is no part of a comparison"),
        ([str(tmp_path / "none")], "cannot be read: no such file"),
    ):
        assert said in run("diff", "--merge", *files, repo=promises, code=2).err
    assert "the parts compare v0.4.0 with the tree" in run("diff", "v0.5.0", "--merge", one, two, repo=promises, code=2).err
    for part in ("0/2", "3/2", "1", "a/b", "1/1001"):
        assert "names no part" in run("diff", *PAIR, "--part", part, repo=promises, code=2).err
    assert "exclude each other" in run("diff", *PAIR, "--part", "1/2", "--merge", one, repo=promises, code=2).err
