"""Archives for the tests, made member by member: what is right about them is what the ordinary tools make, and a test breaks one thing."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping

COMMIT = "1234567890abcdef1234567890abcdef12345678"
Files = dict[str, bytes]


def wheel(change: Callable[[Files], None] = lambda _: None, *, requires: tuple[str, ...] = (), python: str = ">=3.9", version: str = "1.0.0") -> bytes:
    """Make a wheel of spam; `change` is made after RECORD was written."""
    info = f"spam-{version}.dist-info"
    metadata = [f"Metadata-Version: 2.4\nName: spam\nVersion: {version}\nRequires-Python: {python}\nLicense-File: LICENSE"]
    metadata += [f"Requires-Dist: {one}" for one in requires]
    files: Files = {
        "spam/__init__.py": b"def boil() -> None: ...\n",
        f"{info}/licenses/LICENSE": b"MIT\n",
        f"{info}/METADATA": ("\n".join(metadata) + "\n").encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: egg 1\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = [f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip('=')},{len(data)}" for path, data in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,"]).encode()
    change(files)
    return zipped(files)


def zipped(files: Mapping[str, bytes], link: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path), data, zipfile.ZIP_DEFLATED)  # of no day: the same bytes at each call
        if link:
            one = zipfile.ZipInfo(link)
            one.external_attr = 0o120777 << 16
            archive.writestr(one, "elsewhere")
    return out.getvalue()


def tarred(files: Mapping[str, bytes], links: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for path, data in files.items():
            one = tarfile.TarInfo(path)
            one.size = len(data)
            archive.addfile(one, io.BytesIO(data))
        for path in links:
            one = tarfile.TarInfo(path)
            one.type, one.linkname = tarfile.SYMTYPE, "../../elsewhere"
            archive.addfile(one)
    return out.getvalue()


def crate(change: Callable[[Files], None] = lambda _: None, *, commit: str | None = COMMIT, dirty: bool = False, needs: str = "") -> bytes:
    """Make a crate of spam-core."""
    top = "spam-core-1.0.0"
    manifest = f'[package]\nname = "spam-core"\nversion = "1.0.0"\nlicense-file = "LICENSE"\n{needs}'
    files: Files = {f"{top}/Cargo.toml": manifest.encode(), f"{top}/src/lib.rs": b"", f"{top}/LICENSE": b"MIT\n"}
    if commit is not None:
        files[f"{top}/.cargo_vcs_info.json"] = json.dumps({"git": {"sha1": commit, **({"dirty": True} if dirty else {})}, "path_in_vcs": "core"}).encode()
    change(files)
    return tarred(files)


def sdist(change: Callable[[Files], None] = lambda _: None) -> bytes:
    """Make an sdist of spam."""
    files: Files = {
        "spam-1.0.0/PKG-INFO": b"Metadata-Version: 2.4\nName: spam\nVersion: 1.0.0\nRequires-Python: >=3.9\n",
        "spam-1.0.0/pyproject.toml": b"",
        "spam-1.0.0/spam/__init__.py": b"",
    }
    change(files)
    return tarred(files)


def npm(needs: Mapping[str, str] | None = None, version: str = "1.0.0") -> bytes:
    """Make an npm tarball of @spam/cli."""
    manifest = {"name": "@spam/cli", "version": version, "optionalDependencies": dict(needs or {})}
    return tarred({"package/package.json": json.dumps(manifest).encode(), "package/index.js": b""})
