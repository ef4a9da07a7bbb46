"""A Rust and Python monorepo under one version, with the files that are easy to damage."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

VERSION = "0.4.0"
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "a"), ("EMAIL", "a@example.org"))},
}


def build(root: Path, crates: int, version: str = VERSION) -> None:
    """Write and commit a workspace of crates that need each other, and one Python package for six crates."""
    root.mkdir(parents=True)
    (root / "Cargo.toml").write_text('[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n')
    lock = "version = 4\n"
    for number in range(crates):
        needs = sorted({(number * 7 + step * 13) % number for step in (1, 2, 3)}) if number else []
        lines = [f'[package]\nname = "mono-c{number:03d}"\nversion = "{version}"\n\n[dependencies]\n']
        lines += [f'mono-c{need:03d} = {{ path = "../mono-c{need:03d}", version = "{version}" }}\n' for need in needs]
        folder = root / "crates" / f"mono-c{number:03d}"
        (folder / "src").mkdir(parents=True)
        (folder / "src" / "lib.rs").write_text("")
        (folder / "Cargo.toml").write_text("".join(lines))
        lock += f'\n[[package]]\nname = "mono-c{number:03d}"\nversion = "{version}"\n'
        lock += "dependencies = [\n" + "".join(f' "mono-c{need:03d}",\n' for need in needs) + "]\n" if needs else ""
    (root / "Cargo.lock").write_text(lock)
    for number in range(max(1, crates // 6)):
        folder = root / "py" / f"mono-p{number:02d}"
        module = folder / "python" / f"mono_p{number:02d}"
        module.mkdir(parents=True)
        (folder / "pyproject.toml").write_text(f'[project]\nname = "mono-p{number:02d}"\nversion = "{version}"\ndependencies = []\n')
        (module / "__init__.py").write_text(f'"""A package."""\n\n__version__ = "{version}"\n')
    _make_fragile(root)
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "init"], ["tag", f"v{version}"]):
        subprocess.run(["git", *arguments], cwd=root, check=True, env={**os.environ, **GIT})


def _make_fragile(root: Path) -> None:
    """Line ends of Windows, a byte order mark, no final newline, an executable, a private file, and a link beside them."""
    first, second, python = root / "crates/mono-c000/Cargo.toml", root / "crates/mono-c001/Cargo.toml", root / "py/mono-p00/pyproject.toml"
    first.write_bytes(first.read_bytes().replace(b"\n", b"\r\n"))
    first.chmod(0o755)
    second.write_bytes(second.read_bytes().rstrip(b"\n"))
    second.chmod(0o600)
    module = root / "py/mono-p00/python/mono_p00/__init__.py"
    module.write_bytes(b"\xef\xbb\xbf" + module.read_bytes())
    (python.parent / "link.toml").symlink_to("pyproject.toml")
