"""What jobs of the driver call in the place of tools that ask the network: `build` makes a wheel and an sdist, `sign` writes attestations beside files."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path


def project(folder: Path) -> tuple[str, str, str]:
    """Give name, version and requires-python of a package."""
    table = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    return table["name"].replace("-", "_"), table["version"], table.get("requires-python", "")


def metadata(folder: Path) -> str:
    name, version, python = project(folder)
    return f"Metadata-Version: 2.4\nName: {name.replace('_', '-')}\nVersion: {version}\nRequires-Python: {python}\n"


def wheel(folder: Path, dist: Path, tag: str) -> None:
    """Make a wheel whose bytes differ from those of any other day: it is built anew in each run."""
    name, version, _ = project(folder)
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": f"# built as {os.urandom(8).hex()}\n".encode(),
        f"{info}/METADATA": metadata(folder).encode(),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: egg 1\nRoot-Is-Purelib: {str('none-any' in tag).lower()}\nTag: {tag}\n".encode(),
    }
    rows = [f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip('=')},{len(data)}" for path, data in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,"]).encode()
    dist.mkdir(exist_ok=True, parents=True)
    with zipfile.ZipFile(dist / f"{name}-{version}-{tag}.whl", "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)


def sdist(folder: Path, dist: Path) -> None:
    """Make an sdist."""
    name, version, _ = project(folder)
    dist.mkdir(exist_ok=True, parents=True)
    with tarfile.open(dist / f"{name}-{version}.tar.gz", "w:gz") as archive:
        for path, data in (("PKG-INFO", metadata(folder).encode()), ("pyproject.toml", (folder / "pyproject.toml").read_bytes())):
            one = tarfile.TarInfo(f"{name}-{version}/{path}")
            one.size = len(data)
            archive.addfile(one, io.BytesIO(data))


def sign(files: list[str]) -> None:
    """Write what pypi-attestations would, for who may ask for its identity."""
    if "ACTIONS_ID_TOKEN_REQUEST_URL" not in os.environ:
        sys.exit("there is no identity to sign with: id-token: write")
    for file in map(Path, files):
        statement = {"subject": [{"name": file.name, "digest": {"sha256": hashlib.sha256(file.read_bytes()).hexdigest()}}]}
        envelope = {"statement": base64.b64encode(json.dumps(statement).encode()).decode(), "signature": ""}
        Path(f"{file}.publish.attestation").write_text(json.dumps({"version": 1, "verification_material": {}, "envelope": envelope}))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build", folder]:
            wheel(Path.cwd(), Path(folder), "py3-none-any")
            sdist(Path.cwd(), Path(folder))
        case ["sign", *names]:
            sign(names)
