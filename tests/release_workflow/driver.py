"""A runner for the workflow that lockstep writes: its jobs in the order of their needs, each `run` by bash, against the registries' stand-ins.

The few actions are stood in for: a checkout is a clone, an artifact a folder, a wheel of maturin a small archive. GitHub answers by what the job's token may
do, a registry's token is there for who may ask for its identity in the environment that is trusted, and a job that is killed is run again.
"""

from __future__ import annotations

import copy
import hashlib
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.attestations.made import build, bundle, certificate, claims, statement
from tests.conftest import Repo
from tests.gate.releases import ReleaseHandler, ReleaseHub
from tests.registries.conftest import World
from tests.release_workflow import tools
from tests.writing.runner import outputs_of

ROOT = Path(__file__).parent.parent.parent
PYTHON = """#!/bin/bash
case "$*" in
  "-m pip install"*) exit 0 ;;
  "-m build --outdir "*) exec {python} {tools} build "$4" ;;
  "-m venv "*) mkdir -p "$3/bin"; ln -sf "$0" "$3/bin/python"; exit 0 ;;
  "-m pypi_attestations sign "*) shift 3; exec {python} {tools} sign "$@" ;;
esac
exec {python} "$@"
"""
LOCKSTEP = '#!/bin/bash\nexport PYTHONPATH={root}\nexec {python} -m lockstep "$@"\n'
NPM = """#!/bin/bash
words=()
for word in "$@"; do
  if [ "$word" = --provenance ]; then continue; fi
  words+=("$word")
done
exec {npm} "${{words[@]}}"
"""
_EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")
_WHEEL_PLATFORMS = {
    "x86_64-unknown-linux-gnu": "manylinux_2_17_x86_64.manylinux2014_x86_64",
    "aarch64-apple-darwin": "macosx_11_0_arm64",
    "x86_64-pc-windows-msvc": "win_amd64",
}


class Writers(set[str]):
    """The tokens that may write contents."""

    def __contains__(self, token: object) -> bool:
        return scopes(str(token)).get("contents") == "write"


def scopes(token: str) -> dict[str, str]:
    """Give what a token of a job may do: it says so itself."""
    return json.loads(bytes.fromhex(token.removeprefix("ghs_")).decode()) if token.startswith("ghs_") else {}


@dataclass
class ScopedHub(ReleaseHub):
    """A private repository: who asks needs the scope. `refused` are the requests that were refused for want of one."""

    refused: list[str] = field(default_factory=list)


class ScopedHandler(ReleaseHandler):
    """Answers by what the token may do."""

    hub: ScopedHub

    def respond(self, path: str, query: dict[str, str], token: str) -> None:
        scope = "actions" if "/actions/" in path else "attestations" if "/attestations/" in path else "contents"
        if scope not in scopes(token):
            self.hub.refused.append(f"{scope}: {path}")
            self.send(403, b'{"message": "Resource not accessible by integration"}')
            return
        super().respond(path, query, token)


@dataclass
class Job:
    """What is known of a job that ended."""

    success: bool
    outputs: dict[str, str]
    log: str


class Killed(Exception):  # noqa: N818 - it is no error
    """The job is killed between two steps."""


