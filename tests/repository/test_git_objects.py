"""What is read from packs, loose objects and refs is what git says, and where it might not be, git is asked."""

from __future__ import annotations

import random
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from lockstep.repository import git_trees
from lockstep.repository.git_objects import Store, store
from lockstep.repository.object_reader import ObjectReader
from lockstep.repository.repository import Repository
from tests.conftest import Repo

Fresh = Callable[[dict[str, str | bytes]], Repo]
PACKINGS = {
    "loose": (),
    "packed": (("repack", "-adfq", "--depth=50", "--window=50"),),
    "packed by id": (("-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq", "--depth=50", "--window=50"),),
    "two packs": (("repack", "-dq"),),
    "refs": (("pack-refs", "--all"),),
    "all": (("gc", "-q", "--prune=now"),),
    "large offsets": (("-c", "pack.indexVersion=2", "repack", "-adfq"),),
}


pytestmark = pytest.mark.usefixtures("plain_environment")


@pytest.fixture(scope="module")
def full_grown(tmp_path_factory: pytest.TempPathFactory, committed: Callable[[dict[str, str | bytes], Path], Repo]) -> Repo:
    """A repository whose files grow, with tags of all kinds, a link and a submodule."""
    rng = random.Random(7)
    lines = [f"line {number} {rng.random()}" for number in range(4000)]
    repo = committed(
        {"a.txt": "\n".join(lines), "b/c d/é.txt": "x", "b.txt": "y", "b/z": bytes(range(256)) * 300, "empty": ""},
        tmp_path_factory.mktemp("grown") / "repository",
    )
    repo.path("link").symlink_to("a.txt")
    for number in range(12):
        at = rng.randrange(len(lines))
        lines[at : at + 3] = [f"new {number}"] * rng.randrange(5)
        repo.write({"a.txt": "\n".join(lines), f"d{number % 3}/f{number}": str(number)}).commit(f"change {number}", tag=f"v0.{number}.0")
    head = repo.git("rev-parse", "HEAD").strip()
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{head},module")
    repo.git("commit", "-qm", "module")
    repo.git("tag", "-a", "-m", "annotated", "annotated")
    repo.git("tag", "-a", "-m", "of a tag", "twice", "annotated")
    repo.git("tag", "of-a-tree", "HEAD^{tree}")
    repo.git("tag", "of-a-blob", "HEAD:a.txt")
    repo.git("branch", "topic/one", "HEAD~3")
    repo.git("branch", "both", "HEAD~3")
    repo.git("tag", "both", "HEAD~4")
    repo.git("symbolic-ref", "refs/heads/same", "refs/heads/topic/one")
    return repo


@pytest.fixture
def grown(full_grown: Repo, tmp_path: Path) -> Repo:
    return full_grown.copy(tmp_path / "grown")


def opened(repo: Repo) -> Store:
    found = store(str(repo.path(".git")))
    assert found is not None
    return found


@pytest.mark.parametrize("packing", PACKINGS)
def test_every_object_is_what_git_says(packing: str, grown: Repo) -> None:
    for command in PACKINGS[packing]:
        grown.git(*command)
    if packing == "two packs":
        grown.write({"more": "more"}).commit("more")
        grown.git("repack", "-dq")
        grown.write({"more": "loose"}).commit("loose")
    objects = opened(grown)
    ids = grown.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)").splitlines()
    assert len(ids) > 60
    process = ObjectReader(Repository(str(grown.root), str(grown.path(".git")), shallow=False))
    for oid, kind in map(str.split, ids):
        found = objects.read(oid)
        assert found is not None, oid
        assert found[0] == kind
        if kind == "blob":
            assert found[1] == process.read(oid)
            assert objects.read(oid, len(found[1])) == found
            assert objects.read(oid, len(found[1]) - 1) is None


@pytest.mark.parametrize("packing", PACKINGS)
def test_every_ref_and_its_files_are_what_git_says(packing: str, grown: Repo) -> None:
    for command in PACKINGS[packing]:
        grown.git(*command)
    objects = opened(grown)
    names = grown.git("for-each-ref", "--format=%(refname)").splitlines()
    assert len(names) > 18
    known = set()
    full = grown.git("rev-parse", "HEAD").strip()
    for name in (
        "HEAD",
        "both",
        "topic/one",
        "main",
        "same",
        "nowhere",
        "HEAD~1",
        full,
        full[:9],
        "v0.1.0^{commit}",
        *names,
        *(one.split("/", 2)[2] for one in names),
    ):
        said = (
            grown.git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").strip()
            if "of-a" not in name and name != "nowhere"
            else None
        )
        found = objects.commit(name)
        assert found in (said, None), name
        if found is not None:
            known.add(name)
            tree = objects.peeled(found, "tree")
            assert tree == grown.git("rev-parse", f"{found}^{{tree}}").strip()
            assert tree is not None
            files = objects.files(tree)
            assert files is not None
            listed = git_trees._files_by_git(Repository(str(grown.root), str(grown.path(".git")), shallow=False), found)  # noqa: SLF001 - the other way to the same
            assert list(files.items()) == list(listed.items())
    assert {"HEAD", "both", "topic/one", "same", "twice", "annotated", "v0.3.0", full} <= known


