"""A registry without a network: crates in a folder that stands for crates.io and for a registry of a company.

Source: https://doc.rust-lang.org/cargo/reference/source-replacement.html#directory-sources; cargo writes locks as if the real one had answered.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

CRATES: dict[str, dict[str, str]] = {
    "aster": {
        "0.1.0": "",
        "0.1.4": "",
        "0.2.0": "",
        "1.0.0-rc.1": "",
        "1.0.0": '[dependencies]\nbriar = "1"\n',
        "1.3.0": '[dependencies]\nbriar = "1"\nclover = { version = "0.3", optional = true }\n',
    },
    "briar": {"0.9.0": "", "1.0.2": "", "1.4.0": "", "2.0.0": ""},
    "clover": {"0.3.0": "", "0.3.7": '[dependencies]\nbriar = ">=0.9, <2"\n'},
    "daisy": {"2.0.0": '[dependencies]\naster = "1"\nclover = "0.3"\n', "2.1.0-beta.1": ""},
}
"""What each version of each crate says besides its name."""

OURS = "sparse+https://crates.example.org/index/"
"""The registry of a company, called `ours`."""

REQUIREMENTS: dict[str, tuple[str, ...]] = {
    "aster": ("1", "0.1", "0.1.4", "=0.1.0", "1.0", "~1.0", ">=0.1, <1", "*", "1.0.0-rc.1", "=1.0.0-rc.1", "0.2.*", ">0.1, <=1.0.0", "^1.3.0", "0"),
    "briar": ("1", "0.9", "2", "1.0.2", "~1.0", "<2", ">=1, <3", "=1.4"),
    "clover": ("0.3", "=0.3.0", "0.3.7", "*"),
    "daisy": ("2", "2.1.0-beta.1", "=2.0.0", ">=2.0.0-a"),
}
"""What a manifest may ask for; each has an answer."""


def stock(home: Path) -> None:
    """Put the crates into cargo's home, and tell cargo that they are what the registries have."""
    shelf = home / "shelf"
    for name, versions in CRATES.items():
        for version, more in versions.items():
            folder = shelf / f"{name}-{version}"
            (folder / "src").mkdir(parents=True, exist_ok=True)
            (folder / "src" / "lib.rs").touch()
            (folder / "Cargo.toml").write_text(f'[package]\nname = "{name}"\nversion = "{version}"\nedition = "2021"\n\n{more}')
            checksum = hashlib.sha256(folder.name.encode()).hexdigest()
            (folder / ".cargo-checksum.json").write_text(json.dumps({"files": {}, "package": checksum}))
    (home / "config.toml").write_text(
        f'[registries.ours]\nindex = "{OURS}"\n\n'
        '[source.crates-io]\nreplace-with = "shelf"\n\n'
        f'[source.company]\nregistry = "{OURS}"\nreplace-with = "shelf"\n\n'
        f"[source.shelf]\ndirectory = {json.dumps(str(shelf))}\n"
    )
