"""What a workflow checks of a commit, by the programs and actions that its steps run."""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.workflow.command_roles import operands
from lockstep.workflow.model import Job, Step
from lockstep.workflow.shell import Command, commands

_PROGRAMS = {
    **dict.fromkeys(("pytest", "tox", "nox", "unittest"), "Python tests"),
    **dict.fromkeys(("mypy", "pyright", "basedpyright", "ty"), "Python types"),
    **dict.fromkeys(("flake8", "pylint", "black", "pre-commit", "ruff", "prek"), "lint"),
    **dict.fromkeys(("vitest", "jest", "mocha"), "JavaScript tests"),
    **dict.fromkeys(("playwright", "cypress"), "browser tests"),
    "ctest": "C tests",
    "actionlint": "actionlint",
    "zizmor": "zizmor",
    "golangci-lint": "Go lint",
}
_CARGO = {
    **dict.fromkeys(("test", "nextest", "llvm-cov", "miri", "hack", "tarpaulin"), "cargo test"),
    **dict.fromkeys(("deny", "audit", "vet"), "cargo audit"),
    "clippy": "cargo clippy",
    "fmt": "cargo fmt",
    "fuzz": "cargo fuzz",
    "semver-checks": "cargo semver-checks",
}
_ACTIONS = {
    "github/codeql-action": "CodeQL",
    "rhysd/actionlint": "actionlint",
    "zizmorcore/zizmor-action": "zizmor",
    "embarkstudios/cargo-deny-action": "cargo audit",
    "pre-commit/action": "lint",
    "golangci/golangci-lint-action": "Go lint",
    "obi1kenobi/cargo-semver-checks-action": "cargo semver-checks",
}
_MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
_TASKS = frozenset({"make", "just", "task"})


def kind_of_check(one: Command) -> str:
    """Give what a command checks, "" for one that is not known to check anything."""
    words = operands(one)
    if one.name in ("cargo", "cross"):
        return _CARGO.get(words[0], "") if words else ""
    if one.name == "go" and words[:1] in (("test",), ("vet",)):
        return f"go {words[0]}"
    if (one.name in _MANAGERS and (words[:1] == ("test",) or words[:2] == ("run", "test"))) or (one.name in ("node", "deno") and "test" in one.words[1:3]):
        return "JavaScript tests"
    if one.name in _TASKS and words[:1] in (("test",), ("check",), ("lint",)):
        return f"{one.name} {words[0]}"
    return _PROGRAMS.get(one.name, "")


def checks_of_step(step: Step) -> Iterator[tuple[str, Command | None]]:
    """Give what a step checks, with the command that does, None for an action."""
    if step.uses is not None:
        kind = _ACTIONS.get(step.action)
        if kind is not None and not step.uses.folder.endswith(("init", "autobuild", "upload-sarif")):
            yield kind, None
    elif step.run is not None and "pwsh" not in step.shell:
        yield from ((kind, one) for one in commands(step.run.text) if (kind := kind_of_check(one)))


def kinds_of_job(job: Job) -> frozenset[str]:
    """Give what a job checks."""
    return frozenset(kind for step in job.steps for kind, _ in checks_of_step(step))
