"""What an archive breaks is found by its rule alone, and what the ordinary tools make has nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lockstep.app.release_seal import opened_file
from lockstep.evidence import archives
from lockstep.evidence.archives import ArchiveError
from lockstep.release.candidate import Registry
from lockstep.rules import judge_artifact, rules
from lockstep.rules.artifacts import ArtifactClaim, Owed
from lockstep.versions.version import Version
from tests.rules.artifacts_made import COMMIT, Files, crate, npm, sdist, tarred, wheel, zipped

ONE = Version.read("1.0.0")
OWED = {
    (Registry.PYPI, "spam"): Owed(name="spam", version=ONE, requires_python=">= 3.9"),
    (Registry.PYPI, "spam-core"): Owed(name="spam-core", version=ONE),
    (Registry.CRATES_IO, "spam_core"): Owed(name="spam-core", version=ONE),
    (Registry.CRATES_IO, "spam_sys"): Owed(name="spam-sys", version=ONE),
    (Registry.NPM, "@spam/cli"): Owed(name="@spam/cli", version=ONE),
    (Registry.NPM, "@spam/cli-linux"): Owed(name="@spam/cli-linux", version=ONE),
}
WHEEL, CRATE, SDIST, NPM = "spam-1.0.0-py3-none-any.whl", "spam-core-1.0.0.crate", "spam-1.0.0.tar.gz", "spam-cli-1.0.0.tgz"
INFO = "spam-1.0.0.dist-info"


def found(folder: Path, name: str, data: bytes) -> list[tuple[str, str]]:
    (folder / name).write_bytes(data)
    file = opened_file(str(folder / name))
    return [(one.rule, one.message) for one in judge_artifact(ArtifactClaim(file=file, owed=OWED, commit=COMMIT))]


@pytest.mark.parametrize(("name", "data"), [(WHEEL, wheel()), (CRATE, crate()), (SDIST, sdist()), (NPM, npm())])
def test_what_the_ordinary_tools_make_has_nothing(tmp_path: Path, name: str, data: bytes) -> None:
    assert found(tmp_path, name, data) == []


def test_npm_takes_off_whatever_folder_a_tarball_has(tmp_path: Path) -> None:
    manifest = json.dumps({"name": "@spam/cli", "version": "1.0.0"}).encode()
    assert found(tmp_path, NPM, tarred({"node/package.json": manifest, "node/a/package.json": b"{", "node/index.js": b""})) == []
    assert found(tmp_path, NPM, tarred({"node/package.json": manifest, "index.js": b""})) == [("artifact-outside", "index.js lies outside of node/")]


def without(path: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        del files[path]

    return change


def adding(path: str, data: bytes = b"") -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[path] = data

    return change


def replacing(path: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[path] = files[path].replace(old, new)

    return change


def _rename(files: Files, top: str) -> None:
    for path in list(files):
        files[f"{top}/{path.partition('/')[2]}"] = files.pop(path)


def _recorded(files: Files, path: str, text: bytes) -> None:
    """Add a file, and its line to RECORD."""
    files[path] = text
    digest = base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()
    files[RECORD] += f"\n{path},sha256={digest},{len(text)}".encode()


def _vendoring(files: Files) -> None:
    for name, text in {"METADATA": b"Name: ham\n", "RECORD": b"ham.py,sha256=AAAA,1\n", "WHEEL": b"Tag: cp39-cp39-win32\n"}.items():
        path = f"spam/_vendor/ham-1.0.0.dist-info/{name}"
        _recorded(files, path, text)
    for path in [RECORD, f"{INFO}/METADATA", f"{INFO}/WHEEL"]:  # what is vendored comes first
        files[path] = files.pop(path)


def _twofold(files: Files) -> None:
    """Add the metadata of a second project, and its line to RECORD."""
    _recorded(files, "tea-1.0.0.dist-info/METADATA", b"Name: ham\n")


RECORD = f"{INFO}/RECORD"
BROKEN: tuple[tuple[str, str, bytes, str], ...] = (
    ("artifact-file-twice", SDIST, sdist(adding("spam-1.0.0/SPAM/__init__.py")), "are one file where case is not told apart"),
    ("artifact-link", SDIST, tarred({"spam-1.0.0/PKG-INFO": b"Name: spam\nVersion: 1.0.0\nRequires-Python: >=3.9\n"}, ("spam-1.0.0/data",)), "data is a link"),
    ("artifact-metadata-unreadable", CRATE, crate(replacing("spam-core-1.0.0/Cargo.toml", b"[package]", b"[package")), "its Cargo.toml cannot be read"),
    ("artifact-metadata-unreadable", NPM, tarred({"package/index.js": b""}), "it has no package.json"),
    ("artifact-name-mismatch", "spam-1.0.1.tar.gz", sdist(lambda files: _rename(files, "spam-1.0.1")), "named spam 1.0.1, and its metadata says spam 1.0.0"),
    ("artifact-not-owed", NPM, tarred({"package/package.json": b'{"name": "spam-cli", "version": "1.0.0"}'}), "spam-cli is no package"),
    ("artifact-outside", CRATE, crate(adding("other/lib.rs")), "other/lib.rs lies outside of spam-core-1.0.0/"),
    ("artifact-path-leaves", SDIST, sdist(adding("spam-1.0.0/../../bin/sh")), "leads out of the archive"),
    ("artifact-path-leaves", SDIST, sdist(adding("spam-1.0.0/a\nb")), "'spam-1.0.0/a\\nb' has a control character"),
    ("artifact-version-mismatch", "spam-1.0.1-py3-none-any.whl", wheel(version="1.0.1"), "it is spam 1.0.1, and the release is 1.0.0"),
    ("crate-commit-mismatch", CRATE, crate(commit="f" * 40), "packed from fffffffff, and the tag is of 123456789"),
    ("crate-commit-mismatch", CRATE, crate(dirty=True), "packed with changes that are not in 123456789"),
    ("crate-commit-unseen", CRATE, crate(commit=None), "it has no .cargo_vcs_info.json"),
    ("licence-file-missing", CRATE, crate(without("spam-core-1.0.0/LICENSE")), "names LICENSE"),
    ("requires-python-mismatch", WHEEL, wheel(python=">=3.8"), "it requires Python >=3.8, and the manifest says >= 3.9"),
    ("sibling-version-mismatch", WHEEL, wheel(requires=("spam-core==0.9.0",)), "it requires spam-core ==0.9.0, and the release has spam-core 1.0.0"),
    ("sibling-version-mismatch", CRATE, crate(needs='[target."cfg(unix)".dependencies.spam-sys]\nversion = "=0.9.0"\n'), "it requires spam-sys =0.9.0"),
    ("sibling-version-mismatch", NPM, npm({"@spam/cli-linux": "0.9.0"}), "it requires @spam/cli-linux 0.9.0"),
    ("wheel-dist-info", WHEEL, wheel(_twofold), "it has spam-1.0.0.dist-info, tea-1.0.0.dist-info"),
    ("wheel-record", WHEEL, wheel(adding("spam/extra.py")), "spam/extra.py is not in RECORD"),
    ("wheel-record", WHEEL, wheel(adding("spam/__init__.py", b"def boil() -> int: ...\n")), "it has another digest"),
    ("wheel-record", WHEEL, wheel(without("spam/__init__.py")), "RECORD lists spam/__init__.py, which is not in the wheel"),
    ("wheel-record", WHEEL, wheel(replacing(RECORD, b"sha256=", b"md5=")), "RECORD has a digest of md5"),
    ("wheel-record", WHEEL, wheel(replacing(RECORD, b",24\n", b",25\n")), "has 25 bytes, and it has 24"),
    ("wheel-tags-mismatch", "spam-1.0.0-cp311-abi3-manylinux_2_17_x86_64.whl", wheel(), "WHEEL says py3-none-any, and the name of the file does not"),
)


@pytest.mark.parametrize(("rule", "name", "data", "said"), BROKEN, ids=[f"{rule} {number}" for number, (rule, *_) in enumerate(BROKEN)])
def test_what_is_broken_is_found_by_its_rule(tmp_path: Path, rule: str, name: str, data: bytes, said: str) -> None:
    ours = found(tmp_path, name, data)
    assert any(one == rule and said in message for one, message in ours), ours
    assert {one for one, _ in ours} == {rule}, ours


def test_what_a_wheel_vendors_has_a_record_of_its_own(tmp_path: Path) -> None:
    assert found(tmp_path, WHEEL, wheel(_vendoring)) == []


def test_a_wheel_without_dist_info_says_nothing_of_itself(tmp_path: Path) -> None:
    assert ("wheel-dist-info", "it has no .dist-info folder, expected one") in found(tmp_path, WHEEL, zipped({"spam/__init__.py": b""}))


def test_every_rule_is_broken_once() -> None:
    assert {rule for rule, *_ in BROKEN} == {one.id for one in rules("artifacts")}


# ---- archives that harm


def refused(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    with pytest.raises(ArchiveError) as raised:
        opened_file(str(folder / name))
    return str(raised.value)


def test_what_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_UNPACKED", 2**20)
    assert "are larger than" in refused(tmp_path, WHEEL, zipped({"spam/data": bytes(2**21)}))
    assert "are larger than" in refused(tmp_path, SDIST, tarred({"spam-1.0.0/data": bytes(2**21)}))


def test_members_without_end_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 10)
    many = {f"spam-1.0.0/{number}": b"" for number in range(11)}
    assert "more than 10 members" in refused(tmp_path, SDIST, tarred(many))
    assert "more than 10 members" in refused(tmp_path, WHEEL, zipped(many))


def test_a_text_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_TEXT", 100)
    assert "Cargo.toml is larger than" in refused(tmp_path, CRATE, tarred({"spam-core-1.0.0/Cargo.toml": b"#" * 101}))


@pytest.mark.parametrize("name", [WHEEL, SDIST, CRATE, NPM])
@pytest.mark.parametrize("cut", [0, 1, 30, 100, -1])
def test_what_is_cut_is_refused_or_told(tmp_path: Path, name: str, cut: int) -> None:
    whole = {WHEEL: wheel(), SDIST: sdist(), CRATE: crate(), NPM: npm()}[name]
    assert "cannot be read to its end" in refused(tmp_path, name, whole[:cut])


@pytest.mark.parametrize("name", [WHEEL, SDIST])
def test_nonsense_is_refused(tmp_path: Path, name: str) -> None:
    for data in (b"", b"<html>404</html>", bytes(1000), b"PK\x03\x04" + bytes(100), b"\x1f\x8b\x08" + bytes(100)):
        assert "cannot be read to its end" in refused(tmp_path, name, data)
