"""A repository of many packages."""

from __future__ import annotations

from tests.conftest import Repo
from tests.hostile.shapes import CHECK, CRATE, DIFF, SURFACE, WHEEL, Files, Shape, one, times


def _workspace(count: int, name: str, source: str) -> Files:
    """Give crates, each with what `source` makes of its number written `#`."""
    files = {"Cargo.toml": f'[workspace]\nmembers = ["{name}*"]\n', "Cargo.lock": "version = 4\n"}
    for n in range(count):
        files[f"{name}{n}/Cargo.toml"] = CRATE.replace("spam", f"{name}-{n}")
        files[f"{name}{n}/src/lib.rs"] = source.replace("#", str(n))
        files["Cargo.lock"] += f'\n[[package]]\nname = "{name}-{n}"\nversion = "1.0.0"\n'
    return files


def _wheels(count: int, text: str) -> Files:
    return {
        path: text for n in range(count) for path, text in ((f"p{n}/pyproject.toml", WHEEL.replace("spam", f"spam{n}")), (f"p{n}/spam{n}/__init__.py", text))
    }


def _moved(repo: Repo, old: Files, new: Files) -> None:
    """Commit files, and in their place others."""
    repo.write(old).commit()
    repo.git("rm", "-rq", ".")
    repo.write(new).commit()


SHAPES: dict[str, Shape] = {
    "crates of a workspace": one(lambda n: _workspace(n, "a", "pub fn f() {}\n"), SURFACE, 20, 100),
    "crates that are checked": one(lambda n: _workspace(n, "a", ""), CHECK, 40, 200),
    "crates that changed": Shape(
        make=lambda repo, n: repo.write(_workspace(n, "a", "pub fn f() {}\n")).commit().write(_workspace(n, "a", "pub fn f(a: u8) {}\n")).commit(),
        ask=DIFF,
        size=20,
        large=100,
    ),
    "crates that are renamed": Shape(
        make=lambda repo, n: _moved(repo, _workspace(n, "a", "pub fn f#() {}\n"), _workspace(n, "b", "pub fn f#() {}\n")), ask=DIFF, size=20, large=100
    ),
    "crates that are all alike, and renamed": Shape(
        make=lambda repo, n: _moved(repo, _workspace(n, "a", "pub fn f() {}\n"), _workspace(n, "b", "pub fn f() {}\n")), ask=DIFF, size=20, large=100
    ),
    "wheels that changed": Shape(
        make=lambda repo, n: repo.write(_wheels(n, "def f(): ...\n")).commit().write(_wheels(n, "def f(a): ...\n")).commit(), ask=DIFF, size=20, large=100
    ),
    "wheels with a waiver each": Shape(
        make=lambda repo, n: (
            repo.write(
                {
                    **_wheels(n, "def f(): ...\n"),
                    "lockstep.toml": times(n, lambda i: f'[[waivers]]\nrule = "name-removed"\nsymbol = "spam{i}.f"\nreason = "old"\n'),
                }
            )
            .commit()
            .write(_wheels(n, ""))
            .commit()
        ),
        ask=DIFF,
        size=20,
        large=100,
    ),
}
