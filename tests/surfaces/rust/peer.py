"""Compare the reading of Rust crates with cargo-semver-checks: `python -m tests.surfaces.rust.peer CRATE...` (see --help).

Of each crate of the registry, pairs of adjacent releases are compared by both: those that may break first, then those where the minor number moves, then
others, the newest first. The peer builds both versions; what it says is kept in a folder, so that a second run costs little. Both look at what
is on by default.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from lockstep.comparison.second_opinion import LintResult, SecondOpinion, paths_by_place, same_symbol, with_user_paths
from lockstep.config.reading import load
from lockstep.evidence.semver_checks import Roots, read
from lockstep.model import Confidence, Finding, Level, Place
from lockstep.project.project import discover
from lockstep.rules import judge_surfaces
from lockstep.rules.compat import Comparison
from lockstep.surface import Surface
from lockstep.surfaces import rust
from lockstep.tree import MemoryTree
from lockstep.versions.version import Version

HOME = Path.home() / ".cargo" / "registry"
PAIRS = 6
CRATES = ("url", "semver", "itoa", "base64", "arrayvec", "heck", "fixedbitset", "indexmap", "uuid", "smallvec", "hashbrown")


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a comparison came to."""

    seen: Counter[Confidence] = field(default_factory=Counter)
    missed: list[tuple[str, LintResult]] = field(default_factory=list)
    confirmed: int = 0
    alarms: list[tuple[str, Finding]] = field(default_factory=list)
    reviews: int = 0
    doubted: list[tuple[str, Finding]] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Add another's figures."""
        self.seen += other.seen
        self.missed += other.missed
        self.confirmed += other.confirmed
        self.alarms += other.alarms
        self.reviews += other.reviews
        self.doubted += other.doubted

    def line(self, name: str) -> str:
        """Write the figures."""
        peer = self.seen.total() + len(self.missed)
        return (
            f"{name:24} peer {peer:4}  seen {self.seen.total():4} (certain {self.seen[Confidence.CERTAIN]}, review {self.seen[Confidence.REVIEW]})"
            f"  certain of ours {self.confirmed + len(self.alarms):4}: confirmed {self.confirmed}, alone {len(self.alarms)}  for review {self.reviews}"
        )


# ---- the registry


def _dummy(folder: Path, crate: str, requirement: str) -> None:
    (folder / "src").mkdir(exist_ok=True)
    (folder / "src" / "lib.rs").write_text("")
    (folder / "Cargo.lock").unlink(missing_ok=True)
    (folder / "Cargo.toml").write_text(f'[package]\nname = "peer"\nversion = "0.0.0"\n[dependencies]\n{crate} = "{requirement}"\n[workspace]\n')
    subprocess.run(["cargo", "fetch", "--quiet"], cwd=folder, check=True)


def _source(folder: Path, crate: str, version: Version) -> Path:
    """Give the folder of a release, fetched by cargo."""
    pattern = f"src/*/{crate}-{version}*"  # with what stands behind a plus
    if not any(HOME.glob(pattern)):
        _dummy(folder, crate, f"={version}")
    return min(HOME.glob(pattern), key=lambda one: len(one.name))


def _versions(folder: Path, crate: str) -> list[Version]:
    """Give the releases of a crate, oldest first, from the index that cargo keeps."""
    _dummy(folder, crate, "*")
    shard = {1: "1", 2: "2", 3: f"3/{crate[0]}"}.get(len(crate), f"{crate[:2]}/{crate[2:4]}")
    path = next(HOME.glob(f"index/*/.cache/{shard}/{crate}"))
    entries = [json.loads(part) for part in path.read_bytes().split(b"\0") if part.startswith(b"{")]
    found = [Version.read(one["vers"].partition("+")[0]) for one in entries if not one["yanked"]]
    return sorted(one for one in found if one.pre is None)


def _pairs(versions: Sequence[Version], count: int) -> list[tuple[Version, Version]]:
    adjacent = list(pairwise(versions))[::-1]

    def size(one: tuple[Version, Version]) -> int:
        old, new = one
        if old.major != new.major or (not old.major and old.minor != new.minor):
            return 0
        return 1 if old.minor != new.minor else 2

    return sorted(adjacent, key=size)[:count]


# ---- the two answers


def _peer(old: Path, new: Path, kept: Path) -> tuple[LintResult, ...] | None:
    """Ask cargo-semver-checks; None where it cannot build one of the two."""
    if not kept.exists():
        arguments = ["--manifest-path", str(new / "Cargo.toml"), "--baseline-root", str(old), "--release-type", "minor", "--default-features"]
        done = subprocess.run(["cargo", "semver-checks", *arguments, "--color", "never"], capture_output=True, text=True, check=False)
        kept.write_text(done.stdout + "\n\n" + done.stderr)
    out, _, err = kept.read_text().partition("\n\n    Building ")
    return read(f"{out}\n\n", f"    Building {err}", Roots(base=old, head=new, target=kept.parent), {})


