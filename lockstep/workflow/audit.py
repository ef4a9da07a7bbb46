"""The evidence of the workflow rules: one release workflow as a graph of jobs with roles, artifacts and the order they are in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from lockstep.dataclass import dataclass
from lockstep.model import Finding, Level
from lockstep.workflow.action_roles import uses_trusted_publishing
from lockstep.workflow.artifact_flow import ArtifactFlow
from lockstep.workflow.artifacts import accepts_tag, is_distribution, packs_crates
from lockstep.workflow.audit_model import GATE_TAG, GATE_TAG_OUTPUTS, AwaitedWorkflow, Download, Guard, Upload
from lockstep.workflow.checks import Check, checks
from lockstep.workflow.command_roles import LOCKSTEP_PUBLISH
from lockstep.workflow.expression import embedded, evaluate
from lockstep.workflow.guard_answer import answer_of_guard
from lockstep.workflow.model import Deed, Job, Role, Step, Workflow, literal
from lockstep.workflow.registries import CONTAINERS, PYPI
from lockstep.workflow.script_roles import tag_patterns, verification
from lockstep.workflow.script_values import CheckKind
from lockstep.workflow.version_checks import VersionCheck, version_checks


@dataclass(frozen=True, kw_only=True)
class Audit(ArtifactFlow):
    """One release workflow: what its jobs owe before they publish, and what its gates and guards ask."""

    def first_owed(self, role: Role, rule: str, advice: str) -> Iterator[Finding]:
        """Give the publishing jobs that owe a role before all others: what each waits for has not done it."""
        words = {Role.STAGE: "kept the files where they can be compared", Role.ATTEST: "attested them", Role.GATE: "asked whether the commit is green"}
        for job in self.publish_jobs if self.sound else ():
            missing = self.missing(job)
            if missing[:1] == (role,):
                nothing = ", ".join(words[one] for one in missing)
                message = f"{job.id} publishes, but nothing that it waits for has {nothing}"
                late = [deed.job for deed in self.of(role)]
                behind = bool(late) and all(job.id in self.before(one) for one in late)  # an edge to what waits for it would be a cycle
                yield self.finding(
                    rule=rule, level=Level.ERROR, place=job.place, message=message, help=self.to_wait(job, late) if behind else advice, symbol=job.id
                )

    def packed_with(self, flag: str, rule: str) -> Iterator[Finding]:
        """Give where cargo packs or publishes with a flag that it must not have."""
        for job, step in self.steps:
            places = [step.script_line(one.line) for one in self.commands(step) if packs_crates(one) and one.has(flag)]
            if step.action == "katyo/publish-crates":
                places += [step.at(value) for value in step.inputs.values() if flag in value.text]
            for place in places if self.active(step) else ():
                message = f"{job.id} runs cargo with {flag}"
                yield self.finding(rule=rule, level=Level.ERROR, place=place, message=message, help=f"take {flag} out", symbol=job.id)

    def missing(self, job: Job) -> tuple[Role, ...]:
        """Give what a publishing job does not wait for and should: the staging first, for it usually brings the others."""
        return self._missing.get(job.id, ())

    @cached_property
    def _missing(self) -> Mapping[str, tuple[Role, ...]]:
        return {job.id: self._owed(job) for job in self.publish_jobs}

    def _owed(self, job: Job) -> tuple[Role, ...]:
        owed = []
        images = all(deed.registry == CONTAINERS for deed in self.publishes if deed.job.id == job.id)  # an image is no file of the release
        taken = [up for up in self.taken(job) if is_distribution(up)]
        for role, covered in () if images else ((Role.STAGE, self.staged), (Role.ATTEST, self.attested)):
            jobs = [name for name, ups in covered.items() if not taken or any(up in ups for up in taken)]
            inside = [name for name in jobs if name in self.before(job) or name == job.id]
            outside = [name for name in jobs if name not in inside and not self._waits(name, job)]
            if (taken and outside) or not inside:
                if not jobs and any(name in self.before(job) for name in covered):
                    continue  # files of this lane are staged and attested, and not these: `upload-unattested` says which
                if not jobs and (self.attests_itself(job) if role is Role.ATTEST else self._kept(job)):
                    continue
                owed.append(role)
        if not self._gated(job) and not any(not self._gated(self.jobs[one.id]) for one in self.publish_jobs if one.id in self.before(job)):
            owed.append(Role.GATE)
        return tuple(owed)

    def _waits(self, name: str, job: Job) -> bool:
        """Say whether a job takes an artifact of another that it does not wait for: `artifact-unordered` says so."""
        waiting = {job.id, *self.before(job)}
        return any(up.job.id == name for one in self.downloads if one.job.id in waiting for up in self.matching(one))

    def _kept(self, job: Job) -> bool:
        """Say whether what is published was kept as an artifact, in a workflow that puts nothing onto a release."""
        return any(one.job.id == job.id for one in self.downloads) and not self.staged

    def attests_itself(self, job: Job) -> bool:
        """Say whether everything that a job publishes is attested by the publishing action: PEP 740, or npm's provenance."""
        deeds = [deed for deed in self.publishes if deed.job.id == job.id]
        return bool(deeds) and all(self.self_attested(deed) for deed in deeds)

    def self_attested(self, deed: Deed) -> bool:
        """Say whether a step attests what it publishes: PEP 740, or npm's provenance."""
        step = deed.step
        if step is None:
            return False
        if deed.registry == PYPI and step.action == "pypa/gh-action-pypi-publish":
            return uses_trusted_publishing(step)
        if deed.registry == "npm":
            env = {**(self.workflow.env if self.workflow else {}), **deed.job.env, **step.env}
            if any(one.has("--provenance") for one in self.commands(step)) or "NPM_CONFIG_PROVENANCE" in env or step.is_on("provenance"):
                return True
            allowed = self.allowed(deed.job)  # npm attests by itself what is published by a trusted publisher: https://docs.npmjs.com/trusted-publishers
            return (
                deed.what in ("npm publish", LOCKSTEP_PUBLISH)
                and allowed is not None
                and allowed.allows("id-token")
                and not {"NODE_AUTH_TOKEN", "NPM_TOKEN"} & set(env)
            )
        return False

    def _gated(self, job: Job) -> bool:
        gates = self.of(Role.GATE)
        if gates:
            return any(self.awaits(job, gate) for gate in gates)
        return not self.release_only and any(self.awaits(job, test) for test in self.of(Role.TEST))

    def bringers(self, job: Job) -> frozenset[str]:
        """Give the jobs that would come before a publishing job if it waited for what it owes, with all that they wait for."""
        return self._bringers.get(job.id, frozenset())

    @cached_property
    def _bringers(self) -> Mapping[str, frozenset[str]]:
        return {job.id: self._brought(job) for job in self.publish_jobs}

    def _brought(self, job: Job) -> frozenset[str]:
        roles = set(self.missing(job)) & {Role.STAGE, Role.ATTEST}
        found = {deed.job.id for deed in self.of(*roles)} if roles else set()
        return frozenset(one for name in found for one in (name, *self.before(self.jobs[name])))

    @cached_property
    def uncovered(self) -> tuple[tuple[Download, Upload], ...]:
        """What is published or staged without an attestation, in a lane where other files have one."""
        covered = [up for ups in self.attested.values() for up in ups]
        ends = {deed.job.id for deed in (*self.publishes, *self.of(Role.STAGE))}
        return tuple(
            (one, up)
            for one in self.downloads
            if one.job.id in ends and any(ups and name in self.before(one.job) for name, ups in self.attested.items())
            for up in self.matching(one)
            if is_distribution(up) and up not in covered
        )

    @cached_property
    def gated(self) -> tuple[AwaitedWorkflow, ...]:
        """The workflows that the gates wait for, by the names that the gates have for them."""
        found: dict[str, AwaitedWorkflow] = {}
        for deed in self.of(Role.GATE):
            script = self.commands(deed.step) if deed.step else ()
            text = "\n".join(" ".join(one.words) for one in script)
            branch = re.search(r"[?&]branch=([A-Za-z0-9._/-]+)|--branch[ =]([A-Za-z0-9._/-]+)|head_branch ?== ?\"([^\"]+)\"", text)
            for name in re.findall(
                r"(?<![A-Za-z0-9_./-])([A-Za-z0-9_-][A-Za-z0-9_.-]*\.ya?ml)(?![A-Za-z0-9_.-])", text.replace("workflows/", " ").replace("/runs", " ")
            ):
                found.setdefault(name, AwaitedWorkflow(name=name, branch=next((one for one in branch.groups() if one), None) if branch else None, deed=deed))
        return tuple(found.values())

    def written(self, step: Step) -> frozenset[str] | None:
        """Give the outputs that the script of a step writes; None where that cannot be told."""
        text = step.run.text if step.run is not None else ""
        if "GITHUB_OUTPUT" not in text and any(deed.step is step and deed.what == GATE_TAG for deed in self.of(Role.GUARD)):
            return GATE_TAG_OUTPUTS
        uses = text.count("GITHUB_OUTPUT")
        found = re.findall(r"^[ \t]*(?:echo|printf) +[\"']?([A-Za-z_][\w-]*)=[^\n]*>> *[\"']?\$\{?GITHUB_OUTPUT\}?[\"']?[ \t;]*(?:#.*)?$", text, re.MULTILINE)
        return frozenset(found) if found and len(found) == uses and id(step) in self._commands else None

    @cached_property
    def checked(self) -> tuple[tuple[Job, Step, Check], ...]:
        """What the scripts on the way check; a comparison of bytes that is none is `bytes-unverified`."""
        return tuple(
            (job, step, one)
            for job, step in self.steps
            if step.run is not None and id(step) in self._commands and "pwsh" not in step.shell and self.active(step)
            for one in checks(step.run.text, self.env(job, step))
            if one.kind is not CheckKind.DIGEST or verification(self.commands(step)) is not None
        )

    @cached_property
    def version_checks(self) -> tuple[tuple[Job, Step, VersionCheck], ...]:
        """The comparisons of the tag's name with a version that stand on the way."""
        return tuple(
            (job, step, one)
            for job, step in self.steps
            if step.run is not None and id(step) in self._commands and "pwsh" not in step.shell and self.active(step)
            for one in version_checks(step.run.text, self.env(job, step))
        )

    @cached_property
    def guards(self) -> tuple[Guard, ...]:
        """The guards of the tag's name whose answers can be told."""
        return tuple(one for deed in self.of(Role.GUARD) if (one := self._guard(deed)) is not None)

    def _guard(self, deed: Deed) -> Guard | None:
        step, job = deed.step, deed.job
        if step is None or step.run is None:
            return None
        if deed.what == GATE_TAG:
            return Guard(deed=deed, accepted=self._said(job, step, {"ok": "true"}), refused=self._said(job, step, {"ok": "false"}))
        if not deed.what.startswith("the pattern"):
            return None
        env = self.env(job, step)
        found = [(regex, line) for regex, line in tag_patterns(step, self.commands(step), env) if accepts_tag(regex, "") is not None]
        taken = next((tag for tag in ("v1.2.3", "1.2.3") if found and all(accepts_tag(regex, tag) for regex, _ in found)), None)
        if taken is None:
            return None
        good = answer_of_guard(step.run.text, {line: True for _, line in found})
        bad = answer_of_guard(step.run.text, {line: False for _, line in found})
        said = None if good.stops is not False else self._said(job, step, good.outputs)
        return Guard(deed=deed, accepted=said, refused=None if bad.stops is not False else self._said(job, step, bad.outputs), stops_good=good.stops is True)

    def _said(self, job: Job, step: Step, outputs: Mapping[str, str | None]) -> dict[str, str | bool]:
        """Give what other jobs see of a step's outputs, when no step of the job fails."""
        told: dict[str, str | bool] = {"job.status": "success"}
        told |= {f"steps.{one.id.lower()}.{word}": "success" for one in job.steps if one.id and not one.conditions for word in ("outcome", "conclusion")}
        told |= {f"steps.{step.id.lower()}.outputs.{name.lower()}": value for name, value in outputs.items() if value is not None}
        known: dict[str, str | bool] = {}
        for name, scalar in job.results.items():
            whole = re.fullmatch(r"\$\{\{(?:(?!\}\}).)*\}\}", scalar.text.strip(), re.DOTALL)
            one = next((each for _, each in embedded(scalar.text)), None) if whole else None
            value = literal(scalar) if one is None else evaluate(one, told)
            if isinstance(value, bool | str):
                known[f"needs.{job.id.lower()}.outputs.{name.lower()}"] = value if isinstance(value, str) else str(value).lower()
        return known

    @cached_property
    def untagged(self) -> bool:
        """Whether a guard asks for the name of a tag, and nothing that starts the workflow has one to give."""
        names = {one.name for one in self.triggers}
        called = any(isinstance(one, Workflow) and one is not self.workflow and self.path in one.files for one in self.others.values())
        asks = any(
            re.search(r"github\.ref|GITHUB_REF", "\n".join((deed.step.run.text, *(one.text for one in self.env(deed.job, deed.step).values()))))
            for deed in self.of(Role.GUARD)
            if deed.step is not None and deed.step.run is not None
            if not any("inputs." in one.text for one in self.env(deed.job, deed.step).values())
        )
        early = names == {"release"} and bool(self.of(Role.DRAFT))
        return asks and bool(names) and (early or not names & {"tag", "release"}) and not (called and "workflow_call" in names)
