"""Measures lockstep against its peers and prints the table of `benchmarks/README.md`: `python benchmarks [--quick]`.

Both sides of a row run in turn, in one go, on the same machine; what counts is the ratio of the medians. The peers come from the package registry,
at the versions below, into a virtual environment of their own; lockstep is built from this checkout and installed into another.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import monorepo

HERE = Path(__file__).parent
PEERS = ("tbump==6.11.0", "bump-my-version==1.8.1", "commitizen==4.19.3", "griffe==2.4.1")
HEAD = "| what | against | runs | lockstep | the other | ratio | of the processor's time | aim |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
LARGE = {"polars": 8, "bevy": 6, "arrow-rs": 3, "pyo3": 5, "opendal": 3}
"""Seconds that a first `diff` of these may take on two cores."""
RELEASE = re.compile(r"(?P<name>(?:[a-z][a-z0-9_]*[-/])*v?)\d+(?:\.\d+)+")
ORDVEC = "https://github.com/Fieldnote-Echo/ordvec"
TBUMP_ORDVEC = """[version]
current = "0.5.0"
regex = '(?P<major>\\d+)\\.(?P<minor>\\d+)\\.(?P<patch>\\d+)'
[git]
message_template = "release {new_version}"
tag_template = "v{new_version}"
""" + "".join(
    f'[[file]]\nsrc = "{path}"\nsearch = \'version = "{{current_version}}"\'\n'
    for path in ("Cargo.toml", "ordvec-manifest/Cargo.toml", "ordvec-python/Cargo.toml", "ordvec-python/pyproject.toml")
)


class Side(NamedTuple):
    """One command of a row: what to run where, and how to put the folder back."""

    name: str
    command: Sequence[str]
    folder: Path
    more: dict[str, str] = {}  # noqa: RUF012 - nobody writes to it
    after: Callable[[], None] = lambda: None
    codes: tuple[int, ...] = (0,)


class Taken(NamedTuple):
    """What one run took: seconds by the clock, seconds of the processor, KiB at its peak."""

    wall: float
    cpu: float
    memory: int


class Row(NamedTuple):
    """One line of the table: ours, the peers, and the aim."""

    what: str
    aim: float
    ours: Side
    peers: tuple[Side, ...]


def once(side: Side) -> Taken:
    """Run a side once."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON"))} | side.more
    start = time.perf_counter()
    process = subprocess.Popen(side.command, cwd=side.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    side.after()
    if process.returncode not in side.codes:
        raise SystemExit(f"{side.name} ended with {process.returncode}: {' '.join(map(str, side.command))} (in {side.folder})")
    return Taken(wall, used.ru_utime + used.ru_stime, used.ru_maxrss // (1024 if sys.platform == "darwin" else 1))


def measure(sides: Sequence[Side], runs: int) -> list[list[Taken]]:
    """Run the sides in turn; the first round warms the disk's cache and does not count."""
    taken: list[list[Taken]] = [[] for _ in sides]
    for number in range(runs + 1):
        for side, found in zip(sides, taken, strict=True):
            one = once(side)
            if number:
                found.append(one)
    return taken


def median(taken: Sequence[Taken], what: str = "wall") -> float:
    """Give the median of one figure."""
    return statistics.median([float(getattr(one, what)) for one in taken])


def install(folder: Path) -> tuple[Path, Path]:
    """Make a virtual environment for lockstep and one for the peers; give their folders of programs."""
    homes = []
    for name, wanted in (("lockstep", ()), ("peers", PEERS)):
        home = folder / name
        python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
        if not (home / "ready").exists():
            venv.create(home, with_pip=True, clear=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", *(wanted or [HERE.parent])], check=True)
            (home / "ready").touch()
        homes.append(python.parent)
    subprocess.run([homes[0] / "python", "-m", "pip", "install", "--quiet", "--force-reinstall", "--no-deps", HERE.parent], check=True)
    return homes[0], homes[1]


def ordvec(source: str, folder: Path) -> Path | None:
    """Clone the project that the diff is measured on; None where it cannot be reached."""
    if not folder.exists() and subprocess.run(["git", "clone", "--quiet", "--no-local", source, str(folder)], check=False).returncode:
        return None
    subprocess.run(["git", "checkout", "--quiet", "--detach", "v0.5.0"], cwd=folder, check=True)
    (folder / "tbump.toml").write_text(TBUMP_ORDVEC, encoding="utf-8")
    return folder


def rows(ours: Path, peers: Path, mono: Path, project: Path | None, scratch: Path) -> list[Row]:
    """Give the comparisons that this machine can make."""

    def restore() -> None:
        subprocess.run(["git", "checkout", "--quiet", "."], cwd=mono, check=True)

    def lockstep(*words: str, folder: Path = mono, **more: object) -> Side:
        return Side(f"lockstep {' '.join(words)}", (str(ours / "lockstep"), *words), folder, **more)  # type: ignore[arg-type]  # fields of Side, by their names

    def peer(name: str, *words: str, folder: Path = mono, **more: object) -> Side:
        return Side(f"{name} {' '.join(words)}", (str(peers / name), *words), folder, **more)  # type: ignore[arg-type]  # fields of Side, by their names

    patch = ("0.5.0", "--only-patch", "--non-interactive")
    found = [Row("`lockstep --help`", 1.0, lockstep("--help"), (peer("tbump", "--help"),))]
    if project is not None:
        dry = peer("tbump", "0.5.1", "--only-patch", "--non-interactive", "--dry-run", folder=project)
        found.append(Row("`lockstep check`, ordvec", 1.0, lockstep("check", folder=project), (dry,)))
    if cargo := shutil.which("cargo"):
        metadata = Side("cargo metadata --locked --offline", (cargo, "metadata", "--locked", "--offline", "--format-version", "1"), mono)
        found.append(Row("`lockstep check`, monorepo", 1.0, lockstep("check"), (metadata,)))
    found.append(Row("`lockstep bump minor --dry-run`, monorepo", 1.0, lockstep("bump", "minor", "--dry-run"), (peer("tbump", *patch, "--dry-run"),)))
    bump = lockstep("bump", "minor", after=restore)
    others = (
        peer("tbump", *patch, after=restore),
        peer("bump-my-version", "bump", "minor", "--allow-dirty", after=restore),
        peer("cz", "bump", "--version-files-only", "--yes", "--increment", "MINOR", after=restore),
    )
    found.append(Row("`lockstep bump minor`, monorepo", 0.5, bump, others))
    if project is not None:
        griffe = peer("griffe", "check", "ordvec", "-s", "ordvec-python/python", "-a", "v0.4.0", "-b", "v0.5.0", folder=project, codes=(0, 1))
        for what, aim, cache in (("cold", 1.0, ""), ("cached", 0.3, str(scratch / "cache"))):
            diff = lockstep("diff", "v0.4.0", "v0.5.0", folder=project, more={"LOCKSTEP_CACHE_DIR": cache}, codes=(0, 1, 3))
            found.append(Row(f"`lockstep diff v0.4.0 v0.5.0`, ordvec, {what}", aim, diff, (griffe,)))
    return found


def releases(folder: Path) -> tuple[str, str] | None:
    """Give the two newest release tags of one name in a clone, the older one first; None where there are not two."""
    said = subprocess.run(["git", "tag", "--sort=-version:refname"], cwd=folder, check=True, capture_output=True, text=True).stdout.split()
    newest = subprocess.run(["git", "tag", "--sort=-creatordate"], cwd=folder, check=True, capture_output=True, text=True).stdout.split()
    last = next((tag for tag in newest if RELEASE.fullmatch(tag)), None)
    if last is None or (kind := RELEASE.fullmatch(last)) is None:
        return None
    others = [tag for tag in said if (one := RELEASE.fullmatch(tag)) is not None and one["name"] == kind["name"]]
    at = others.index(last) + 1
    return (others[at], last) if at < len(others) else None


def measure_large(folder: Path, ours: Path, peers: Path, runs: int) -> None:
    """Print the row of one clone: a first `diff` between its last two releases, with the clock, the processor and the memory that it takes.

    Where it has a Python package of its name at the top or below `src`, `griffe check` reads that between the same releases.
    """
    pair = releases(folder)
    if pair is None:
        print(f"| `lockstep diff`, {folder.name} | no two releases | | | | | | |")
        return
    sides = [Side("lockstep diff", (str(ours / "lockstep"), "diff", *pair), folder, {"LOCKSTEP_CACHE_DIR": ""}, codes=(0, 1, 3))]
    for above in ("", "src"):
        module = f"{pair[1]}:{'/'.join(filter(None, (above, folder.name, '__init__.py')))}"
        if subprocess.run(["git", "cat-file", "-e", module], cwd=folder, check=False, stderr=subprocess.DEVNULL).returncode:
            continue
        command = (str(peers / "griffe"), "check", folder.name, "-a", pair[0], "-b", pair[1], *(("-s", above) if above else ()))
        sides.append(Side("griffe check", command, folder, codes=(0, 1)))
    first, *others = measure(sides, runs)
    memory = f"{max(one.memory for one in first) / 1024:.0f} MB"
    times = f"{median(first):.1f} s, {median(first, 'cpu'):.1f} s of the processor, {memory}"
    what = f"`lockstep diff {' '.join(pair)}`, {folder.name}, cold"
    aim = f"{LARGE[folder.name]} s" if folder.name in LARGE else ""
    if not others:
        print(f"| {what} | | {runs} | {times} | | | | {aim} |", flush=True)
        return
    ratios = (median(first) / median(others[0]), median(first, "cpu") / median(others[0], "cpu"))
    print(
        f"| {what} | `griffe check` | {runs} | {times} | {median(others[0]):.1f} s | {ratios[0]:.2f} | {ratios[1]:.2f} | {aim} |",
        flush=True,
    )


def measure_warm(folder: Path, ours: Path, scratch: Path, runs: int) -> None:
    """Print what is asked of a clone again and again: a `diff` after one more commit, a dry `bump` there, and the surface of a tree that nobody has read.

    All of it is done in a clone of the clone, with a cache of its own.
    """
    pair = releases(folder)
    if pair is None:
        return
    with tempfile.TemporaryDirectory(dir=scratch) as temporary:
        clone, cache = Path(temporary) / folder.name, str(Path(temporary) / "cache")
        git = ("git", "-c", "user.name=benchmark", "-c", "user.email=benchmark@example.com")
        subprocess.run([*git, "clone", "--quiet", "--shared", "--no-checkout", str(folder), str(clone)], check=True)
        subprocess.run([*git, "checkout", "--quiet", "--detach", pair[1]], cwd=clone, check=True)
        listed = subprocess.run([*git, "ls-files", "*/src/lib.rs", "src/lib.rs"], cwd=clone, check=True, capture_output=True, text=True).stdout.split()
        touched = clone / listed[len(listed) // 2]

        def commit() -> None:
            with touched.open("a", encoding="utf-8") as file:
                file.write(f"pub fn added_{touched.stat().st_size}() {{}}\n")
            subprocess.run([*git, "commit", "--quiet", "--all", "--message=feat: one more function"], cwd=clone, check=True)

        program = str(ours / "lockstep")
        rows = (
            (f"`lockstep diff {pair[0]}` after a commit to {touched.parts[-3]}", (program, "diff", pair[0]), cache, commit, 1.5),
            ("`lockstep bump patch --dry-run` after a commit", (program, "bump", "patch", "--dry-run"), cache, commit, 2.0),
            ("`lockstep surface`, cold", (program, "surface"), "", lambda: None, 3.0),
        )
        for what, command, kept, after, aim in rows:
            (found,) = measure([Side(what, command, clone, {"LOCKSTEP_CACHE_DIR": kept}, after=after, codes=(0, 1, 3))], runs)
            times = f"{median(found):.2f} s, {median(found, 'cpu'):.2f} s of the processor, {max(one.memory for one in found) / 1024:.0f} MB"
            print(f"| {what}, {folder.name} | | {runs} | {times} | | | | {aim} s |", flush=True)


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--quick", action="store_true", help="a small repository and one run: does it work?")
    reader.add_argument("--runs", type=int, default=9, help="how often each side runs (default 9)")
    reader.add_argument("--work", type=Path, help="keep the environment and the repositories in this folder, for the next time")
    reader.add_argument("--ordvec", default=ORDVEC, help="where to clone ordvec from")
    reader.add_argument(
        "--large",
        type=Path,
        nargs="+",
        metavar="DIR",
        help="measure these clones instead; nothing is fetched into them",
    )
    options = reader.parse_args()
    runs = 1 if options.quick else max(options.runs, 1)
    crates, wheels = (12, 4) if options.quick else (300, 50)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(options.work or temporary).resolve()
        work.mkdir(parents=True, exist_ok=True)
        programs, peers = install(work)
        print(HEAD)
        if options.large:
            for folder in options.large:
                measure_large(folder.resolve(), programs, peers, runs)
                measure_warm(folder.resolve(), programs, work, runs)
            return
        small, large = (folder if (folder := work / f"mono-{count}").exists() else monorepo.make(folder, count, wheels) for count in (crates, crates * 10))
        for row in rows(programs, peers, small, ordvec(options.ordvec, work / "ordvec"), work):
            ours, *others = measure((row.ours, *row.peers), runs)
            fastest = min(others, key=median)
            name = row.peers[others.index(fastest)].name
            ratios = (median(ours) / median(fastest), median(ours, "cpu") / median(fastest, "cpu"))
            times = f"{median(ours) * 1000:.0f} ms | {median(fastest) * 1000:.0f} ms"
            print(f"| {row.what} | `{name}` | {runs} | {times} | {ratios[0]:.2f} | {ratios[1]:.2f} | {row.aim:.1f} |", flush=True)
        check = (str(programs / "lockstep"), "check")
        ours, ten = measure((Side("check", check, small), Side("check", check, large)), runs)
        times = f"{median(ten) * 1000:.0f} ms | {median(ours) * 1000:.0f} ms"
        growth = (median(ten) / median(ours), median(ten, "cpu") / median(ours, "cpu"))
        print(f"| `lockstep check`, {crates} to {crates * 10} crates | itself | {runs} | {times} | {growth[0]:.2f} | {growth[1]:.2f} | 11.0 |")
        print(f"| peak memory of `lockstep check`, {crates} crates | | {runs} | {max(one.memory for one in ours) / 1024:.1f} MB | | | | 40 MB |")


main()
