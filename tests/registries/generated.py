"""Releases that are generated: of how many files, of which kinds, and what each waits for."""

from __future__ import annotations

import random

from lockstep.dataclass import replace
from lockstep.release.candidate import Artifact, ArtifactKind, Candidate, Registry
from tests.registries.acting import COMMIT, tarball, wheel
from tests.registries.conftest import artifact


def made(seed: int) -> tuple[Candidate, dict[str, bytes]]:
    """Generate a release of one to six files: crates, wheels and npm packages that need some of those before them, and sometimes an asset."""
    rng = random.Random(seed)
    files: list[Artifact] = []
    built: dict[str, bytes] = {}
    for number in range(rng.randint(1, 6)):
        name = f"egg-{number}"
        kind = rng.choice([ArtifactKind.CRATE, ArtifactKind.WHEEL, ArtifactKind.NPM, ArtifactKind.ASSET])
        if kind is ArtifactKind.CRATE:
            one = artifact(Registry.CRATES_IO, name, f"{name}-1.0.0.crate", kind, data := f"crate {seed} {number}".encode())
        elif kind is ArtifactKind.WHEEL:
            one = artifact(Registry.PYPI, name, f"egg_{number}-1.0.0-py3-none-any.whl", kind, data := wheel(name, mark=str(seed)))
        elif kind is ArtifactKind.NPM:
            one = artifact(Registry.NPM, f"@spam/{name}", f"spam-{name}-1.0.0.tgz", kind, data := tarball(f"@spam/{name}"))
        else:
            one = artifact(Registry.GITHUB, name, f"{name}.zip", kind, data := f"asset {seed} {number}".encode())
        needs = tuple(sorted(other.id for other in files if other.registry is not Registry.GITHUB and rng.random() < 0.4))
        files.append(replace(one, needs=needs if one.registry is not Registry.GITHUB else ()))
        built[one.name] = data
    return Candidate(tag="v1.0.0", commit=COMMIT, group="main", versions={}, artifacts=tuple(files)), built
