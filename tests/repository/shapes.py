"""git in every shape, and what each command does there: `python -m tests.repository.shapes` prints it as the table of `docs/git.md`.

In a shape a command says what it says of an ordinary repository of the same content, does what git would have done there, or refuses, with the next step.
The ordinary repository and what a bump has done are judged by git itself.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import call, environment
from tests.repository import making
from tests.repository.making import Place, UnavailableError

SHOW, CHECK, STAGED, REF, DIFF, BUMP, TAG = "show", "check", "check --staged", "check --ref", "diff", "bump", "bump --tag"
LOOKS = {SHOW: "show", CHECK: "check", STAGED: "check --staged", REF: "check --ref HEAD", DIFF: "diff v0.1.0 HEAD"}
COLUMNS = (*LOOKS, BUMP, TAG)
RIGHT, REFUSED, WRONG, UNMEASURED = "right", "refused", "wrong", "not measured"


@dataclass(frozen=True)
class Refusal:
    """Why a command does not work in a shape, and the next step: what the error says, and its help."""

    words: str
    help: str


@dataclass(frozen=True)
class Shape:
    """How a repository in some shape is made, what is refused there, and what is said there of less that is seen; `full` takes minutes.

    `unmeasured` are columns that nobody waits for.
    """

    make: Callable[[Path], Place]
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    less: Mapping[str, str] = field(default_factory=dict)
    full: bool = False
    unmeasured: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Cell:
    """What came of a command in a shape."""

    kind: str
    words: str = ""


BARE = Refusal("this repository is bare", "lockstep check --ref HEAD reads a commit of a bare repository")
SHALLOW = Refusal("no commit is named 'v0.1.0'", "the clone is shallow: fetch the ref first (git fetch --tags, or fetch-depth: 0 in CI)")
PARTIAL = Refusal("git does not have the content of this file", "git fetch --refetch --no-filter brings what a partial clone left out")
TREELESS = Refusal("", "git fetch --refetch --no-filter brings what a partial clone left out")
STRANGER = Refusal("detected dubious ownership in repository", "if you trust whoever owns it: git config --global --add safe.directory ")
THIEF = Refusal("is a file, and names", "if you mean it")

SHAPES: dict[str, Shape] = {
    "SHA-256": Shape(making.in_format("--object-format=sha256")),
    "reftable": Shape(making.in_format("--ref-format=reftable")),
    "SHA-256 and reftable": Shape(making.in_format("--object-format=sha256", "--ref-format=reftable")),
    "linked work tree": Shape(making.worktree()),
    "linked work tree, relative paths": Shape(making.worktree("--relative-paths")),
    "linked work tree, `extensions.worktreeConfig`": Shape(making.worktree(config="extensions.worktreeConfig=true")),
    "linked work tree of a bare repository": Shape(making.worktree_of_a_bare_one),
    "submodule": Shape(making.submodule),
    "submodule of a linked work tree": Shape(making.submodule_of_a_worktree),
    "repository inside of another": Shape(making.nested),
    "shallow clone": Shape(making.clone("--depth=1"), refused={DIFF: SHALLOW}, less={SHOW: "no release tag here; assumed: v{version} (the usual form)"}),
    "shallow clone, all tags": Shape(making.clone("--depth=1", then="fetch -q --depth=1 origin tag v0.1.0")),
    "partial clone (`blob:none`)": Shape(making.clone("--filter=blob:none"), refused={DIFF: PARTIAL}),
    "partial clone, its origin lost": Shape(making.clone("--filter=blob:none", lose=True), refused={DIFF: PARTIAL}),
    "treeless clone (`tree:0`)": Shape(making.clone("--filter=tree:0"), refused={DIFF: TREELESS, TAG: TREELESS}),
    "treeless clone, its origin lost": Shape(making.clone("--filter=tree:0", lose=True), refused={DIFF: TREELESS, TAG: TREELESS}),
    "sparse checkout": Shape(making.after("sparse-checkout set --no-cone /* !/docs/")),
    "sparse index": Shape(making.after("sparse-checkout set --cone --sparse-index src py/spam")),
    "split index": Shape(making.after("update-index --split-index")),
    "index of version 4": Shape(making.after("update-index --index-version=4")),
    "file system monitor": Shape(making.monitored),
    "untracked cache": Shape(making.configured("core.untrackedCache=true", "core.preloadIndex=true", then="update-index --untracked-cache")),
    "index without a checksum (`index.skipHash`)": Shape(making.configured("index.skipHash=true", then="read-tree HEAD")),
    "alternates": Shape(making.borrowing),
    "multi-pack index": Shape(making.after("repack -q -a -d", "multi-pack-index write --bitmap")),
    "multi-pack index, incremental": Shape(making.after("repack -q -a -d", "multi-pack-index write --incremental")),
    "commit graph": Shape(making.after("commit-graph write --reachable --changed-paths")),
    "commit graph, split": Shape(making.after("commit-graph write --reachable --split")),
    "packed refs": Shape(making.after("pack-refs --all", "gc -q")),
    "grafts": Shape(making.grafted),
    "replace refs": Shape(making.replaced),
    "`extensions.preciousObjects`": Shape(making.configured("core.repositoryFormatVersion=1", "extensions.preciousObjects=true")),
    "HEAD away from a branch": Shape(making.after("checkout -q --detach")),
    "HEAD a symbolic link": Shape(making.head_a_link),
    "CRLF work tree (`core.autocrlf`)": Shape(making.with_crlf),
    "bare": Shape(making.bare, refused=dict.fromkeys((SHOW, CHECK, STAGED, BUMP, TAG), BARE)),
    "bare, in a hook before objects are taken over": Shape(making.quarantined, refused=dict.fromkeys((SHOW, CHECK, STAGED, BUMP, TAG), BARE)),
    "`.git` elsewhere (`--separate-git-dir`)": Shape(making.git_folder_elsewhere),
    "GIT_DIR and GIT_WORK_TREE, from elsewhere": Shape(making.variables(at="elsewhere", git_dir="{}/.git", work_tree="{}")),
    "GIT_DIR and GIT_WORK_TREE, relative": Shape(making.variables(at="plain", git_dir=".git", work_tree=".")),
    "GIT_DIR and GIT_WORK_TREE, relative, from below": Shape(making.variables(at="plain/src", git_dir="../.git", work_tree="..")),
    "another owner": Shape(making.of_a_stranger(trusted=False), refused=dict.fromkeys(COLUMNS, STRANGER)),
    "another owner, in `safe.directory`": Shape(making.of_a_stranger(trusted=True)),
    "a `.git` file that names another repository": Shape(making.thief("plain/.git"), refused=dict.fromkeys(COLUMNS, THIEF)),
    "a `.git` file that names another work tree": Shape(making.thief("plain/.git/worktrees/tree"), refused=dict.fromkeys(COLUMNS, THIEF)),
    "a `.git` file that names a bare repository": Shape(making.thief("bare.git"), refused=dict.fromkeys(COLUMNS, THIEF)),
    "Jujutsu beside git (`.jj`)": Shape(making.jujutsu),
    "umlauts in its path": Shape(making.named("Spätzle mit Soße")),
    "spaces in its path": Shape(making.named("two  words ")),
    "a leading colon in its path": Shape(making.named(":spam")),
    "quotes in its path": Shape(making.named('it\'s "spam"')),
    "a path that is not UTF-8": Shape(making.named(os.fsdecode(b"sp\xe4m"))),
    "from a folder below": Shape(making.below),
    "through a symbolic link": Shape(making.through_a_link),
    "15,000 manifests, the first release": Shape(making.large(15_000), less={SHOW: "15000 cargo packages"}, full=True, unmeasured=frozenset({DIFF, BUMP})),
}


def ordinary(folder: Path) -> dict[str, str]:
    """What is said of an ordinary repository; that it is right, git tells."""
    place = making.plain(folder)
    git = place.repo.git
    for commit, items in (("v0.1.0", {"egg"}), ("HEAD", {"egg", "fry"})):
        assert {git("show", f"{commit}:{path}").count("0.1.0") for path in place.versioned} == {1}
        assert {word for word in ("egg", "fry") if f"fn {word}" in git("show", f"{commit}:src/lib.rs")} == items
    said = {column: call(*line.split(), repo=place.at, code=0).out for column, line in LOOKS.items()}
    assert all(said[column].startswith("in step: 2 packages at 0.1.0") for column in (CHECK, STAGED, REF))
    assert "2 packages" in said[SHOW] or said[SHOW].count("0.1.0")
    assert "fry" in said[DIFF]
    assert "egg" not in said[DIFF]
    return said


def measured(shape: Shape, folder: Path, said: Mapping[str, str]) -> Iterator[tuple[str, Cell]]:
    """Run every command in a shape, and give what came of each; the last two change it.

    Raises: UnavailableError where the git at hand, or the system, has no such shape.
    """
    place = shape.make(folder)
    with _variables(place.env):
        expected = said if place.said is None else place.said
        for column, line in LOOKS.items():
            yield column, Cell(UNMEASURED) if column in shape.unmeasured else _look(place, line, expected.get(column), shape.less.get(column))
        before = snapshot(folder)
        done = call("bump", "minor", "--tag", repo=place.at)
        if done.code:
            yield TAG, _refusal(done.code, done.err) if snapshot(folder) == before else Cell(WRONG, "it left something behind")
            done = call("bump", "minor", repo=place.at)
            if done.code:
                yield BUMP, _refusal(done.code, done.err) if snapshot(folder) == before else Cell(WRONG, "it left something behind")
            else:
                yield BUMP, _judged(place, "0.2.0", committed=False)
            return
        yield TAG, Cell(WRONG, done.err) if "warning" in done.err or "error" in done.err else _judged(place, "0.2.0", committed=True)
        if BUMP in shape.unmeasured:
            yield BUMP, Cell(UNMEASURED)
            return
        done = call("bump", "patch", repo=place.at)
        yield BUMP, Cell(WRONG, done.err) if done.code else _judged(place, "0.2.1", committed=False)


def _look(place: Place, line: str, expected: str | None, less: str | None) -> Cell:
    done = call(*line.split(), repo=place.at)
    if not done.code and (done.out == expected or (less is not None and less in done.out)):
        return Cell(RIGHT)
    return _refusal(done.code, done.err + done.out)


def _refusal(code: int, words: str) -> Cell:
    return Cell(REFUSED if code in (2, 3) and "help: " in words else WRONG, words)


def _judged(place: Place, version: str, *, committed: bool) -> Cell:
    """Have git tell whether HEAD, the tag, the index and the work tree are what they should be after a bump."""
    with _variables({}, without=("GIT_DIR", "GIT_WORK_TREE")):
        git = place.repo.git
        files = {path: place.repo.path(path).read_text(encoding="utf-8") for path in place.versioned}
        if wrong := [path for path, text in files.items() if text.count(version) != 1]:
            return Cell(WRONG, f"{wrong} without {version}")
        changed = set(git("diff", "--name-only", "-z", "HEAD").split("\0")[:-1])
        if changed != (set() if committed else set(place.edited)):
            return Cell(WRONG, f"git diff names {sorted(changed)}")
        if staged := git("diff", "--cached", "--name-only"):
            return Cell(WRONG, f"staged: {staged}")
        if committed and git("rev-parse", f"v{version}^{{commit}}") != git("rev-parse", "HEAD"):
            return Cell(WRONG, "the tag is not at HEAD")
        if committed and {path: git("show", f"HEAD:{path}") for path in sorted(files)[:10]} != {path: files[path] for path in sorted(files)[:10]}:
            return Cell(WRONG, "HEAD has other files")
        git("fsck", "--connectivity-only")
    return Cell(RIGHT)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Give the files of a folder, git's own objects and refs among them; git may write its index anew when it is asked."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "index"}


@contextmanager
def _variables(env: Mapping[str, str], without: tuple[str, ...] = ()) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in without:
            patch.delenv(name, raising=False)
        for name, value in env.items():
            patch.setenv(name, value)
        yield


def expected_kind(shape: Shape, column: str) -> str:
    """Give what a command does in a shape."""
    return UNMEASURED if column in shape.unmeasured else REFUSED if column in shape.refused else RIGHT


def steps() -> list[str]:
    """Give every next step, in the order of the table's numbers."""
    return list(dict.fromkeys(one.help for shape in SHAPES.values() for one in shape.refused.values()))