@dataclass
class Driver:
    """A run of a workflow for a tag."""

    repo: Repo
    world: World
    hub: ScopedHub
    folder: Path
    text: str
    tag: str = "v1.0.0"
    publishers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By the environment that a registry trusts, what it gives to a job that proves to be in it."""
    jobs: dict[str, Job] = field(default_factory=dict)
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The state of the world before each job, by its name."""
    kill: tuple[str, int] | None = None
    """A job, and the number of steps that are done when it is killed."""
    running: subprocess.Popen[str] | None = None
    """The step that runs, for who kills it."""
    counter: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        shims = self.folder / "bin"
        shims.mkdir()
        python = {"python": sys.executable, "tools": str(Path(tools.__file__)), "root": str(ROOT), "npm": shutil.which("npm") or "/bin/false"}
        for name, text in (("python", PYTHON), ("lockstep", LOCKSTEP), ("npm", NPM), ("rustup", "#!/bin/bash\n")):
            (shims / name).write_text(text.format(**python))
            (shims / name).chmod(0o755)
        self.workflow: dict[str, Any] = YAML(typ="safe", pure=True).load(self.text)

    @property
    def commit(self) -> str:
        return self.repo.git("rev-parse", f"{self.tag}^{{commit}}").strip()

    # ---- jobs

    def order(self) -> list[str]:
        """Give the jobs, each behind those that it needs."""
        needs = {name: [job["needs"]] if isinstance(job.get("needs"), str) else list(job.get("needs", [])) for name, job in self.workflow["jobs"].items()}
        found: list[str] = []
        while left := [name for name in needs if name not in found]:
            found.append(next(name for name in left if set(needs[name]) <= set(found)))
        return found

    def walk(self) -> list[str]:
        """Run what did not end well, as `Re-run failed jobs` does, and give what fails."""
        for name in self.order():
            if name in self.jobs and self.jobs[name].success:
                continue
            job = self.workflow["jobs"][name]
            needs = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
            if all(one in self.jobs and self.jobs[one].success for one in needs) and self.holds(job.get("if", "")):
                self.seen[name] = self.state()
                self.jobs[name] = self.run(name)
        return [name for name, job in self.jobs.items() if not job.success]

    def holds(self, condition: str) -> bool:
        if not condition:
            return True
        found = re.fullmatch(r"([\w.-]+) == '(\w+)'", condition)
        assert found is not None, condition
        return self.value(found[1], {}) == found[2]

    def run(self, name: str, permissions: Mapping[str, str] | None = None) -> Job:
        """Run a job once, once for each row of its matrix."""
        job = self.workflow["jobs"][name]
        rows = job.get("strategy", {}).get("matrix", {}).get("include", [{}])
        outputs, logs = dict[str, str](), list[list[str]]()
        try:
            for row in rows:
                one = Run(
                    self,
                    name,
                    job,
                    {f"matrix.{key}": str(value) for key, value in row.items()},
                    dict(job["permissions"] if permissions is None else permissions),
                )
                logs.append(one.log)
                one.run()
                outputs |= {key: one.filled(value) for key, value in job.get("outputs", {}).items()}
        except (subprocess.CalledProcessError, Killed) as error:
            return Job(success=False, outputs={}, log="\n".join((*itertools.chain(*logs), str(error))))
        return Job(success=True, outputs=outputs, log="\n".join(itertools.chain(*logs)))

    def value(self, name: str, own: Mapping[str, str]) -> str:
        if (found := re.fullmatch(r"needs\.([\w-]+)\.outputs\.(\w+)", name)) is not None:
            return self.jobs[found[1]].outputs[found[2]]
        return own[name]

    def kills(self, handler: Any) -> None:  # noqa: ANN401 - either stand-in's
        """Take what is uploaded, and kill the job: a fault of a stand-in."""
        handler.hub.reply(handler.command, handler.path, *handler.said)
        assert self.running is not None
        os.killpg(self.running.pid, signal.SIGKILL)
        handler.close_connection = True

    # ---- the world

    def state(self) -> dict[str, Any]:
        """Give a copy of what registries and GitHub hold."""
        return {name: copy.deepcopy({key: value for key, value in vars(one).items() if key not in ("url", "faults")}) for name, one in self._parts()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Make the world what it was."""
        for name, one in self._parts():
            vars(one).update(copy.deepcopy(state[name]))

    def _parts(self) -> list[tuple[str, object]]:
        return [("crates", self.world.crates), ("pypi", self.world.pypi), ("npm", self.world.npm), ("hub", self.hub)]


class Run:
    """One job on one machine."""

    def __init__(self, driver: Driver, name: str, job: Mapping[str, Any], row: Mapping[str, str], permissions: dict[str, str]) -> None:
        self.driver, self.name, self.job, self.permissions = driver, name, job, permissions
        self.place = driver.folder / f"{name}-{next(driver.counter)}"
        self.workspace, self.temp = self.place / "workspace", self.place / "temp"
        for folder in (self.workspace, self.temp, self.place / "home"):
            folder.mkdir(parents=True)
        self.log: list[str] = []
        token = f"ghs_{json.dumps(permissions).encode().hex()}"
        self.values = {"github.ref_name": driver.tag, "github.token": token, "runner.temp": str(self.temp), **row}

    def filled(self, value: object) -> str:
        return _EXPRESSION.sub(lambda found: self.driver.value(found[1], self.values), str(value))

    def may(self, scope: str, least: str = "read") -> None:
        """Fail where the token may not do that."""
        if self.permissions.get(scope) not in (least, "write"):
            self.log.append(f"{self.name} has no {scope}: {least}")
            raise subprocess.CalledProcessError(1, scope)

    def run(self) -> None:
        for number, step in enumerate(self.job["steps"]):
            if self.driver.kill == (self.name, number):
                self.driver.kill = None
                raise Killed
            self.log.append(f"## {step.get('name', step.get('uses', ''))}")
            if "uses" in step:
                ACTIONS[step["uses"].partition("@")[0]](self, {key: self.filled(value) for key, value in step.get("with", {}).items()})
            else:
                self._script(step)

    def _script(self, step: Mapping[str, Any]) -> None:
        outputs = self.place / "outputs"
        outputs.write_text("")
        env = {
            key: self.filled(value)
            for part in (self.driver.workflow.get("env", {}), self.job.get("env", {}), step.get("env", {}))
            for key, value in part.items()
        }
        folder = self.workspace / step.get("working-directory", "")
        with subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder,
            env={**self._environment(), **env, "GITHUB_OUTPUT": str(outputs)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as done:
            self.driver.running = done
            self.log += done.communicate()
        if "id" in step:
            self.values |= {f"steps.{step['id']}.outputs.{key}": value for key, value in outputs_of(outputs.read_text()).items()}
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, step["run"])

    def _environment(self) -> dict[str, str]:
        driver = self.driver
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GH_", "GITHUB_", "CARGO_REGISTR", "npm_", "RUSTUP_TOOLCHAIN"))}
        crates = f"sparse+{driver.world.crates.url}/index/"
        found = {
            **kept,
            "PATH": os.pathsep.join((str(driver.folder / "bin"), os.environ["PATH"])),
            "HOME": str(self.place / "home"),
            "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup")),
            "CARGO_HOME": str(driver.folder / "cargo"),
            "CARGO_REGISTRIES_MINE_INDEX": crates,
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_REPOSITORY": driver.hub.name,
            "GITHUB_API_URL": driver.hub.url,
            "GITHUB_SHA": driver.commit,
        }
        if self.permissions.get("id-token") == "write":
            found |= {"ACTIONS_ID_TOKEN_REQUEST_URL": "https://token.invalid/", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "x"}
            found |= driver.publishers.get(self.job.get("environment", {}).get("name", ""), {})
        return found

    # ---- actions

    def checkout(self, given: Mapping[str, str]) -> None:
        self.may("contents")
        assert given["persist-credentials"] == "False"
        remote = self.driver.repo.git("remote", "get-url", "origin").strip()
        subprocess.run(["git", "clone", "-q", remote, "."], cwd=self.workspace, check=True, capture_output=True)
        subprocess.run(["git", "checkout", "-q", "--detach", self.driver.tag], cwd=self.workspace, check=True, capture_output=True)

    def upload(self, given: Mapping[str, str]) -> None:
        patterns = given["path"].split()
        found = sorted(path for one in patterns for path in self._matching(one))
        if not found:
            self.log.append(f"there is nothing at {patterns}")
            raise subprocess.CalledProcessError(1, "upload")
        shared = (
            Path(os.path.commonpath([path.parent for path in found])) if len(patterns) == 1 else Path(os.path.commonpath([self._base(one) for one in patterns]))
        )
        target = self.driver.folder / "artifacts" / given["name"]
        shutil.rmtree(target, ignore_errors=True)
        for path in found:
            place = target / path.relative_to(shared)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)

    def _base(self, pattern: str) -> Path:
        path = self.workspace / pattern
        return path.parent if "*" in path.name else path

    def _matching(self, pattern: str) -> list[Path]:
        path = self.workspace / pattern
        if path.is_dir():
            return [one for one in path.rglob("*") if one.is_file()]
        return [*path.parent.glob(path.name)]

    def download(self, given: Mapping[str, str]) -> None:
        shelf = self.driver.folder / "artifacts"
        names = [given["name"]] if "name" in given else [one.name for one in shelf.glob(given["pattern"])]
        assert "name" in given or given["merge-multiple"] == "True"
        for name in names:
            shutil.copytree(shelf / name, self.workspace / given["path"], dirs_exist_ok=True)

    def attest(self, given: Mapping[str, str]) -> None:
        self.may("id-token", "write")
        self.may("attestations", "write")
        subjects = [path for one in given["subject-path"].split() for path in self._matching(one)]
        assert subjects
        for path in subjects:
            digest, told = hashlib.sha256(path.read_bytes()).hexdigest(), claims(repository=self.driver.hub.name, commit=self.driver.commit)
            payload = statement(path.name, digest, build(self.driver.commit, self.driver.hub.name))
            kept = {"bundle": bundle(payload, certificate(**told)), "repository_id": 1, "bundle_url": ""}
            self.driver.hub.attestations[f"sha256:{digest}"] = [kept]

    def maturin(self, given: Mapping[str, str]) -> None:
        folder = self.workspace / given.get("working-directory", "")
        if given.get("command") == "sdist":
            tools.sdist(folder, folder / "dist")
        else:
            tools.wheel(folder, folder / "dist", f"cp311-abi3-{_WHEEL_PLATFORMS[given['target']]}")

    def nothing(self, given: Mapping[str, str]) -> None:
        """Set up what is there already."""


ACTIONS = {
    "actions/checkout": Run.checkout,
    "actions/upload-artifact": Run.upload,
    "actions/download-artifact": Run.download,
    "actions/attest-build-provenance": Run.attest,
    "actions/setup-python": Run.nothing,
    "actions/setup-node": Run.nothing,
    "PyO3/maturin-action": Run.maturin,
}
