"""How long `release status` takes, and how much it asks: `python -m tests.registries [FILES]`, 60 files without a number.

Every registry is on this machine; a third of the files are crates, a third wheels of four projects, a third npm packages, and each is an asset on GitHub too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lockstep.release.candidate import FILE, Artifact, ArtifactKind, Candidate, Registry, written
from tests.gate.releases import ReleaseHandler, ReleaseHub
from tests.gate.standin import serve
from tests.registries import standin
from tests.registries.conftest import World, artifact

RUNS = 5


def files(number: int) -> list[Artifact]:
    third = number // 3
    crates = [artifact(Registry.CRATES_IO, f"egg-{one}", f"egg-{one}-1.0.0.crate", ArtifactKind.CRATE, b"x") for one in range(third)]
    wheels = [
        artifact(Registry.PYPI, f"egg-{one % 4}", f"egg_{one % 4}-1.0.0-cp3{one}-cp3{one}-win_amd64.whl", ArtifactKind.WHEEL, b"x") for one in range(third)
    ]
    packages = [artifact(Registry.NPM, f"@spam/egg-{one}", f"spam-egg-{one}-1.0.0.tgz", ArtifactKind.NPM, b"x") for one in range(number - 2 * third)]
    return [*crates, *wheels, *packages]


def measure(world: World, hub: ReleaseHub, folder: Path, name: str) -> None:
    """Run the command as a user does, from its start to its end, and print the fastest of some runs."""
    environment = {**os.environ, "GITHUB_API_URL": hub.url, "GH_TOKEN": "t", "GITHUB_REPOSITORY": hub.name}
    command = [sys.executable, "-m", "lockstep", "release", "status", "--format", "json"]
    times, found = [], {}
    for _ in range(RUNS):
        begun = time.perf_counter()
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
        times.append(time.perf_counter() - begun)
        found = json.loads(done.stdout)
    asked = {str(registry): len(world.of(registry).asked) // RUNS for registry in (Registry.CRATES_IO, Registry.PYPI, Registry.NPM)}
    for registry in asked:
        world.of(Registry(registry)).asked.clear()
    sys.stdout.write(f"{name:10} {found['state']:10} {min(times):5.2f} s to {max(times):5.2f} s, {found['requests']} requests: {asked}\n")


def main() -> None:
    made = files(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
    candidate = Candidate(tag="v1.0.0", commit="c" * 40, group="main", versions={}, artifacts=tuple(made))
    hub = ReleaseHub(refs={"v1.0.0": "c" * 40}, writers={"t"})
    with (
        serve(standin.Crates(), standin.Handler) as crates,
        serve(standin.PyPI(), standin.Handler) as index,
        serve(standin.Npm(), standin.Handler) as packages,
        serve(hub, ReleaseHandler),
        tempfile.TemporaryDirectory() as folder,
    ):
        world = World(crates, index, packages)
        config = world.config
        lines = [f"crates-io = {config.crates_io!r}", f"pypi = {config.pypi!r}", f"pypi-api = {config.pypi_api!r}", f"npm = {config.npm!r}"]
        Path(folder, "lockstep.toml").write_text("[registries]\n" + "\n".join(lines) + "\n")
        Path(folder, FILE).write_text(written(candidate))
        subprocess.run(["git", "init", "-q", folder], check=True)
        subprocess.run(["git", "-C", folder, "add", "."], check=True)
        measure(world, hub, Path(folder), "nothing")
        for one in made:
            world.publish(one, b"x")
        release = hub.release("v1.0.0")
        for one in made:
            release.add(one.name, b"x")
        measure(world, hub, Path(folder), "everything")


main()
