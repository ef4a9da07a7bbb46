"""Which files a release owes: what the jobs of the release workflow tell for certain, and what they do not; `seal` misses what is owed."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from lockstep.dataclass import replace
from lockstep.release.candidate import ArtifactKind, Registry
from lockstep.release.owed import OwedFile, Owing, platform_of
from lockstep.text.yaml import Mapping, read
from lockstep.workflow.artifacts import may_hold
from lockstep.workflow.audit_model import Upload
from lockstep.workflow.matrix import cells, filled
from tests.conftest import Fresh, Repo, Run
from tests.rules.artifacts_made import sdist, wheel

MATURIN = """\
[build-system]
requires = ["maturin>=1"]
build-backend = "maturin"
[project]
name = "spam"
version = "1.0.0"
requires-python = ">=3.9"
"""
CRATE = '[package]\nname = "spam-native"\nversion = "1.0.0"\nedition = "2021"\npublish = false\n[lib]\ncrate-type = ["cdylib"]\n'
LIMITED = f'{CRATE}[dependencies]\npyo3 = {{ version = "0.25", features = ["abi3-py39"] }}\n'
FREE = f'{CRATE}[dependencies]\npyo3 = "0.25"\n'
HEAD = 'on:\n  push:\n    tags: ["v*"]\npermissions: {}\njobs:\n'
PUBLISH = """\
  publish:
    needs: [build]
    runs-on: ubuntu-latest
    environment: pypi
    permissions: { id-token: write }
    steps:
      - uses: actions/download-artifact@v4
      - uses: pypa/gh-action-pypi-publish@v1
"""
UPLOAD = "      - uses: actions/upload-artifact@v4\n        with: { name: x, path: dist }\n"


def build(steps: str, matrix: str = "", runner: str = "ubuntu-latest", more: str = "") -> str:
    strategy = f"    strategy:\n      matrix:\n{matrix}" if matrix else ""
    return f"{HEAD}  build:\n    runs-on: {runner}\n{more}{strategy}    steps:\n{steps}{UPLOAD}{PUBLISH}"


def action(**inputs: str) -> str:
    return "      - uses: PyO3/maturin-action@v1\n        with:\n" + "".join(f"          {name.replace('_', '-')}: {value}\n" for name, value in inputs.items())


def planned(fresh: Fresh, run: Run, workflow: str, crate: str = LIMITED, project: str = MATURIN) -> dict[str, Any]:
    repo = fresh({"pyproject.toml": project, "Cargo.toml": crate, "src/lib.rs": "", ".github/workflows/release.yml": workflow})
    found: dict[str, Any] = json.loads(run("release", "plan", "--format", "json", repo=repo, code=0).out)
    return found


def tags(found: dict[str, Any]) -> list[str]:
    return ["-".join(one[key] or "?" for key in ("interpreter", "abi", "system", "architecture")) for one in found["owed"] if one["kind"] == "wheel"]


TARGETS = """\
        platform:
          - { runner: ubuntu-latest, target: x86_64, libc: auto }
          - { runner: ubuntu-latest, target: aarch64-unknown-linux-musl, libc: musllinux_1_2 }
          - { runner: macos-latest, target: aarch64, libc: auto }
          - { runner: windows-latest, target: x86, libc: auto }
