"""The jobs that publish: one for each registry, in the order of the plan, each in an environment of its own and by its own identity.

A registry is one function, and one line in `PUBLISHERS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from lockstep.release.candidate import Registry
from lockstep.release_workflow.kinds.crates import toolchain
from lockstep.release_workflow.kinds.npm import tarball
from lockstep.release_workflow.project import Job, Project, Shipped
from lockstep.release_workflow.template import filled

ENVIRONMENTS = {Registry.CRATES_IO: "crates-io", Registry.PYPI: "pypi", Registry.NPM: "npm"}
"""The environments that publish, where a workflow of the project has none yet."""
MINUTES_EACH, MINUTES = 12, 30
"""How long a job may take: for each package, and beside that."""
MOST_MINUTES = 360
"""The longest job of GitHub's runners."""


def publish_jobs(project: Project, pieces: Mapping[str, str]) -> list[Job]:
    """Give the jobs that publish; each waits for the one before. `pieces` are the steps that set a job up, as `steps_of` gives them."""
    jobs: list[Job] = []
    for registry in dict.fromkeys(one.registry for one in project.packages if one.registry in PUBLISHERS):
        assert registry is not None
        mine = [one for one in project.packages if one.registry is registry]
        before = [job.name for job in jobs[-1:]] or ["stage"]
        common = {
            "needs": ", ".join(["guard", *before]),
            "environment": project.environments.get(registry, ENVIRONMENTS[registry]),
            "minutes": str(min(MINUTES + MINUTES_EACH * len(mine), MOST_MINUTES)),
            "page": mine[-1].package.name,
            **pieces,
        }
        jobs.append(Job(name=_NAMES[registry], text=PUBLISHERS[registry](project, mine, common)))
    return jobs


def _crates_io(project: Project, mine: Sequence[Shipped], common: Mapping[str, str]) -> str:
    values = {**common, "checkout": filled("checkout")}
    return filled("publish_crates_io", **values, toolchain=toolchain(project), crates=" ".join(one.package.name for one in mine))


def _pypi(project: Project, mine: Sequence[Shipped], common: Mapping[str, str]) -> str:
    del project
    names = [re.sub(r"[-_.]+", "_", one.package.name).lower() for one in mine]
    return filled("publish_pypi", **{**common, "lockstep": common["lockstep_attest"]}, packages=" ".join(names))


def _npm(project: Project, mine: Sequence[Shipped], common: Mapping[str, str]) -> str:
    del project
    return filled("publish_npm", **common, packages=" ".join(f"{one.package.name}/{tarball(one.package.name)}" for one in mine))


PUBLISHERS: Mapping[Registry, Callable[[Project, Sequence[Shipped], Mapping[str, str]], str]] = {
    Registry.CRATES_IO: _crates_io,
    Registry.PYPI: _pypi,
    Registry.NPM: _npm,
}
_NAMES = {Registry.CRATES_IO: "publish-crates-io", Registry.PYPI: "publish-pypi", Registry.NPM: "publish-npm"}
