"""What is uploaded, taken, attested and staged in a release workflow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern
from lockstep.workflow.artifacts import is_distribution, may_coincide, normalized_folder, with_stars
from lockstep.workflow.audit_model import Download, Upload
from lockstep.workflow.command_roles import LOCKSTEP_OPEN
from lockstep.workflow.deeds import Deeds
from lockstep.workflow.model import Job, Role, Step

_GIVES = pattern(r"upload|publish|release|deploy|push|build-and|dist|s3|oras|rclone", re.IGNORECASE)
_SENDS = pattern(
    r"\b(?:aws s3|gsutil|gcloud storage|rsync|scp|oras push|rclone|az storage|curl .*(?:-T|--upload-file))\b|\b(?:publish|upload|deploy)", re.IGNORECASE
)
_ENDS = frozenset(Role) - {Role.BUILD, Role.TEST, Role.PUBLISH}
_KNOWN = ("actions/upload-artifact", "actions/upload-pages-artifact", "codecov/codecov-action")


def _may_give(step: Step) -> bool:
    """Say whether a step may bring files out of its job in a way that is not known here."""
    if step.uses is not None:
        return step.action not in _KNOWN and _GIVES.search(step.uses.text.partition("@")[0]) is not None
    return step.run is not None and _SENDS.search(step.run.text) is not None


def _asks(job: Job, name: str) -> bool:
    """Say whether a job uses an output of another."""
    wanted = f"needs.{name.rpartition(' / ')[2].lower()}.outputs."
    texts = (*job.env.values(), *job.inputs.values(), *(value for step in job.steps for value in (*step.env.values(), *step.inputs.values())))
    return any(wanted in one.text.lower() for one in (*texts, *(step.run for step in job.steps if step.run is not None)))


@dataclass(frozen=True, kw_only=True)
class ArtifactFlow(Deeds):
    """A workflow with the artifacts that its jobs hand on."""

    @cached_property
    def uploads(self) -> tuple[Upload, ...]:
        """The artifacts that are uploaded."""
        found = []
        for job in self.jobs.values():
            for index, step in enumerate(job.steps):
                if step.action == "actions/upload-artifact":
                    name, path = step.inputs.get("name"), step.inputs.get("path")
                    files = tuple(row.strip() for row in path.text.splitlines() if row.strip() and not row.lstrip().startswith("!")) if path is not None else ()
                    found.append(Upload(name=with_stars(name.text if name else "artifact"), job=job, step=step, index=index, files=files))
            if job.calls is not None and job.calls.name == "slsa-framework/slsa-github-generator":
                name = job.inputs.get("provenance-name")
                step = Step(path=job.path, place=job.place)
                found.append(Upload(name=with_stars(name.text) if name else "*.intoto.jsonl", job=job, step=step, index=0, files=("*.intoto.jsonl",)))
        return tuple(found)

    @cached_property
    def downloads(self) -> tuple[Download, ...]:
        """The artifacts that are taken."""
        found = []
        for job in self.jobs.values():
            for index, step in enumerate(job.steps):
                if step.action == "actions/download-artifact":
                    name = step.input("name", "pattern")
                    folder = step.inputs.get("path")
                    foreign = any(step.input(one) is not None for one in ("run-id", "repository"))
                    text = with_stars(name.text) if name else ""
                    found.append(
                        Download(name=text, job=job, step=step, index=index, folder=normalized_folder(folder.text if folder else "."), foreign=foreign)
                    )
        return tuple(found)

    def taken(self, job: Job) -> tuple[Upload, ...]:
        """Give the artifacts that a job takes by name or pattern."""
        return self._taken.get(job.id, ())

    @cached_property
    def _taken(self) -> Mapping[str, tuple[Upload, ...]]:
        found: dict[str, dict[int, Upload]] = {}
        for one in self.downloads:
            if not one.foreign:
                found.setdefault(one.job.id, {}).update({id(up): up for up in self.matching(one)})
        return {name: tuple(ups.values()) for name, ups in found.items()}

    def matching(self, one: Download) -> tuple[Upload, ...]:
        """Give the artifacts that a download means; none where it takes all, for that says nothing about any of them."""
        return self._matching.get(one.name, ())

    @cached_property
    def _matching(self) -> Mapping[str, tuple[Upload, ...]]:
        names = {one.name for one in self.downloads if not one.everything}
        return {name: tuple(up for up in self.uploads if may_coincide(name, up.name)) for name in names}

    @cached_property
    def feeding(self) -> frozenset[str]:
        """The jobs whose files, outputs or decisions reach the release: those that publish, attest, stage or ask, and those that give them something.

        A job with an action that uploads or releases in a way which is not known here may reach it too.
        """
        ends = {deed.job.id for deed in (*self.publishes, *self.of(*_ENDS))}
        ends |= {job.id for job in self.jobs.values() if job.id in self.declared or any(_may_give(step) for step in job.steps)}
        found, left = set(ends), list(ends)
        while left:
            job = self.jobs[left.pop()]
            anything = any(one.job is job and one.everything for one in self.downloads)
            givers = {up.job.id for up in (self.uploads if anything else self.taken(job))}
            givers |= {name for name in self.before(job) if self.jobs[name].outputs is None or _asks(job, name)}
            left += givers - found
            found |= givers
        return frozenset(found)

    @cached_property
    def attested(self) -> Mapping[str, tuple[Upload, ...]]:
        """What each attesting job covers: artifacts that it takes, uploads, or whose digests a job that it waits for gives it."""
        found: dict[str, tuple[Upload, ...]] = {}
        for deed in self.of(Role.ATTEST):
            if any(one.job.id == deed.job.id and one.index <= deed.index for one in self.publishes):
                continue
            sources = [deed.job.id]
            if deed.step is None:
                sources += [need for need in deed.job.needs if any(f"needs.{need.lower()}." in value.text.lower() for value in deed.job.inputs.values())]
            own = [up for up in self.uploads if up.job.id == deed.job.id and up.step.uses is not None and is_distribution(up)]
            found[deed.job.id] = tuple({id(up): up for up in (*own, *(up for name in sources for up in self.taken(self.jobs[name])))}.values())
        return found

    @cached_property
    def staged(self) -> Mapping[str, tuple[Upload, ...]]:
        """What each job takes that puts files onto a release; who only opens one attaches nothing."""
        return {deed.job.id: self.taken(deed.job) for deed in self.of(Role.STAGE) if deed.what != LOCKSTEP_OPEN}
