"""Git's own files: indexes, refs, packs, deltas and history."""

from __future__ import annotations

import hashlib
import struct
import subprocess
import zlib

from tests.conftest import Repo
from tests.hostile.shapes import CHECK, DIFF, WHEEL, Shape, module_of

AT_HEAD = ("check", "--ref", "HEAD")
AT_TAG = ("diff", "v1.0.0", "HEAD")


def _piped(repo: Repo, given: bytes, *args: str) -> str:
    return subprocess.run(["git", *args], input=given, cwd=repo.root, check=True, capture_output=True).stdout.decode().strip()


def _fast_import(repo: Repo, text: str) -> Repo:
    _piped(repo, text.encode(), "fast-import", "--quiet", "--force")
    return repo


COMMIT = "committer a <a@b> {when} +0000\ndata 1\na\n"


def _history(repo: Repo, count: int) -> object:
    def commit(n: int) -> str:
        return (
            f"commit refs/heads/main\n{COMMIT.format(when=1_700_000_000 + n)}M 644 inline pyproject.toml\ndata {len(WHEEL) + len(str(n)) + 2}\n{WHEEL}# {n}\n"
        )

    log = "# Changelog\n\n## [Unreleased]\n"
    _fast_import(repo, "".join(map(commit, range(count))) + f"M 644 inline CHANGELOG.md\ndata {len(log)}\n{log}\n").git("reset", "-q", "--hard")
    return repo.git("tag", "v1.0.0", f"HEAD~{count - 1}")


def _merges(repo: Repo, count: int) -> object:
    """Make a history of diamonds: twice as many ways through it with each."""
    text = f"commit refs/heads/main\nmark :1\n{COMMIT.format(when=1_700_000_000)}M 644 inline pyproject.toml\ndata {len(WHEEL)}\n{WHEEL}\n"
    for n in range(count):
        when, base = 1_700_000_010 + 10 * n, 1 + 3 * n
        text += f"commit refs/heads/a\nmark :{base + 1}\n{COMMIT.format(when=when)}from :{base}\n\n"
        text += f"commit refs/heads/b\nmark :{base + 2}\n{COMMIT.format(when=when + 1)}from :{base}\n\n"
        text += f"commit refs/heads/main\nmark :{base + 3}\n{COMMIT.format(when=when + 2)}from :{base + 1}\nmerge :{base + 2}\n\n"
    _fast_import(repo, text).git("reset", "-q", "--hard")
    return repo.git("tag", "v1.0.0", f"HEAD~{count}")


def _tags(repo: Repo, count: int, *, packed: bool) -> object:
    repo.write({"pyproject.toml": WHEEL}).commit()
    head = repo.git("rev-parse", "HEAD").strip()
    _fast_import(repo, "".join(f"reset refs/tags/v0.{n}.0\nfrom {head}\n\n" for n in range(count)))
    return repo.git("pack-refs", "--all") if packed else None


def _tag_chain(repo: Repo, count: int) -> object:
    repo.write({"pyproject.toml": WHEEL}).commit(tag="t0")
    kind, target = "commit", repo.git("rev-parse", "HEAD").strip()
    lines = []
    # An object's id is that of its text, and a chain of tags is written at one go
    for n in range(count):
        body = f"object {target}\ntype {kind}\ntag v{n}\ntagger a <a@b> 1700000000 +0000\n\na\n".encode()
        whole = b"tag %d\0" % len(body) + body
        target, kind = hashlib.sha1(whole, usedforsecurity=False).hexdigest(), "tag"
        lines.append((target, whole))
    for oid, whole in lines:
        path = repo.path(f".git/objects/{oid[:2]}/{oid[2:]}")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(zlib.compress(whole))
    return repo.write({".git/refs/tags/v0": f"{target}\n"})


def _symbolic(repo: Repo, count: int) -> object:
    repo.write({"pyproject.toml": WHEEL}).commit()
    return repo.write(
        {f".git/refs/heads/r{n}": f"ref: refs/heads/r{n + 1}\n" for n in range(count)}
        | {".git/HEAD": "ref: refs/heads/r0\n", f".git/refs/heads/r{count}": "ref: refs/heads/main\n"}
    )


def _index(repo: Repo, count: int) -> object:
    repo.write({"pyproject.toml": WHEEL}).commit()
    blob = repo.git("hash-object", "-w", "pyproject.toml").strip()
    lines = "".join(f"100644 {blob}\td{n % 100}/f{n}.txt\n" for n in range(count))
    _piped(repo, lines.encode(), "update-index", "--index-info")
    return repo.git("commit", "-qm", "a")


def _deep_tree(repo: Repo, count: int) -> object:
    repo.write({"pyproject.toml": WHEEL}).commit()
    blob = repo.git("hash-object", "-w", "pyproject.toml").strip()
    _fast_import(repo, f"commit refs/heads/main\n{COMMIT.format(when=1_700_000_000)}M 644 {blob} pyproject.toml\nM 644 {blob} {'a/' * count}b\n\n")
    return None


def _doubling_tree(repo: Repo, count: int) -> object:
    """Make a tree that holds the next twice: a bomb of few objects."""
    repo.write({"pyproject.toml": WHEEL}).commit()
    blob = repo.git("hash-object", "-w", "pyproject.toml").strip()
    entry = f"100644 blob {blob}\tf\n"
    for _ in range(count):
        oid = _piped(repo, entry.encode(), "mktree")
        entry = f"040000 tree {oid}\ta\n040000 tree {oid}\tb\n"
    top = _piped(repo, f"{entry}100644 blob {blob}\tpyproject.toml\n".encode(), "mktree")
    oid = repo.git("commit-tree", top, "-m", "a").strip()
    return repo.git("update-ref", "HEAD", oid)