"""
BY_TARGET = action(target="${{ matrix.platform.target }}", manylinux="${{ matrix.platform.libc }}", args="--release --out dist")


def test_a_literal_matrix_of_maturin_is_told(fresh: Fresh, run: Run) -> None:
    found = planned(fresh, run, build(BY_TARGET + action(command="sdist"), TARGETS, "${{ matrix.platform.runner }}"))
    assert tags(found) == ["cp39-abi3-linux-x86_64", "cp39-abi3-musllinux-aarch64", "cp39-abi3-macos-aarch64", "cp39-abi3-windows-i686"]
    assert [one["kind"] for one in found["owed"]][-1] == "sdist"
    assert found["untold"] == []
    assert found["approvals"] == [{"registry": "pypi", "job": "publish", "environment": "pypi", "place": found["approvals"][0]["place"]}]
    assert found["owed"][0]["place"].startswith(".github/workflows/release.yml:")


INTERPRETERS = "--interpreter '3.11 3.14t pypy3.11' --out dist"
TOLD = {
    "interpreters": (action(target="x86_64", args=INTERPRETERS), FREE, ["cp311-cp311-linux-x86_64", "cp314-cp314t-linux-x86_64", "pp311-?-linux-x86_64"]),
    "interpreters beside the stable ABI": (
        action(target="x86_64", args=INTERPRETERS),
        LIMITED,
        ["cp39-abi3-linux-x86_64", "cp314-cp314t-linux-x86_64", "pp311-?-linux-x86_64"],
    ),
    "one option an interpreter": (action(args="-i python3.12 -i 3.13"), FREE, ["cp312-cp312-linux-x86_64", "cp313-cp313-linux-x86_64"]),
    "whatever is found": (action(target="x86_64", args="--find-interpreter"), FREE, ["?-?-linux-x86_64"]),
    "an expression for interpreters": (action(target="x86_64", args="-i ${{ steps.x.outputs.y }}"), FREE, ["?-?-linux-x86_64"]),
    "a program": (action(target="x86_64", args="-b bin"), FREE, ["py3-none-linux-x86_64"]),
    "no target": (action(args="--release"), LIMITED, ["cp39-abi3-linux-x86_64"]),
    "a system that is not known": (action(target="wasm32-unknown-emscripten", args="-i 3.14"), FREE, ["cp314-cp314-?-?"]),
    "an expression for the target": (action(target="${{ env.TARGET }}"), LIMITED, ["cp39-abi3-linux-?"]),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_a_step_of_maturin_tells(fresh: Fresh, run: Run, name: str) -> None:
    steps, crate, wanted = TOLD[name]
    assert tags(planned(fresh, run, build(steps), crate)) == wanted


def only(name: str) -> str:
    return f"      - uses: pypa/cibuildwheel@v3\n        with: {{ only: {name} }}\n"


def patterns(names: str) -> str:
    return f"      - uses: pypa/cibuildwheel@v3\n        env: {{ CIBW_BUILD: {names} }}\n"


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        (only("cp311-manylinux_x86_64"), ["cp311-cp311-linux-x86_64"]),
        (patterns('"cp311-musllinux_aarch64 cp312-win_amd64"'), ["cp311-cp311-musllinux-aarch64"]),  # the other is for another system than the runner's
        (patterns('"cp3*-*"'), []),
        (patterns('"${{ env.X }}"'), []),
    ],
)
def test_cibuildwheel_is_told_by_names_and_not_by_stars(fresh: Fresh, run: Run, steps: str, wanted: list[str]) -> None:
    found = planned(fresh, run, build(steps), FREE)
    assert tags(found) == wanted
    assert bool(wanted) or "patterns, or by its defaults" in found["untold"][0]["why"]


UNTOLD = {
    "an expression for the matrix": build(action(target="${{ matrix.target }}"), "        target: ${{ fromJSON(needs.x.outputs.y) }}\n"),
    "a step that may not run": build(action(target="x86_64") + "        if: inputs.wheels == 'true'\n"),
    "no workflow": 'on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: [{ run: "true" }]\n',
    "maturin by hand": build("      - run: maturin build --release\n"),
    "a job that nobody waits for": build(action(target="x86_64")).replace("    needs: [build]\n", ""),
    "a build by what is not known": build("      - run: make wheels\n"),
    "cibuildwheel by hand": build("      - run: python -m cibuildwheel --output-dir dist\n"),
    "a job that builds for a test": build(action(target="x86_64")).replace(UPLOAD, ""),
}


@pytest.mark.parametrize("name", UNTOLD)
def test_what_is_not_told_is_named_and_owed_by_nobody(fresh: Fresh, run: Run, name: str) -> None:
    found = planned(fresh, run, UNTOLD[name])
    assert [one for one in found["owed"] if one["registry"] == "pypi"] == []
    assert found["untold"], "it is named"


PURE = '[build-system]\nrequires = ["{0}"]\nbuild-backend = "{0}"\n[project]\nname = "spam"\nversion = "1.0.0"\nrequires-python = ">=3.9"\n'


@pytest.mark.parametrize(
    ("command", "backend", "kinds"),
    [
        ("python -m build", "hatchling.build", ["sdist", "wheel ?-?-?-?"]),
        ("uv build", "uv_build", ["sdist", "wheel py3-none-any-?"]),
        ("uv build --sdist", "uv_build", ["sdist"]),
        ("flit build", "flit_core.buildapi", ["sdist", "wheel py3-none-any-?"]),
        ("python -m build --wheel", "setuptools.build_meta", ["wheel ?-?-?-?"]),
    ],
)
def test_what_a_command_builds(fresh: Fresh, run: Run, command: str, backend: str, kinds: list[str]) -> None:
    found = planned(fresh, run, build(f"      - run: {command}\n"), project=PURE.format(backend))
    said = [f"wheel {tag}" for tag in tags(found)]
    assert [one["kind"] for one in found["owed"] if one["kind"] == "sdist"] + said == kinds


@pytest.mark.parametrize(("condition", "wanted"), [("", ["cp39-abi3-linux-x86_64"]), ("    if: always()\n", [])])
def test_a_job_that_is_skipped_skips_what_waits_for_it(fresh: Fresh, run: Run, condition: str, wanted: list[str]) -> None:
    guarded = build(action(target="x86_64"), more="    if: github.repository == 'spam/spam'\n")
    text = guarded.replace("    environment: pypi\n", f"    environment: pypi\n{condition}")
    assert tags(planned(fresh, run, text)) == wanted


DOCS = """\
  docs:
    runs-on: ubuntu-latest
    steps:
      - run: mkdocs build
      - uses: actions/upload-artifact@v4
        with: { name: docs, path: site }
