"""`lockstep diff --witness cargo-semver-checks`: the real tool where it is installed, and programs in its place that fail in every way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lockstep.evidence import semver_checks
from tests.conftest import Fresh, Repo, Run

MANIFEST = '[package]\nname = "spam"\nversion = "{}"\nedition = "2021"\n'
BEFORE = """\
#[derive(Debug, Clone)]
pub struct Shelf { pub width: u32 }
pub enum Size { Small, Large }
pub fn fry(minutes: u32) -> u32 { minutes }
pub fn stir() -> Size { Size::Small }
pub struct Held(Vec<u8>);
"""
AFTER = """\
#[derive(Debug)]
pub struct Shelf { pub width: u32 }
pub enum Size { Small, Large, Medium }
type Kept = Size;
pub fn stir() -> Kept { Size::Small }
pub struct Held(std::rc::Rc<Vec<u8>>);
"""
ASK = ("diff", "v1.2.0", "--witness", "cargo-semver-checks")


@pytest.fixture
def spam(fresh: Fresh) -> Repo:
    """A crate that breaks in the work tree, in a patch release."""
    repo = fresh({"Cargo.toml": MANIFEST.format("1.2.0"), "src/lib.rs": BEFORE})
    repo.commit(tag="v1.2.0")
    return repo.write({"Cargo.toml": MANIFEST.format("1.2.1"), "src/lib.rs": AFTER})


@pytest.fixture
def still(fresh: Fresh) -> Repo:
    """A crate of which nothing that shows has changed, in a patch release."""
    repo = fresh({"Cargo.toml": MANIFEST.format("1.2.0"), "src/lib.rs": BEFORE})
    repo.commit(tag="v1.2.0")
    return repo.write({"Cargo.toml": MANIFEST.format("1.2.1"), "src/lib.rs": f"{BEFORE}fn private() {{}}\n"})


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real tool; without one the test is skipped, for that reason alone."""
    if shutil.which("cargo-semver-checks") is None or subprocess.run(["rustdoc", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("cargo-semver-checks is not installed, or there is no rustdoc for it")
    monkeypatch.setenv("CARGO_NET_OFFLINE", "true")


def stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path, body: str) -> None:
    """Put a program in the tool's place, which lists its lints as that does and then does `body`."""
    folder.mkdir()
    program = folder / "cargo-semver-checks"
    listing = 'if "--version" in sys.argv: print("cargo-semver-checks 9.9.9"); raise SystemExit\nif "--list" in sys.argv: raise SystemExit\n'
    program.write_text(f"#!{sys.executable}\nimport os, sys, time\n{listing}{body}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def document(run: Run, repo: Repo, code: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*ASK, "--format", "json", repo=repo, code=code).out)
    return found


@pytest.mark.usefixtures("real")
def test_its_findings_and_ours_are_one_list(spam: Repo, run: Run) -> None:
    before = spam.contents(), spam.git("status", "--porcelain"), sorted(path.name for path in spam.path(".git").iterdir())
    found = document(run, spam, 1)
    assert {(one["rule"], one["symbol"], one["lint"], one["requires"], one["confidence"]) for one in found["findings"]} == {
        ("rust-implementation-lost", "spam::Shelf", "derive_trait_impl_removed", "major", "certain"),
        ("rust-variant-added", "spam::Size::Medium", "enum_variant_added", "major", "certain"),
        ("rust-item-removed", "spam::fry", "function_missing", "major", "certain"),
        ("rust-type-changed", "spam::stir", None, "patch", "review"),
        ("semver-check-failed", "spam::Held", "auto_trait_impl_removed", "major", "certain"),
    }
    (asked,) = found["witnesses"]
    assert (asked["package"], asked["answered"], asked["findings"]) == ("spam", True, 5)
    assert before == (spam.contents(), spam.git("status", "--porcelain"), sorted(path.name for path in spam.path(".git").iterdir()))


@pytest.mark.usefixtures("real")
def test_a_break_that_it_alone_sees_decides(still: Repo, run: Run) -> None:
    still.write({"src/lib.rs": BEFORE.replace("Vec<u8>", "std::rc::Rc<u8>")})
    assert "no surface changed" in run("diff", "v1.2.0", repo=still, code=0).out
    shown = run(*ASK, repo=still, code=1).out
    assert "type Held is no longer Send" in shown
    assert "cargo-semver-checks: auto_trait_impl_removed" in shown


@pytest.mark.usefixtures("real")
def test_what_it_finds_nothing_in_is_well(still: Repo, run: Run) -> None:
    found = document(run, still, 0)
    assert (found["verdict"], found["findings"], [one["answered"] for one in found["witnesses"]]) == ("ok", [], [True])


@pytest.mark.usefixtures("real")
def test_what_it_cannot_build_is_never_compatible(still: Repo, run: Run) -> None:
    still.write({"src/lib.rs": f"{BEFORE}fn private() -> Gone {{}}\n"})
    found = document(run, still, 3)
    assert found["verdict"] == "unproven"
    assert "cannot build spam v1.2.1: cannot find type `Gone`" in found["witnesses"][0]["why"]
    assert any("cannot build spam v1.2.1" in blind["why"] for row in found["surfaces"] for blind in row["blind"])


@pytest.mark.usefixtures("real")
def test_features_that_exclude_each_other_are_built_by_default(still: Repo, run: Run) -> None:
    features = "[features]\na = []\nb = []\n"
    clash = '#[cfg(all(feature = "a", feature = "b"))] compile_error!("a or b");\n'
    still.write({"Cargo.toml": MANIFEST.format("1.2.0") + features, "src/lib.rs": BEFORE + clash}).commit()
    still.git("tag", "-f", "v1.2.0")
    still.write({"Cargo.toml": MANIFEST.format("1.2.1") + features, "src/lib.rs": BEFORE.replace("Vec<u8>", "std::rc::Rc<u8>") + clash})
    found = document(run, still, 1)
    assert "default features alone" in found["witnesses"][0]["why"]


def test_it_is_not_installed(still: Repo, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    git = shutil.which("git")
    assert git is not None
    (tmp_path / "bin" / "git").symlink_to(git)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    found = document(run, still, 3)
    assert found["verdict"] == "unproven"
    assert [(one["answered"], one["why"]) for one in found["witnesses"]] == [(False, semver_checks.ABSENT)]
    for format_ in ("text", "markdown", "github"):
        shown = run(*ASK, "--format", format_, repo=still, code=3)
        assert "cargo install cargo-semver-checks" in shown.err
        assert "unproven" in shown.out + shown.err
    run("diff", "v1.2.0", repo=still, code=0)


def test_a_step_that_may_break_needs_no_proof(still: Repo, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in(monkeypatch, tmp_path / "bin", "raise SystemExit(101)")
    still.write({"Cargo.toml": MANIFEST.format("2.0.0")})
    found = document(run, still, 0)
    assert (found["verdict"], found["witnesses"][0]["answered"]) == ("ok", False)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("os.abort()", "it ended with code -6"),
        ("raise SystemExit(101)", "it ended with code 101"),
        ("sys.exit('error: no such thing')", "no such thing"),
        ("print('all is well')", "cannot be read"),
        ("raise SystemExit(0)", "cannot be read"),
        ("raise SystemExit(100)", "cannot be read"),
        (r"os.write(1, b'\xff\x00--- failure x: y ---\n'); os.write(2, b'\xff')", "cannot be read"),
        ("sys.stderr.write('     Checked [   0.1s] 9 checks: 8 pass, 1 fail, 0 warn, 0 skip\\n'); raise SystemExit(100)", "cannot be read"),
    ],
)
def test_no_answer_is_never_a_good_one(body: str, why: str, still: Repo, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in(monkeypatch, tmp_path / "bin", body)
    found = document(run, still, 3)
    assert found["verdict"] == "unproven"
    assert why in found["witnesses"][0]["why"]


def test_one_that_never_ends_is_ended_with_all_that_it_started(still: Repo, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    child = f"import subprocess; child = subprocess.Popen(['sleep', '300']); open({str(pid)!r}, 'w').write(str(child.pid)); time.sleep(300)"
    stand_in(monkeypatch, tmp_path / "bin", child)
    monkeypatch.setattr(semver_checks, "SECONDS", 2)
    found = document(run, still, 3)
    assert "gave no answer" in found["witnesses"][0]["why"]
    state = Path(f"/proc/{pid.read_text()}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_one_of_the_repository_is_not_run(still: Repo, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, still.path("tools"), "open('ran', 'w')")
    monkeypatch.setenv("PATH", f"{still.path('tools')}{os.pathsep}/usr/bin{os.pathsep}/bin")
    found = document(run, still, 3)
    assert found["witnesses"][0]["why"] == semver_checks.REFUSED.format("<root>/tools/cargo-semver-checks")
    assert not still.path("ran").exists()


def test_it_gets_both_moments_as_they_are_tracked_in_a_folder_of_their_own(still: Repo, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Links that lead out are left out, nothing of the work tree is theirs, and all of it is gone in the end."""
    still.git("config", "core.hooksPath", "hooks")
    still.write({"hooks/post-checkout": "#!/bin/sh\ntouch hooked\n", "untracked.txt": "x"})
    still.path("inside").symlink_to("src/lib.rs")
    still.path("outside").symlink_to("../../etc/passwd")
    still.git("add", "inside", "outside")
    seen = tmp_path / "seen"
    walk = "import json; a = sys.argv; roots = [os.path.dirname(a[a.index('--manifest-path') + 1]), os.path.normpath(a[a.index('--baseline-root') + 1])]\n"
    walk += "names = [sorted(os.path.relpath(os.path.join(f, n), r) for f, _, ns in os.walk(r) for n in ns) for r in roots]\n"
    walk += f"json.dump([names, roots, os.environ['CARGO_TARGET_DIR'], 'GIT_PREFIX' in os.environ], open({str(seen)!r}, 'w'))"
    monkeypatch.setenv("GIT_PREFIX", "src/")  # as in a hook
    stand_in(monkeypatch, tmp_path / "bin", walk)
    before = still.contents()
    document(run, still, 3)
    (head, base), roots, target, leads_here = json.loads(seen.read_text())
    assert not leads_here
    assert base == ["Cargo.toml", "src/lib.rs"]
    assert head == ["Cargo.toml", "inside", "src/lib.rs"]
    assert still.contents() == before
    for path in (*roots, target):
        assert not Path(path).exists()
        assert not Path(path).is_relative_to(still.root)


def test_a_temporary_folder_in_the_repository_is_refused(still: Repo, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in(monkeypatch, tmp_path / "bin", "raise SystemExit(101)")
    still.path("tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(still.path("tmp")))
    assert "TMPDIR" in run(*ASK, repo=still, code=2).err


def test_help_says_that_it_builds(run: Run) -> None:
    assert "runs, code of the repository" in " ".join(run("diff", "--help", code=0).out.replace("│", " ").split())


def test_where_no_crate_is_nothing_is_asked(fresh: Fresh, run: Run) -> None:
    repo = fresh({"pyproject.toml": '[project]\nname = "spam"\nversion = "1.2.0"\n', "spam/__init__.py": ""})
    repo.commit(tag="v1.2.0")
    shown = run(*ASK, repo=repo, code=0)
    assert "nothing to look at" in shown.err


def test_a_crate_under_another_name_is_one_that_it_does_not_know(still: Repo, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in(monkeypatch, tmp_path / "bin", "raise SystemExit(101)")
    still.write({"Cargo.toml": MANIFEST.format("1.2.1").replace("spam", "ham")})
    found = json.loads(run(*ASK, "--format", "json", repo=still).out)
    assert [(one["package"], one["answered"], one["why"]) for one in found["witnesses"]] == [("ham", False, "does not know ham: it was called spam")]
    assert found["verdict"] != "ok"