def _number(value: int) -> bytes:
    out = bytearray()
    while True:
        out.append(value & 127 | (128 if value > 127 else 0))
        value >>= 7
        if not value:
            return bytes(out)


def _head(kind: int, size: int) -> bytes:
    out = bytearray([kind << 4 | size & 15 | (128 if size > 15 else 0)])
    return bytes(out) + (_number(size >> 4) if size > 15 else b"")


def _back(distance: int) -> bytes:
    out = [distance & 127]
    while distance := distance >> 7:
        distance -= 1
        out.insert(0, 128 | distance & 127)
    return bytes(out)


def _deltas(repo: Repo, count: int, *, size: int) -> object:
    """Make a pack in which `Cargo.toml` is a delta of a delta, `count` deep, each `size` bytes long and copied from the last."""
    repo.write({"pyproject.toml": WHEEL}).commit()
    base = b"# " + b"x" * size + b'\n[package]\nname = "spam"\nversion = "1.0.0"\n'
    data = bytearray(b"PACK" + struct.pack(">II", 2, count + 1))
    before = len(data)
    data += _head(3, len(base)) + zlib.compress(base)
    text = base
    for n in range(count):
        more = b"#%d\n" % n
        copied = struct.pack("<BIBBB", 0xFF, 0, len(text) & 255, len(text) >> 8 & 255, len(text) >> 16)
        delta = _number(len(text)) + _number(len(text) + len(more)) + copied + bytes([len(more)]) + more
        place = len(data)
        data += _head(6, len(delta)) + _back(place - before) + zlib.compress(delta)
        before, text = place, text + more
    data += hashlib.sha1(data, usedforsecurity=False).digest()
    _piped(repo, bytes(data), "index-pack", "--stdin")
    blob = hashlib.sha1(b"blob %d\0" % len(text) + text, usedforsecurity=False).hexdigest()
    tree = _piped(repo, f"100644 blob {blob}\tCargo.toml\n".encode(), "mktree")
    return repo.git("update-ref", "HEAD", repo.git("commit-tree", tree, "-m", "a").strip())


def _packs(repo: Repo, count: int) -> object:
    repo.write({"pyproject.toml": WHEEL}).commit()
    for n in range(count):
        repo.write({"a.txt": f"{n}\n"}).commit()
        repo.git("repack", "-q")
    return None


def _ignored(repo: Repo, count: int) -> object:
    repo.write({"pyproject.toml": WHEEL, ".gitignore": "".join(f"a{n}*b*c\n" for n in range(count))}).commit()
    return repo.write({f"d/{'a' * 50}{n}": "" for n in range(100)})


def _config(repo: Repo, count: int) -> object:
    repo.write({"pyproject.toml": WHEEL}).commit()
    with repo.path(".git/config").open("a") as file:
        file.write("".join(f'[branch "b{n}"]\n\tmerge = refs/heads/b{n}\n' for n in range(count)))
    return None


def _large_file(repo: Repo, count: int) -> object:
    return repo.write({**module_of(""), "spam/data.bin": b"\0" * count, "README.md": "a" * (count // 100)}).commit()


def _renames(repo: Repo, count: int) -> object:
    repo.write({"pyproject.toml": WHEEL, **{f"a/f{n}.txt": f"{n}\n" * 10 for n in range(count)}}).commit()
    repo.git("mv", "a", "b")
    return repo.commit()


SHAPES: dict[str, Shape] = {
    "commits since a tag": Shape(make=_history, ask=("changelog", "draft", "--dry-run"), large=1000),
    "commits before a check": Shape(make=_history, ask=CHECK, large=1000),
    "commits that are compared": Shape(make=_history, ask=AT_TAG, large=1000),
    "merges": Shape(make=_merges, ask=AT_TAG, large=200),
    "tags": Shape(make=lambda repo, n: _tags(repo, n, packed=False), ask=CHECK, large=500),
    "tags that are packed": Shape(make=lambda repo, n: _tags(repo, n, packed=True), ask=CHECK, large=2000),
    "tags that a step is measured from": Shape(make=lambda repo, n: _tags(repo, n, packed=True), ask=("changelog", "check"), large=2000),
    "tags of tags": Shape(make=_tag_chain, ask=("diff", "v0", "HEAD"), large=100),
    "refs of refs": Shape(make=_symbolic, ask=AT_HEAD, large=10),
    "entries of the index": Shape(make=_index, ask=AT_HEAD, large=5000),
    "trees in trees": Shape(make=_deep_tree, ask=AT_HEAD, large=100),
    "trees that hold the next twice": Shape(make=_doubling_tree, ask=AT_HEAD, large=10),
    "deltas of deltas": Shape(make=lambda repo, n: _deltas(repo, n, size=1000), ask=AT_HEAD, large=500),
    "deltas of a large file": Shape(make=lambda repo, n: _deltas(repo, n, size=8_000_000), ask=AT_HEAD, large=10),
    "packs": Shape(make=_packs, ask=AT_HEAD, large=10),
    "lines of .gitignore": Shape(make=_ignored, ask=CHECK, large=500),
    "sections of git's configuration": Shape(make=_config, ask=CHECK, large=2000),
    "a large file": Shape(make=_large_file, ask=CHECK, large=4_000_000),
    "renames": Shape(make=_renames, ask=DIFF, large=250),
}
