"""How a fault is put into a good release workflow: the places are found by what jobs do, so a mutation fits any workflow of its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lockstep.config import Config
from lockstep.evidence.workflows import audits
from lockstep.tree import MemoryTree
from lockstep.workflow.artifacts import is_distribution
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job, Role

RELEASE = ".github/workflows/release.yml"
Files = Mapping[str, str]


class MisfitError(Exception):
    """The workflow has no place for a mutation."""


def need(value: object, what: str) -> None:
    if not value:
        raise MisfitError(what)


@dataclass
class Source:
    """The texts of a repository, one of them being changed; jobs are found by their roles."""

    files: dict[str, str]
    path: str
    audit: Audit

    @property
    def text(self) -> str:
        return self.files[self.path]

    # ---- jobs

    def jobs(self, role: Role, registry: str = "") -> list[Job]:
        found = {deed.job.id: deed.job for deed in self.audit.of(role) if registry in (deed.registry, "")}
        need(bool(found), f"no job that does {role} {registry}")
        return list(found.values())

    def job(self, role: Role, registry: str = "") -> Job:
        return self.jobs(role, registry)[0]

    def builder(self) -> Job:
        """Give a job that uploads what is released, and does nothing else."""
        for up in self.audit.uploads:
            if up.step.uses is not None and is_distribution(up) and self.audit.roles(up.job) <= {Role.BUILD, Role.TEST}:
                return up.job
        raise MisfitError("no job that only builds")

    # ---- edits

    def span(self, job: Job) -> tuple[int, int]:
        lines = self.text.splitlines(keepends=True)
        start = (job.place.line or 1) - 1
        end = next((n for n in range(start + 1, len(lines)) if re.match(r" {0,2}[A-Za-z_\"']", lines[n])), len(lines))
        return len("".join(lines[:start])), len("".join(lines[:end]))

    def block(self, job: Job) -> str:
        start, end = self.span(job)
        return self.text[start:end]

    def put(self, job: Job, block: str) -> None:
        start, end = self.span(job)
        need(self.text[start:end] != block, f"nothing to change in {job.id}")
        self.files[self.path] = self.text[:start] + block + self.text[end:]

    def swap(self, pattern: str, new: str | Callable[[re.Match[str]], str], job: Job | None = None, path: str | None = None, count: int = 1) -> None:
        """Put `new` where `pattern` is, in a job or in a whole file."""
        need(job is not None or (path or self.path) in self.files, f"no {path}")
        old = self.block(job) if job else self.files[path or self.path]
        text, number = re.subn(pattern, new, old, count=count, flags=re.MULTILINE)
        need(number > 0, f"no {pattern!r}")
        if job:
            self.put(job, text)
        else:
            self.files[path or self.path] = text

    def top_env(self, *lines: str) -> None:
        """Put variables at the top, beside those that are there."""
        rows = "".join(f"  {line}\n" for line in lines)
        if re.search(r"^env:\n", self.text, re.MULTILINE):
            self.swap(r"^env:\n", lambda found: found[0] + rows)
        else:
            self.swap(r"^jobs:", lambda found: f"env:\n{rows}\n{found[0]}")

    def add(self, job: Job, *lines: str) -> None:
        """Put keys at the head of a job."""
        head, _, rest = self.block(job).partition("\n")
        self.put(job, "\n".join((head, *(f"    {line}" for line in lines), rest)))

    def set(self, job: Job, key: str, *lines: str) -> None:
        """Put `lines` in the place of a key of a job, with all that stands below it."""
        text = re.sub(rf"^    {key}:.*\n(?: {{6,}}.*\n| *#.*\n)*", "", self.block(job), count=1, flags=re.MULTILINE)
        head, _, rest = text.partition("\n")
        self.put(job, "\n".join((head, *(f"    {line}" for line in lines), rest)))

    def needs(self, job: Job, *names: str) -> None:
        self.set(job, "needs", f"needs: [{', '.join(names)}]")

    def drop_need(self, job: Job, name: str) -> None:
        need(name in job.needs, f"{job.id} does not wait for {name}")
        self.needs(job, *(one for one in job.needs if one != name))

    def steps(self, job: Job) -> list[str]:
        return re.findall(r"^      - (?:.*\n)(?:(?!      - |  [A-Za-z_]).*\n?)*", self.block(job), re.MULTILINE)

    def step(self, job: Job, pattern: str) -> str:
        found = next((one for one in self.steps(job) if re.search(pattern, one)), None)
        need(found is not None, f"no step with {pattern!r} in {job.id}")
        return found or ""

    def step_add(self, job: Job, pattern: str, *lines: str) -> None:
        """Put keys at the head of a step."""
        old = self.step(job, pattern)
        first = old.replace("      - ", "      - " + lines[0] + "\n        " + "".join(f"{line}\n        " for line in lines[1:]), 1)
        self.put(job, self.block(job).replace(old, first, 1))

    def step_drop(self, job: Job, pattern: str) -> None:
        self.put(job, self.block(job).replace(self.step(job, pattern), "", 1))

    def step_append(self, job: Job, *lines: str) -> None:
        self.put(job, self.block(job).rstrip("\n") + "\n" + "".join(f"      {line}\n" for line in lines) + "\n")

    def step_before(self, job: Job, pattern: str, *lines: str) -> None:
        old = self.step(job, pattern)
        self.put(job, self.block(job).replace(old, "".join(f"      {line}\n" for line in lines) + old, 1))

    # ---- places

    @property
    def crate(self) -> Job:
        return self.job(Role.PUBLISH, "crates.io")

    @property
    def pypi(self) -> Job:
        return self.job(Role.PUBLISH, "PyPI")

    def stage_of(self, job: Job) -> Job:
        for one in self.jobs(Role.STAGE):
            if one.id in self.audit.before(job) and set(map(id, self.audit.taken(one))) & set(map(id, self.audit.taken(job))):
                return one
        raise MisfitError(f"nothing stages what {job.id} publishes")

    def attest_of(self, job: Job) -> Job:
        mine = {id(up) for up in self.audit.taken(job)}
        for name, ups in self.audit.attested.items():
            if self.audit.jobs[name].calls is None and {id(up) for up in ups} & mine:
                return self.audit.jobs[name]
        raise MisfitError(f"nothing attests what {job.id} publishes")

    def slsa(self) -> Job:
        for job in self.audit.jobs.values():
            if job.calls is not None and "slsa" in job.calls.name:
                return job
        raise MisfitError("no SLSA generator")


@dataclass(frozen=True)
class Mutation:
    """One fault; `rule` must find it. `equal` are spellings that other mutations of the same rule have."""

    rule: str
    name: str
    edit: Callable[[Source], None]


def load(files: Files, path: str) -> Audit:
    return audits(MemoryTree(files), Config(), path)[0]


MUTATIONS: list[Mutation] = []


def mutation(rule: str, name: str) -> Callable[[Callable[[Source], None]], Callable[[Source], None]]:
    def keep(edit: Callable[[Source], None]) -> Callable[[Source], None]:
        MUTATIONS.append(Mutation(rule, name, edit))
        return edit

    return keep


def spelled(rule: str, name: str, edit: Callable[[Source], None]) -> None:
    MUTATIONS.append(Mutation(rule, name, edit))


CHECKOUT = "uses: actions/checkout@0123456789012345678901234567890123456789"
PIN = "0123456789012345678901234567890123456789"