@pytest.mark.parametrize("packing", PACKINGS)
def test_what_stands_at_a_path_is_what_git_says(packing: str, grown: Repo) -> None:
    for command in PACKINGS[packing]:
        grown.git(*command)
    refs = ("HEAD", "v0.3.0", "refs/tags/annotated", "topic/one", "HEAD^1", "v0.1.0^1", grown.git("rev-parse", "HEAD~2").strip())
    paths = ("a.txt", "b/c d/é.txt", "d1/f4", "d1/none", "b", "none/at/all", "a.txt/b", "module")
    more = ("HEAD", "HEAD:", ":a.txt", "HEAD~1:a.txt", "HEAD^2:a.txt", "HEAD:/a.txt", "HEAD:./a.txt", "HEAD:b/", "HEAD:b/../a.txt")
    specs = [f"{ref}:{path}" for ref in refs for path in paths]
    objects = Store(str(grown.root / ".git"))
    known = said(grown, [*specs, *more])
    assert [objects.named(spec) for spec in specs] == known[: len(specs)]
    assert all(objects.named(spec) in (None, one) for spec, one in zip(more, known[len(specs) :], strict=True))


def said(repo: Repo, specs: list[str]) -> list[str | None]:
    """Give the ids that git has for names of objects."""
    ask = ["git", "cat-file", "--batch-check=%(objectname)"]
    done = subprocess.run(ask, cwd=repo.root, input="".join(f"{spec}\n" for spec in specs), capture_output=True, text=True, check=True)
    return [None if line.endswith(" missing") else line for line in done.stdout.splitlines()]


def test_what_is_broken_or_elsewhere_is_left_to_git(grown: Repo, tmp_path: Path) -> None:
    blob = grown.git("rev-parse", "HEAD:a.txt").strip()
    loose = grown.path(f".git/objects/{blob[:2]}/{blob[2:]}")
    whole = zlib.decompress(loose.read_bytes())
    loose.chmod(0o644)
    for data in (b"", b"no zlib", zlib.compress(whole[:-1]), zlib.compress(whole + b"x"), zlib.compress(b"thing 1\0x"), zlib.compress(b"blob\0")):
        loose.write_bytes(data)
        assert Store(str(grown.path(".git"))).read(blob) is None
    loose.write_bytes(zlib.compress(whole))
    assert Store(str(grown.path(".git"))).read(blob) == ("blob", whole.partition(b"\0")[2])
    kept = tmp_path / "kept"
    loose.rename(kept)
    loose.symlink_to(kept)
    assert Store(str(grown.path(".git"))).read(blob) is None
    loose.unlink()
    assert Store(str(grown.path(".git"))).read(blob) is None
    kept.rename(loose)
    grown.git("gc", "-q")
    pack = next(grown.path(".git/objects/pack").glob("*.pack"))
    rng, good = random.Random(3), pack.read_bytes()
    pack.chmod(0o644)
    ids = grown.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").split()
    right = {oid: opened(grown).read(oid) for oid in ids}
    for _ in range(40):  # a damaged pack gives what is right, or what zlib cannot see: never a fault, never without end
        bad = bytearray(good)
        for _ in range(20):
            bad[rng.randrange(12, len(bad))] = rng.randrange(256)
        pack.unlink()
        pack.write_bytes(bad)
        damaged = Store(str(grown.path(".git")))
        assert all(found is None or len(found) == 2 for found in map(damaged.read, ids))
    pack.write_bytes(good)
    assert {oid: Store(str(grown.path(".git"))).read(oid) for oid in ids} == right
    (grown.path(".git/objects/info") / "alternates").write_text(str(tmp_path))
    store.cache_clear()
    assert store(str(grown.path(".git"))) is None


@pytest.mark.parametrize("content", ["garbage", "ref: refs/heads/../../HEAD", "ref: HEAD", "ref: refs/heads/self", ""])
def test_a_ref_that_is_none_is_left_to_git(content: str, grown: Repo) -> None:
    grown.path(".git/refs/heads/self").write_text(content + "\n")
    assert opened(grown).commit("self") is None
    grown.path(".git/self").write_text(grown.git("rev-parse", "HEAD"))
    assert opened(grown).commit("self") is None


@pytest.mark.parametrize("name", ["a..b", "a.lock", "-v", "a b", "a:b", "a@{1}", "@", "a//b", "a/", "../HEAD", "v0.1.0\n", "a/.b", "config", "logs/HEAD"])
def test_what_is_more_than_a_name_is_left_to_git(name: str, grown: Repo) -> None:
    assert opened(grown).commit(name) is None


@pytest.mark.parametrize("packing", PACKINGS)
def test_what_a_commit_changed_is_what_git_says(packing: str, grown: Repo) -> None:
    for command in PACKINGS[packing]:
        grown.git(*command)
    here = opened(grown)
    for sha in grown.git("rev-list", "HEAD").split():
        above = here.first_parent(sha)
        assert (above or "") == grown.git("log", "-1", "--format=%P", sha).strip().partition(" ")[0]
        if above is None:
            continue
        old, new = here.peeled(above, "tree"), here.peeled(sha, "tree")
        assert old is not None
        assert new is not None
        raw = [line.split() for line in grown.git("diff-tree", "-r", "--no-renames", "--no-abbrev", "--diff-filter=M", above, sha).splitlines()]
        assert sorted(here.changed(old, new)) == sorted((path, before, after) for _, _, before, after, _, path in raw)
    with pytest.raises(LookupError):
        [*here.changed("0" * 40, "1" * 40)]