"""


def taking(name: str, path: str) -> str:
    return f"      - uses: actions/download-artifact@v4\n        with: {{ name: '{name}', path: {path} }}\n"


@pytest.mark.parametrize(
    ("takes", "told"),
    [
        (taking("x", "dist"), True),
        (taking("*", "dist"), False),
        (taking("x", "dist") + taking("docs", "site"), True),
        (taking("x", "dist") + taking("docs", "dist"), False),
    ],
)
def test_files_that_reach_no_registry_leave_nothing_open(fresh: Fresh, run: Run, takes: str, *, told: bool) -> None:
    text = build(action(target="x86_64")) + DOCS
    text = text.replace("needs: [build]", "needs: [build, docs]").replace("      - uses: actions/download-artifact@v4\n", takes)
    found = planned(fresh, run, text)
    assert (found["untold"] == []) is told, found["untold"]


def test_the_text_of_a_plan(fresh: Fresh, run: Run) -> None:
    repo = fresh({"pyproject.toml": MATURIN, "Cargo.toml": LIMITED, "src/lib.rs": "", ".github/workflows/release.yml": build(BY_TARGET, TARGETS)})
    said = run("release", "plan", repo=repo, code=0).out
    assert "       owes 4 wheels\n" in said
    assert "pypi is published from the environment pypi (job publish, .github/workflows/release.yml:" in said
    assert "wheel cp39-abi3, musllinux aarch64  .github/workflows/release.yml:" in run("release", "plan", "--verbose", repo=repo, code=0).out


# ---- seal


@pytest.fixture
def pure(fresh: Fresh) -> Repo:
    files: dict[str, str | bytes] = {"pyproject.toml": PURE.format("uv_build"), ".github/workflows/release.yml": build("      - run: uv build\n")}
    repo = fresh(files)
    repo.git("tag", "v1.0.0")
    return repo


def test_an_owed_file_that_is_not_there_is_missing(pure: Repo, run: Run, tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "spam-1.0.0-py3-none-any.whl").write_bytes(wheel())
    said = run("release", "seal", "--offline", str(dist), "--output", str(tmp_path / "out"), repo=pure, code=1).out
    assert "pyproject.toml artifact-missing: spam owes an sdist, and none of the files is one" in said
    assert "help: .github/workflows/release.yml:" in said
    run("release", "seal", "--offline", str(dist), "--partial", "--output", str(tmp_path / "out"), repo=pure, code=0)
    (dist / "spam-1.0.0.tar.gz").write_bytes(sdist())
    run("release", "seal", "--offline", str(dist), "--output", str(tmp_path / "out"), repo=pure, code=0)


def test_a_file_that_nothing_owes_is_told(pure: Repo, run: Run, tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()

    def other_tags(files: dict[str, bytes]) -> None:
        path = next(one for one in files if one.endswith("/WHEEL"))
        files[path] = files[path].replace(b"py3-none-any", b"cp311-cp311-win_amd64")

    for name, data in {"spam-1.0.0-py3-none-any.whl": wheel(), "spam-1.0.0.tar.gz": sdist(), "spam-1.0.0-cp311-cp311-win_amd64.whl": wheel(other_tags)}.items():
        (dist / name).write_bytes(data)
    found = json.loads(run("release", "seal", "--offline", str(dist), "--format", "json", "--output", str(tmp_path / "out"), repo=pure).out)
    told = [one for one in found["findings"] if one["rule"] == "artifact-not-owed"]
    assert [(one["level"], one["message"]) for one in told] == [("warning", "no job of the release workflow builds it, which builds 2 other files of spam")]


# ---- the parts


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a: [1, 2]\nb: [x, y]\n", ["1x", "1y", "2x", "2y"]),
        ("a: [1, 2]\nb: [x, y]\nexclude: [{a: 1, b: x}]\n", ["1y", "2x", "2y"]),
        ("a: [1]\nb: [x]\ninclude: [{a: 1, c: z}, {a: 9, b: w}]\n", ["1xz", "9w"]),
        ("include: [{a: 1, b: x}, {a: 2, b: y}]\n", ["1x", "2y"]),
        ("a: [{n: 1, m: q}]\n", ["1q"]),
        ("a: ${{ fromJSON('[1]') }}\n", None),
        ("a: ['${{ env.X }}']\n", None),
        ("a: [1, 2, 3, 4, 5, 6, 7]\nb: [1, 2, 3, 4, 5, 6, 7]\nc: [1, 2, 3, 4, 5, 6, 7]\n", None),
    ],
)
def test_a_matrix_makes_the_jobs_that_github_makes(text: str, wanted: list[str] | None) -> None:
    node = read("x.yml", text)
    assert isinstance(node, Mapping)
    found = cells(node)
    assert (None if found is None else ["".join(one.values()) for one in found]) == wanted


def test_a_text_is_filled_by_its_matrix_alone() -> None:
    assert filled("x-${{ matrix.a.b }}", {"matrix.a.b": "1"}) == "x-1"
    assert filled("${{ matrix.none }}", {}) == ""
    assert filled("${{ env.X }}", {}) is None


@pytest.mark.parametrize(
    ("tag", "wanted"),
    [
        ("manylinux_2_17_x86_64", ("linux", "x86_64")),
        ("manylinux2014_aarch64", ("linux", "aarch64")),
        ("musllinux_1_2_armv7l", ("musllinux", "armv7")),
        ("macosx_11_0_arm64", ("macos", "aarch64")),
        ("macosx_10_12_universal2", ("macos", "universal2")),
        ("win_amd64", ("windows", "x86_64")),
        ("win32", ("windows", "i686")),
        ("any", ("any", "")),
        ("haiku_1_x", ("haiku_1_x", "")),
    ],
)
def test_a_platform_tag_is_read(tag: str, wanted: tuple[str, str]) -> None:
    assert platform_of(tag) == wanted


def test_wheels_of_which_an_expression_decides_something_are_a_least_number(fresh: Fresh, run: Run) -> None:
    rows = "        platform:\n          - { arch: x64 }\n          - { arch: arm64 }\n"
    target = "${{ matrix.platform.arch == 'arm64' && 'aarch64' || 'x64' }}"
    text = build(action(target=target, args="--release --out dist"), rows, "windows-latest")
    repo = fresh({"pyproject.toml": MATURIN, "Cargo.toml": LIMITED, "src/lib.rs": "", ".github/workflows/release.yml": text})
    said = run("release", "plan", repo=repo, code=0).out
    assert "       owes at least 1 wheel\n" in said, said


@pytest.mark.parametrize(
    ("between", "path", "owed"),
    [
        ("pip install spam --find-links pgo", "dist", 1),
        ("mv pgo/*.whl dist/", "dist", 2),  # what was moved into the folder that is taken is published
        ("pip install spam --find-links pgo", "'**/*.whl'", 2),  # and so is everything
    ],
)
def test_a_wheel_that_stays_in_its_job_is_not_owed(between: str, path: str, owed: int, fresh: Fresh, run: Run) -> None:
    first = action(target="x64", manylinux="auto", args="--release --out pgo --interpreter ${{ env.PYTHON }}")
    second = action(target="x64", manylinux="auto", args="--release --out dist --interpreter 3.12")
    steps = build(f"{first}      - run: {between}\n{second}").replace("path: dist", f"path: {path}")
    assert len(tags(planned(fresh, run, steps, FREE))) == owed


@pytest.mark.parametrize(
    ("folder", "patterns", "held"),
    [
        ("dist", ("dist",), True),
        ("dist", ("./dist/*.whl",), True),
        ("a/dist", ("a",), True),
        ("a/dist", ("a/dist/*.whl", "!a/dist/x"), True),
        ("dist", ("${{ github.workspace }}/dist",), True),
        ("dist", (".",), True),
        ("/tmp/x", ("dist",), True),
        ("../x", ("dist",), True),
        ("pgo", ("dist",), False),
        ("a/pgo", ("a/dist/*.whl",), False),
        ("distant", ("dist",), False),
        ("pgo", ("!pgo", "dist"), False),
    ],
)
def test_an_artifact_holds_a_folder_or_not(folder: str, patterns: tuple[str, ...], held: bool) -> None:  # noqa: FBT001 - what is expected
    upload = cast("Upload", SimpleNamespace(files=patterns))
    assert may_hold(upload, folder) is held


def test_wheels_that_may_be_the_same_are_counted_once() -> None:
    def owed(**tags: str) -> OwedFile:
        return OwedFile(package="p", registry=Registry.PYPI, name="spam", kind=ArtifactKind.WHEEL, place=str(tags), **tags)

    x86, arm, anything = owed(system="linux", architecture="x86_64"), owed(system="linux", architecture="aarch64"), owed(interpreter="cp312")
    assert Owing(files=(anything, x86, arm)).least("p", ArtifactKind.WHEEL) == 2
    assert Owing(files=(x86, replace(x86, place="elsewhere"), owed(architecture="x86_64"))).least("p", ArtifactKind.WHEEL) == 1
    assert Owing(files=(x86, arm)).least("q", ArtifactKind.WHEEL) == 0


def test_a_step_for_some_values_of_the_matrix_builds_for_these(fresh: Fresh, run: Run) -> None:
    target = "        target: [x86_64, aarch64]\n"
    sdist = f"{action(command='sdist')}        if: matrix.target == 'x86_64'\n"
    steps = f"{sdist}{action(target='${{ matrix.target }}')}        if: ${{{{ matrix.target != 'x86_64' }}}}\n"
    found = planned(fresh, run, build(steps, target))
    assert [one["kind"] for one in found["owed"] if one["registry"] == "pypi"] == ["sdist", "wheel"]
    assert [one.rpartition("-")[2] for one in tags(found)] == ["aarch64"]
    assert [one for one in found["untold"] if one["package"].startswith("python")] == []


def test_a_step_for_what_else_than_the_matrix_says_is_not_told(fresh: Fresh, run: Run) -> None:
    steps = f"{action(command='sdist')}        if: matrix.target == inputs.target\n"
    found = planned(fresh, run, build(steps, "        target: [x86_64, aarch64]\n"))
    assert [one for one in found["owed"] if one["registry"] == "pypi"] == []
    assert any("it is not told whether these run" in one["why"] for one in found["untold"])
