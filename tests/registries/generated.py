"""Releases that are generated: of how many packages and files, of which kinds, and what each waits for."""

from __future__ import annotations

import random

from lockstep.dataclass import replace
from lockstep.release.candidate import Artifact, ArtifactKind, Candidate, Registry
from tests.registries.acting import COMMIT, sdist, tarball, wheel
from tests.registries.conftest import artifact

MOST_PACKAGES = 12
PLATFORMS = ("manylinux_2_28_x86_64", "macosx_11_0_arm64", "win_amd64")


def made(seed: int) -> tuple[Candidate, dict[str, bytes]]:
    """Generate a release of one to twelve packages: crates, Python packages of one to four files, npm packages with some for platforms, and assets.

    Packages need some of those before them, as those of a repository do: what needs a package needs each of its files that is installed.
    """
    rng = random.Random(seed)
    packages: list[list[Artifact]] = []
    built: dict[str, bytes] = {}
    number_of = rng.randint(1, 4) if rng.random() < 0.6 else rng.randint(5, MOST_PACKAGES)  # most releases are small
    for number in range(number_of):
        name = f"egg-{number}"
        kind = rng.choice([ArtifactKind.CRATE, ArtifactKind.WHEEL, ArtifactKind.NPM, ArtifactKind.ASSET])
        files = _files(rng, seed, name, kind)
        before = [other for package in packages for other in package if other.kind is not ArtifactKind.SDIST and other.registry is not Registry.GITHUB]
        chosen = {other.package for other in before if rng.random() < 0.3}
        needs = tuple(sorted(other.id for other in before if other.package in chosen)) if kind is not ArtifactKind.ASSET else ()
        packages.append([replace(one, needs=tuple(sorted({*one.needs, *needs}))) for one, _ in files])
        built |= {one.name: data for one, data in files}
    return Candidate(tag="v1.0.0", commit=COMMIT, group="main", versions={}, artifacts=tuple(one for many in packages for one in many)), built


def _files(rng: random.Random, seed: int, name: str, kind: ArtifactKind) -> list[tuple[Artifact, bytes]]:
    """Give the files of a package, the platform packages of an npm package with it."""
    if kind is ArtifactKind.CRATE:
        return [(artifact(Registry.CRATES_IO, name, f"{name}-1.0.0.crate", kind, data := f"crate {seed} {name}".encode()), data)]
    if kind is ArtifactKind.ASSET:
        return [(artifact(Registry.GITHUB, name, f"{name}.zip", kind, data := f"asset {seed} {name}".encode()), data)]
    if kind is ArtifactKind.NPM:
        native = [f"@spam/{name}-{number}" for number in range(rng.choice([0, 0, 0, 2]))]
        made_ = [(artifact(Registry.NPM, one, f"{one[1:].replace('/', '-')}-1.0.0.tgz", kind, data := tarball(one)), data) for one in native]
        main = artifact(Registry.NPM, f"@spam/{name}", f"spam-{name}-1.0.0.tgz", kind, data := tarball(f"@spam/{name}"))
        return [*made_, (replace(main, needs=tuple(sorted(one.id for one, _ in made_))), data)]
    stem = f"{name.replace('-', '_')}-1.0.0"
    platforms = rng.sample(PLATFORMS, rng.randint(1, 3)) if rng.random() < 0.3 else []
    tags = [f"cp310-abi3-{one}" for one in platforms] or ["py3-none-any"]
    found = [(artifact(Registry.PYPI, name, f"{stem}-{tag}.whl", kind, data := wheel(name, mark=f"{seed} {tag}")), data) for tag in tags]
    if rng.random() < 0.4:
        found.append((artifact(Registry.PYPI, name, f"{stem}.tar.gz", ArtifactKind.SDIST, data := sdist(name)), data))
    return found