def surface(root: Path) -> tuple[Surface, Version]:
    """Read the surface of a crate that lies in a folder."""
    files = {str(path.relative_to(root)): path.read_text(encoding="utf-8", errors="replace") for path in root.rglob("*.rs")}
    tree = MemoryTree({**files, "Cargo.toml": (root / "Cargo.toml").read_text()})
    packages = discover(tree, load(tree)).packages
    package = next(one for one in packages if not one.root)
    assert package.version is not None
    return next(iter(rust.read(tree, [package]))), package.version


def judged(base: Surface, head: Surface, version: Version) -> list[Finding]:
    """Judge two releases, as far as the default features go."""
    comparison = Comparison(base=base, head=head, version=version)

    def always(path: str) -> bool:
        items = [items[path] for items in (base.items, head.items) if path in items]
        return any("feature" not in (item.condition or "") for item in items)

    return [one for one in judge_surfaces(comparison) if one.symbol is not None and always(one.symbol)]


def _breaks(one: Finding) -> bool:
    return one.level is Level.ERROR


def compare(old: Path, new: Path, kept: Path) -> Tally | None:
    """Hold both answers beside each other."""
    peer = _peer(old, new, kept)
    if peer is None:
        return None
    (base, version), (head, _) = surface(old), surface(new)
    named = paths_by_place(base), paths_by_place(head)
    peer = tuple(with_user_paths(said, *named) for said in peer)
    mine = [one for one in judged(base, head, version) if _breaks(one) or one.confidence is Confidence.REVIEW]
    found, step = Tally(), f"{old.name} -> {new.name.rpartition('-')[2]}"
    matched: set[int] = set()
    for said in peer:
        same = [index for index, one in enumerate(mine) if same_symbol(one, said)]
        matched.update(same)
        if same:
            sure = any(mine[index].confidence is Confidence.CERTAIN for index in same)
            found.seen[Confidence.CERTAIN if sure else Confidence.REVIEW] += 1
        else:
            found.missed.append((step, said))
    for index, one in enumerate(mine):
        if one.confidence is Confidence.REVIEW:
            found.reviews += 1
        elif index in matched:
            found.confirmed += 1
        else:
            found.alarms.append((step, one))
    heard = Comparison(base=base, head=head, version=version, opinion=SecondOpinion(package="", place=Place(path="Cargo.toml"), lints=peer))
    found.doubted += ((step, one) for one in judge_surfaces(heard) if "which built both" in one.message)
    return found


# ---- the command


def run(crates: Sequence[str], count: int, folder: Path) -> Iterator[str]:
    """Compare each crate and give the report line by line."""
    folder.mkdir(parents=True, exist_ok=True)
    total = Tally()
    with tempfile.TemporaryDirectory() as scratch:
        for crate in crates:
            mine, failed = Tally(), 0
            for old, new in _pairs(_versions(Path(scratch), crate), count):
                roots = [_source(Path(scratch), crate, one) for one in (old, new)]
                one = compare(roots[0], roots[1], folder / f"{crate}-{old}-{new}.txt")
                if one is None:
                    failed += 1
                else:
                    mine.add(one)
            total.add(mine)
            yield mine.line(crate) + (f"  not built: {failed}" if failed else "")
    yield total.line("all")
    yield "\nour misses, by lint"
    for lint, number in Counter(said.lint for _, said in total.missed).most_common():
        yield f"  {number:4} {lint}"
        yield from (f"         {step}: {said.text} ({said.place})" for step, said in total.missed if said.lint == lint)
    yield "\nwhat `--witness` takes back, because the peer looks for it and does not find it"
    yield from (f"         {step}: {one.message} ({one.place})" for step, one in total.doubted)
    yield "\nwhat we alone call certain, by rule"
    for rule, number in Counter(one.rule for _, one in total.alarms).most_common():
        yield f"  {number:4} {rule}"
        yield from (f"         {step}: {one.message} ({one.place})" for step, one in total.alarms if one.rule == rule)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("crates", nargs="*", default=CRATES, help="crates of the registry")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="pairs of each crate")
    parser.add_argument("--answers", type=Path, default=Path(tempfile.gettempdir(), "lockstep-peer"), help="where the peer's answers are kept")
    chosen = parser.parse_args()
    if shutil.which("cargo-semver-checks") is None:
        sys.exit("cargo-semver-checks is not installed: cargo install cargo-semver-checks --locked")
    for line in run(chosen.crates, chosen.pairs, chosen.answers):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