def table(cells: Mapping[str, Mapping[str, str]]) -> str:
    """Lay out which command works in which shape; a number is that of a next step."""
    numbers = {step: number for number, step in enumerate(steps(), 1)}
    lines = [f"| shape | {' | '.join(f'`{column}`' for column in COLUMNS)} |", f"| --- |{' --- |' * len(COLUMNS)}"]
    for name, row in cells.items():
        refused = SHAPES[name].refused
        told = {column: f" ({numbers[one.help]})" for column, one in refused.items() if row[column] == REFUSED}
        lines.append(f"| {name} | {' | '.join(row[column] + told.get(column, '') for column in COLUMNS)} |")
    return "\n".join(lines) + "\n"


def expected_table() -> str:
    """Give the table as it should be."""
    return table({name: {column: expected_kind(shape, column) for column in COLUMNS} for name, shape in SHAPES.items()})


def main() -> int:
    """Measure, print the table, and give 1 where a cell is not what it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.repository.shapes", description=__doc__)
    parser.add_argument("--full", action="store_true", help="with the shapes that take minutes")
    parser.add_argument("--expected", action="store_true", help="only print what is expected, for docs/git.md")
    options = parser.parse_args()
    if options.expected:
        sys.stdout.write(expected_table())
        return 0
    os.environ.update(environment())
    wrong, cells, absent = [], {}, []
    with tempfile.TemporaryDirectory() as name:
        top = Path(os.path.realpath(name))
        (top / "ordinary").mkdir()
        said = ordinary(top / "ordinary")
        for number, (title, shape) in enumerate(SHAPES.items()):
            if shape.full and not options.full:
                continue
            (top / str(number)).mkdir()
            try:
                row = dict(measured(shape, top / str(number), said))
            except UnavailableError as error:
                absent.append(f"{title}: {error}")
                continue
            cells[title] = {column: cell.kind for column, cell in row.items()}
            wrong += [f"{title}, {column}: {cell}" for column, cell in row.items() if not is_as_expected(shape, column, cell)]
    version = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    right = sum(kind == RIGHT for row in cells.values() for kind in row.values())
    refused = sum(kind == REFUSED for row in cells.values() for kind in row.values())
    sys.stdout.write(table(cells))
    sys.stdout.write(f"\n{version}: {len(cells)} shapes, {right} right, {refused} refused, {len(wrong)} wrong\n")
    sys.stdout.writelines(f"not here: {one}\n" for one in absent)
    sys.stdout.writelines(f"wrong: {one}\n" for one in wrong)
    return 1 if wrong else 0


def is_as_expected(shape: Shape, column: str, cell: Cell) -> bool:
    """Say whether what came of a command is what should: right, or refused in these words with this next step."""
    refusal = shape.refused.get(column)
    if refusal is None:
        return cell.kind == expected_kind(shape, column)
    return cell.kind == REFUSED and refusal.words in cell.words and refusal.help in cell.words


if __name__ == "__main__":
    sys.exit(main())
